package bot

import (
	"strings"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// Things to do behind "more", as the first part of an option of [ActMoreDo].
const (
	DoDiscard = "discard"
	DoClose   = "close"
	DoReopen  = "reopen"
	DoUrge    = "urge"
	DoWhy     = "why"
	DoShow    = "show"
	// DoAnswerAt opens the form for when the platform was really answered.
	DoAnswerAt = "answer_at"
)

// WaitChoice asks one person whom the ticket waits for.
func WaitChoice(c *words.Catalogue, sc Scene) View {
	w := newWording(c, sc)
	ask := words.ChooseWait
	if w.answerable() {
		ask = words.ChooseWaitPlatform
	}
	v := w.line(w.Say(ask, w.ticket()))
	a := Action{Kind: Choice, ID: ActWaitFor, Label: w.Say(words.ChooseWaitLabel, nil)}
	for _, p := range w.parties() {
		a.Options = append(a.Options, Option{p.Label, p.Value + "|" + string(w.t.ID)})
	}
	v.Actions = []Action{a}
	return v
}

// TransferChoice asks one person who takes the ticket over.
func TransferChoice(c *words.Catalogue, sc Scene) View {
	w := newWording(c, sc)
	v := w.line(w.Say(words.ChooseTransfer, w.ticket()))
	v.Actions = []Action{{Kind: PickPerson, ID: ActAssignTo, Label: w.Say(words.ChooseTransferLabel, nil), Value: string(w.t.ID)}}
	return v
}

// MoreMenu offers one person what else can be done with the ticket in its present state.
func MoreMenu(c *words.Catalogue, sc Scene) View {
	w := newWording(c, sc)
	v := w.line(w.Say(words.ChooseMore, w.ticket()))
	a := Action{Kind: Choice, ID: ActMoreDo, Label: w.Say(words.ChooseMoreLabel, nil)}
	for _, do := range w.moreOptions() {
		label := moreLabels[do]
		if do == DoUrge && sc.Merchant {
			label = words.ButtonUrge
		}
		a.Options = append(a.Options, Option{w.Say(label, nil), do + "|" + string(w.t.ID)})
	}
	v.Actions = []Action{a}
	return v
}

var moreLabels = map[string]words.ID{
	DoDiscard: words.ChooseDiscard, DoClose: words.ChooseClose, DoReopen: words.ChooseReopen,
	DoUrge: words.ChooseUrge, DoAnswerAt: words.ChooseAnswerAt, DoWhy: words.ChooseWhy, DoShow: words.ChooseShow,
}

func (w wording) moreOptions() []string {
	if w.sc.Merchant {
		if w.t.Status.Open() {
			return []string{DoUrge, DoShow}
		}
		return []string{DoShow}
	}
	var answer []string
	if w.answerable() {
		answer = []string{DoAnswerAt}
	}
	switch {
	case w.t.Status.Open():
		return append(answer, DoUrge, DoShow, DoWhy, DoDiscard)
	case w.t.Status == tickets.StatusResolved:
		return append(answer, DoClose, DoReopen, DoShow, DoWhy)
	case w.t.Status == tickets.StatusArchived:
		return []string{DoShow, DoWhy}
	}
	return []string{DoReopen, DoShow, DoWhy}
}

// WhyView tells one person how the ticket came about.
func WhyView(c *words.Catalogue, sc Scene) View {
	w := newWording(c, sc)
	by, _, _ := strings.Cut(w.t.Decision, ":")
	why := w.t.Decision[strings.LastIndexByte(w.t.Decision, ':')+1:]
	if sc.Merchant || !w.Has(words.By, by) || !w.Has(words.Because, why) {
		return w.line(w.Say(words.WhyUnknown, w.ticket())) // the classifier would have made none of it
	}
	return w.line(w.Say(words.WhyKnown, words.Args{"Ticket": w.t.Number.String(), "By": w.Name(words.By, by), "Why": w.Name(words.Because, why)}))
}

// ticket is the arguments of sentences that speak of the ticket alone.
func (w wording) ticket() words.Args { return words.Args{"Ticket": w.t.Number.String()} }
