// Package explain owns the answer to "what would happen to such a ticket, and why": the policy that binds it, why those before
// it do not, and each deadline and mark with the reason for its time. It asks the rules themselves, by making the ticket and
// planning its clocks as the bot does, so that an explanation cannot differ from what happens. It must not know where a policy
// comes from; time is passed in.
package explain
