package bot

import (
	"context"
	"slices"
	"strings"

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

// maxMeant is how many tickets a question can be about.
const maxMeant = 10

// answers tells whoever asks how a ticket goes. It reports false where no ticket is meant that could be shown.
func (t *turn) answers(m Message, d intents.Decision, open *tickets.Ticket) (bool, error) {
	about, err := t.meant(m, d, open)
	if err != nil || len(about) == 0 {
		return false, err
	}
	s := request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct}.where()
	s.What, s.Detail = SayAnswer, "show "+strings.Join(about, " ")
	t.whisper("", s)
	return true, nil
}

// meant are the numbers of the tickets that a question is about: those it names, those of its order or parcel, that of its
// thread, or else those that whoever asks has opened here. What may be seen is decided when they are shown.
func (t *turn) meant(m Message, d intents.Decision, open *tickets.Ticket) ([]string, error) {
	if named := t.named(m.Text); len(named) > 0 {
		return named, nil
	}
	of, err := t.openOf(m, d)
	switch {
	case err != nil || len(of) > 0:
		return numbersOf(of), err
	case open != nil:
		return []string{open.Number.String()}, nil
	}
	own, err := t.ownOpen(m)
	return numbersOf(own), err
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
