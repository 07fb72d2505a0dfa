package teamfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// Texts that must be one of a few words.
type (
	clockWord  string
	origin     string
	platform   string
	severity   string
	party      string
	role       string
	presetName string
	mode       string
)

func (clockWord) Words() []string { return texts(sla.CalendarTime, sla.WorkingTime, sla.DeferredTime) }
func (origin) Words() []string {
	return texts(tickets.OriginInternal, tickets.OriginPlatform, tickets.OriginProvider)
}
func (platform) Words() []string {
	return []string{"tmall", "taobao", "douyin", "doudian", "pinduoduo", "jd", "wechat"}
}
func (severity) Words() []string {
	return texts(tickets.SeverityUrgent, tickets.SeverityHigh, tickets.SeverityNormal, tickets.SeverityLow)
}
func (party) Words() []string {
	return texts(tickets.PartyCustomer, tickets.PartyMerchant, tickets.PartyWarehouse, tickets.PartyCourier,
		tickets.PartyPlatform, tickets.PartyInfo)
}
func (role) Words() []string {
	return texts(tickets.RoleMerchant, tickets.RoleAgent, tickets.RoleSupervisor, tickets.RoleAdmin)
}
func (mode) Words() []string { return []string{"careful", "eager"} }
func (presetName) Words() (out []string) {
	for _, r := range tickets.DefaultPolicy().Rules {
		out = append(out, r.Name)
	}
	return out
}

func texts[T ~string](all ...T) (out []string) {
	for _, w := range all {
		out = append(out, string(w))
	}
	return out
}

// maxDuration bounds every duration: what takes longer than a year is a slip of the pen.
const maxDuration = 366 * 24 * time.Hour

var (
	durationForm = regexp.MustCompile(`^(?:[0-9]{1,8}[dhms])+$`)
	durationPart = regexp.MustCompile(`([0-9]+)([dhms])`)
	units        = map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second}
)

// duration is a length of time above zero.
type duration time.Duration

func (d *duration) UnmarshalText(b []byte) error {
	v, err := parseDuration(string(b))
	if err == nil && v == 0 {
		err = fmt.Errorf("%q is no time at all", b)
	}
	*d = duration(v)
	return err
}
func (duration) Form() string    { return "a duration such as 2h30m, 100s or 7d, up to 366d" }
func (duration) Pattern() string { return durationForm.String() }

func parseDuration(s string) (sum time.Duration, err error) {
	if strings.HasPrefix(s, "-") && durationForm.MatchString(s[1:]) {
		return 0, fmt.Errorf("%q is negative", s)
	}
	if !durationForm.MatchString(s) {
		return 0, fmt.Errorf("%q is not a duration", s)
	}
	for _, p := range durationPart.FindAllStringSubmatch(s, -1) {
		n, _ := strconv.ParseInt(p[1], 10, 64)
		if n > int64(maxDuration/units[p[2]]) || sum+time.Duration(n)*units[p[2]] > maxDuration {
			return 0, fmt.Errorf("%q is longer than a year", s)
		}
		sum += time.Duration(n) * units[p[2]]
	}
	return sum, nil
}

// span is a duration that may be zero, which is never.
type span time.Duration

func (d *span) UnmarshalText(b []byte) error {
	if string(b) == "never" {
		*d = 0
		return nil
	}
	v, err := parseDuration(string(b))
	*d = span(v)
	return err
}
func (span) Form() string    { return "a duration such as 15m or 7d, up to 366d, or never" }
func (span) Pattern() string { return `^(?:never|(?:[0-9]{1,8}[dhms])+)$` }

// lead is a mark before the deadline: a length of time, or a part of the clock's duration.
type lead struct {
	before  time.Duration
	percent int
}

func (l *lead) UnmarshalText(b []byte) error {
	s := string(b)
	if n, ok := strings.CutSuffix(s, "%"); ok {
		v, err := strconv.Atoi(n)
		if err != nil || v < 1 || v > 99 {
			return fmt.Errorf("%q is not from 1%% to 99%%", s)
		}
		l.percent = v
		return nil
	}
	var d duration
	if err := d.UnmarshalText(b); err != nil {
		return err
	}
	l.before = time.Duration(d)
	return nil
}
func (lead) Form() string {
	return "a duration before the deadline such as 30m, or the part of the time that has passed, such as 50%"
}
func (lead) Pattern() string { return `^(?:[1-9][0-9]?%|(?:[0-9]{1,8}[dhms])+)$` }

var windowForm = regexp.MustCompile(`^([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?) ?[-–] ?([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)$`)

// window is a stretch of a day.
type window sla.Window

type windows []window

func (w *window) UnmarshalText(b []byte) error {
	m := windowForm.FindStringSubmatch(string(b))
	if m == nil {
		return fmt.Errorf("%q is not a window", b)
	}
	for i, end := range []*sla.TimeOfDay{&w.Open, &w.Close} {
		text := m[i+1]
		if strings.IndexByte(text, ':') == 1 {
			text = "0" + text
		}
		if err := end.UnmarshalText([]byte(text)); err != nil {
			return fmt.Errorf("%q is not a time of day", m[i+1])
		}
	}
	if w.Open == 24*60*60 || w.Open == w.Close && w.Open != 0 {
		return fmt.Errorf("%q has no beginning or no length", b)
	}
	return nil
}
func (window) Form() string {
	return "a window such as 09:00-12:30, up to 24:00; one that closes before it opens ends the next day"
}
func (window) Pattern() string { return windowForm.String() }

func (ws windows) plain() []sla.Window {
	out := make([]sla.Window, 0, len(ws))
	for _, w := range ws {
		out = append(out, sla.Window(w))
	}
	return out
}

// date is a day.
type date sla.Date

func (d *date) UnmarshalText(b []byte) error {
	if err := (*sla.Date)(d).UnmarshalText(b); err != nil {
		return fmt.Errorf("%q is not a date from 1970 to 2200", b)
	}
	return nil
}
func (date) Form() string    { return "a date such as 2026-11-11" }
func (date) Pattern() string { return `^[0-9]{4}-[0-9]{2}-[0-9]{2}$` }

// china stands for a country's public holidays.
const china = "china"

// holiday is a day, or a country's.
type holiday struct {
	day     date
	country string
}

func (h *holiday) UnmarshalText(b []byte) error {
	if string(b) == china {
		h.country = china
		return nil
	}
	return h.day.UnmarshalText(b)
}
func (holiday) Form() string    { return "a date such as 2026-10-01, or china" }
func (holiday) Pattern() string { return `^(?:china|[0-9]{4}-[0-9]{2}-[0-9]{2})$` }

// weekday is a day of the week.
type weekday time.Weekday

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (d *weekday) UnmarshalText(b []byte) error {
	for i, name := range weekdays {
		if name == string(b) {
			*d = weekday(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a weekday", b)
}
func (weekday) Form() string    { return "a weekday: mon, tue, wed, thu, fri, sat or sun" }
func (weekday) Pattern() string { return `^(?:mon|tue|wed|thu|fri|sat|sun)$` }

var (
	userForm    = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)
	channelForm = regexp.MustCompile(`^[CG][A-Z0-9]{2,20}$`)
)

// user is a Slack user id.
type user string

func (u *user) UnmarshalText(b []byte) error {
	if !userForm.Match(b) {
		return fmt.Errorf("%q is not a Slack user id", b)
	}
	*u = user(b)
	return nil
}
func (user) Form() string {
	return "a user id such as U024BE7LH (Slack shows it under Profile, ⋮, Copy member ID)"
}
func (user) Pattern() string { return userForm.String() }

// channel is a Slack channel id.
type channel string

func (c *channel) UnmarshalText(b []byte) error {
	if !channelForm.Match(b) {
		return fmt.Errorf("%q is not a Slack channel id", b)
	}
	*c = channel(b)
	return nil
}
func (channel) Form() string {
	return "a channel id such as C024BE91L (Slack shows it at the end of the channel's details)"
}
func (channel) Pattern() string { return channelForm.String() }
