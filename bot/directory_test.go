package bot_test

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"gongdan/bot"
	"gongdan/tickets"
)

// directory knows everybody by the id alone.
type directory struct {
	down   bool
	joined tickets.ChannelID // a channel that people from outside have come into
	lost   bool              // channels are not known
	closed tickets.ChannelID // a channel that only its members read
	in     bool              // everybody is a member of it
	fault  error             // what a question about a person ends in
	asked  sync.Map          // the people asked about
	leads  atomic.Int32      // how often it was asked who leads
}

// known is how many people were asked about.
func (d *directory) known() (n int) {
	d.asked.Range(func(any, any) bool { n++; return true })
	return n
}

func (d *directory) Person(_ context.Context, _ tickets.WorkspaceID, id tickets.UserID) (bot.Person, error) {
	d.asked.Store(id, true)
	if d.down || d.fault != nil {
		return bot.Person{}, cmp.Or(d.fault, tickets.ErrTemporary)
	}
	p := bot.Person{ID: id, Name: strings.ToLower(string(id)), Lang: "zh-CN"}
	switch id {
	case guest:
		p.Guest, p.Name = true, "<!channel> *客*"
	case "UTWO":
		p.Name = "Two Words"
	case "UOUT":
		p.Foreign = true
	case "UROBOT":
		p.Bot = true
	case "UGONE":
		p.Deleted = true
	case "UADMIN":
		p.Admin = true
	case "UNOBODY":
		return bot.Person{}, tickets.ErrNotFound
	}
	return p, nil
}

func (d *directory) Channel(_ context.Context, _ tickets.WorkspaceID, id tickets.ChannelID) (bot.Channel, error) {
	if d.down || d.lost {
		return bot.Channel{}, tickets.ErrTemporary
	}
	return bot.Channel{ID: id, Foreign: id == shared || id == d.joined, Private: id == d.closed, Member: true}, nil
}

func (d *directory) Member(_ context.Context, _ tickets.WorkspaceID, ch tickets.ChannelID, id tickets.UserID) (bool, error) {
	if d.down {
		return false, tickets.ErrTemporary
	}
	if ch == d.closed {
		return d.in, nil
	}
	return id != "ULEFT", nil
}

func (d *directory) Admin(context.Context, tickets.WorkspaceID) (tickets.UserID, error) {
	d.leads.Add(1)
	if d.down {
		return "", tickets.ErrTemporary
	}
	return "UADMIN", nil
}
