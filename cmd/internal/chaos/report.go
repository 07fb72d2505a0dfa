package chaos

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// Report is the outcome of a run.
type Report struct {
	Seed       int64   `json:"seed"`
	Redis      Backend `json:"redis"`
	Kills      int     `json:"kills"`
	RedisKills int     `json:"redis_kills"`

	Causes     int `json:"causes"`      // what people did: messages, edits, commands, presses
	Deliveries int `json:"deliveries"`  // attempts of the local Slack, its own repeats included
	Repeats    int `json:"redelivered"` // of these after a lost or missing acknowledgement
	Tickets    int `json:"tickets"`
	Steps      int `json:"steps"` // reminders, breaches and escalations that were said
	Skipped    int `json:"skipped"`
	Superseded int `json:"superseded"`
	Unsaid     int `json:"unsaid"`
	Unsure     int `json:"unsure"` // commands and presses never acknowledged
	Pairs      int `json:"ordered_pairs"`

	Lost       int `json:"lost"`
	Doubled    int `json:"doubled"`
	Missed     int `json:"missed"`
	Early      int `json:"early"`
	Disordered int `json:"disordered"`
	Wrong      int `json:"wrong"`
	Torn       int `json:"torn"`
	Left       int `json:"left"`
	Dead       int `json:"dead_letters"`
	Unanswered int `json:"unanswered"`

	Control Control `json:"control"`
	Seconds float64 `json:"seconds"`
	// Alone says that only the control was run.
	Alone    bool      `json:"alone,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
}

// Control is what became of the deliberately wrong bot.
type Control struct {
	Arm      Arm `json:"arm"`
	Kills    int `json:"kills"`
	Requests int `json:"requests"`
	Lost     int `json:"lost"`
	Doubled  int `json:"doubled"`
}

// Blind tells whether the control came to no harm, so that a zero of the product proves nothing.
func (c Control) Blind() bool { return c.Lost+c.Doubled == 0 }

// Clean tells whether the product came to no harm.
func (r Report) Clean() bool {
	return r.Lost+r.Doubled+r.Missed+r.Early+r.Disordered+r.Wrong+r.Torn+r.Left+r.Dead+r.Unanswered == 0
}

// OK tells whether the run proves what it is for.
func (r Report) OK() bool {
	return !r.Control.Blind() && (r.Alone || r.Clean() && r.Tickets > 0 && r.Steps > 0)
}

// fill takes over one run's history and judges it.
func (r *Report) fill(h History) {
	v := Judge(h)
	r.Kills, r.RedisKills = h.Kills, len(h.Outages)
	r.Causes, r.Deliveries, r.Repeats, r.Tickets = len(h.Deeds), h.Attempts, h.Again, len(h.Tickets)
	r.Steps, r.Skipped, r.Superseded, r.Unsaid = v.Announced, v.Skipped, v.Superseded, v.Unsaid
	r.Unsure, r.Pairs = v.Unsure, v.Pairs
	r.Lost, r.Doubled, r.Missed, r.Early = v.Count(Lost), v.Count(Doubled), v.Count(Missed), v.Count(Early)
	r.Disordered, r.Wrong = v.Count(Disordered), v.Count(Wrong)
	r.Torn, r.Left, r.Dead, r.Unanswered = len(h.Torn), h.Left, h.Dead, h.Unanswered
	r.Findings = v.Findings
	for _, t := range h.Torn {
		r.Findings = append(r.Findings, Finding{"torn", t})
	}
}

func controlOf(arm Arm, h History) Control {
	v := JudgeRequests(h)
	return Control{Arm: arm, Kills: h.Kills, Requests: len(h.Deeds), Lost: v.Count(Lost), Doubled: v.Count(Doubled)}
}

// JSON writes the report as one object.
func (r Report) JSON(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(struct {
		Report
		OK    bool `json:"ok"`
		Blind bool `json:"blind"`
	}{r, r.OK(), r.Control.Blind()}); err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	return nil
}

// maxShown bounds how many findings the table lists.
const maxShown = 30

// Table writes the report for people.
func (r Report) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, value any) { _, _ = fmt.Fprintf(t, "%s\t%v\t\n", name, value) }
	if !r.Alone {
		row("kills of the bot", r.Kills)
		row("kills of Redis", r.RedisKills)
		row("acts of people", r.Causes)
		row("deliveries", r.Deliveries)
		row("of these again", r.Repeats)
		row("tickets", r.Tickets)
		row("steps said", r.Steps)
		row("steps passed by for a later one", r.Skipped)
		row("steps overtaken by an act", r.Superseded)
		row("words taken back as no longer true", r.Unsaid)
		row("acts never acknowledged", r.Unsure)
		row("pairs of replies in order", r.Pairs)
		for _, f := range []struct {
			name string
			n    int
		}{{"lost", r.Lost}, {"doubled", r.Doubled}, {"missed", r.Missed}, {"early", r.Early}, {"disordered", r.Disordered},
			{"otherwise wrong", r.Wrong}, {"torn", r.Torn}, {"left over", r.Left}, {"dead letters", r.Dead}, {"unanswered", r.Unanswered}} {
			row(f.name, f.n)
		}
	}
	row("control ("+string(r.Control.Arm)+"): kills", r.Control.Kills)
	row("control: requests", r.Control.Requests)
	row("control: lost", r.Control.Lost)
	row("control: doubled", r.Control.Doubled)
	if err := t.Flush(); err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	for i, f := range r.Findings {
		if i == maxShown {
			_, _ = fmt.Fprintf(w, "… and %d more\n", len(r.Findings)-i)
			break
		}
		_, _ = fmt.Fprintf(w, "%s: %s\n", f.Fault, f.What)
	}
	_, err := fmt.Fprintf(w, "seed %d on %s, %.0f s: %s\n", r.Seed, r.Redis, r.Seconds, r.summary())
	return err
}

func (r Report) summary() string {
	switch {
	case r.Control.Blind():
		return "BLIND: the control came to no harm, so the result proves nothing"
	case !r.OK():
		return "HARM"
	}
	return "ok"
}
