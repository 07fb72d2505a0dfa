package redisstore

import (
	"strconv"

	"gongdan/tickets"
)

// plan is a change in the commit script's own form.
type plan struct {
	keys   []string
	index  map[string]string // key → its number as text
	checks []string
	writes []string
	n      int // checks
}

func newPlan(lease, cause, wakes string) *plan {
	p := &plan{index: make(map[string]string, 24)}
	p.keys = append(make([]string, 0, 24), lease, cause, wakes)
	p.index[lease], p.index[cause], p.index[wakes] = "1", "2", "3"
	return p
}

func (p *plan) key(name string) string {
	if n, ok := p.index[name]; ok {
		return n
	}
	p.keys = append(p.keys, name)
	n := strconv.Itoa(len(p.keys))
	p.index[name] = n
	return n
}

func (p *plan) check(kind, key, a, b string) {
	p.checks = append(p.checks, kind, p.key(key), a, b)
	p.n++
}

// expect demands a document's version; 0 = it must not exist.
func (p *plan) expect(key string, version int64) {
	if version == 0 {
		p.check("v", key, "", "0")
		return
	}
	head := strconv.FormatInt(version, 10) + " "
	p.check("v", key, head, strconv.Itoa(len(head)-1))
}

// write adds a command that the script knows how to try without writing.
func (p *plan) write(command, key string, args ...string) {
	p.writes = append(p.writes, command, p.key(key), strconv.Itoa(len(args)))
	p.writes = append(p.writes, args...)
}

// args are the script's arguments.
func (p *plan) args(c tickets.Change) []any {
	out := make([]any, 0, 4+len(p.checks)+len(p.writes))
	tries := ""
	if c.Cause.Kind == tickets.CauseInbox {
		tries = "inbox"
	}
	out = append(out, strconv.FormatInt(c.Epoch, 10), c.Cause.Entry, tries, strconv.Itoa(p.n))
	for _, s := range p.checks {
		out = append(out, s)
	}
	for _, s := range p.writes {
		out = append(out, s)
	}
	return out
}
