// Package slackapi is everything that knows Slack: both transports, the decoding of payloads, the drawing of views
// in Block Kit, the calls that say things and look people up, and the app's manifest.
//
// Inbound payloads are read with this package's own minimal structs and tolerate whatever Slack adds. It must not
// know what a ticket's life is nor where envelopes are kept: it hands them to a [Sink] and acknowledges them only
// after the sink has returned without error.
package slackapi
