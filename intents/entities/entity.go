package entities

import (
	"cmp"
	"slices"
	"time"
)

// Type names what an entity is; the words are part of the parse line format.
type Type string

// The types of entity that Find reports.
const (
	Order      Type = "ORDER"
	AfterSale  Type = "AFTERSALE"
	PlatformNo Type = "PLATFORM_NO"
	Waybill    Type = "WAYBILL"
	Phone      Type = "PHONE"
	Email      Type = "EMAIL"
	ID         Type = "ID"
	Address    Type = "ADDRESS"
	Name       Type = "NAME"
	Amount     Type = "AMOUNT"
	URL        Type = "URL"
	Time       Type = "TIME"
)

// Sense says how a time is meant.
type Sense string

// The senses of a TIME entity.
const (
	Point    Sense = "point"
	Deadline Sense = "deadline"
	Past     Sense = "past"
	Duration Sense = "duration"
)

// Entity is one thing found. Start and End count Unicode code points of the
// text, End exclusive. Value is the normal form: digits without separators, a
// decimal number for an amount, RFC 3339 for a time (for a duration, the instant
// at which one that starts now would end). Until, Grain and Sense belong to
// times only. Hint is the currency of an amount, the platform of an order or
// the courier of a waybill where the shape tells it, else empty.
type Entity struct {
	Type  Type   `json:"type"`
	Text  string `json:"text"`
	Value string `json:"value"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Until string `json:"until,omitempty"`
	Grain string `json:"grain,omitempty"`
	Sense Sense  `json:"sense,omitempty"`
	Hint  string `json:"-"`
}

// Shop is a shop of the team: the words by which people call it and the
// platform it sells on ("" when unknown).
type Shop struct {
	Name     string
	Aliases  []string
	Platform string
}

// Options tells Find what a text alone cannot. Zone nil means Now's own zone.
// DayStart and DayEnd are the hours meant by 上班 and 下班 or "EOD", measured from
// midnight; zero means 09:00 and 18:00.
type Options struct {
	Now      time.Time
	Zone     *time.Location
	Shops    []Shop
	DayStart time.Duration
	DayEnd   time.Duration
}

func (o Options) withDefaults() Options {
	if o.Zone == nil {
		o.Zone = o.Now.Location()
	}
	o.Now = o.Now.In(o.Zone)
	if o.DayStart == 0 {
		o.DayStart = 9 * time.Hour
	}
	if o.DayEnd == 0 {
		o.DayEnd = 18 * time.Hour
	}
	return o
}

// Find reports the entities of text in order of appearance, none overlapping.
// Where readings overlap, the surer kind wins, then the longer, then the
// earlier, so the result depends on nothing but its arguments.
func Find(text string, o Options) []Entity {
	o = o.withDefaults()
	d := newDoc(text)
	d.findLinks()
	d.findNumbers()
	d.findSpokenPhones()
	d.findPeople()
	d.findAmounts()
	d.findTimes(o)
	return d.settle()
}

// candidate is an entity with its rank: lower is surer.
type candidate struct {
	Entity
	rank int
}

// Ranks by kind. A labelled number is surer than a shape; an address holds
// numbers that would pass for dates (人民路3号), so it goes before times.
const (
	rankLink = iota
	rankLabelled
	rankShape
	rankAddress
	rankMasked
	rankAmount
	rankTime
	rankName
)

func (d *doc) add(rank int, e Entity) {
	e.Text = string(d.raw[e.Start:e.End])
	if e.Value == "" {
		e.Value = e.Text
	}
	d.found = append(d.found, candidate{Entity: e, rank: rank})
}

func (d *doc) settle() []Entity {
	slices.SortStableFunc(d.found, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(a.rank, b.rank),
			cmp.Compare(b.End-b.Start, a.End-a.Start),
			cmp.Compare(a.Start, b.Start),
			cmp.Compare(a.Type, b.Type),
		)
	})
	var kept []Entity
	taken := make([]bool, len(d.r))
	for _, c := range d.found {
		if slices.Contains(taken[c.Start:c.End], true) {
			continue
		}
		for i := c.Start; i < c.End; i++ {
			taken[i] = true
		}
		if c.Type == "" {
			continue // only keeps others from reading it
		}
		c.Start, c.End = d.place(c.Start, c.End)
		c.Text = string(d.all[c.Start:c.End])
		kept = append(kept, c.Entity)
	}
	slices.SortFunc(kept, func(a, b Entity) int { return cmp.Compare(a.Start, b.Start) })
	return kept
}
