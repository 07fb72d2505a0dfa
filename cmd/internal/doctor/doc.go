// Package doctor looks at a deployment from outside and says what is wrong with it and what to do: settings, Slack, Redis,
// what is stored, the language model and the clocks. It only reads, may run beside any number of bots, and must never show
// a secret or the text of a message.
package doctor
