package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// wording makes the words of one scene.
type wording struct {
	words.Voice
	sc   Scene
	t    tickets.Ticket
	time timing
}

func newWording(c *words.Catalogue, sc Scene) wording {
	v := c.In(sc.Lang)
	return wording{Voice: v, sc: sc, t: sc.Ticket, time: newTiming(v, sc.Now, sc.Zone)}
}

func (w wording) view(summary string) View { return View{Lang: w.Lang(), Summary: summary} }

// line is a view of one sentence.
func (w wording) line(text string) View {
	v := w.view(text)
	v.Lines = []Line{{Text: text}}
	return v
}

// title is "T-1042 · 退货 · 天猫XX旗舰店".
func (w wording) title() string {
	parts := []string{w.t.Number.String(), w.Name(words.Type, words.OneLine(string(w.t.Type), maxShort))}
	if shop := words.OneLine(w.t.Facts.Shop, maxShort); shop != "" {
		parts = append(parts, shop)
	} else if p := words.OneLine(string(w.t.Facts.Platform), maxShort); p != "" {
		parts = append(parts, w.Name(words.Platform, p))
	}
	return joinDots(parts...)
}

// titled ends a ping with the ticket's title. To whoever is called away from the ticket's thread it leads there.
func (w wording) titled(v View, s Said) View {
	if to := w.place(); s.Channel == "" && to != (Ref{}) {
		v.Lines = append(v.Lines, Line{Text: w.title(), To: to})
		return v
	}
	v.Footer = w.title()
	return v
}

// place is the root of the ticket's thread; zero while there is none.
func (w wording) place() Ref {
	if w.t.Source.Thread == "" {
		return Ref{}
	}
	return Ref{Channel: w.t.Source.Channel, TS: w.t.Source.Thread}
}

func (w wording) status() string {
	if w.sc.Merchant {
		if w.t.Status == tickets.StatusWaiting && w.t.Waiting == tickets.PartyMerchant {
			return w.Name(words.MerchantStatus, "waiting_merchant")
		}
		return w.Name(words.MerchantStatus, string(w.t.Status))
	}
	if w.t.Status == tickets.StatusWaiting && w.t.Waiting != tickets.PartyNone {
		return w.Name(words.Waiting, string(w.t.Waiting))
	}
	return w.Name(words.Status, string(w.t.Status))
}

func (w wording) tags() []string {
	var out []string
	for _, tag := range w.t.Tags {
		if tag = words.OneLine(tag, maxShort); tag != "" && len(out) < maxShown {
			out = append(out, tag)
		}
	}
	return out
}

// who is a person's name.
func (w wording) who(id tickets.UserID) string {
	if id != "" && w.sc.Name != nil {
		if n := words.OneLine(w.sc.Name(id), maxShort); n != "" {
			return n
		}
	}
	return w.Say(words.Someone, nil)
}

func (w wording) assignee() string {
	if w.t.Assignee == "" {
		return w.Say(words.Nobody, nil)
	}
	return w.who(w.t.Assignee)
}

// of speaks of another ticket, or of one that is not made yet.
func (w wording) of(t tickets.Ticket) wording {
	w.t = t
	return w
}

// orders names the first orders, one a line, and counts the rest.
func (w wording) orders() string {
	var list []string
	for _, o := range w.t.Facts.Orders {
		if len(list) == maxShown {
			break
		}
		list = append(list, words.OneLine(o, maxShort))
	}
	all := strings.Join(list, "\n")
	if n := len(w.t.Facts.Orders); n > maxShown {
		return w.Say(words.JoinMore, words.Args{"List": all, "Count": n})
	}
	if all == "" {
		return w.Say(words.CardNoOrder, nil)
	}
	return all
}

// source quotes what was said, struck through once it is gone.
func (w wording) source() []Line {
	text := words.Paragraph(w.t.Source.Text, maxQuote)
	if text == "" {
		return nil
	}
	out := []Line{{Text: text, Quote: true, Struck: w.t.Source.Deleted}}
	if w.t.Source.Deleted {
		out = append(out, Line{Text: w.Say(words.CardSourceGone, nil)})
	}
	return out
}

func joinDots(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// joinSentences puts one sentence after another; after a full-width stop there is no space.
func joinSentences(a, b string) string {
	if last, _ := utf8.DecodeLastRuneInString(a); a == "" || last >= '\u3000' && unicode.IsPunct(last) {
		return a + b
	}
	return a + " " + b
}
