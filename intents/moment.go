package intents

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"gongdan/intents/entities"
)

// farOff is how far from now a moment may lie that somebody gives a ticket: what is further is a slip of the pen, such as a year 9999.
const farOff = 10 * 366 * 24 * time.Hour

// Moment reads one time from words, such as a deadline typed in a form, or RFC 3339. It reports false where there is none
// or more than one, where the time is only what is left of a date that does not exist, such as the 18:00 of
// "2026-02-30 18:00", and where it lies more than ten years away.
func Moment(words string, now time.Time, zone *time.Location) (time.Time, bool) {
	at, ok := moment(cut(words, maxMoment), now, zone)
	if off := at.Sub(now); !ok || off > farOff || off < -farOff {
		return time.Time{}, false
	}
	return at, true
}

func moment(words string, now time.Time, zone *time.Location) (at time.Time, ok bool) {
	if at, err := time.Parse(time.RFC3339, strings.TrimSpace(words)); err == nil {
		return inZone(at, zone), true
	}
	found := entities.Find(words, entities.Options{Now: now, Zone: zone})
	found = slices.DeleteFunc(found, func(e entities.Entity) bool { return e.Type != entities.Time })
	if len(found) != 1 || torn([]rune(words), found, found[0]) {
		return at, false
	}
	at, err := time.Parse(time.RFC3339, found[0].Value)
	return inZone(at, zone), err == nil
}

// What stands directly before or after a time and shows that it is a piece of something that could not be read whole.
var (
	tornBefore = regexp.MustCompile(`[0-9一二三四五六七八九十〇零] ?(?:年|月|点|时|:|-|/|t)$` +
		`|[0-9]+[-/.][0-9]+[-/.][0-9]+[ t]?$|(?:^|[^0-9])[0-9]{1,2}/[0-9]{1,2} ?$|(?:^|[^0-9])20[0-9]{6} ?$` +
		`|[0-9]{1,2}月[0-9]{1,2}[日号]? ?$|(?:^|[^0-9])[0-9]{1,2}(?:st|nd|rd|th) ?$` +
		`|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* [0-9]{1,2}(?:st|nd|rd|th)?,? ?$`)
	digitBefore = regexp.MustCompile(`[0-9一二三四五六七八九十〇零]$`)
	digitFirst  = regexp.MustCompile(`^[0-9一二三四五六七八九十〇零]`)
	tornAfter   = regexp.MustCompile(`^ ?[0-9]{1,3}(?:[:点]|时(?:$|[^候间]))`)
)

// around is how many code points beside a time are looked at.
const around = 16

// torn tells whether a time is a piece of a date or time that cannot be: the rest of it stands unread beside it. Taken
// for itself it would be another moment than the one that was meant.
func torn(text []rune, found []entities.Entity, e entities.Entity) bool {
	text = slices.Clone(text)
	for _, other := range found {
		if other.Type == entities.Time && other.Start != e.Start {
			for i := other.Start; i < other.End; i++ {
				text[i] = '…' // read, so it is no remainder
			}
		}
	}
	before := entities.Fold(string(text[max(0, e.Start-around):e.Start]))
	after := entities.Fold(string(text[e.End:min(len(text), e.End+around)]))
	numeral := digitBefore.MatchString(before) && digitFirst.MatchString(entities.Fold(e.Text))
	return numeral || tornBefore.MatchString(before) || tornAfter.MatchString(after)
}
