package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// hours gives the world its presets' handling hours, 09:00–21:00.
func (w *world) hours() { w.policy.Rules = tickets.DefaultPolicy().Rules }

// morning lets time pass until a time of day in Shanghai.
func (w *world) morning(hour int) {
	w.t.Helper()
	now := time.Now().In(shanghai)
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, shanghai)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	w.waits(time.Until(at))
}

// today is a time of today in Shanghai, or of a day after it.
func today(days, hour, minute int) time.Time {
	now := time.Now().In(shanghai)
	return time.Date(now.Year(), now.Month(), now.Day()+days, hour, minute, 0, 0, shanghai)
}

// due is when one of the only ticket's clocks ends.
func (w *world) due(k tickets.ClockKind) time.Time {
	w.t.Helper()
	d, ok := w.only().Deadline(k)
	if !ok {
		w.t.Fatalf("no clock %s", k)
	}
	return d.Due
}

// thread is the text of everything said in a thread beside the card.
func (c *chat) thread(root string) string {
	var out []string
	for _, p := range c.in(desk) {
		if p.Thread == root && !strings.HasPrefix(p.ID, "card:") {
			out = append(out, p.View.Summary)
		}
	}
	return strings.Join(out, "\n")
}

// TestSteering does each act as a command and as words in the ticket's thread, in both languages.
func TestSteering(t *testing.T) {
	for _, tt := range []struct {
		slash, bare string
		holds       func(k tickets.Ticket) bool
		said        string // in the private answer to the command
		line        string // in the thread; "" = none
	}{
		{"severity T-1 高", "优先级改为高", func(k tickets.Ticket) bool { return k.Severity == tickets.SeverityHigh }, "紧急程度已改为“高”", ""},
		{"type T-1 exchange", "类型 换货", func(k tickets.Ticket) bool { return k.Type == "exchange" }, "类型已改为“换货”", ""},
		{"类型 T-1 服务态度", "type: service", func(k tickets.Ticket) bool { return k.Type == "service" }, "服务态度", ""},
		{"origin T-1 internal", "来源 内部", func(k tickets.Ticket) bool { return k.Origin == tickets.OriginInternal }, "已改为内部工单", "平台截止"},
		{"origin T-1 platform due tomorrow 12:00", "来源 平台 截止 明天 12:00", func(k tickets.Ticket) bool { return k.BackOffice.Equal(today(1, 12, 0)) }, "明天 10:00 → 明天 12:00", "平台截止 明天 10:00 → 明天 12:00"},
		{"due T-1 明天 12:00", "平台截止明天十二点", func(k tickets.Ticket) bool { return k.BackOffice.Equal(today(1, 12, 0)) }, "明天 10:00 → 明天 12:00", "平台截止 明天 10:00 → 明天 12:00（后台显示）"},
		{"due T-1 小二说 后天 9:00", "平台改到后天九点", func(k tickets.Ticket) bool { return k.StaffDue.Equal(today(2, 9, 0)) }, "小二说的", "（平台小二改的）"},
		{"promise T-1 tomorrow 3pm", "答应买家明天下午三点前", func(k tickets.Ticket) bool { return k.Promised.Equal(today(1, 15, 0)) }, "明天 15:00", "处理完成 明天 15:00（答应了买家）"},
		{"snooze T-1 30m", "稍后提醒 半小时", func(k tickets.Ticket) bool { return k.Snoozed.Truncate(time.Minute).Equal(today(0, 10, 30)) }, "10:30 前不再提醒", ""},
		{"snooze T-1", "稍后提醒", func(k tickets.Ticket) bool { return k.Snoozed.Truncate(time.Minute).Equal(today(0, 10, 30)) }, "10:30 前不再提醒", ""},
		{"tag T-1 +VIP", "打标签 +VIP", func(k tickets.Ticket) bool { return len(k.Tags) == 1 && k.Tags[0] == "VIP" }, "标签：VIP", ""},
	} {
		for how, text := range map[string]string{"slash": tt.slash, "bare": tt.bare} {
			t.Run(how+" "+text, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.morning(10)
					k := w.platform()
					if how == "slash" {
						w.types(li, text)
					} else {
						w.replies(li, bot.Message{Channel: desk, TS: k.Source.Thread}, text)
					}
					if k = w.only(); !tt.holds(k) {
						t.Errorf("after %q: %+v", text, k)
					}
					w.speak()
					if got := w.chat.whisper(li).text(); how == "slash" && !strings.Contains(got, tt.said) {
						t.Errorf("answer = %q, want %q in it", got, tt.said)
					}
					if got := w.chat.thread(k.Source.Thread); !strings.Contains(got, tt.line) || tt.line == "" && got != "" {
						t.Errorf("thread = %q, want %q", got, tt.line)
					}
					w.sound()
				})
			})
		}
	}
}

// TestSteeringRefused says for each act what is wrong and what to type instead, and changes nothing.
func TestSteeringRefused(t *testing.T) {
	for _, tt := range []struct{ text, said string }{
		{"severity 1", "哪一级"}, {"severity 1 soonish", "哪一级"}, {"type 1", "哪种类型"}, {"type 1 <!channel>", "能用的有：退货"}, {"origin 1", "哪种来源"},
		{"origin 1 platform due 胡说", "没看懂这个时间"}, {"origin 1 platform created 明天 10:00", "还没到"}, {"due 1", "什么时候"}, {"due 1 明天", "几点"}, {"due 1 胡说", "没看懂这个时间"},
		{"due 1 小二说 11:00", "最早"}, {"promise 1 昨天 10:00", "已经过了"}, {"promise 1", "什么时候"}, {"snooze 1 3天", "不能推迟到平台截止以后（明天 10:00）"},
		{"snooze 1 昨天 10:00", "已经过了"}, {"tag 1", "哪个标签"}, {"severity 1 normal", "已经是这样"}, {"correct 1 09:50 忘了登记", "没有做这一步的权限"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.morning(10)
				before := w.platform()
				w.types(li, tt.text)
				w.speak()
				if got := w.chat.whisper(li).text(); !strings.Contains(got, tt.said) {
					t.Errorf("answer = %q, want %q in it", got, tt.said)
				}
				if got := w.only(); got.Version != before.Version {
					t.Errorf("it changed: %s", w.history(got.ID))
				}
			})
		})
	}
	t.Run("due of an internal ticket", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			w.says(anna, wantsReturn)
			w.types(li, "due 1 明早十点")
			w.speak()
			if got := w.chat.whisper(li).text(); !strings.Contains(got, "来源 1 平台") {
				t.Errorf("answer = %q, want how to make it the platform's", got)
			}
		})
	})
}

// TestSteeringPermissions lets nobody but the team steer, and only supervisors correct.
func TestSteeringPermissions(t *testing.T) {
	for _, text := range []string{"severity 1 高", "type 1 换货", "origin 1 内部", "due 1 明天 12:00", "promise 1 明天 12:00", "snooze 1 30m", "tag 1 +VIP",
		"correct 1 09:50 忘了登记", "severity 1", "promise 1 胡说"} {
		for who, may := range map[tickets.UserID]bool{shop: false, guest: false, li: !strings.HasPrefix(text, "correct"), wang: true} {
			t.Run(string(who)+" "+text, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.morning(9)
					w.types(anna, "new 订单 2024112233445566778 要退货 shop=云朵旗舰店 origin=platform platform=tmall due=明天10:00 created=昨天10:00")
					w.waits(time.Hour)
					w.types(li, "replied 1")
					w.speak()
					before := w.only().Version
					w.types(who, text)
					w.speak()
					said := w.chat.whisper(who).text()
					bad := text == "severity 1" || text == "promise 1 胡说"
					if got := w.only().Version > before; got != (may && !bad) {
						t.Errorf("changed = %t, want %t; said %q", got, may && !bad, said)
					}
					if !may && (said == "" || strings.Contains(said, "紧急程度") || strings.Contains(said, "答应买家")) {
						t.Errorf("said %q, want no more than that it is not permitted", said)
					}
				})
			})
		}
	}
}

// TestAnswerTakesBreachBack records a reply with its true time after the breach: at once, and as a correction.
func TestAnswerTakesBreachBack(t *testing.T) {
	for _, tt := range []struct {
		name  string
		says  []string
		said  string
		still bool
	}{
		{"back-dated", []string{"已回复平台 1 09:50"}, "超时记录已更正", false},
		{"back-dated too late", []string{"已回复平台 1 10:05"}, "平台时效已停", true},
		{"corrected", []string{"replied 1", "更正超时 1 09:50 当时忘了登记"}, "09:50 已回复平台，超时记录已撤销", false},
		{"corrected, still late", []string{"replied 1", "correct 1 10:01 recorded late"}, "仍在截止之后", true},
		{"corrected without a reason", []string{"replied 1", "correct 1 09:50"}, "请写上原因", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.morning(9)
				w.types(anna, "new 天猫 20241122000778 下协同工单了 origin=platform platform=tmall due=10:00")
				w.until(today(0, 10, 20))
				if d, _ := w.only().Deadline(tickets.ClockPlatform); !d.Breached {
					t.Fatalf("no breach: %+v", d)
				}
				for _, text := range tt.says {
					w.types(wang, text)
				}
				w.speak()
				if got := w.chat.whisper(wang).text(); !strings.Contains(got, tt.said) {
					t.Errorf("answer = %q, want %q in it", got, tt.said)
				}
				if d, _ := w.only().Deadline(tickets.ClockPlatform); d.Breached != tt.still || d.Running() {
					t.Errorf("deadline = %+v, want breached: %t", d, tt.still)
				}
			})
		})
	}
}

// TestWaitingEndsByItself ends when whoever was awaited has answered, and tells the assignee.
func TestWaitingEndsByItself(t *testing.T) {
	for _, tt := range []struct {
		wait string
		by   tickets.UserID
		text string
		ends bool
		told string
	}{
		{"等仓库", anna, "仓库回了，明天补发", true, "仓库已回复"},
		{"等仓库", anna, "the warehouse has replied: tomorrow", true, "仓库已回复"},
		{"等快递", anna, "快递回了：在中转站", true, "快递已回复"},
		{"等平台", anna, "小二回复了，同意", true, "平台已回复"},
		{"等买家", anna, "买家又问什么时候发", true, "买家已回复"},
		{"等店铺方", shop, "可以退", true, "店铺方已回复"},
		{"等仓库", anna, "快递回了", false, ""},
		{"等仓库", anna, "仓库回了吗", false, ""},
		{"等仓库", guest, "仓库回了", false, ""},
		{"等仓库", li, "仓库回了，明天补发", true, ""}, // they know already
	} {
		t.Run(tt.wait+" "+string(tt.by)+" "+tt.text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.morning(10)
				w.types(anna, "new 订单 2024112233445566778 要退货 shop=云朵旗舰店")
				w.speak()
				root := bot.Message{Channel: desk, TS: w.only().Source.Thread}
				w.replies(li, root, "领取")
				w.replies(li, root, tt.wait)
				w.waits(time.Hour)
				w.replies(tt.by, root, tt.text)
				w.speak()
				if k := w.only(); (k.Status == tickets.StatusInProgress) != tt.ends {
					t.Errorf("status = %s, want it in progress: %t", k.Status, tt.ends)
				}
				var told []string
				for _, p := range w.chat.in("D" + tickets.ChannelID(li)) {
					told = append(told, p.text())
				}
				if got := strings.Join(told, "\n"); !strings.Contains(got, tt.told) || tt.told == "" && strings.Contains(got, "继续处理") {
					t.Errorf("the assignee was told %q, want %q", got, tt.told)
				}
				w.sound()
			})
		})
	}
}

// TestPauseIsToldInTheThread moves the target by the time that was waited, and says so in one line.
func TestPauseIsToldInTheThread(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.morning(10)
		root := w.says(anna, wantsReturn)
		before := w.due(tickets.ClockResolution)
		w.replies(li, root, "领取")
		w.replies(li, root, "等买家")
		w.speak()
		if card := w.chat.cards()[0].text(); !strings.Contains(card, "已暂停，等买家") {
			t.Errorf("card = %q, want that the target pauses", card)
		}
		w.waits(2 * time.Hour)
		w.replies(li, root, "继续")
		w.speak()
		if got := w.due(tickets.ClockResolution).Sub(before); got < 2*time.Hour {
			t.Errorf("the target moved by %s, want the two hours waited", got)
		}
		if got := w.chat.thread(root.TS); strings.Count(got, "→") != 1 || !strings.Contains(got, "（等买家期间不计时）") {
			t.Errorf("thread = %q, want one line about the pause", got)
		}
	})
}

// TestOneLineForAllClocks says in one line what one change does to several deadlines.
func TestOneLineForAllClocks(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.hours()
		urgent := tickets.DefaultPolicy().Rules[len(w.policy.Rules)-1]
		urgent.Name, urgent.Match.Severities = "internal_urgent", []tickets.Severity{tickets.SeverityUrgent}
		urgent.Clocks = append([]tickets.ClockRule(nil), urgent.Clocks...)
		for i := range urgent.Clocks {
			urgent.Clocks[i].Duration /= 2
		}
		w.policy.Rules = append([]tickets.Rule{urgent}, w.policy.Rules...)
		w.morning(10)
		root := w.says(anna, wantsReturn)
		w.replies(li, root, "优先级改为紧急")
		w.speak()
		got := w.chat.thread(root.TS)
		if strings.Count(got, "→") != 2 || strings.Count(got, "紧急程度改为 紧急") != 1 || !strings.Contains(got, "首次答复 10:30 → 10:15") {
			t.Errorf("thread = %q, want one line with both clocks", got)
		}
	})
}

// TestPromiseShowsOnTheCard moves the resolution target alone, and the merchant sees the promised time and nothing else.
func TestPromiseShowsOnTheCard(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.morning(10)
		root := w.says(anna, wantsReturn)
		w.replies(li, root, "答应买家今天下午五点前")
		w.replies(li, root, "打标签 +VIP")
		w.speak()
		if got := w.due(tickets.ClockResolution); !got.Equal(today(0, 17, 0)) {
			t.Errorf("resolution due %s", got)
		}
		card := w.chat.cards()[0]
		if got := card.text() + strings.Join(card.View.Tags, " "); !strings.Contains(got, "已答应买家") || !strings.Contains(got, "VIP") {
			t.Errorf("card = %q, want the promise and the tag", got)
		}
		sc := scene(w.only())
		sc.Now, sc.Merchant = time.Now(), true
		v := bot.TicketCard(catalogue(t), sc)
		got := spoken{Post: bot.Post{View: v}}.text() + strings.Join(v.Tags, " ")
		if !strings.Contains(got, "17:00") || strings.Contains(got, "VIP") || strings.Contains(got, "内部") {
			t.Errorf("merchant's card = %q", got)
		}
	})
}

// TestAckLapses reminds whoever said "on it" and whoever has the ticket.
func TestAckLapses(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Roster.Escalation = wang
		w.morning(9)
		w.types(anna, "new 天猫 20241122000778 下协同工单了 origin=platform platform=tmall due=10:00")
		w.types(anna, "assign 1 @ULI")
		w.until(today(0, 10, 1))
		w.speak()
		w.presses(wang, bot.ActAck, "platform|"+string(w.only().ID), "")
		w.until(time.Now().Add(w.policy.AckLapse))
		w.speak()
		for _, who := range []tickets.UserID{wang, li} {
			var got []string
			for _, p := range w.chat.in("D" + tickets.ChannelID(who)) {
				got = append(got, p.text())
			}
			want := "王主管说跟进 T-1 后，20 分钟没有动静"
			if who == wang {
				want = "你说跟进 T-1 后，20 分钟没有动静"
			}
			if !strings.Contains(strings.Join(got, "\n"), want) {
				t.Errorf("%s was told %q, want %q", who, got, want)
			}
		}
	})
}

// TestMovedMarkSaysSo: a deadline of the night is called before the shift ends, with its true time and the team's own words.
func TestMovedMarkSaysSo(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.hours()
		for i := range w.policy.Rules {
			w.policy.Rules[i].Consequence = tickets.Consequence{Text: map[string]string{"zh-CN": "超时扣 <!here> 200 元。"}}
		}
		w.morning(19)
		w.types(anna, "new 天猫 20241122000778 下协同工单了 origin=platform platform=tmall due=明天02:10")
		w.types(anna, "assign 1 @ULI")
		w.until(today(0, 20, 0))
		w.speak()
		w.until(today(0, 20, 45))
		w.speak()
		var got []string
		for _, p := range w.chat.in("D" + tickets.ChannelID(li)) {
			got = append(got, p.text())
		}
		if all := strings.Join(got, "\n"); !strings.Contains(all, "明天 02:10 截止，下班前必须处理或转夜班。超时扣 <!here> 200 元。") {
			t.Errorf("told %q, want that it must be done before the shift ends, and what it costs else", all)
		}
	})
}

// TestTwoClocksOnePing says in one ping what two clocks have to say at one moment.
func TestTwoClocksOnePing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.morning(10)
		w.types(anna, "new 天猫 20241122000778 下协同工单了 origin=platform platform=tmall due=10:50")
		w.types(anna, "assign 1 @ULI")
		w.until(today(0, 10, 21))
		w.speak()
		pings := 0
		for _, p := range w.chat.in("D" + tickets.ChannelID(li)) {
			if text := p.text(); strings.Contains(text, "【平台】") && strings.Contains(text, "【内部】") {
				pings++
			} else if strings.Contains(text, "【平台】") || strings.Contains(text, "【内部】") {
				t.Errorf("a ping of its own: %q", text)
			}
		}
		if pings != 1 {
			t.Errorf("%d pings that name both clocks, want 1", pings)
		}
	})
}

// TestNextResponseIsCalled restarts with each question from the customer's side and says so in words of its own.
func TestNextResponseIsCalled(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for i, r := range w.policy.Rules {
			next := tickets.ClockRule{Kind: tickets.ClockNextResponse, Clock: sla.CalendarTime, Duration: 30 * time.Minute, Ladder: r.Clocks[len(r.Clocks)-1].Ladder}
			w.policy.Rules[i].Clocks = append(r.Clocks, next)
		}
		w.morning(10)
		root := w.says(anna, wantsReturn)
		w.replies(li, root, "领取")
		w.replies(li, root, "已联系买家，等照片")
		w.waits(time.Hour)
		w.replies(li, root, "买家又问什么时候退")
		w.until(today(0, 11, 21))
		w.speak()
		if got := w.chat.thread(root.TS); strings.Contains(got, "→") {
			t.Errorf("thread = %q, want no word of a clock that begins with every question", got)
		}
		if got := w.chat.cards()[0].text(); !strings.Contains(got, "11:30 前再次答复") {
			t.Errorf("card = %q, want the next response", got)
		}
		var got []string
		for _, p := range w.chat.in("D" + tickets.ChannelID(li)) {
			got = append(got, p.View.Summary)
		}
		if all := strings.Join(got, "\n"); !strings.Contains(all, "【内部】T-1 对方又来问了，请在 11:30 前答复") {
			t.Errorf("told %q, want that they asked again", all)
		}
	})
}

// TestSteeringHostile keeps what was typed bounded and never trips over it.
func TestSteeringHostile(t *testing.T) {
	long := strings.Repeat("长", 5000)
	for _, text := range []string{"tag 1 +<!channel> +" + long, "tag 1 " + strings.Repeat("+x ", 3000), "type 1 " + long, "severity 1 高 " + long, "correct 1 09:50 <!here>" + long,
		"due 1 " + long, "promise 1 " + strings.Repeat("明天 ", 2000), "snooze 1 " + strings.Repeat("9", 400) + "h", "origin 1 platform no " + long + " due " + long,
		"tag 1 +\x00\u202e", "snooze 1 -30m", "promise 1 9999-12-31 10:00", "due 1 0001-01-01 00:00", "买家又问 1 " + long, "tag 1 + - ＋ －"} {
		t.Run(string([]rune(text)[:min(30, len([]rune(text)))]), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.morning(10)
				w.platform()
				w.types(wang, text)
				w.speak()
				k := w.only()
				if len(k.Tags) > 20 || len(strings.Join(k.Tags, "")) > 20*40*4 {
					t.Errorf("%d tags of %d bytes", len(k.Tags), len(strings.Join(k.Tags, "")))
				}
				if said := w.chat.whisper(wang).text(); said == "" || len([]rune(said)) > 1500 || strings.Contains(said, "\u202e") {
					t.Errorf("said %d code points: %.200q", len([]rune(said)), said)
				}
				for _, e := range w.events(k.ID) {
					if n := len([]rune(e.Reason)) + len([]rune(e.Message.Text)); n > 2*tickets.MaxText {
						t.Errorf("event %s keeps %d code points", e.Kind, n)
					}
				}
				w.sound()
			})
		})
	}
}

// TestConsequence prefers the team's own text, then the rule's, then the marketplace's.
func TestConsequence(t *testing.T) {
	t.Parallel()
	own := map[string]string{"zh-CN": "扣 200 元。", "en": "It costs 200."}
	for _, tt := range []struct {
		name, lang, want string
		c                tickets.Consequence
		platform         tickets.Platform
	}{
		{"own text", "zh-CN", "扣 200 元。", tickets.Consequence{Word: "pdd_aftersales", Text: own}, "tmall"},
		{"own text in English", "en", "It costs 200.", tickets.Consequence{Text: own}, "tmall"},
		{"the rule's", "zh-CN", "罚款或降权", tickets.Consequence{Word: "pdd_aftersales"}, "tmall"},
		{"the rule's for want of the language", "en", "fine the shop", tickets.Consequence{Word: "pdd_aftersales", Text: map[string]string{"zh-CN": "x"}}, "tmall"},
		{"the marketplace's", "zh-CN", "放弃举证", tickets.Consequence{}, "tmall"},
		{"of a rule without words", "zh-CN", "消极处理", tickets.Consequence{Word: "our_rule"}, "douyin"},
		{"of nobody known", "zh-CN", "影响店铺考核", tickets.Consequence{}, "jd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := platformTicket()
			k.Facts.Platform = tt.platform
			sc := scene(k)
			sc.Lang, sc.Consequence = tt.lang, tt.c
			v := bot.Said{What: bot.SayReminder, Clock: tickets.ClockPlatform, Due: k.Deadlines[0].Due}.View(catalogue(t), sc)
			if !strings.Contains(v.Summary, tt.want) {
				t.Errorf("said %q, want %q in it", v.Summary, tt.want)
			}
		})
	}
}
