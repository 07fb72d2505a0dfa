package config

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"
)

// hidden stands for a secret wherever it is printed.
const hidden = "(set)"

// maxSecret bounds a secret file in bytes, so that a wrong path to something huge is refused.
const maxSecret = 64 << 10

// Secret is a value that no print, log line or JSON shows. The zero value is unset. It is safe for concurrent use.
type Secret struct{ s *secret }

type secret struct {
	path string // "" = given by value

	mu    sync.Mutex
	value string
	stamp stamp
}

// stamp tells a changed file from the one that was read.
type stamp struct {
	changed time.Time
	size    int64
}

// NewSecret holds a value that does not come from a file; "" is unset.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&secret{value: value}}
}

// fileSecret reads the secret from a file, without the white space around it.
func fileSecret(path string) (Secret, error) {
	s := &secret{path: path}
	if err := s.read(); err != nil {
		return Secret{}, err
	}
	return Secret{s}, nil
}

// IsSet tells whether there is a value.
func (s Secret) IsSet() bool { return s.s != nil }

// Reveal returns the value, "" if unset. A file that has changed is read again; one that has become unreadable or
// empty leaves the last value in use.
func (s Secret) Reveal() string {
	if s.s == nil {
		return ""
	}
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	if s.s.path != "" {
		_ = s.s.read() // the last value is better than none
	}
	return s.s.value
}

// read takes in the file if its time or size is new.
func (s *secret) read() error {
	file, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	seen := stamp{info.ModTime(), info.Size()}
	if seen == s.stamp {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	if err != nil {
		return err
	}
	value := strings.TrimSpace(string(text))
	if value == "" || len(text) > maxSecret {
		return fmt.Errorf("%s is empty or larger than %d KB", s.path, maxSecret>>10)
	}
	s.value, s.stamp = value, seen
	return nil
}

// Equal compares the values.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String hides the value.
func (s Secret) String() string {
	if s.IsSet() {
		return hidden
	}
	return "(unset)"
}

// Format hides the value from every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue hides the value from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the value from JSON and everything else that encodes text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
