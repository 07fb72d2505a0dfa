package teamfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gongdan/cmd/internal/config/strictyaml"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// MaxBytes is how long a team file may be.
const MaxBytes = strictyaml.MaxBytes

// defaultZone is where the marketplaces count.
const defaultZone = "Asia/Shanghai"

// File is a team file that was read and found right. It never changes and may be used concurrently.
type File struct {
	form      form
	presets   tickets.Policy // shared: its rules are copied before they change
	doc       *strictyaml.Doc
	zone      *time.Location
	calendars map[string]*sla.Calendar
	zones     map[string]*time.Location // of the calendars
}

// Parse reads a team file. The error is [strictyaml.Problems] and names everything that is wrong, each at its line. An empty
// file is the built-in presets.
func Parse(text []byte) (*File, error) {
	f := &File{presets: tickets.DefaultPolicy(), calendars: map[string]*sla.Calendar{}, zones: map[string]*time.Location{}}
	doc, problems := strictyaml.Read(text, &f.form)
	f.doc = doc
	c := &checker{f: f, problems: problems}
	c.check()
	if len(c.problems) > 0 {
		c.problems.Sort()
		return nil, c.problems
	}
	return f, nil
}

// Calendars names the calendars that the file defines, in order.
func (f *File) Calendars() []string { return slices.Sorted(maps.Keys(f.calendars)) }

// Schema is the JSON Schema of team files, draft 2020-12, ending with a line break.
func Schema() ([]byte, error) {
	s := strictyaml.Schema(form{}, "https://gongdan.example/team.schema.json", "Gongdan team file")
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write schema: %w", err)
	}
	return append(b, '\n'), nil
}

// checker gathers what is wrong with the meaning of a file, once its form was read.
type checker struct {
	f        *File
	problems strictyaml.Problems
}

func (c *checker) check() {
	c.f.zone = c.location("zone", c.f.form.Zone, defaultZone)
	for _, name := range slices.Sorted(maps.Keys(c.f.form.Calendars)) {
		c.calendar(name, c.f.form.Calendars[name])
	}
	c.named("calendar", c.f.form.Calendar, c.f.Calendars())
	c.shops()
	c.people()
	c.relays()
	c.types()
	c.policies()
}

func (c *checker) complain(path, what, want string) {
	c.problems = append(c.problems, c.f.doc.Problem(path, what, want))
}

// sound tells whether nothing is wrong yet with what lies at or beneath a path.
func (c *checker) sound(path string) bool {
	return !slices.ContainsFunc(c.problems, func(p strictyaml.Problem) bool {
		rest, found := cutPath(p.Path, path)
		return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

func cutPath(path, prefix string) (rest string, found bool) {
	if len(path) < len(prefix) || path[:len(prefix)] != prefix {
		return "", false
	}
	return path[len(prefix):], true
}

// named complains if a name that was written is not among the known ones.
func (c *checker) named(path, name string, known []string) {
	if name == "" || slices.Contains(known, name) {
		return
	}
	p := c.f.doc.Problem(path, fmt.Sprintf("%q is not known", name), "")
	c.problems = append(c.problems, p.Choice(name, known))
}

// zones are suggested for one that is not known. Every other IANA name works as well.
var zones = []string{"Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Asia/Kolkata",
	"Asia/Dubai", "Europe/London", "Europe/Berlin", "Europe/Paris", "America/New_York", "America/Chicago", "America/Los_Angeles",
	"America/Sao_Paulo", "Australia/Sydney", "UTC"}

// location finds a zone; an empty name is the fallback.
func (c *checker) location(path, name, fallback string) *time.Location {
	if name == "" {
		name = fallback
	}
	loc, err := time.LoadLocation(name)
	if err == nil && name != "Local" {
		return loc
	}
	p := c.f.doc.Problem(path, fmt.Sprintf("the time zone %q is not known", name), "an IANA name such as Asia/Shanghai")
	p.Mean = strictyaml.Nearest(name, zones)
	c.problems = append(c.problems, p)
	return time.UTC
}

// calendar builds and keeps one calendar.
func (c *checker) calendar(name string, form calendar) {
	path := "calendars." + name
	c.f.calendars[name] = nil
	c.hours(path+".hours", form.Hours)
	for _, days := range []struct {
		key string
		m   map[date]windows
	}{{"special", form.Special}, {"breaks", form.Breaks}} {
		for d, ws := range days.m {
			c.windows(path+"."+days.key+"."+sla.Date(d).String(), ws)
		}
	}
	for i, o := range form.Overlays {
		c.overlay(fmt.Sprintf("%s.overlays[%d]", path, i), o)
	}
	c.f.zones[name] = c.location(path+".zone", form.Zone, c.f.zone.String())
	if !c.sound(path) || !c.sound("zone") {
		return
	}
	h, err := form.plain(c.f.zones[name].String())
	if err == nil {
		c.f.calendars[name], err = sla.NewCalendar(h)
	}
	switch {
	case errors.Is(err, sla.ErrNeverOpen):
		c.complain(path+".hours", "the calendar is never open", "a window on some day, such as daily: 09:00-21:00")
	case err != nil:
		c.complain(path, err.Error(), "")
	}
}

func (c *checker) hours(path string, h hours) {
	for key, ws := range h.keys() {
		c.windows(path+"."+key, ws)
	}
}

// windows complains about windows of one day that overlap, at the later of the two.
func (c *checker) windows(path string, ws windows) {
	for i, w := range ws {
		for _, v := range ws[:i] {
			if w.Open < v.end() && v.Open < w.end() {
				c.complain(fmt.Sprintf("%s[%d]", path, i), fmt.Sprintf("%s overlaps %s", w, v), "windows that follow each other")
			}
		}
	}
}

func (c *checker) overlay(path string, o overlay) {
	if !c.sound(path) {
		return
	}
	if o.From.after(o.To) {
		c.complain(path+".to", fmt.Sprintf("ends on %s, before it begins on %s", sla.Date(o.To), sla.Date(o.From)), "the last day")
	}
	if o.Hours == nil && o.Marks == (kindMarks{}) && len(o.People) == 0 {
		c.complain(path, "changes nothing", "hours, marks or people")
	}
	if o.Hours != nil {
		c.hours(path+".hours", *o.Hours)
	}
	for kind, m := range o.Marks.kinds() {
		c.marks(path+".marks."+string(kind), m)
	}
	for i, who := range o.People {
		c.someone(fmt.Sprintf("%s.people[%d]", path, i), who)
	}
}

// kinds walks the clocks that have marks.
func (k kindMarks) kinds() map[tickets.ClockKind]*marks {
	all := map[tickets.ClockKind]*marks{tickets.ClockPlatform: k.Platform, tickets.ClockFirstResponse: k.FirstResponse,
		tickets.ClockNextResponse: k.NextResponse, tickets.ClockResolution: k.Resolution, tickets.ClockNextUpdate: k.NextUpdate}
	maps.DeleteFunc(all, func(_ tickets.ClockKind, m *marks) bool { return m == nil })
	return all
}
