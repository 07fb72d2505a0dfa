package sla

import (
	"fmt"
	"sync"
)

// Zones makes calendars as [NewCalendar] does, and loads each zone once: a fuzzer asks for the same few all the time. The zero
// value is ready; it may be used concurrently.
type Zones struct{ known sync.Map }

// NewCalendar is the function of that name. A zone that is not known is looked for each time.
func (z *Zones) NewCalendar(h Hours) (*Calendar, error) {
	kept, ok := z.known.Load(h.Zone)
	if !ok {
		c, err := NewCalendar(h)
		if err == nil {
			z.known.Store(h.Zone, c)
		}
		return c, err
	}
	like := kept.(*Calendar)
	c, err := calendarIn(like.loc, like.zone, h)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	return c, nil
}
