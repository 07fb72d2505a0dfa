package revisions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongdan/cmd/internal/config/teamfile"
	"gongdan/tickets"
)

// The documents of a workspace. The head is small, because every replica asks for it every few seconds.
const (
	headKey    = "rules"
	textKey    = "rules/text"
	refusedKey = "rules/refused" // the hash of the last file that was told to be wrong
)

// Head names the newest revision of a workspace's rules. The zero value is the built-in presets, of which nothing is stored.
type Head struct {
	Revision int64  `json:"revision"`
	Hash     string `json:"hash"` // of the file's text
	// Written is when the file was last changed, or later asked for, so that a replica that still has an older one does not bring it back.
	Written time.Time `json:"written"`
	// AsOf is the instant for which the rules were made: overlays in force then count.
	AsOf time.Time `json:"as_of"`
}

// rulesText is the document of the file's text.
type rulesText struct {
	Revision int64  `json:"revision"`
	Text     string `json:"text"`
}

// published is a revision as it was read back.
type published struct {
	head Head
	file *teamfile.File
	text string
	// versions of the two documents, for the next revision's commit; 0 = not stored yet.
	headVersion, textVersion int64
}

// readHead returns the head and its document's version; zero values if nothing was published.
func readHead(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID) (h Head, version int64, err error) {
	version, err = readDoc(ctx, store, ws, headKey, &h)
	return h, version, err
}

func readDoc(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID, key string, to any) (version int64, err error) {
	doc, err := store.Doc(ctx, ws, key)
	if errors.Is(err, tickets.ErrNotFound) {
		return 0, nil
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, to)
	}
	if err != nil {
		return 0, fmt.Errorf("document %s of %s: %w", key, ws, err)
	}
	return doc.Version, nil
}

// errBetween says that a new revision came while one was read.
var errBetween = fmt.Errorf("rules changed while they were read: %w", tickets.ErrTemporary)

// read returns the newest revision with its rules.
func read(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID) (published, error) {
	h, version, err := readHead(ctx, store, ws)
	if err != nil || h.Revision == 0 {
		return published{}, err
	}
	var t rulesText
	textVersion, err := readDoc(ctx, store, ws, textKey, &t)
	switch {
	case err != nil:
		return published{}, err
	case t.Revision != h.Revision:
		return published{}, errBetween
	}
	f, err := teamfile.Parse([]byte(t.Text))
	if err != nil {
		return published{}, fmt.Errorf("revision %d of the rules of %s cannot be read by this version of gongdan: %w", h.Revision, ws, err)
	}
	return published{head: h, file: f, text: t.Text, headVersion: version, textVersion: textVersion}, nil
}

// InForce names the newest revision of a workspace's rules, once it was read and found right; the zero value is the built-in
// presets.
func InForce(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID) (Head, error) {
	p, err := read(ctx, store, ws)
	return p.head, err
}

// policy is the rules of a revision.
func (p published) policy() tickets.Policy {
	if p.file == nil {
		return tickets.DefaultPolicy()
	}
	out := p.file.Policy(p.head.AsOf)
	out.Revision, out.Since = p.head.Revision, p.head.AsOf
	return out
}

// Draft is a revision to be committed: its number and its documents.
type Draft struct {
	Revision int64
	Why      string // stable word, see Why…
	Docs     []tickets.DocWrite
}

// Why a revision is published.
const (
	WhyFirst   = "first"   // there was none
	WhyChanged = "changed" // the file says something else
	WhyOverlay = "overlay" // an overlay began or ended
)

// next decides what becomes of a file as it is at present. ok is false where the newest revision stays.
func (p published) next(now time.Time, s Snapshot) (d Draft, ok bool, err error) {
	h := Head{Revision: max(p.head.Revision, tickets.DefaultPolicy().Revision) + 1, Hash: p.head.Hash, Written: p.head.Written, AsOf: now.UTC()}
	text, why := p.text, ""
	switch {
	case s.File != nil && p.head.Revision == 0:
		why = WhyFirst
	case s.File != nil && s.Hash != p.head.Hash && (s.Asked.After(p.head.AsOf) || !s.Written.Before(p.head.Written)):
		why = WhyChanged
	case p.file != nil && p.switched(now):
		why = WhyOverlay
	default:
		return Draft{}, false, nil
	}
	if why != WhyOverlay {
		text, h.Hash, h.Written = s.Text, s.Hash, s.Written.UTC()
		if s.Asked.After(h.Written) {
			h.Written = s.Asked.UTC()
		}
	}
	head, err := json.Marshal(h)
	if err != nil {
		return Draft{}, false, fmt.Errorf("write revision %d: %w", h.Revision, err)
	}
	body, err := json.Marshal(rulesText{h.Revision, text})
	if err != nil {
		return Draft{}, false, fmt.Errorf("write revision %d: %w", h.Revision, err)
	}
	return Draft{Revision: h.Revision, Why: why, Docs: []tickets.DocWrite{
		{Key: headKey, Expect: p.headVersion, Body: head}, {Key: textKey, Expect: p.textVersion, Body: body}}}, true, nil
}

// switched tells whether an overlay with marks has begun or ended since the revision was made.
func (p published) switched(now time.Time) bool {
	at := p.file.NextSwitch(p.head.AsOf)
	return !at.IsZero() && !at.After(now)
}
