// Package tickets owns what a ticket is, how it may change, and what must be stored when it does.
//
// Everything here is pure: [Apply] takes a ticket, a command and an [Env] and returns the changed ticket
// with the events that explain the change. Nothing in this package does I/O or reads a clock. Stores
// implement the ports of store.go; they know nothing of Slack, models or people's words.
package tickets
