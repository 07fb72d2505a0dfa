package teamfile

import (
	"fmt"
	"slices"
	"time"

	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// runsOutWithin is how long before the end of its holiday data a calendar is spoken of: the State Council announces a year's
// holidays in the November before it.
const runsOutWithin = 60 * 24 * time.Hour

// Warnings are what is right today and yet should be looked at, in order of place.
func (f *File) Warnings(now time.Time) strictyaml.Problems {
	var out strictyaml.Problems
	warn := func(path, what, want string) { out = append(out, f.doc.Problem(path, what, want)) }
	for _, name := range f.Calendars() {
		path := "calendars." + name
		if at, ends := f.calendars[name].RunsOut(); ends && at.Sub(now) <= runsOutWithin {
			warn(path+".holidays", fmt.Sprintf("the public holidays are known only until %s", at.Add(-time.Second).Format(time.DateOnly)),
				"a newer gongdan, or the dates themselves, once they are announced")
		}
		for i, o := range f.form.Calendars[name].Overlays {
			if _, end := o.edges(f.zones[name]); !end.After(now) {
				warn(fmt.Sprintf("%s.overlays[%d]", path, i), fmt.Sprintf("%s expired on %s", o.Name, sla.Date(o.To)), "new dates, or nothing")
			}
			for k, m := range o.Marks.kinds() {
				f.warnMarks(fmt.Sprintf("%s.overlays[%d].marks.%s", path, i, k), m, warn)
			}
		}
	}
	f.warnLevels(now, warn)
	f.warnTypes(warn)
	for i, s := range f.form.Shops {
		if len(s.Channels) == 0 {
			warn(fmt.Sprintf("shops[%d]", i), s.Name+" has no channel, so that a message must name it to be about it", "channels")
		}
	}
	for i, p := range f.form.Policies {
		f.warnPolicy(fmt.Sprintf("policies[%d]", i), i, p, warn)
	}
	out.Sort()
	return out
}

// warnLevels finds levels that nothing ever calls.
func (f *File) warnLevels(now time.Time, warn func(path, what, want string)) {
	called := map[int]bool{}
	for _, r := range f.Policy(now).Rules {
		for _, c := range r.Clocks {
			for _, s := range c.Ladder {
				called[s.Level] = true
			}
		}
	}
	for _, call := range f.overlayCalls(now) {
		called[call.step().Level] = true
	}
	for i, l := range f.form.Levels {
		climbs := i > 0 && called[i] && f.form.Levels[i-1].Wait != nil
		if called[i+1] = called[i+1] || climbs; !called[i+1] {
			warn(fmt.Sprintf("levels[%d]", i), fmt.Sprintf("%s is never called: no mark calls level %d, and level %d does not hand on", l.Call, i+1, i),
				fmt.Sprintf("wait under level %d, or a mark with level: %d", i, i+1))
		}
	}
}

// overlayCalls are the calls that overlays make, now or later.
func (f *File) overlayCalls(now time.Time) (out []call) {
	for name, c := range f.form.Calendars {
		for _, o := range c.Overlays {
			if _, end := o.edges(f.zones[name]); !end.After(now) {
				continue
			}
			for _, m := range o.Marks.kinds() {
				out = append(out, m.Escalate...)
			}
		}
	}
	return out
}

func (f *File) warnPolicy(path string, i int, p policy, warn func(path, what, want string)) {
	m := f.rule(p).Match
	for _, earlier := range f.form.Policies[:i] {
		if covers(f.rule(earlier).Match, m) {
			warn(path, fmt.Sprintf("%s never matches: %s comes before it and matches all that it could", p.Name, earlier.Name), "the narrower policy first")
			break
		}
	}
	for j, name := range p.Match.Type {
		if slices.ContainsFunc(f.form.Types, func(t ticketType) bool { return t.Hide && t.Name == name }) {
			warn(fmt.Sprintf("%s.match.type[%d]", path, j), fmt.Sprintf("no new ticket has the type %s, which is hidden", name), "another type, or the type not hidden")
		}
	}
	for _, k := range kinds {
		if cl := p.Clocks.of(k); cl != nil && cl.Marks != nil {
			f.warnMarks(fmt.Sprintf("%s.clocks.%s.marks", path, k), cl.Marks, warn)
		}
	}
	if p.Clocks.Platform != nil && len(m.Origins) > 0 && !slices.ContainsFunc(m.Origins, tickets.Origin.Binding) {
		warn(path+".clocks.platform", "never runs, as the policy matches only what the team opened itself", "origin platform or provider")
	}
}

// warnMarks finds marks that nobody would ever see: those that say what another says at the same time.
func (f *File) warnMarks(path string, m *marks, warn func(path, what, want string)) {
	for i, l := range m.Before {
		if slices.Contains(m.Before[:i], l) {
			warn(fmt.Sprintf("%s.before[%d]", path, i), "is said by an earlier one at the same time", "each once")
		}
	}
	for i, c := range m.Escalate {
		same := func(other call) bool { return other.step() == c.step() }
		if slices.ContainsFunc(m.Escalate[:i], same) {
			warn(fmt.Sprintf("%s.escalate[%d]", path, i), "is made by an earlier one at the same time", "each once")
		} else if level := c.outdone(m.Escalate); level > 0 && len(f.form.Levels) > 0 {
			warn(fmt.Sprintf("%s.escalate[%d]", path, i), fmt.Sprintf("is never made, as level %d is called by then", level),
				fmt.Sprintf("a level from %d on, or an earlier time", level))
		}
	}
}

// outdone is the highest level above a call's own that is called no later; 0 = none. Of calls for want of somebody who claims the
// ticket nothing is said, as they have their own time.
func (c call) outdone(all []call) (level int) {
	for _, o := range all {
		if s, own := o.step(), c.step(); !s.Unbegun && !own.Unbegun && s.Offset <= own.Offset && s.Level > max(own.Level, level) {
			level = s.Level
		}
	}
	return level
}

// covers tells whether every ticket that b binds is bound by a.
func covers(a, b tickets.Match) bool {
	return holds(a.Origins, b.Origins) && holds(a.Platforms, b.Platforms) && holds(a.Shops, b.Shops) && holds(a.Types, b.Types) &&
		holds(a.Severities, b.Severities) && holds(a.Tags, b.Tags) && holds(a.Sources, b.Sources)
}

// holds tells whether the condition a lets through all that b does; an empty list lets through everything.
func holds[T comparable](a, b []T) bool {
	return len(a) == 0 || len(b) > 0 && !slices.ContainsFunc(b, func(v T) bool { return !slices.Contains(a, v) })
}
