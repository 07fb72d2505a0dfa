// Package slacksim is an ordinary server that speaks Slack's wire protocol: the
// Web API, Socket Mode, signed HTTP requests and response URLs, with Slack's
// limits, errors, rate budgets and retries. Tests and the demo point a real
// Slack client at it.
//
// It owns workspaces, people, channels and messages in memory, and it plays the
// people: Post, Edit, Command, Click and so on do what a person does in Slack's
// own client, and the app hears of it as it would from Slack. It must know
// nothing of the app that talks to it, nor use a Slack client library.
//
// Two clocks are kept apart: Options.Now stamps messages (it may be simulated),
// Options.Wall measures rate limits, trigger ids and response URLs. Timers
// (acknowledgement, retries, pings) run on the runtime's clock; inside a
// testing/synctest bubble with a Pipe as listener all of them are virtual.
//
// ServePage shows all of it in a browser, as one person at a time.
//
// All methods of Sim may be called concurrently.
package slacksim
