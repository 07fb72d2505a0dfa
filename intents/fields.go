package intents

import (
	"slices"
	"strings"
	"time"

	"gongdan/intents/entities"
)

// fields gathers the facts from the entities and the words around them.
func (c *Classifier) fields(m Message, text string, found []entities.Entity) Fields {
	var f Fields
	for _, e := range found {
		f.take(e)
	}
	if len(f.Orders) > 0 {
		f.Order = f.Orders[0]
	}
	if len(f.Orders) < 2 {
		f.Orders = nil
	}
	f.inShop(c.shopsOf(m), text)
	if f.Platform == "" {
		f.Platform = platformIn(text)
	}
	f.SKU = skuIn(text)
	f.Severity = severityIn(text)
	first(&f.Origin, originIn(text, f, found))
	if f.Origin == "" {
		f.Origin = cardOrigin(text, f)
	}
	first(&f.Origin, m.Origin)
	if f.Origin != "" && f.PlatformNo == "" && f.AfterSale == "" {
		f.PlatformNo = loneNo(m, found)
	}
	f.Assignee = assigneeIn(m, text)
	f.PlatformCreated = createdIn(m, found, f.Origin)
	f.Due = dueIn(m, found, f)
	f.Promised = promiseIn(m, found)
	return f
}

// take fills one field from one entity; the first of a kind wins.
func (f *Fields) take(e entities.Entity) {
	switch e.Type {
	case entities.Order:
		if !slices.Contains(f.Orders, e.Value) {
			f.Orders = append(f.Orders, e.Value)
		}
		first(&f.Platform, e.Hint)
	case entities.AfterSale:
		first(&f.AfterSale, e.Value)
	case entities.PlatformNo:
		first(&f.PlatformNo, e.Value)
		first(&f.Platform, e.Hint)
	case entities.Waybill:
		first(&f.Waybill, e.Value)
	case entities.Phone:
		first(&f.Phone, e.Value)
	case entities.Amount:
		if f.Amount == "" {
			f.Amount, f.Currency = e.Value, e.Hint
		}
	}
}

func first(to *string, v string) {
	if *to == "" {
		*to = v
	}
}

// inShop finds the shop by name or nickname, the longest word first.
func (f *Fields) inShop(shops []entities.Shop, text string) {
	best := ""
	for _, s := range shops {
		for _, w := range append([]string{s.Name}, s.Aliases...) {
			w = entities.Fold(w)
			if len(w) > len(best) && w != "" && containsWord(text, w) {
				best, f.Shop = w, s.Name
				if s.Platform != "" {
					f.Platform = s.Platform
				}
			}
		}
	}
}

var platforms = []struct{ word, name string }{
	{"天猫", "tmall"}, {"tmall", "tmall"}, {"抖店", "doudian"}, {"抖音", "doudian"}, {"doudian", "doudian"}, {"douyin", "doudian"}, {"飞鸽", "doudian"},
	{"拼多多", "pinduoduo"}, {"pinduoduo", "pinduoduo"}, {"pdd", "pinduoduo"}, {"淘宝", "taobao"}, {"taobao", "taobao"}, {"京东", "jd"}, {"猫店", "tmall"},
	{"千牛", "tmall"}, {"多多客服", "pinduoduo"}, {"京麦", "jd"}, {"[jd]", "jd"},
}

// platformIn takes the platform named first.
func platformIn(text string) string {
	name, at := "", len(text)+1
	for _, p := range platforms {
		if i := strings.Index(text, p.word); i >= 0 && i < at && !strings.HasPrefix(text[i+len(p.word):], "快递") && !strings.HasPrefix(text[i+len(p.word):], "物流") {
			name, at = p.name, i
		}
	}
	return name
}

var sku = guard(`(?:sku|款号|货号|型号|商品编码|商家编码|model)(?: ?(?:no\.?|number|is|是|为))?[ :：#]*([a-z0-9][a-z0-9_./-]{1,30})`)

func skuIn(text string) string {
	if m := sku.FindStringSubmatch(text); m != nil && strings.ContainsAny(m[1], "0123456789") {
		return strings.ToUpper(strings.TrimRight(m[1], "./-"))
	}
	return ""
}

var severities = []struct {
	name  string
	words []string
}{
	{"low", []string{"不急", "不着急", "不紧急", "有空处理", "有空再", "not urgent", "no rush", "low priority", "whenever you can"}},
	{"urgent", []string{"紧急", "特急", "十万火急", "火急", "urgent", "emergency", "critical", "asap!!"}},
	{"high", []string{"加急", "立刻", "立即", "马上处理", "马上回", "火速", "急急", "很急", "着急", "急!", "急！", "超急", "急单", "急件", "asap", "immediately", "right away", "high priority"}},
}

// severityIn reads how pressing the person's own words are.
func severityIn(text string) string {
	for _, s := range severities {
		for _, w := range s.words {
			if containsWord(text, w) {
				return s.name
			}
		}
	}
	return ""
}

var (
	mentionVerb = guard(`跟|处理|负责|看下|看一下|接|转|交给|派|帮忙|please (?:take|handle|check)|take (?:this|it|over)|handle|follow up|yours|assign`)
	atName      = guard(`@([\p{Han}]{1,6}|[a-z][a-z0-9._-]{1,20})`)
	fullName    = guard(`(?:让|交给|转给|派给|分给|指派给|叫)(\p{Han}{2,3}?)(?:跟|处理|看|接|负责|来)`)
	nameVerb    = guard(`(?:让|给|交给|转给|派给|请|叫)(小\p{Han}|老\p{Han}|阿\p{Han}|\p{Han}{1,2}(?:姐|哥))(?:跟|处理|看|接|负责)`)
)

// assigneeIn names the colleague who is asked to take it.
func assigneeIn(m Message, text string) string {
	if len(m.Mentions) == 0 && !strings.ContainsAny(text, "@让给叫请") {
		return ""
	}
	verb := mentionVerb.MatchString(text)
	if len(m.Mentions) > 0 && verb {
		return m.Mentions[0]
	}
	if !verb {
		return ""
	}
	if n := atName.FindStringSubmatch(text); n != nil && n[1] != "gongdan" && n[1] != "工单" {
		if i := strings.Index(text, n[0]); i == 0 || !isWordByte(text[i-1]) {
			return strings.TrimSuffix(n[1], "跟")
		}
	}
	if n := nameVerb.FindStringSubmatch(text); n != nil {
		return n[1]
	}
	if n := fullName.FindStringSubmatch(text); n != nil && entities.IsName(n[1]) {
		return n[1]
	}
	return ""
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-'
}

// promised are words around a time that make it somebody's promise or a rule
// rather than the deadline of this ticket.
var (
	promisedBefore = guard(`(?:说好|承诺|答应|本来|原定|保证|显示|预计|下单|拍下|付款|购买|买家说|签收)[^,，。;；]{0,6}$`)
	promisedAfter  = guard(`^[^,，。;；]{0,4}(?:没|未|不|发货|无理由|可退|可以退|保修|包退|质保|会到|送到|到货|到账|买(?:[^家]|$)|下单|购)`)
	wanted         = guard(`^[^,，。;；]{0,8}(?:超时|到期|截止|要|需|必须|得|请|务必|回|处理|完成|给|搞定|reply|answer|done|please)|^\s*$`)
)

// dueReader reads the deadline of a message: its text, its entities and, for a ticket
// that a marketplace sent, when that was created.
type dueReader struct {
	m       Message
	runes   []rune
	found   []entities.Entity
	created time.Time
}

// before and after are the n code points beside an entity, folded.
func (r dueReader) before(e entities.Entity, n int) string {
	return entities.Fold(string(r.runes[max(0, e.Start-n):e.Start]))
}

func (r dueReader) after(e entities.Entity, n int) string {
	return entities.Fold(string(r.runes[e.End:min(len(r.runes), e.End+n)]))
}

// dueIn takes the earliest deadline that lies ahead, not absurdly far, and is nobody's promise. In a
// platform's ticket a plain future time with a word of duty counts as well, and a length
// of time counts from the ticket's creation: if that is over and nothing else is said, the deadline has passed, as it has
// where a past day is named, or how long the ticket is overdue.
func dueIn(m Message, found []entities.Entity, f Fields) time.Time {
	if !slices.ContainsFunc(found, func(e entities.Entity) bool { return e.Type == entities.Time }) {
		return time.Time{}
	}
	r := dueReader{m: m, runes: []rune(m.Text), found: found, created: f.PlatformCreated}
	if r.created.IsZero() && f.Origin != "" {
		r.created = (creation{m, r.runes, f.Origin}).earliest(found)
	}
	told := !r.created.IsZero()
	if f.PlatformCreated.IsZero() && !m.Since.IsZero() && (!told || m.Since.Before(r.created)) {
		r.created, told = m.Since, false
	}
	var due, over time.Time
	for _, e := range found {
		if e.Type != entities.Time {
			continue
		}
		at, ok := r.due(e, f.Origin)
		if ok && at.Before(m.Now) && f.Origin != "" && !torn(r.runes, found, e) && (told && at.After(r.created) && r.allowance(e) || r.missed(e, at)) {
			over = inZone(at, m.Zone)
		}
		if late, is := r.overdue(e); is && f.Origin != "" {
			return inZone(late, m.Zone)
		}
		if !ok || at.Before(m.Now) || at.Sub(m.Now) > farOff || !due.IsZero() && !at.Before(due) || torn(r.runes, found, e) {
			continue
		}
		due = inZone(at, m.Zone)
	}
	if due.IsZero() {
		return over
	}
	return due
}

// due gives the instant of a time that is a deadline of this ticket.
func (r dueReader) due(e entities.Entity, origin string) (time.Time, bool) {
	before, after := r.before(e, 12), r.after(e, 12)
	if promised, _ := r.promised(e); promised || promisedBefore.MatchString(before) || promisedAfter.MatchString(after) || createdLabel.MatchString(before) ||
		e.Sense != entities.Deadline && (creation{r.m, r.runes, origin}).said(e) {
		return time.Time{}, false
	}
	if origin != "" {
		if e.Sense == entities.Point && !wanted.MatchString(after) {
			return time.Time{}, false
		}
		at, ok := r.deadline(e)
		return at, ok && !r.foreign(e, at)
	}
	at, err := time.Parse(time.RFC3339, e.Value)
	return at, err == nil && e.Sense == entities.Deadline
}

func inZone(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		return t
	}
	return t.In(zone)
}
