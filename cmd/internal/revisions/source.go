package revisions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"gongdan/cmd/internal/config/teamfile"
)

// Snapshot is the team file as it was last read. The zero value is no file.
type Snapshot struct {
	Text    string
	Hash    string // of Text; of the error where there is no text
	Written time.Time
	Asked   time.Time      // when somebody asked for it (SIGHUP): it then counts though it is older than what is published
	File    *teamfile.File // nil if there is none, or it is wrong
	Err     error          // why it is wrong or cannot be read
}

// Source watches the team file. It is safe for concurrent use.
type Source struct {
	path string
	now  func() time.Time

	mu   sync.Mutex
	last Snapshot
	read mark // of the file that last was read
	seen mark // of the file as it was last looked at
	ask  chan struct{}
}

// mark tells one state of a file from another.
type mark struct {
	written time.Time
	size    int64
	missing bool
}

// pollEvery is how often the file is looked at. A change counts when it has not moved between two looks, so that a file half
// written is not read.
const pollEvery = time.Second

// Open reads the file for the first time. An empty path is no file: its snapshot stays zero. now tells when somebody asks.
func Open(path string, now func() time.Time) *Source {
	s := &Source{path: path, now: now, ask: make(chan struct{}, 1)}
	if path != "" {
		s.read = s.look()
		s.seen = s.read
		s.last = s.load(s.read)
	}
	return s
}

// Last is the file as it was last read.
func (s *Source) Last() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// Reload has the file read now and count whatever its age.
func (s *Source) Reload() {
	select {
	case s.ask <- struct{}{}:
	default:
	}
}

// Run watches the file until ctx ends and tells of every change.
func (s *Source) Run(ctx context.Context, changed func(Snapshot)) {
	if s.path == "" {
		return
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		forced := false
		select {
		case <-ctx.Done():
			return
		case <-s.ask:
			forced = true
		case <-tick.C:
		}
		if s.poll(forced) {
			changed(s.Last())
		}
	}
}

// poll looks at the file once and tells whether it was read.
func (s *Source) poll(forced bool) bool {
	now := s.look()
	s.mu.Lock()
	defer s.mu.Unlock()
	settled := now == s.seen
	s.seen = now
	if !forced && (!settled || now == s.read) {
		return false
	}
	s.read, s.last = now, s.load(now)
	if forced {
		s.last.Asked = s.now()
	}
	return true
}

func (s *Source) look() mark {
	info, err := os.Stat(s.path)
	if err != nil {
		return mark{missing: true}
	}
	return mark{written: info.ModTime(), size: info.Size()}
}

// load reads and checks the file as it was looked at.
func (s *Source) load(m mark) Snapshot {
	text, err := readFile(s.path)
	if err != nil {
		return Snapshot{Err: err, Hash: hash([]byte(err.Error()))}
	}
	f, err := teamfile.Parse(text)
	return Snapshot{Text: string(text), Hash: hash(text), Written: m.written, File: f, Err: err}
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// readFile reads a file no further than a team file may be long, so that a wrong path costs no memory.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read TEAM_FILE: %w", err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, teamfile.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read TEAM_FILE: %w", err)
	}
	return text, nil
}
