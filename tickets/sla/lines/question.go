package lines

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"gongdan/tickets/sla"
)

// question is a line coming in. Absent = omitted; unknown fields are passed over.
type question struct {
	ID       json.RawMessage `json:"id"`
	Op       string          `json:"op"`
	Calendar json.RawMessage `json:"calendar"`
	Clock    sla.Clock       `json:"clock"` // default working
	Start    string          `json:"start"`
	Duration *json.Number    `json:"duration_s"`
	End      string          `json:"end"`
	Pauses   [][]*string     `json:"pauses"` // [from, to], to null = still paused
}

// calendar is the calendar of a line.
type calendar struct {
	TZ       string                  `json:"tz"` // default Asia/Shanghai
	Hours    map[string][][]string   `json:"hours"`
	Holidays []sla.Date              `json:"holidays"`
	Special  map[sla.Date][][]string `json:"special_hours"`
	Breaks   map[sla.Date][][]string `json:"breaks"`
}

// defaultZone is where the shops are.
const defaultZone = "Asia/Shanghai"

// desk answers questions. It remembers the last calendar, for a file tends to ask about one many times.
type desk struct {
	text     []byte // of last, with the way it was read
	last     *sla.Calendar
	anything bool
}

func (d *desk) ask(q question) (any, error) {
	if q.Clock == "" {
		q.Clock = sla.WorkingTime
	}
	c, err := d.calendar(q)
	if err != nil {
		return nil, err
	}
	start, err := instant("start", q.Start)
	if err != nil {
		return nil, err
	}
	switch q.Op {
	case "add":
		return count(q, start, c.Add)
	case "subtract":
		return count(q, start, c.Subtract)
	case "between":
		return between(q, start, c)
	case "next_open":
		return found(c.NextOpen(start))
	case "prev_open":
		return found(c.PrevOpen(start))
	case "next_close":
		return found(c.NextClose(start))
	case "is_open":
		return isOpen(start, c)
	}
	return nil, fmt.Errorf("op %.20q is none of add, subtract, between, next_open, prev_open, next_close, is_open", q.Op)
}

func count(q question, start time.Time, op func(sla.Clock, time.Time, time.Duration, ...sla.Pause) (time.Time, error)) (any, error) {
	length, err := q.duration()
	if err != nil {
		return nil, err
	}
	pauses, err := q.pauses()
	if err != nil {
		return nil, err
	}
	return found(op(q.Clock, start, length, pauses...))
}

func between(q question, start time.Time, c *sla.Calendar) (any, error) {
	end, err := instant("end", q.End)
	if err != nil {
		return nil, err
	}
	pauses, err := q.pauses()
	if err != nil {
		return nil, err
	}
	length, err := c.Between(q.Clock, start, end, pauses...)
	if err != nil {
		return nil, err
	}
	if length%time.Second == 0 {
		return int64(length / time.Second), nil
	}
	return length.Seconds(), nil
}

// isOpen refuses what no calendar covers, which the calendar itself takes for closed.
func isOpen(start time.Time, c *sla.Calendar) (any, error) {
	if _, err := c.Add(sla.CalendarTime, start, 0); err != nil {
		return nil, fmt.Errorf("is open at %s: %w", start.Format(time.RFC3339), sla.ErrRange)
	}
	return c.IsOpen(start), nil
}

// found gives a time as text, with a fraction of a second only where there is one.
func found(t time.Time, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return t.Format(time.RFC3339Nano), nil
}

func instant(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, fmt.Errorf("%q is missing", field)
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not an RFC 3339 time: %.40q", field, s)
	}
	return t, nil
}

func (q question) duration() (time.Duration, error) {
	if q.Duration == nil {
		return 0, errors.New(`"duration_s" is missing`)
	}
	text := q.Duration.String()
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > -maxSeconds && n < maxSeconds {
		return time.Duration(n) * time.Second, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(f) >= float64(maxSeconds) {
		return 0, fmt.Errorf(`"duration_s" %.40s: %w`, text, sla.ErrDuration)
	}
	return time.Duration(math.Round(f * float64(time.Second))), nil
}

// maxSeconds is what a time.Duration can hold, 292 years.
const maxSeconds = math.MaxInt64 / int64(time.Second)

func (q question) pauses() ([]sla.Pause, error) {
	var out []sla.Pause
	for i, p := range q.Pauses {
		if len(p) != 2 || p[0] == nil {
			return nil, fmt.Errorf(`"pauses" %d is not [from, to] with to or null`, i)
		}
		from, err := instant("pauses", *p[0])
		if err != nil {
			return nil, err
		}
		var to time.Time
		if p[1] != nil {
			if to, err = instant("pauses", *p[1]); err != nil {
				return nil, err
			}
			if to.Before(from) {
				return nil, fmt.Errorf(`"pauses" %d ends before it begins`, i)
			}
		}
		out = append(out, sla.Pause{From: from, To: to})
	}
	return out, nil
}

// calendar reads the calendar of a question. The clock that counts every second needs no hours.
func (d *desk) calendar(q question) (*sla.Calendar, error) {
	anything := q.Clock == sla.CalendarTime && (q.Op == "add" || q.Op == "subtract" || q.Op == "between")
	if d.last != nil && d.anything == anything && bytes.Equal(d.text, q.Calendar) {
		return d.last, nil
	}
	if len(q.Calendar) == 0 || string(q.Calendar) == "null" {
		return nil, errors.New(`"calendar" is missing`)
	}
	var in calendar
	if err := json.Unmarshal(q.Calendar, &in); err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	h, err := in.hours()
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	c, err := sla.NewCalendar(h)
	if anything && errors.Is(err, sla.ErrNeverOpen) {
		h.Week[time.Sunday] = []sla.Window{{}} // any will do: this is all of Sunday
		c, err = sla.NewCalendar(h)
	}
	if err != nil {
		return nil, err
	}
	d.text, d.last, d.anything = q.Calendar, c, anything
	return c, nil
}

func (in calendar) hours() (sla.Hours, error) {
	h := sla.Hours{Zone: in.TZ, Holidays: in.Holidays, Special: map[sla.Date][]sla.Window{}, Breaks: map[sla.Date][]sla.Window{}}
	if h.Zone == "" {
		h.Zone = defaultZone
	}
	for name, pairs := range in.Hours {
		day, err := weekday(name)
		if err != nil {
			return h, err
		}
		if h.Week[day], err = windows(pairs); err != nil {
			return h, fmt.Errorf("hours of %s: %w", name, err)
		}
	}
	for _, dated := range []struct {
		name string
		in   map[sla.Date][][]string
		out  map[sla.Date][]sla.Window
	}{{"special_hours", in.Special, h.Special}, {"breaks", in.Breaks, h.Breaks}} {
		for date, pairs := range dated.in {
			w, err := windows(pairs)
			if err != nil {
				return h, fmt.Errorf("%s of %s: %w", dated.name, date, err)
			}
			dated.out[date] = w
		}
	}
	return h, nil
}

func weekday(name string) (time.Weekday, error) {
	for i, short := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		if name == short {
			return time.Weekday(i), nil
		}
	}
	return 0, fmt.Errorf("hours: %.20q is none of mon, tue, wed, thu, fri, sat, sun", name)
}

func windows(pairs [][]string) ([]sla.Window, error) {
	var out []sla.Window
	for _, p := range pairs {
		if len(p) != 2 {
			return nil, fmt.Errorf("a window is [open, close]: %w", sla.ErrWindow)
		}
		var w sla.Window
		if err := w.Open.UnmarshalText([]byte(p[0])); err != nil {
			return nil, err
		}
		if err := w.Close.UnmarshalText([]byte(p[1])); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}
