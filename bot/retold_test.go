package bot_test

import (
	"slices"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

const (
	orderA, orderB  = "2024112233445566778", "2024112299887766554"
	parcelA, parcel = "SF1390087654321", "SF1390011112222"
)

// rewordsReply changes what somebody said in a thread.
func (w *world) rewordsReply(m, root bot.Message, text string) {
	w.t.Helper()
	m.Thread = root.TS
	w.rewords(m, text)
}

// A number of a ticket follows an edit only of the message that gave it first, and only of the team's or the requester's: nobody
// corrects with it what somebody else said.
func TestEditOfOtherWordsKeepsNumber(t *testing.T) {
	for name, tt := range map[string]struct {
		by                tickets.UserID
		first, said, then string
		thread            bool
	}{
		"guest":             {guest, wantsReturn, orderA + " 什么时候能退？", orderB + " 什么时候能退？", true},
		"merchant":          {shop, wantsReturn, orderA + " 什么时候能退？", orderB + " 什么时候能退？", true},
		"guest, English":    {guest, "order " + orderA + " buyer says the cup broke, wants to return it", "any news of order " + orderA + "?", "any news of order " + orderB + "?", true},
		"top level":         {guest, wantsReturn, orderA + " 到哪了", orderB + " 到哪了", false},
		"colleague":         {li, wantsReturn, "和 " + orderA + " 一样的问题", "和 " + orderB + " 一样的问题", true},
		"colleague, parcel": {li, "订单 " + orderA + " 运单号 " + parcelA + " 三天没动了，帮忙催一下快递", "运单号 " + parcelA + " 到哪了", "运单号 " + parcel + " 到哪了", true},
		"guest, parcel":     {guest, "订单 " + orderA + " 运单号 " + parcelA + " 三天没动了，帮忙催一下快递", "运单号 " + parcelA + " 到哪了", "运单号 " + parcel + " 到哪了", true},
		"guest, added":      {guest, wantsReturn, "2024112233445566111 也是", orderB + " 也是", true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				root := w.says(anna, tt.first)
				w.waits(5 * time.Minute)
				if tt.thread {
					m := w.replies(tt.by, root, tt.said)
					k := w.only()
					w.rewordsReply(m, root, tt.then)
					w.keeps(k, tt.then)
					return
				}
				m := w.says(tt.by, tt.said)
				k := w.only()
				w.rewords(m, tt.then)
				w.keeps(k, tt.then)
			})
		})
	}
}

// keeps checks that a ticket has the numbers that it had, and that an edit stands in its timeline.
func (w *world) keeps(was tickets.Ticket, text string) {
	w.t.Helper()
	k := w.only()
	if !slices.Equal(k.Facts.Orders, was.Facts.Orders) || k.Facts.Waybill != was.Facts.Waybill {
		w.t.Errorf("orders %v, parcel %s; were %v, %s", k.Facts.Orders, k.Facts.Waybill, was.Facts.Orders, was.Facts.Waybill)
	}
	last := w.events(k.ID)[len(w.events(k.ID))-1]
	if last.Kind != tickets.EvEdited || last.Message.Text != text {
		w.t.Errorf("last event %s %q", last.Kind, last.Message.Text)
	}
	w.sound()
}

// A requester who edits the first message cannot take what somebody else has added.
func TestRequesterKeepsWhatOthersAdded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(guest, wantsReturn)
		w.replies(li, root, orderB+" 也是")
		w.rewords(root, wantsReturn+" "+orderB)
		w.rewords(root, wantsReturn+" 2024112233445566111")
		if k := w.only(); !slices.Equal(k.Facts.Orders, []string{orderA, orderB}) {
			t.Errorf("orders %v", k.Facts.Orders)
		}
		w.rewords(root, "订单 2024112233445566702 买家说收到的杯子碎了，要退货 2024112233445566111")
		if k := w.only(); !slices.Equal(k.Facts.Orders, []string{"2024112233445566702", orderB}) {
			t.Errorf("orders %v", k.Facts.Orders)
		}
		w.rewords(root, "订单 2024112233445566703 买家说收到的杯子碎了，要退货 2024112233445566111")
		if k := w.only(); !slices.Equal(k.Facts.Orders, []string{"2024112233445566703", orderB}) {
			t.Errorf("edited twice: orders %v", k.Facts.Orders)
		}
		w.sound()
	})
}

// A number that came by command is nobody's message's.
func TestEditKeepsNumberOfCommand(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.types(anna, "new "+wantsReturn)
		w.waits(5 * time.Minute)
		m := w.says(li, orderA+" 到哪了")
		k := w.only()
		w.rewords(m, orderB+" 到哪了")
		w.keeps(k, orderB+" 到哪了")
	})
}
