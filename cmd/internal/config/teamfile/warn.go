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
		}
	}
	for i, p := range f.form.Policies {
		f.warnPolicy(fmt.Sprintf("policies[%d]", i), i, p, warn)
	}
	out.Sort()
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
	if p.Clocks.Platform != nil && len(m.Origins) > 0 && !slices.ContainsFunc(m.Origins, tickets.Origin.Binding) {
		warn(path+".clocks.platform", "never runs, as the policy matches only what the team opened itself", "origin platform or provider")
	}
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
