package teamfile

import (
	"time"

	"gongdan/tickets/sla"
)

// keys are the windows by their keys in the file.
func (h hours) keys() map[string]windows {
	return map[string]windows{"daily": h.Daily, "mon-fri": h.MonFri, "sat-sun": h.SatSun, "mon": h.Mon, "tue": h.Tue, "wed": h.Wed,
		"thu": h.Thu, "fri": h.Fri, "sat": h.Sat, "sun": h.Sun}
}

// week is the windows by weekday. A day that is written as [] is closed; one that is not written takes the wider key.
func (h hours) week() (out [7][]sla.Window) {
	days := [7]windows{h.Sun, h.Mon, h.Tue, h.Wed, h.Thu, h.Fri, h.Sat}
	for i, ws := range days {
		wider := h.MonFri
		if day := time.Weekday(i); day == time.Saturday || day == time.Sunday {
			wider = h.SatSun
		}
		for _, next := range []windows{wider, h.Daily} {
			if ws == nil {
				ws = next
			}
		}
		out[i] = ws.plain()
	}
	return out
}

// plain is the calendar as the engine takes it.
func (c calendar) plain(zone string) (sla.Hours, error) {
	h := sla.Hours{Zone: zone, Week: c.Hours.week(), Makeup: map[sla.Date]time.Weekday{},
		Special: map[sla.Date][]sla.Window{}, Breaks: map[sla.Date][]sla.Window{}}
	for d, w := range c.Makeup {
		h.Makeup[sla.Date(d)] = time.Weekday(w)
	}
	for d, ws := range c.Special {
		h.Special[sla.Date(d)] = ws.plain()
	}
	for d, ws := range c.Breaks {
		h.Breaks[sla.Date(d)] = ws.plain()
	}
	for _, o := range c.Overlays {
		over := sla.Overlay{Name: o.Name, From: sla.Date(o.From), To: sla.Date(o.To)}
		if o.Hours != nil {
			week := o.Hours.week()
			over.Week = &week
		}
		h.Overlays = append(h.Overlays, over)
	}
	for _, d := range c.Holidays {
		if d.country != china {
			h.Holidays = append(h.Holidays, sla.Date(d.day))
			continue
		}
		public, err := sla.China()
		if err != nil {
			return h, err
		}
		h = h.Observe(public)
	}
	return h, nil
}

// end is when a window ends, counted from the midnight before it opens.
func (w window) end() sla.TimeOfDay {
	if w.Close <= w.Open {
		return w.Close + 24*60*60
	}
	return w.Close
}

// String is the form of the file.
func (w window) String() string { return w.Open.String() + "-" + w.Close.String() }

func (d date) after(o date) bool { return sla.Date(d).String() > sla.Date(o).String() }

// covers tells whether the instant lies in the overlay's days, in the calendar's zone.
func (o overlay) covers(at time.Time, zone *time.Location) bool {
	today := date(sla.DateOf(at.In(zone)))
	return !o.From.after(today) && !today.after(o.To)
}

// edges are the instants at which the overlay begins and has ended.
func (o overlay) edges(zone *time.Location) (begin, end time.Time) {
	begin = time.Date(o.From.Year, o.From.Month, o.From.Day, 0, 0, 0, 0, zone)
	end = time.Date(o.To.Year, o.To.Month, o.To.Day+1, 0, 0, 0, 0, zone)
	return begin, end
}
