package replicas

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongdan/bot/redisinbox"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// judge compares what people did with what there is.
func (s *story) judge() {
	s.Helper()
	all := s.tickets()
	s.distinct(all)
	s.cards(all)
	s.threads(all)
	for words, who := range map[string]string{"还有 30 分钟超时": li, "【平台超时": li, "平台已超时": wang} {
		if n := s.pings(who, words); n != 1 {
			s.Errorf("%s was told %q %d times, want once", who, words, n)
		}
	}
	for _, c := range s.chats {
		if got := s.decided(c[0], c[1]); got != "ignore" {
			s.Errorf("talk in %s is decided as %q", c[0], got)
		}
	}
	s.whole()
}

// distinct: one ticket for each request, none besides.
func (s *story) distinct(all []kept) {
	s.Helper()
	made, numbers := map[string]int{}, map[tickets.Number]bool{}
	for _, k := range all {
		if numbers[k.Number] {
			s.Errorf("number %s is given twice", k.Number)
		}
		numbers[k.Number] = true
		if k.Facts.PlatformNo == platformNo {
			made[platformNo]++
			continue
		}
		made[k.Facts.Order()]++
		if s.orders[k.Facts.Order()] == 0 {
			s.Errorf("ticket %s of nobody's request: %q", k.Number, k.Source.Text)
		}
	}
	for order := range s.orders {
		if made[order] != 1 {
			s.Errorf("%d tickets of order %s, want 1", made[order], order)
		}
	}
	if made[platformNo] != 1 {
		s.Errorf("%d tickets of the marketplace's, want 1", made[platformNo])
	}
}

// cards: exactly one each; and no other message of the bot stands twice.
func (s *story) cards(all []kept) {
	s.Helper()
	seen := map[string]int{}
	said := []slacksim.Message{}
	for _, room := range rooms {
		said = append(said, s.sim.Messages(room)...)
	}
	for _, who := range []string{li, zhao, anna, wang, guest} {
		said = append(said, s.sim.DM(who)...)
	}
	for _, m := range said {
		if m.BotID != "" && !m.Deleted {
			seen[idOf(m)]++
		}
	}
	for _, k := range all {
		if n := seen["card:"+string(k.ID)]; n != 1 {
			s.Errorf("%d cards of %s, want 1", n, k.Number)
		}
	}
	for id, n := range seen {
		if id != "" && n > 1 && !strings.HasPrefix(id, "card:") {
			s.Errorf("the message %q stands %d times", id, n)
		}
	}
	if n := s.sim.MassMentions(); n != 0 {
		s.Errorf("%d mass mentions", n)
	}
}

// threads: every reply stands once in its ticket, edits took hold, and whoever looks reads them in the order said.
func (s *story) threads(all []kept) {
	s.Helper()
	pairs, turned := 0, 0
	for _, k := range all {
		var got []string
		for _, e := range k.events {
			if e.Kind == tickets.EvNoted && slices.Contains(s.replies[k.Facts.Order()], e.Message.TS) {
				got = append(got, e.Message.TS)
			}
		}
		want := s.replies[k.Facts.Order()]
		sorted := slices.Sorted(slices.Values(got))
		if !slices.Equal(sorted, want) {
			s.Errorf("%s: replies %v stand in its timeline, want %v", k.Number, got, want)
		}
		for i := 1; i < len(got); i++ {
			pairs++
			if got[i] < got[i-1] {
				turned++
			}
		}
		s.edited(k)
		if len(want) > 0 {
			s.reads(k)
		}
	}
	s.Logf("%d of %d neighbouring replies came to the store in another order than they were said", turned, pairs)
}

// edited: the last words of an edited reply stand once, in the reply itself or as an edit, and nothing after them.
func (s *story) edited(k kept) {
	s.Helper()
	for _, id := range s.replies[k.Facts.Order()] {
		want := s.wordsOf(k, id)
		if want == "" {
			continue
		}
		n, last, told := 0, "", []string{}
		for _, e := range k.events {
			if e.Message.TS != id {
				continue
			}
			last = e.Message.Text
			told = append(told, fmt.Sprintf("%s %q by %s", e.Kind, e.Message.Text, e.Cause))
			if strings.Contains(e.Message.Text, want) {
				n++
			}
		}
		if n != 1 || !strings.Contains(last, want) {
			s.Errorf("%s: the edited words %q of %s stand %d times in the timeline, want once and last:\n%s", k.Number, want, id, n, strings.Join(told, "\n"))
		}
	}
}

// reads: the order in which somebody who asks for the history reads the replies.
func (s *story) reads(k kept) {
	s.Helper()
	before := len(s.sim.Ephemerals(teamRoom, wang))
	s.insist("王主管 looks", func() error {
		_, err := s.sim.Command(wang, teamRoom, "/ticket", "show "+k.Number.String())
		return err
	})
	var text string
	s.until("the history is shown", func() bool {
		list := s.sim.Ephemerals(teamRoom, wang)
		if len(list) > before {
			text = list[len(list)-1].PlainText()
		}
		return len(list) > before
	})
	at := -1
	for _, point := range []string{"补充第 0 点", "补充第 2 点"} {
		i := strings.Index(text, point)
		if i < 0 && len(s.replies[k.Facts.Order()]) == 3 || i >= 0 && i < at {
			s.Errorf("%s: whoever looks reads the replies in another order than they were said:\n%s", k.Number, text)
		}
		at = max(at, i)
	}
}

// whole: nothing torn, nothing left, nothing dead.
func (s *story) whole() {
	s.Helper()
	torn, err := s.store.Check(context.Background(), team)
	if err != nil {
		s.Fatal(err)
	}
	for _, t := range torn {
		s.Errorf("torn: %s %s %s", t.Ticket, t.What, t.Detail)
	}
	s.look("nothing is left", func() bool { return s.waiting() == 0 }) // time goes on: cards are drawn anew, later steps come
	dead, err := redisinbox.New(s.rdb, s.rdb, redisshard.DefaultShards, redisinbox.Options{}).Dead(context.Background(), team)
	if err != nil {
		s.Fatal(err)
	}
	for _, l := range dead {
		s.Errorf("dead letter %s: %s", l.Envelope.Key, l.Why)
	}
}
