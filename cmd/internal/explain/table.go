package explain

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// Print writes the answer for people to read, in the voice's language.
func Print(w io.Writer, a Answer, v words.Voice) error {
	p := &page{a: a, v: v, say: english, zone: time.UTC}
	if v.Lang() == words.Chinese {
		p.say = chinese
	}
	if len(a.Deadlines) > 0 {
		p.zone = a.Deadlines[0].Due.Location()
	}
	p.head()
	for _, d := range a.Deadlines {
		p.deadline(d)
	}
	for _, l := range a.Later {
		p.line("")
		p.line(p.say.later, p.v.Name(words.Clock, string(l.Kind)), p.span(l.Seconds), p.say.begins[l.Kind])
	}
	if _, err := io.WriteString(w, p.b.String()); err != nil {
		return fmt.Errorf("print explanation: %w", err)
	}
	return nil
}

// page is an explanation being written.
type page struct {
	a    Answer
	v    words.Voice
	say  phrases
	zone *time.Location
	b    strings.Builder
}

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.b, format+"\n", args...)
}

// head says what was asked and which policy answers.
func (p *page) head() {
	t := p.a.Ticket
	parts := []string{p.v.Name(words.Origin, string(t.Origin))}
	for _, n := range []struct {
		kind  words.Kind
		value string
	}{{words.Platform, string(t.Facts.Platform)}, {words.Type, string(t.Type)}, {words.Severity, string(t.Severity)}} {
		if n.value != "" {
			parts = append(parts, p.name(n.kind, n.value))
		}
	}
	parts = append(parts, t.Facts.Shop, strings.Join(t.Tags, " "))
	p.line("%s  %s", strings.Join(nonEmpty(parts), " · "), fmt.Sprintf(p.say.zone, p.a.Zone))
	p.line("%s", p.policy())
	if t.Origin.Binding() {
		p.line("%s", p.say.counts[p.a.Counts])
	}
	text := p.a.Consequence[p.v.Lang()]
	if text == "" && p.v.Has("consequence", p.a.Costs) {
		text = p.v.Name("consequence", p.a.Costs)
	}
	if text != "" {
		p.line(p.say.consequence, text)
	}
	for _, x := range p.a.Passed {
		got := p.say.nothing
		if len(x.Got) > 0 {
			got = fmt.Sprintf(p.say.got, p.values(x.Field, x.Got))
		}
		p.line("  "+p.say.passed, x.Policy, p.say.fields[x.Field], p.values(x.Field, x.Want), got)
	}
}

// policy names the policy and what it is made from.
func (p *page) policy() string {
	preset, checked, _ := strings.Cut(p.a.Preset, "@")
	switch {
	case p.a.Policy == "":
		return p.say.none
	case preset == "":
		return fmt.Sprintf(p.say.policy, p.a.Policy)
	case preset == p.a.Policy:
		return fmt.Sprintf(p.say.policyPreset, preset, checked)
	}
	return fmt.Sprintf(p.say.policyFrom, p.a.Policy, preset, checked)
}

func nonEmpty(list []string) (out []string) {
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// name is what people call a value; of a type what the team calls it.
func (p *page) name(k words.Kind, value string) string {
	i := slices.IndexFunc(p.a.types, func(t tickets.TypeInfo) bool { return string(t.Name) == value })
	if k == words.Type && i >= 0 && p.a.types[i].Labels[p.v.Lang()] != "" {
		return p.a.types[i].Labels[p.v.Lang()]
	}
	return p.v.Name(k, value)
}

// values names what a condition speaks of.
func (p *page) values(field string, list []string) string {
	kinds := map[string]words.Kind{"origin": words.Origin, "platform": words.Platform, "type": words.Type, "severity": words.Severity}
	var out []string
	for _, v := range list {
		if k, ok := kinds[field]; ok {
			v = p.name(k, v)
		}
		out = append(out, v)
	}
	return strings.Join(out, p.say.or)
}

func (p *page) deadline(d Deadline) {
	p.line("")
	p.line("%s  %s", p.v.Name(words.Clock, string(d.Kind)), p.at(d.Due))
	p.line("  "+p.say.counted, p.at(d.Start), p.span(d.Seconds), p.say.why[d.Why], p.calendar(d))
	if len(d.PauseOn) > 0 {
		var who []string
		for _, party := range d.PauseOn {
			who = append(who, p.v.Name(words.Party, string(party)))
		}
		p.line("  "+p.say.pauses, strings.Join(who, p.say.or))
	}
	for _, m := range d.Marks {
		p.line("  %s  %s  %s → %s", p.at(m.At), padded(p.step(m), p.say.stepWidth), p.reason(m), p.to(m))
	}
}

// to names who is told.
func (p *page) to(m Mark) string {
	switch {
	case p.say.to[m.To] != "":
		return p.say.to[m.To]
	case m.Name != "":
		return m.Name
	}
	return m.To
}

func (p *page) calendar(d Deadline) string {
	if d.Calendar == "" || d.Clock == sla.CalendarTime {
		return ""
	}
	return fmt.Sprintf(p.say.calendar, d.Calendar)
}

func (p *page) step(m Mark) string {
	if m.Kind == sla.Escalate {
		return fmt.Sprintf(p.say.escalate, max(1, m.Level))
	}
	return p.say.steps[m.Kind]
}

// reason says why a mark is at its time; what was moved also says what it was.
func (p *page) reason(m Mark) string {
	own := p.say.why[WhyDue]
	switch {
	case m.Why == WhyShiftEnd:
		return p.say.why[WhyShiftEnd]
	case m.Why == WhyUnanswered:
		return fmt.Sprintf(p.say.unanswered, p.span(m.Waited))
	case m.Why == WhyUnclaimed:
		return fmt.Sprintf(p.say.unclaimed, p.span(m.Offset))
	case m.Percent > 0:
		own = fmt.Sprintf(p.say.percent, m.Percent)
	case m.Offset < 0:
		own = fmt.Sprintf(p.say.before, p.span(-m.Offset))
	case m.Offset > 0:
		own = fmt.Sprintf(p.say.after, p.span(m.Offset))
	}
	if m.Why == WhyMoved {
		return fmt.Sprintf(p.say.moved, own)
	}
	return own
}

// at is a local time with its weekday; seconds only where there are any.
func (p *page) at(t time.Time) string {
	t = t.In(p.zone)
	clock := t.Format("15:04")
	if t.Second() != 0 {
		clock = t.Format(time.TimeOnly)
	}
	return fmt.Sprintf("%s %s %s", t.Format(time.DateOnly), p.v.Name(words.Weekday, fmt.Sprintf("day%d", t.Weekday())), clock)
}

// span is a length of time in the units in which people think of it: 1 h 30 min, 100 s.
func (p *page) span(seconds int64) string {
	if seconds < 180 && seconds%60 != 0 {
		return fmt.Sprintf("%d %s", seconds, p.say.units[2])
	}
	var out []string
	for i, n := range []int64{seconds / 3600, seconds / 60 % 60, seconds % 60} {
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, p.say.units[i]))
		}
	}
	return strings.Join(out, " ")
}

// padded fills a text to a width in columns; Chinese letters and marks take two.
func padded(s string, width int) string {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2e80 {
			n++
		}
	}
	return s + strings.Repeat(" ", max(0, width-n))
}

// phrases is what the page says in one language.
type phrases struct {
	zone, none, policy, policyPreset, policyFrom, consequence, passed, got, nothing, or string
	counted, calendar, pauses, later, escalate, percent, before, after, moved           string
	unanswered, unclaimed                                                               string
	counts                                                                              map[bool]string
	fields, why, to                                                                     map[string]string
	steps                                                                               map[sla.StepKind]string
	begins                                                                              map[tickets.ClockKind]string
	units                                                                               [3]string
	stepWidth                                                                           int
}

var chinese = phrases{
	zone: "（%s 时间）", none: "没有符合的规则，不计时。", policy: "生效的规则：%s", policyPreset: "生效的规则：%s（内置预设，%s 核对）",
	policyFrom:  "生效的规则：%s（以预设 %s 为底，%s 核对）",
	consequence: "超时后果：%s", passed: "不是 %s：%s要 %s，%s", got: "这张是 %s", nothing: "这张没有", or: "、",
	counted: "从 %s 起 %s，%s%s", calendar: "（日历 %s）", pauses: "暂停：等%s", later: "%s  %s，%s",
	escalate: "升级 %d 级", percent: "时间过了 %d%%", before: "到期前 %s", after: "超时 %s", moved: "下班前提前（本来是%s，那时没人上班）",
	unanswered: "上一次通知后 %s没人跟进", unclaimed: "%s还没人领取",
	to:     map[string]string{ToAssignee: "处理人", ToAdmin: "工作区管理员"},
	counts: map[bool]string{true: "计入 24 小时完结率", false: "不计入 24 小时完结率"},
	fields: map[string]string{"origin": "来源", "platform": "平台", "shop": "店铺", "type": "类型", "severity": "紧急程度", "tag": "标签", "source": "渠道"},
	why: map[string]string{
		WhyEverySecond: "每一秒都算", WhyHandling: "只算上班时间", WhyInside: "到期在上班时间内", WhyDeferred: "超出下班的部分从下次上班起算",
		WhyDue: "到期", WhyShiftEnd: "到期时没人上班，下班前先说",
	},
	steps:  map[sla.StepKind]string{sla.Remind: "提醒", sla.Breach: "超时"},
	begins: map[tickets.ClockKind]string{tickets.ClockNextResponse: "客户一方再说话时起算", tickets.ClockNextUpdate: "团队说过话后起算"},
	units:  [3]string{"小时", "分钟", "秒"}, stepWidth: 11,
}

var english = phrases{
	zone: "(%s time)", none: "No policy matches; no clock runs.", policy: "Policy: %s", policyPreset: "Policy: %s (built-in preset, last checked %s)",
	policyFrom:  "Policy: %s (made from the preset %s, last checked %s)",
	consequence: "When missed: %s", passed: "not %s: its %s is %s, %s", got: "the ticket's is %s", nothing: "the ticket has none", or: " or ",
	counted: "from %s, %s, %s%s", calendar: " (calendar %s)", pauses: "pauses while waiting for %s", later: "%s  %s, %s",
	escalate: "escalate to %d", percent: "%d%% of the time has passed", before: "%s before the deadline", after: "%s after the deadline",
	moved:      "moved before the end of the shift (its own time, %s, finds nobody there)",
	unanswered: "nobody on it %s after the call before", unclaimed: "nobody has claimed it after %s",
	to:     map[string]string{ToAssignee: "the assignee", ToAdmin: "the workspace's admin"},
	counts: map[bool]string{true: "Counts in the 24-hour completion rate", false: "Does not count in the 24-hour completion rate"},
	fields: map[string]string{"origin": "origin", "platform": "platform", "shop": "shop", "type": "type", "severity": "severity", "tag": "tag", "source": "source"},
	why: map[string]string{
		WhyEverySecond: "every second counts", WhyHandling: "only handling hours count", WhyInside: "it ends within handling hours",
		WhyDeferred: "what lay beyond closing counts from the next opening", WhyDue: "the deadline",
		WhyShiftEnd: "nobody is there at the deadline, so it is said before the end of the shift",
	},
	steps:  map[sla.StepKind]string{sla.Remind: "remind", sla.Breach: "breach"},
	begins: map[tickets.ClockKind]string{tickets.ClockNextResponse: "begins when the customer's side speaks again", tickets.ClockNextUpdate: "begins when the team has spoken"},
	units:  [3]string{"h", "min", "s"}, stepWidth: 13,
}
