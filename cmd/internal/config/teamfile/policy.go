package teamfile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// kinds are the clocks of a policy in the order in which people read them.
var kinds = []tickets.ClockKind{tickets.ClockPlatform, tickets.ClockFirstResponse, tickets.ClockNextResponse,
	tickets.ClockResolution, tickets.ClockNextUpdate}

func (c clocks) of(k tickets.ClockKind) *clock {
	switch k {
	case tickets.ClockPlatform:
		return c.Platform
	case tickets.ClockFirstResponse:
		return c.FirstResponse
	case tickets.ClockNextResponse:
		return c.NextResponse
	case tickets.ClockResolution:
		return c.Resolution
	}
	return c.NextUpdate
}

func (c *checker) policies() {
	names := map[string]string{}
	for i, p := range c.f.form.Policies {
		path := fmt.Sprintf("policies[%d]", i)
		c.once(names, path+".name", p.Name, "the name of a policy")
		if slices.Contains(presetName("").Words(), p.Name) {
			c.complain(path+".name", fmt.Sprintf("%q is the name of a preset", p.Name), "another name; preset: "+p.Name+" begins with that preset")
		}
		c.knownShops(path+".match.shop", p.Match.Shop)
		if p.Preset == "" && p.Clocks == (clocks{}) && c.sound(path) {
			c.complain(path, "has neither clocks nor a preset, so that no deadline would ever be kept", "clocks or preset")
		}
		for _, k := range kinds {
			if cl := p.Clocks.of(k); cl != nil {
				c.clock(fmt.Sprintf("%s.clocks.%s", path, k), p, k, *cl)
			}
		}
	}
	c.overlayMarks()
}

func (c *checker) clock(path string, p policy, k tickets.ClockKind, cl clock) {
	c.named(path+".calendar", cl.Calendar, c.f.Calendars())
	if cl.Marks != nil {
		c.marks(path+".marks", cl.Marks)
	}
	if k == tickets.ClockPlatform && len(cl.PauseOn) > 0 {
		c.complain(path+".pause_on", "a platform clock never pauses", "no pause_on")
	}
	if !c.sound(path) || cl.Off {
		return
	}
	rule, _ := find(c.f.rule(p).Clocks, k)
	if rule.Duration == 0 {
		c.complain(path, "has no duration", "duration, as no preset gives one")
		return
	}
	if cl.Marks == nil || rule.Clock == sla.WorkingTime {
		return // what lies before the deadline on the wall may be longer than what was counted
	}
	c.inTime(path+".marks", cl.Marks, "before the beginning", rule.Duration)
}

// Policy is the rules at an instant: own policies, then the presets. Of overlays, those in force then count; see [File.NextSwitch].
// Revision is zero.
func (f *File) Policy(at time.Time) tickets.Policy {
	p := f.presets
	p.Revision, p.Zone, p.Roster, p.Shops, p.Types = 0, f.zone, f.roster(), f.shopList(), f.types()
	p.Relays = f.relayList()
	p.Calendars = maps.Clone(p.Calendars)
	maps.Copy(p.Calendars, f.calendars)
	var own []tickets.Rule
	for _, form := range f.form.Policies {
		r := f.rule(form)
		f.overlaid(r.Clocks, form.Clocks, at)
		own = append(own, r)
	}
	for _, r := range p.Rules {
		r.Clocks = slices.Clone(r.Clocks)
		f.homely(r.Clocks)
		f.overlaid(r.Clocks, clocks{}, at)
		own = append(own, r)
	}
	p.Rules = own
	f.form.Times.set(&p)
	p.Model, p.Understanding = f.form.Model.plain(), string(f.form.Understanding)
	return p
}

func (m model) plain() tickets.ModelUse {
	u := tickets.ModelUse{Off: m.Off, OwnOff: m.Own != nil && !*m.Own}
	for _, ch := range m.OffIn {
		u.OffIn = append(u.OffIn, tickets.ChannelID(ch))
	}
	if m.DailyTokens != nil {
		n := int64(*m.DailyTokens)
		u.DailyTokens = &n
	}
	return u
}

func (t times) set(p *tickets.Policy) {
	for _, v := range []struct {
		form *span
		to   *time.Duration
	}{{t.AutoClose, &p.AutoClose}, {t.ReopenFor, &p.ReopenFor}, {t.ArchiveAfter, &p.ArchiveAfter}, {t.UrgeEvery, &p.UrgeEvery},
		{t.AckLapse, &p.AckLapse}, {t.Quiet, &p.Quiet}, {t.MergeWithin, &p.MergeWithin}, {t.ShiftLead, &p.ShiftLead}} {
		if v.form != nil {
			*v.to = time.Duration(*v.form)
		}
	}
}

// homely makes clocks of a preset follow the team's own hours. The marketplace's deadlines count as the preset says; only when
// somebody is there to be reminded is the team's own matter.
func (f *File) homely(clocks []tickets.ClockRule) {
	home := f.calendars[f.form.Calendar]
	if home == nil {
		return
	}
	for i := range clocks {
		if clocks[i].Kind == tickets.ClockPlatform {
			clocks[i].Duty = home
		} else {
			clocks[i].Calendar = home
		}
	}
}

// rule makes the rule of one policy, without overlays.
func (f *File) rule(p policy) tickets.Rule {
	r := f.preset(string(p.Preset))
	f.homely(r.Clocks)
	r.Name, r.Match = p.Name, f.match(p.Match, r.Match)
	if p.Counts != nil {
		r.Counts = *p.Counts
	}
	if p.Consequence != nil {
		r.Consequence = tickets.Consequence{Text: map[string]string{}}
		for lang, text := range map[string]string{"zh-CN": cmp.Or(p.Consequence.Zh, p.Consequence.En), "en": cmp.Or(p.Consequence.En, p.Consequence.Zh)} {
			r.Consequence.Text[lang] = text
		}
	}
	var out []tickets.ClockRule
	for _, k := range kinds {
		begin, ok := find(r.Clocks, k)
		form := p.Clocks.of(k)
		if form != nil && !form.Off {
			if !ok {
				begin = f.plainClock(k)
			}
			out = append(out, f.clock(begin, *form))
		} else if ok && form == nil {
			out = append(out, begin)
		}
	}
	r.Clocks = out
	if _, ok := find(out, tickets.ClockPlatform); !ok && p.Clocks.Platform == nil {
		r.Leaves = tickets.Leaves{PlatformClock: true, Counts: p.Counts == nil, Consequence: p.Consequence == nil}
	}
	return r
}

// preset is a built-in rule with clocks of its own to change, or nothing.
func (f *File) preset(name string) tickets.Rule {
	for _, r := range f.presets.Rules {
		if r.Name == name {
			r.Clocks = slices.Clone(r.Clocks)
			return r
		}
	}
	return tickets.Rule{}
}

// plainClock is what a clock begins with that no preset has: it counts, pauses and reminds as the built-in ones do.
func (f *File) plainClock(k tickets.ClockKind) tickets.ClockRule {
	like := f.preset("internal").Clocks
	if k == tickets.ClockPlatform {
		like = f.preset("platform").Clocks
	}
	c, ok := find(like, k)
	if !ok {
		c, _ = find(like, tickets.ClockFirstResponse)
	}
	c.Kind, c.Duration, c.Duty = k, 0, nil
	if home := f.calendars[f.form.Calendar]; home != nil {
		c.Calendar = home
	} else if c.Calendar == nil {
		c.Calendar = f.preset("internal").Clocks[0].Calendar
	}
	return c
}

func find(clocks []tickets.ClockRule, k tickets.ClockKind) (tickets.ClockRule, bool) {
	i := slices.IndexFunc(clocks, func(c tickets.ClockRule) bool { return c.Kind == k })
	if i < 0 {
		return tickets.ClockRule{}, false
	}
	return clocks[i], true
}

// clock replaces what the file says of a clock.
func (f *File) clock(c tickets.ClockRule, form clock) tickets.ClockRule {
	if form.Clock != "" {
		c.Clock = sla.Clock(form.Clock)
	}
	if form.Calendar != "" {
		c.Calendar, c.Duty = f.calendars[form.Calendar], nil
	}
	if form.Duration != nil {
		c.Duration = time.Duration(*form.Duration)
	}
	if form.PauseOn != nil {
		c.PauseOn = nil
		for _, p := range form.PauseOn {
			c.PauseOn = append(c.PauseOn, tickets.Party(p))
		}
	}
	c.Ladder = form.Marks.over(inTime(c.Ladder, c.Duration))
	return c
}

func (f *File) match(m match, begin tickets.Match) tickets.Match {
	return tickets.Match{
		Origins:    over(m.Origin, begin.Origins),
		Platforms:  over(plainPlatforms(m.Platform), begin.Platforms),
		Shops:      over(f.shopNames(m.Shop), begin.Shops),
		Types:      over(m.Type, begin.Types),
		Severities: over(m.Severity, begin.Severities),
		Tags:       over(m.Tag, begin.Tags),
		Sources:    over(m.Source, begin.Sources),
	}
}

// plain is the platform as tickets name it: Doudian (抖店) is the marketplace of Douyin (抖音), and both names are in use.
func (p platform) plain() tickets.Platform {
	if p == "doudian" {
		return "douyin"
	}
	return tickets.Platform(p)
}

func plainPlatforms(list []platform) (out []tickets.Platform) {
	for _, p := range list {
		out = append(out, p.plain())
	}
	return out
}

// over is the file's list, or, where it says nothing, the preset's.
func over[F, T ~string](form []F, begin []T) (out []T) {
	if form == nil {
		return begin
	}
	for _, v := range form {
		out = append(out, T(v))
	}
	return out
}

// NextSwitch is when the policy next changes by itself, because an overlay with marks begins or ends; zero = never.
func (f *File) NextSwitch(at time.Time) (next time.Time) {
	for name, c := range f.form.Calendars {
		for _, o := range c.Overlays {
			if o.Marks == (kindMarks{}) {
				continue
			}
			begin, end := o.edges(f.zones[name])
			for _, edge := range []time.Time{begin, end} {
				if edge.After(at) && (next.IsZero() || edge.Before(next)) {
					next = edge
				}
			}
		}
	}
	return next
}
