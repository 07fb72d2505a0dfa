// Package intents turns a chat message into a decision: is it a ticket, of what
// type, with which facts, and how sure is that. Rules come first, then a local
// model, then, only where those are unsure, a language model whose answer is
// checked word by word. It knows nothing of stored tickets, of Slack or of who
// is speaking, and it reads no clock.
package intents
