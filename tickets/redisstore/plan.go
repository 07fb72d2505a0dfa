package redisstore

import (
	"strconv"

	"gongdan/tickets"
)

// plan is a change in the commit script's own form.
type plan struct {
	keys   []string
	index  map[string]int // key → its number, from 1
	last   []int          // by a key's number: which of writes is its last, counted from 1; 0 = none
	checks []string
	n      int // checks
	writes []command
}

// command is one write.
type command struct {
	name string
	key  int
	args []string
}

func newPlan(lease, cause, wakes string) *plan {
	p := &plan{index: make(map[string]int, 24)}
	p.keys = append(make([]string, 0, 24), lease, cause, wakes)
	p.index[lease], p.index[cause], p.index[wakes] = 1, 2, 3
	p.last = make([]int, 4, 24)
	return p
}

// key gives the number of a key.
func (p *plan) key(name string) int {
	if n, ok := p.index[name]; ok {
		return n
	}
	p.keys, p.last = append(p.keys, name), append(p.last, 0)
	p.index[name] = len(p.keys)
	return len(p.keys)
}

func (p *plan) check(kind, key, a, b string) {
	p.checks = append(p.checks, kind, strconv.Itoa(p.key(key)), a, b)
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

// longest bounds the arguments of one command: Lua's stack takes 8000.
const longest = 500

// write adds a command that the script knows how to try without writing. Members for one sorted set go in one command as
// long as nothing else is written to it in between.
func (p *plan) write(name, key string, args ...string) {
	k := p.key(key)
	if i := p.last[k] - 1; i >= 0 && name[0] == 'Z' && p.writes[i].name == name && len(p.writes[i].args) < longest {
		p.writes[i].args = append(p.writes[i].args, args...)
		return
	}
	p.writes = append(p.writes, command{name, k, args})
	p.last[k] = len(p.writes)
}

// args are the script's arguments.
func (p *plan) args(c tickets.Change) []any {
	n := 4 + len(p.checks)
	for _, w := range p.writes {
		n += 3 + len(w.args)
	}
	out := make([]any, 0, n)
	tries := ""
	if c.Cause.Kind == tickets.CauseInbox {
		tries = "inbox"
	}
	out = append(out, strconv.FormatInt(c.Epoch, 10), c.Cause.Entry, tries, strconv.Itoa(p.n))
	for _, s := range p.checks {
		out = append(out, s)
	}
	for _, w := range p.writes {
		out = append(out, w.name, strconv.Itoa(w.key), strconv.Itoa(len(w.args)))
		for _, s := range w.args {
			out = append(out, s)
		}
	}
	return out
}
