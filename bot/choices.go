package bot

import (
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
	if !sc.Merchant && w.t.Status.Open() {
		v.Actions = append(v.Actions, w.typeChoice())
	}
	return v
}

// typeChoice offers every type of the team's but the one the ticket has.
func (w wording) typeChoice() Action {
	a := Action{Kind: Choice, ID: ActTypeTo, Label: w.Say(words.ChooseType, nil)}
	for _, k := range typesOf(w.sc.Types) {
		if k.Name != w.t.Type {
			a.Options = append(a.Options, Option{w.Name(words.Type, string(k.Name)), string(k.Name) + "|" + string(w.t.ID)})
		}
	}
	return a
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

// ticket is the arguments of sentences that speak of the ticket alone.
func (w wording) ticket() words.Args { return words.Args{"Ticket": w.t.Number.String()} }
