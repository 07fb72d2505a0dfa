package teamfile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

func (c *checker) marks(path string, m *marks) {
	for i, call := range m.Escalate {
		if n := call.whens(); n > 1 {
			c.complain(fmt.Sprintf("%s.escalate[%d]", path, i), "is at more than one time", "one of before, after and unclaimed, or none for the deadline itself")
		}
		c.levelOf(fmt.Sprintf("%s.escalate[%d].level", path, i), call)
	}
	if m.After != nil && m.After.Times > 0 && time.Duration(m.After.Every) < 10*time.Second && c.sound(path+".after") {
		c.complain(path+".after.every", "repeats too often", "at least 10s")
	}
}

// inTime complains about marks and calls that would come before a clock of that length begins.
func (c *checker) inTime(path string, m *marks, where string, length time.Duration) {
	early := func(path string, before time.Duration) {
		if before >= length {
			c.complain(path, fmt.Sprintf("%s before the deadline is %s", short(before), where), "less than "+short(length))
		}
	}
	for i, l := range m.Before {
		early(fmt.Sprintf("%s.before[%d]", path, i), l.before)
	}
	for i, call := range m.Escalate {
		if call.Before != nil {
			early(fmt.Sprintf("%s.escalate[%d].before", path, i), time.Duration(*call.Before))
		}
	}
}

// overlayMarks complains about marks of overlays that would come before each of the clocks that they are for begins.
func (c *checker) overlayMarks() {
	if !c.sound("calendars") || !c.sound("policies") || !c.sound("calendar") {
		return
	}
	for _, name := range c.f.Calendars() {
		for i, o := range c.f.form.Calendars[name].Overlays {
			for k, m := range o.Marks.kinds() {
				if longest := c.f.longest(name, k); longest > 0 {
					path := fmt.Sprintf("calendars.%s.overlays[%d].marks.%s", name, i, k)
					c.inTime(path, m, "before the beginning of every clock that it is for", longest)
				}
			}
		}
	}
}

// longest is the length of the longest clock of a kind that has the marks of a calendar's overlays; 0 = there is none, or one counts
// handling hours, so that what lies before its deadline on the wall may be longer.
func (f *File) longest(calendar string, k tickets.ClockKind) (longest time.Duration) {
	byShop := slices.ContainsFunc(f.form.Shops, func(s shop) bool { return s.Calendar == calendar })
	all := map[string]clocks{}
	for _, p := range f.form.Policies {
		all[p.Name] = p.Clocks
	}
	for _, r := range f.Policy(time.Time{}).Rules {
		cl, ok := find(r.Clocks, k)
		switch {
		case !ok || !byShop && f.follows(k, all[r.Name]) != calendar:
		case cl.Clock == sla.WorkingTime:
			return 0
		default:
			longest = max(longest, cl.Duration)
		}
	}
	return longest
}

// inTime drops the steps, drawn up for a longer clock, that would come before it begins.
func inTime(l sla.Ladder, d time.Duration) sla.Ladder {
	return slices.DeleteFunc(slices.Clone(l), func(s sla.Step) bool { return d > 0 && s.Percent == 0 && -s.Offset >= d })
}

// over replaces the kinds of step that the file names and keeps the others. Names follow from what a step does, so that a step
// that another revision has too is the same one.
func (m *marks) over(l sla.Ladder) sla.Ladder {
	if m == nil {
		return l
	}
	out := slices.DeleteFunc(slices.Clone(l), func(s sla.Step) bool {
		switch {
		case s.Kind == sla.Escalate:
			return m.Escalate != nil
		case s.Kind == sla.Remind && s.Every > 0:
			return m.After != nil
		}
		return s.Kind == sla.Remind && m.Before != nil
	})
	for _, l := range m.Before {
		if l.percent > 0 {
			out = append(out, sla.Step{Name: fmt.Sprintf("remind_%d%%", l.percent), Kind: sla.Remind, Percent: l.percent})
		} else {
			out = append(out, sla.Step{Name: "remind_" + short(l.before), Kind: sla.Remind, Offset: -l.before})
		}
	}
	if a := m.After; a != nil && a.Times > 0 {
		out = append(out, sla.Step{Name: "again", Kind: sla.Remind, Every: time.Duration(a.Every), Times: a.Times})
	}
	for _, call := range m.Escalate {
		out = append(out, call.step())
	}
	return out
}

func (c call) step() sla.Step {
	s := sla.Step{Kind: sla.Escalate, Level: max(1, c.Level)}
	s.Name = fmt.Sprintf("escalate_%d", s.Level)
	switch {
	case c.Before != nil:
		s.Offset = -time.Duration(*c.Before)
		s.Name += "_before_" + short(-s.Offset)
	case c.After != nil:
		s.Offset = time.Duration(*c.After)
		s.Name += "_after_" + short(s.Offset)
	case c.Unclaimed != nil:
		s.Offset, s.Unbegun = time.Duration(*c.Unclaimed), true
		s.Name += "_unclaimed_" + short(s.Offset)
	}
	return s
}

// short is a duration without what is zero: 2h30m.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// overlaid changes the marks of clocks whose calendar has an overlay in force. Those of a shop's own calendar come on top, for
// its tickets.
func (f *File) overlaid(rules []tickets.ClockRule, forms clocks, at time.Time) {
	for i := range rules {
		c := &rules[i]
		c.Ladder, c.ShopLadders = f.marked(*c, f.follows(c.Kind, forms), at), map[string]sla.Ladder{}
		for _, s := range f.form.Shops {
			if s.Calendar != "" {
				c.ShopLadders[s.Name] = f.marked(*c, s.Calendar, at)
			}
		}
	}
}

// follows is the calendar whose overlays a clock has the marks of; "" = none.
func (f *File) follows(k tickets.ClockKind, forms clocks) string {
	if form := forms.of(k); form != nil && form.Calendar != "" {
		return form.Calendar
	}
	return f.form.Calendar
}

// marked is a clock's ladder with the marks of a calendar's overlays that are in force, as far as they come after its beginning.
func (f *File) marked(c tickets.ClockRule, calendar string, at time.Time) sla.Ladder {
	l := c.Ladder
	for _, o := range f.form.Calendars[calendar].Overlays {
		if m := o.Marks.kinds()[c.Kind]; m != nil && o.covers(at, f.zones[calendar]) {
			if l = m.over(l); c.Clock != sla.WorkingTime {
				l = inTime(l, c.Duration)
			}
		}
	}
	return l
}
