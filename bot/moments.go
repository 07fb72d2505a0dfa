package bot

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"gongdan/bot/typed"
	"gongdan/intents"
	"gongdan/intents/entities"
)

// maxAhead is how far off a moment may lie that is typed as a length of time.
const maxAhead = 366 * 24 * time.Hour

// instant reads a moment in the past or present from words; no words = zero. A time of day later than now is
// yesterday's.
func (t *turn) instant(words string) (time.Time, bool) {
	if strings.TrimSpace(words) == "" {
		return time.Time{}, true
	}
	at, ok := intents.Moment(words, t.at, t.zone())
	if !ok || !at.After(t.at) || typed.NamesDay(words) {
		return at, ok
	}
	const half = 12 * time.Hour // 9点50 said in the evening was meant to be the next one to come
	if before, ok := intents.Moment(words, t.at.Add(-half), t.zone()); ok && !before.After(t.at) {
		return before, true
	}
	return at.AddDate(0, 0, -1), true
}

// ahead reads a moment to come: a length of time counts from now, and a time of day that has passed is tomorrow's. A day
// without a time of day is none. why says what cannot be understood.
func (t *turn) ahead(words string) (at time.Time, why string) {
	if strings.TrimSpace(words) == "" {
		return at, refusedTime
	}
	plain := typed.Fold(words)
	if d, err := time.ParseDuration(strings.ReplaceAll(plain, " ", "")); err == nil {
		if d <= 0 || d > maxAhead {
			return at, refusedDeadline
		}
		return t.at.Add(d), ""
	}
	at, ok := intents.Moment(words, t.at, t.zone())
	switch {
	case !ok:
		return at, refusedDeadline
	case t.wholeDay(words):
		return at, refusedHour
	case at.Before(t.at) && t.at.Sub(at) < 24*time.Hour && !typed.NamesDay(plain):
		at = at.AddDate(0, 0, 1)
	}
	return at, ""
}

// coming is ahead for what only makes sense in the future.
func (t *turn) coming(words string) (time.Time, string) {
	at, why := t.ahead(words)
	if why == "" && !at.After(t.at) {
		return at, refusedPassed
	}
	return at, why
}

// times are the moments in a text, in order.
func (t *turn) times(text string) []entities.Entity {
	found := entities.Find(head(text, maxShort), entities.Options{Now: t.at, Zone: t.zone()})
	return slices.DeleteFunc(found, func(e entities.Entity) bool { return e.Type != entities.Time })
}

// wholeDay tells whether words name a day, week or month and no time in it.
func (t *turn) wholeDay(words string) bool {
	found := t.times(words)
	return len(found) == 1 && found[0].Sense != entities.Duration && slices.Contains([]string{"day", "week", "month", "year"}, found[0].Grain)
}

// happened reads when something happened and the words beside it, which may tell of other times after that one.
func (t *turn) happened(text string) (at time.Time, rest string, ok bool) {
	found := t.times(text)
	if len(found) == 0 {
		return at, "", false
	}
	runes := []rune(text)
	end := len(runes)
	if len(found) > 1 {
		end = found[1].Start
	}
	at, ok = t.instant(string(runes[:end]))
	rest = string(runes[:found[0].Start]) + " " + string(runes[found[0].End:])
	return at, strings.TrimFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }), ok
}
