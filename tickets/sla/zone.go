package sla

import (
	"fmt"
	"math"
	"sort"
	"time"
)

// zone is the offsets of a place in order of time, from before 1970 until after 2200. The first era begins, and the
// last ends, at the edge of what an int64 holds, so that every instant lies in one.
type zone []era

// era is a stretch of time with one offset. All in seconds, from and to since 1970 in UTC.
type era struct{ from, to, offset int64 }

// farthest is more than any place has ever been away from UTC, or has turned its clocks.
const farthest = daySeconds

// loadZone refuses "" and "Local", which mean the machine's zone or UTC to package time.
func loadZone(name string) (*time.Location, zone, error) {
	if name == "" || name == "Local" {
		return nil, nil, fmt.Errorf("zone %q: %w", name, ErrZone)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, nil, fmt.Errorf("zone %.60q: %w", name, ErrZone)
	}
	return loc, eras(loc), nil
}

// eras asks for the offset wherever it may change.
func eras(loc *time.Location) zone {
	last := time.Unix(lastSecond+4*daySeconds, 0)
	t := time.Unix(-4*daySeconds, 0).In(loc)
	z := zone{{from: math.MinInt64, offset: offsetAt(t)}}
	for t.Before(last) {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		if !end.After(t) { // so it is on the last day of leap years without a table, Go 1.26
			end = endOfOffset(t)
		}
		if offset := offsetAt(end); offset != z[len(z)-1].offset {
			z[len(z)-1].to = end.Unix()
			z = append(z, era{from: end.Unix(), offset: offset})
		}
		t = end
	}
	z[len(z)-1].to = math.MaxInt64
	return z
}

func offsetAt(t time.Time) int64 {
	_, offset := t.Zone()
	return int64(offset)
}

// endOfOffset gives the instant within the day that follows t at which the offset changes, else that day's end.
func endOfOffset(t time.Time) time.Time {
	n := sort.Search(daySeconds, func(i int) bool { return offsetAt(t.Add(time.Duration(i)*time.Second)) != offsetAt(t) })
	return t.Add(time.Duration(n) * time.Second)
}

// at gives the index of the era in which an instant lies.
func (z zone) at(instant int64) int {
	return sort.Search(len(z), func(i int) bool { return z[i].to > instant })
}

// first gives the first instant at which clocks on the wall show wall (seconds since 1970 as if in UTC); where they
// skip it, the first instant after the gap.
func (z zone) first(wall int64) int64 {
	for i := z.at(wall - farthest); ; i++ {
		if instant := wall - z[i].offset; instant < z[i].to {
			return max(instant, z[i].from)
		}
	}
}

// last gives the last instant at which clocks on the wall show wall; where they skip it, the first instant after the gap.
func (z zone) last(wall int64) int64 {
	for i := z.at(wall + farthest); ; i-- {
		if instant := wall - z[i].offset; instant >= z[i].from {
			return min(instant, z[i].to)
		}
	}
}

// plain says whether clocks are turned nowhere near the instants from a to b, if both lie in the era.
func (e era) plain(a, b int64) bool { return a >= e.from+farthest && b < e.to-farthest }
