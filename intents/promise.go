package intents

import (
	"strings"
	"time"

	"gongdan/intents/entities"
)

// Whom a promise is made to, and others whose word or wish is none of the marketplace's.
const (
	buyersZh   = `(?:买家|客户|客人|顾客)`
	customerZh = `(?:买家|客户|客人|顾客|对方|人家|[她他])`
	customerEn = `(?:the |our |this |that )?(?:buyer|customer|client|shopper|him|her|them)`
	othersZh   = `(?:仓库|仓管|仓储|快递|物流|厂家|工厂|供应商|师傅)`
	othersEn   = `(?:warehouse|courier|carrier|factory|supplier)`
)

// promisedTo ends where a time follows by which the team has promised a customer something: 答应买家明天下午三点前给结果. reported is
// what the customer, or another, says of it.
var (
	promisedTo = guard(`(?:答应|承诺|保证)(?:了|过)?(?:给)?` + customerZh + `[^,;\n]{0,10}$|(?:我们?|咱们|已经?)(?:答应|承诺)(?:了|过)?$` +
		`|(?:跟|和|与|同)` + customerZh + `(?:都|也|已经?|刚)?(?:约|说|讲|谈|商量|协商|沟通)(?:好|定|妥)(?:了|过)?(?:是|在|于|的|的是|:)?[^,;\n 前]{0,4}$|(?:跟|和|与|同)` + customerZh + `(?:约|说)(?:了|过)?(?:是|在)?$` +
		`|\bpromised ` + customerEn + `\b[^,;\n]{0,40}$|\b(?:buyer|customer|client) was promised\b[^,;\n]{0,40}$` +
		`|\bagreed (?:up)?(?:on )?with ` + customerEn + `\b[^,;\n]{0,40}$` +
		`|\b(?:told|said to|assured) ` + customerEn + `\b[^,;\n]{0,16}\b(?:we|i)(?:'d|'ll| would| will)\b[^,;\n]{0,24}$`)
	reported = guard(customerZh + `(?:说(?:[^好了过]|$)|称|反映|反馈)|` + othersZh + `(?:已经?|都)?(?:跟|和|与|同)|\b(?:says?|claims?|claimed|complains?)\b|(?:buyer|customer|client|he|she) said\b`)
)

// promised tells whether a time is one by which a customer was promised something, and whether the team says so itself.
func (r dueReader) promised(e entities.Entity) (promised, ours bool) {
	before := wordsBefore(r.runes[:e.Start])
	promised = promisedTo.MatchString(before)
	return promised, promised && !reported.MatchString(before)
}

// What the team intends, a customer wishes and a warehouse says, none of which is a deadline of the marketplace's: we will answer
// the buyer by Friday, 买家要求明天三点前回复.
var (
	intendedEn = guard(`\b(?:we|i)(?:'ll| will| would|'d| can| are going to|'re going to) [^,;\n]{0,24}\b(?:buyer|customer|client|shopper|him|her|them)\b[^,;\n]{0,16}$`)
	intendedZh = guard(`(?:^|[^要求让叫催知请限])(?:我们?|咱们)(?:会|打算|准备|计划|争取|可以|能|说)?(?:在|于)?$`)
	toThem     = guard(`^[^,;\n]{0,4}(?:给|回复|回|答复|联系|通知|跟)` + customerZh)
	ourWord    = guard(`^[^,;\n]{0,10},? ?(?:这?是)?(?:我们?|咱们)(?:答应|承诺|约|说)(?:好|过)?` + customerZh + `?的`)
	wishes     = guard(buyersZh + `(?:那边|这边|又|一直|都|还)?(?:要求|要|希望|想要?|期望|期待|指定|催|盼)(?:我们?|咱们|店铺)?(?:能|可以|最好|必须|务必|尽量)?(?:在|于|得)?[ :]*$` +
		`|(?:` + othersZh + `|` + buyersZh + `)(?:那边|这边|同事|老师)?(?:都|又)?(?:说|讲|答复|回复|表示|通知|反馈|答应|承诺|保证)(?:是|要|会|最晚|最迟|在|于|了|我们?)*[ :]*$` +
		`|\b(?:buyer|customer|client|shopper|` + othersEn + `)s? (?:also |still )?(?:expects?|wants?|wishes|hopes?|asks?|asked|needs?|demands?|would like|says?|said|promised|promises)(?: for)?` +
		`(?: (?:an? |the |his |her |their )?(?:answer|reply|response|result|solution|refund|exchange|replacement|it)| us to (?:answer|reply|respond|call|refund)(?: (?:him|her|them))?| to hear[^,;\n]{0,16})?[ :]*$`)
	// concerns is a person of whom a clause speaks, or a promise behind which the time stands apart; bidden is what tells the team
	// its duty again behind that.
	concerns = guard(`买家|客户|客人|顾客|` + othersZh + `|\b(?:buyer|customer|client|shopper|` + othersEn + `)\b`)
	bidden   = guard(`请(?:您|在|于|尽快|务必|及时|$)|务必|必须|须|截[止至]|最[晚迟]|超时|到期|平台|小二|deadline|\bdue\b|please|\bmust\b|\bexpires?|times? out`)
	arranged = guard(`(?:约|说|讲|谈|商量|协商|沟通)(?:好|定|妥)(?:了|过)?,? ?$`)
	thenOurs = guard(`^ ?(?:we|i)(?:'ll| will| would|'d) [^,;\n]{0,24}\b(?:buyer|customer|client|shopper)\b`)
)

// usual is the longest time that a marketplace commonly allows for its ticket.
const usual = 24 * time.Hour

// foreign tells whether a time in a marketplace's ticket is not the marketplace's: what the team means to do by then, or what somebody
// else wants or says. Where it may be either, the time counts if it is no later than what is usual.
func (r dueReader) foreign(e entities.Entity, at time.Time) bool {
	before, after := wordsBefore(r.runes[:e.Start]), r.after(e, clauseReach)
	switch {
	case r.isLeft(e) || r.allowance(e):
		return false
	case intendedEn.MatchString(before), intendedZh.MatchString(before) && toThem.MatchString(after), ourWord.MatchString(after), wishes.MatchString(before):
		return true
	case intendedZh.MatchString(before), arranged.MatchString(entities.Fold(string(r.runes[max(0, e.Start-clauseReach):e.Start]))), thenOurs.MatchString(after):
	default:
		last := concerns.re().FindAllStringIndex(before, -1)
		if len(last) == 0 || bidden.MatchString(before[last[len(last)-1][1]:]) {
			return false
		}
	}
	from := r.created
	if from.IsZero() {
		from = r.m.Now
	}
	return at.After(from.Add(usual))
}

// wordsBefore is the end of a text back to the last mark that ends a clause; a colon ends none.
func wordsBefore(runes []rune) string {
	s := entities.Fold(string(runes[max(0, len(runes)-clauseReach):]))
	if i := strings.LastIndexAny(strings.TrimRight(s, " \n"), clauseEnds); i >= 0 {
		s = s[i+1:]
	}
	return s
}

// promiseIn is the earliest time ahead by which a customer was promised something. A day without an hour, said without 前 or
// "by", is too little.
func promiseIn(m Message, found []entities.Entity) (promise time.Time) {
	r := dueReader{m: m, runes: []rune(m.Text), found: found}
	for _, e := range found {
		if e.Type != entities.Time || e.Sense != entities.Deadline && (e.Sense != entities.Point || e.Grain != "hour" && e.Grain != "minute") {
			continue
		}
		if _, ours := r.promised(e); !ours {
			continue
		}
		at, err := time.Parse(time.RFC3339, e.Value)
		if err != nil || !at.After(m.Now) || at.Sub(m.Now) > farOff || !promise.IsZero() && !at.Before(promise) || torn(r.runes, found, e) {
			continue
		}
		promise = inZone(at, m.Zone)
	}
	return promise
}
