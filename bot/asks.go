package bot

import (
	"context"
	"slices"
	"strings"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// Knowledge answers questions about how things are done (七天无理由运费谁出？). It must answer within a second or not at all.
type Knowledge interface {
	// Know returns an answer and where it stands. An empty text means that nothing is known: then nothing is said.
	Know(ctx context.Context, ws tickets.WorkspaceID, q KnowledgeQuery) (KnowledgeAnswer, error)
}

// KnowledgeQuery is a question as somebody put it; Text is hostile.
type KnowledgeQuery struct {
	Text    string
	Lang    string
	By      tickets.UserID
	Channel tickets.ChannelID
}

// KnowledgeAnswer is plain text. Source names where it stands, "" if that is nowhere.
type KnowledgeAnswer struct{ Text, Source string }

// noKnowledge knows nothing.
type noKnowledge struct{}

func (noKnowledge) Know(context.Context, tickets.WorkspaceID, KnowledgeQuery) (KnowledgeAnswer, error) {
	return KnowledgeAnswer{}, nil
}

// knows answers a question of knowledge, privately. It reports false where nothing is known, or it is no such question:
// then the message is taken like any other.
func (t *turn) knows(m Message, d intents.Decision) (bool, error) {
	if !intents.AsksKnowledge(m.Text, d) {
		return false, nil
	}
	got, err := t.knowledge.Know(t.ctx, t.ws, KnowledgeQuery{Text: m.Text, Lang: langOf(m.Text), By: m.Author, Channel: m.Channel})
	if err != nil {
		t.log.Warn("knowledge not asked", "workspace", t.ws, "err", err)
		return false, nil
	}
	if strings.TrimSpace(got.Text) == "" {
		return false, nil
	}
	body, err := t.keepDraft(m, d)
	if err != nil {
		return false, err
	}
	t.became(m, tickets.Seen{Decision: seenAsk, Thread: m.Thread, Why: d.Reason, Draft: body})
	t.whisper("", Said{What: SayKnown, Channel: m.Channel, Thread: m.Thread, To: m.Author, TS: m.TS,
		Detail: head(got.Text, tickets.MaxText), Reason: got.Source})
	return true, nil
}

// known is an answer from the knowledge base, with a way to make a ticket all the same.
func (w wording) known(s Said) View {
	v := w.line(w.Say(words.NoticeKnown, nil))
	v.Lines = append(v.Lines, Line{Text: words.Paragraph(s.Detail, tickets.MaxText)})
	if src := words.OneLine(s.Reason, maxShort); src != "" {
		v.Footer = w.Say(words.NoticeKnownSource, words.Args{"Source": src})
	}
	v.Actions = []Action{{Kind: Button, ID: ActMake, Label: w.Say(words.ButtonMake, nil), Value: string(s.Channel) + "/" + s.TS}}
	return v
}

// maxMeant is how many tickets a question can be about: one more than are shown, which tells that there are more.
const maxMeant = maxListed + 1

// askedMine is the command that answers a question about all tickets that somebody has.
const askedMine = string(typed.Mine) + " " + alsoOpened

// answers tells whoever asks how a ticket goes. It reports false where no ticket is meant that could be shown.
func (t *turn) answers(m Message, d intents.Decision, open *tickets.Ticket) (bool, error) {
	s := request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct}.where()
	s.What, s.Detail = SayAnswer, askedMine
	if open != nil || d.Fields.Numbered() || !intents.AsksMine(m.Text) {
		about, err := t.meant(m, d, open)
		if err != nil || len(about) == 0 && !intents.SaysMine(m.Text) {
			return false, err
		}
		if len(about) > 0 {
			s.Detail = "show " + strings.Join(about, " ")
		}
	}
	t.whisper("", s)
	t.replied = true
	return true, nil
}

// answersAdded answers a question that was added to a ticket. Whoever may be shown neither that one nor another of their numbers
// is told nothing: that there is none would be untrue.
func (t *turn) answersAdded(m Message, d intents.Decision, to *tickets.Ticket) (bool, error) {
	by, err := t.who(m.Author)
	if err != nil {
		return false, err
	}
	if !tickets.CanSee(by, *to) && len(t.named(m.Text)) == 0 {
		of, err := t.openAbout(m, d)
		if err != nil || !slices.ContainsFunc(of, func(k tickets.Ticket) bool { return tickets.CanSee(by, k) }) {
			return false, err
		}
	}
	return t.answers(m, d, to)
}

// meant are the numbers of the tickets that a question is about: those it names, those of its order or parcel, that of its
// thread, or else those that whoever asks has opened here, or has in their shops. What may be seen is decided when they are
// shown.
func (t *turn) meant(m Message, d intents.Decision, open *tickets.Ticket) ([]string, error) {
	if named := t.named(m.Text); len(named) > 0 {
		return named, nil
	}
	of, err := t.openAbout(m, d)
	switch {
	case err != nil || len(of) > 0:
		return numbersOf(of), err
	case open != nil:
		return []string{open.Number.String()}, nil
	}
	own, err := t.opened(m)
	return numbersOf(own), err
}

// opened are the open tickets that a question may be about which names none: those its author has opened in its channel, for a
// merchant without any there those of their shops. Where it names a type of which some are, only these are meant.
func (t *turn) opened(m Message) ([]tickets.Ticket, error) {
	by, err := t.who(m.Author)
	if err != nil {
		return nil, err
	}
	own, err := t.openOf(by, tickets.Query{By: tickets.ByRequester, Value: string(m.Author)}, func(k tickets.Ticket) bool {
		return k.Source.Kind == SourceMessage && k.Source.Channel == m.Channel
	})
	for i := 0; err == nil && len(own) == 0 && i < len(by.Shops) && !by.Role.Staff(); i++ {
		own, err = t.openOf(by, tickets.Query{By: tickets.ByShop, Value: by.Shops[i]}, nil)
	}
	typ := intents.TypeSaid(m.Text)
	if of := slices.DeleteFunc(slices.Clone(own), func(k tickets.Ticket) bool { return string(k.Type) != typ }); len(of) > 0 {
		own = of
	}
	return own, err
}

// openOf are open tickets of an index that somebody may see, the newest first.
func (t *turn) openOf(by tickets.Actor, q tickets.Query, only func(tickets.Ticket) bool) ([]tickets.Ticket, error) {
	q.Desc, q.Limit = true, maxMeant
	q.Keep = func(k tickets.Ticket) bool {
		return k.Status.Open() && tickets.CanSee(by, k) && (only == nil || only(k))
	}
	page, err := t.store.List(t.ctx, t.ws, q)
	return page.Tickets, err
}

// named are the ticket numbers in a text.
func (t *turn) named(text string) (out []string) {
	for _, n := range intents.TicketNumbers(text) {
		out = append(out, tickets.Number(n).String())
	}
	return out[:min(len(out), maxMeant)]
}

func numbersOf(list []tickets.Ticket) (out []string) {
	for _, k := range list {
		if n := k.Number.String(); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out[:min(len(out), maxMeant)]
}
