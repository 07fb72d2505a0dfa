package teamfile

import (
	"fmt"
	"time"

	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// Named is a person or a channel of the chat of which a file speaks.
type Named struct {
	strictyaml.Place
	Path    string
	User    tickets.UserID    // "" = a channel
	Channel tickets.ChannelID // "" = a person
	Level   int               // of escalation; 0 = none
}

// Named are the people and channels of the file, each where it is first named, and once more as a level of escalation.
func (f *File) Named() (out []Named) {
	seen := map[string]bool{}
	add := func(n Named) {
		key := fmt.Sprint(n.User, n.Channel, n.Level > 0)
		if (n.User != "" || n.Channel != "") && !seen[key] {
			seen[key], n.Place = true, f.doc.At(n.Path)
			out = append(out, n)
		}
	}
	for i, l := range f.form.Levels {
		to := f.level(l)
		add(Named{Path: fmt.Sprintf("levels[%d].call", i), User: to.User, Channel: to.Channel, Level: i + 1})
	}
	add(Named{Path: "escalation", User: f.userOf(f.form.Escalation)})
	for i, p := range f.form.People {
		add(Named{Path: fmt.Sprintf("people[%d].id", i), User: tickets.UserID(p.ID)})
	}
	for i, s := range f.form.Shops {
		for j, ch := range s.Channels {
			add(Named{Path: fmt.Sprintf("shops[%d].channels[%d]", i, j), Channel: tickets.ChannelID(ch)})
		}
	}
	for _, name := range f.Calendars() {
		for i, o := range f.form.Calendars[name].Overlays {
			for j, who := range o.People {
				add(Named{Path: fmt.Sprintf("calendars.%s.overlays[%d].people[%d]", name, i, j), User: f.userOf(who)})
			}
		}
	}
	return out
}

// beginsWithin is how long before its first day an overlay is spoken of.
const beginsWithin = 7 * 24 * time.Hour

// Coming are the overlays that begin within a week, in order of place.
func (f *File) Coming(now time.Time) (out strictyaml.Problems) {
	for _, name := range f.Calendars() {
		for i, o := range f.form.Calendars[name].Overlays {
			begin, _ := o.edges(f.zones[name])
			if begin.After(now) && begin.Sub(now) <= beginsWithin {
				out = append(out, f.doc.Problem(fmt.Sprintf("calendars.%s.overlays[%d]", name, i),
					fmt.Sprintf("%s begins on %s and ends on %s", o.Name, sla.Date(o.From), sla.Date(o.To)), ""))
			}
		}
	}
	out.Sort()
	return out
}
