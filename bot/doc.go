// Package bot owns the conversation: what is said in channels comes in, commands to tickets and words for
// people go out. It knows neither Slack nor Redis: adapters beneath it decode payloads into [Input], keep
// envelopes until they have taken effect, and turn a [View] into whatever the chat shows.
//
// A [Desk] reads the inbox in lanes and gives each envelope to [Conversation.Handle], which decides in a turn and
// commits it; due wakes come to [Conversation.Wake]. What changes nothing is answered by [Conversation.Answer], and
// [Forms] opens forms. An [Announcer] says what commits have put in the outbox, making words of [Said] just before.
// [Gaps] reads again what was said while nobody listened.
package bot
