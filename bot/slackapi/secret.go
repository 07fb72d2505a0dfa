package slackapi

import "log/slog"

// Secret is a token that never shows: printing, logging and marshalling give a placeholder. The zero value means
// that there is none.
type Secret string

const hidden = "[hidden]"

// Reveal gives the token itself, for a call.
func (s Secret) Reveal() string { return string(s) }

// String hides the token.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the token from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the token from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the token from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
