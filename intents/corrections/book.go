package corrections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What is kept of one workspace, at most.
const (
	Most = 20_000
	Keep = 400 * 24 * time.Hour
)

const (
	pageRows  = 50
	pagesMost = Most / pageRows
	// pagesBack is how many of the newest pages are searched for an earlier correction of the same message.
	pagesBack = 4
)

// Docs reads a workspace's documents. Version 0 = there is none.
type Docs interface {
	Read(ctx context.Context, key string) (body []byte, version int64, err error)
}

// Write replaces a document whose version is Expect (0 = there is none), or removes it.
type Write struct {
	Key    string
	Expect int64
	Body   json.RawMessage
	Delete bool
}

// Keys of documents.
const bookKey = "corrections"

func pageKey(n int) string { return fmt.Sprintf("corrections/%d", n) }

// Book says which pages there are. The zero value is an empty one.
type Book struct {
	First int   `json:"first"` // oldest page; pages are numbered from 1
	Last  int   `json:"last"`  // newest page; 0 = none yet
	Total int64 `json:"total"` // how often it was written to, ever
}

// page is some rows, oldest first.
type page struct {
	Rows []Row `json:"rows"`
}

// readJSON reads a document into v, which stays as it is if there is none.
func readJSON(ctx context.Context, d Docs, key string, v any) (version int64, err error) {
	body, version, err := d.Read(ctx, key)
	if err == nil && version != 0 && json.Unmarshal(body, v) != nil {
		err = ErrDamaged
	}
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", key, err)
	}
	return version, nil
}

// ErrDamaged says that a document cannot be understood. Nothing is learned then, and nothing else should end with it.
var ErrDamaged = errors.New("the document is damaged")

func write(key string, expect int64, v any) (Write, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return Write{}, fmt.Errorf("write %s: %w", key, err)
	}
	return Write{Key: key, Expect: expect, Body: body}, nil
}

// ReadBook returns which pages a workspace has.
func ReadBook(ctx context.Context, d Docs) (Book, error) {
	var b Book
	_, err := readJSON(ctx, d, bookKey, &b)
	return b, err
}

// Add plans the documents that keep a correction. One of the same message made before is replaced, and keeps what was
// decided then; one that only says again what was decided takes the earlier away.
func Add(ctx context.Context, d Docs, r Row) ([]Write, error) {
	var b Book
	version, err := readJSON(ctx, d, bookKey, &b)
	if err != nil {
		return nil, err
	}
	n, found, at, pageVersion, err := b.find(ctx, d, r.ID)
	switch {
	case err != nil:
		return nil, err
	case n == 0 && r.Was == r.Label && r.Did != doubted:
		return nil, nil
	case n == 0:
		return b.append(ctx, d, version, r)
	}
	was := found.Rows[at]
	r.Was, r.By, r.Did, r.Local, r.P = was.Was, was.By, was.Did, was.Local, was.P
	if r.Was == r.Label && r.Did != doubted {
		found.Rows = slices.Delete(found.Rows, at, at+1)
	} else {
		found.Rows[at] = r
	}
	return b.rewrite(version, n, pageVersion, found)
}

// doubted is what was done about a message that was asked about: either answer teaches something.
const doubted = "ask"

// Remove plans the documents that forget the correction of a message; nil if there is none.
func Remove(ctx context.Context, d Docs, id string) ([]Write, error) {
	var b Book
	version, err := readJSON(ctx, d, bookKey, &b)
	if err != nil {
		return nil, err
	}
	n, found, at, pageVersion, err := b.find(ctx, d, id)
	if err != nil || n == 0 {
		return nil, err
	}
	found.Rows = slices.Delete(found.Rows, at, at+1)
	return b.rewrite(version, n, pageVersion, found)
}

func (b Book) rewrite(version int64, n int, pageVersion int64, p page) ([]Write, error) {
	b.Total++
	head, err1 := write(bookKey, version, b)
	body, err2 := write(pageKey(n), pageVersion, p)
	return []Write{head, body}, errors.Join(err1, err2)
}

// find looks for a message's correction in the newest pages; n = 0 if it is not there.
func (b Book) find(ctx context.Context, d Docs, id string) (n int, p page, at int, version int64, err error) {
	for n = b.Last; n >= max(b.First, b.Last-pagesBack+1, 1); n-- {
		p = page{}
		if version, err = readJSON(ctx, d, pageKey(n), &p); err != nil {
			return 0, p, 0, 0, err
		}
		if at = slices.IndexFunc(p.Rows, func(r Row) bool { return r.ID == id }); at >= 0 {
			return n, p, at, version, nil
		}
	}
	return 0, page{}, 0, 0, nil
}

// append writes to the newest page, or begins one and lets the oldest go that has served its time.
func (b Book) append(ctx context.Context, d Docs, version int64, r Row) ([]Write, error) {
	var p page
	var pageVersion int64
	var err error
	var out []Write
	if b.Last > 0 {
		if pageVersion, err = readJSON(ctx, d, pageKey(b.Last), &p); err != nil {
			return nil, err
		}
	}
	if b.Last == 0 || len(p.Rows) >= pageRows {
		b.Last, p, pageVersion = b.Last+1, page{}, 0
		b.First = max(b.First, 1)
		if b, out, err = b.expire(ctx, d, r.At); err != nil {
			return nil, err
		}
	}
	p.Rows = append(p.Rows, r)
	rest, err := b.rewrite(version, b.Last, pageVersion, p)
	return append(out, rest...), err
}

// expireAtOnce is how many pages one change removes at most.
const expireAtOnce = 20

// expire takes away the oldest pages that are one too many or hold nothing young enough.
func (b Book) expire(ctx context.Context, d Docs, now time.Time) (Book, []Write, error) {
	var out []Write
	for b.First < b.Last && len(out) < expireAtOnce {
		var p page
		version, err := readJSON(ctx, d, pageKey(b.First), &p)
		if err != nil {
			return b, nil, err
		}
		if b.Last-b.First < pagesMost && slices.ContainsFunc(p.Rows, func(r Row) bool { return r.young(now) }) {
			break
		}
		if b.First++; version != 0 {
			out = append(out, Write{Key: pageKey(b.First - 1), Expect: version, Delete: true})
		}
	}
	return b, out, nil
}

func (r Row) young(now time.Time) bool { return now.Sub(r.At) < Keep }

// Expire plans the removal of what is too old; nil if nothing is.
func Expire(ctx context.Context, d Docs, now time.Time) ([]Write, error) {
	var b Book
	version, err := readJSON(ctx, d, bookKey, &b)
	if err != nil || version == 0 {
		return nil, err
	}
	b, out, err := b.expire(ctx, d, now)
	if err != nil || b.Last == 0 {
		return nil, err
	}
	var p page
	last, err := readJSON(ctx, d, pageKey(b.Last), &p)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(slices.Clone(p.Rows), func(r Row) bool { return !r.young(now) })
	if len(out) == 0 && len(kept) == len(p.Rows) {
		return nil, nil
	}
	rest, err := b.rewrite(version, b.Last, last, page{kept})
	return append(out, rest...), err
}

// Rows returns what is kept and not too old, made at or after since, oldest first. Of two about one message, the later
// counts.
func Rows(ctx context.Context, d Docs, now, since time.Time) ([]Row, Book, error) {
	b, err := ReadBook(ctx, d)
	if err != nil {
		return nil, b, err
	}
	var out []Row
	for n := max(b.First, 1); n <= b.Last; n++ {
		var p page
		if _, err := readJSON(ctx, d, pageKey(n), &p); err != nil {
			return nil, b, err
		}
		for _, r := range p.Rows {
			if r.young(now) && !r.At.Before(since) {
				out = append(out, r)
			}
		}
	}
	return latest(out), b, nil
}

// latest keeps the last row about each message; what was decided about it is as the first one says.
func latest(rows []Row) []Row {
	first, last := map[string]int{}, map[string]int{}
	for i, r := range rows {
		if _, again := first[r.ID]; !again {
			first[r.ID] = i
		}
		last[r.ID] = i
	}
	out := rows[:0:0]
	for i, r := range rows {
		if last[r.ID] != i {
			continue
		}
		was := rows[first[r.ID]]
		r.Was, r.By, r.Did = was.Was, was.By, was.Did
		out = append(out, r)
	}
	return out
}
