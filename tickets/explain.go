package tickets

import "slices"

// Why tells why a rule binds a ticket or does not.
type Why struct {
	Rule  string
	Field string // the first thing that did not match: origin, platform, shop, type, severity, tag or source; "" = the rule binds
	Want  []string
	Got   []string // what the ticket has; nil = nothing
}

// Explain returns the first rule that binds the ticket and why the earlier ones do not; its last Why has no Field.
// The zero rule if none binds.
func (p Policy) Explain(t Ticket) (Rule, []Why) {
	var all []Why
	for i, r := range p.Rules {
		w := r.Match.why(t)
		w.Rule = r.Name
		all = append(all, w)
		if w.Field == "" {
			return p.whole(i, t), all
		}
	}
	return Rule{}, all
}

// whole is a rule, by its place, with what it leaves to the next one that binds the ticket.
func (p Policy) whole(i int, t Ticket) Rule {
	r := p.Rules[i]
	if r.Leaves == (Leaves{}) || !t.Origin.Binding() {
		return r
	}
	next := Policy{Rules: p.Rules[i+1:]}.rule(t)
	if c, ok := next.clock(ClockPlatform); ok && r.Leaves.PlatformClock {
		r.Clocks, r.Preset = append([]ClockRule{c}, r.Clocks...), orElse(r.Preset, next.Preset)
	}
	if r.Leaves.Counts {
		r.Counts = next.Counts
	}
	if r.Leaves.Consequence {
		r.Consequence = next.Consequence
	}
	return r
}

// Matches tells whether the rule binds the ticket.
func (m Match) Matches(t Ticket) bool { return m.why(t).Field == "" }

// why tells what of the ticket does not match.
func (m Match) why(t Ticket) Why {
	for _, w := range []Why{
		condition("origin", m.Origins, t.Origin),
		condition("platform", m.Platforms, t.Facts.Platform),
		condition("shop", m.Shops, t.Facts.Shop),
		condition("type", m.Types, t.Type),
		condition("severity", m.Severities, t.Severity),
		condition("tag", m.Tags, t.Tags...),
		condition("source", m.Sources, t.Source.Kind),
	} {
		if w.Field != "" {
			return w
		}
	}
	return Why{}
}

// condition is the zero Why if the list is empty or holds one of what the ticket has.
func condition[T ~string](field string, list []T, have ...T) Why {
	if len(list) == 0 || slices.ContainsFunc(have, func(v T) bool { return slices.Contains(list, v) }) {
		return Why{}
	}
	w := Why{Field: field}
	for _, v := range list {
		w.Want = append(w.Want, string(v))
	}
	for _, v := range have {
		if v != "" {
			w.Got = append(w.Got, string(v))
		}
	}
	return w
}
