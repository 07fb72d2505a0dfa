package bot

import (
	"gongdan/bot/words"
)

// rules says what became of a team file. Where people from outside read along, it is no matter of theirs.
func (w wording) rules(s Said) View {
	n := s.Rules
	switch {
	case n == nil || w.sc.Merchant:
		return View{}
	case s.What == SayRulesRefused:
		v := w.line(w.Say(words.NoticeRulesRefused, words.Args{"Count": n.Problems, "Revision": n.Revision}))
		v.Lines = append(v.Lines, Line{Text: words.OneLine(n.First, maxQuote), Quote: true}, Line{Text: w.Say(words.NoticeRulesCheck, nil)})
		return v
	}
	v := w.line(w.Say(words.NoticeRules, words.Args{"Count": n.Tickets}))
	for _, m := range n.Moves {
		v.Lines = append(v.Lines, Line{Text: w.Say(words.NoticeRulesTicket, words.Args{"Ticket": m.Ticket.String(), "Moves": w.moves(m.Moves)})})
	}
	if more := n.Tickets - len(n.Moves); more > 0 {
		v.Lines = append(v.Lines, Line{Text: w.Say(words.NoticeRulesMore, words.Args{"Count": more})})
	}
	return v
}
