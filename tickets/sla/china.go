package sla

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// chinaFiles holds one file for each year whose holidays the State Council has announced, with its source.
//
//go:embed china/*.json
var chinaFiles embed.FS

// PublicHolidays are the days off of a country and the days on which they are made up for (调休).
type PublicHolidays struct {
	Holidays []Date
	Makeup   map[Date]time.Weekday
	Known    Date     // the last day that is covered
	Sources  []string // one a year
}

// China gives the public holidays of mainland China for the years, none = every year announced so far. A year whose
// notice is not out, or older than the data, is ErrNoData. The notices do not say which weekday a make-up day works
// like; here a Saturday is a Friday and a Sunday is a Monday.
func China(years ...int) (PublicHolidays, error) {
	p := PublicHolidays{Makeup: map[Date]time.Weekday{}}
	if len(years) == 0 {
		all, err := chinaYears()
		if err != nil {
			return p, err
		}
		years = all
	}
	for _, year := range years {
		if err := p.addChina(year); err != nil {
			return PublicHolidays{}, fmt.Errorf("holidays of China %d: %w", year, err)
		}
	}
	return p, nil
}

func chinaYears() ([]int, error) {
	files, err := chinaFiles.ReadDir("china")
	if err != nil {
		return nil, err
	}
	var years []int
	for _, f := range files {
		year, err := strconv.Atoi(f.Name()[:len("2006")])
		if err != nil {
			return nil, err
		}
		years = append(years, year)
	}
	return years, nil
}

// chinaYear is one data file.
type chinaYear struct {
	Year     int    `json:"year"`
	Source   string `json:"source"`
	Holidays []struct {
		Name string `json:"name"`
		From Date   `json:"from"`
		To   Date   `json:"to"` // inclusive
	} `json:"holidays"`
	Makeup []Date `json:"makeup"`
}

func (p *PublicHolidays) addChina(year int) error {
	text, err := chinaFiles.ReadFile(fmt.Sprintf("china/%d.json", year))
	if err != nil {
		return ErrNoData
	}
	var y chinaYear
	if err := json.Unmarshal(text, &y); err != nil {
		return err
	}
	for _, h := range y.Holidays {
		for d := h.From; !h.To.before(d); d = d.next() {
			p.Holidays = append(p.Holidays, d)
		}
	}
	for _, d := range y.Makeup {
		p.Makeup[d] = time.Monday
		if d.Weekday() == time.Saturday {
			p.Makeup[d] = time.Friday
		}
	}
	p.Sources = append(p.Sources, y.Source)
	if end := (Date{year, time.December, 31}); p.Known.before(end) {
		p.Known = end
	}
	return nil
}

// Observe adds public holidays to the hours' own; what the hours say about a make-up day stays. Known becomes the
// earlier of the two.
func (h Hours) Observe(p PublicHolidays) Hours {
	h.Holidays = slices.Concat(h.Holidays, p.Holidays)
	makeup := maps.Clone(p.Makeup)
	if makeup == nil {
		makeup = map[Date]time.Weekday{}
	}
	maps.Copy(makeup, h.Makeup)
	h.Makeup = makeup
	if h.Known == (Date{}) || p.Known.before(h.Known) {
		h.Known = p.Known
	}
	return h
}

// next gives the day after.
func (d Date) next() Date { return DateOf(time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC)) }

// before says whether d lies before o.
func (d Date) before(o Date) bool {
	return d.Year < o.Year || d.Year == o.Year && (d.Month < o.Month || d.Month == o.Month && d.Day < o.Day)
}
