package intents

import (
	"regexp"
	"strings"
	"time"

	"gongdan/intents/entities"
)

// marketZh is a marketplace by name, in Chinese.
const marketZh = `(?:(?:平台|天猫|淘宝|抖店|抖音|拼多多|多多|京东|小二|官方)(?:那边|后台)?)`

// When a marketplace made its ticket, as people and notices say it: 创建时间, came in at 9:10, 今天9:10来的.
var (
	createdLabel = guard(`(?:(?:创建|生成|发起|下发|派发|提交|开单|建单)(?:时间|于|日期)|工单时间|(?:created|issued)(?: at| on)?)[ :是为]*$`)
	createdWords = guard(`(?:创建|生成|发起|下发|派发|提交|开单|建单|(?:接收|推送|收到|来单|进线|派单|到达)(?:时间|日期|于)|opened|raised|generated|(?:came|comes|got|dropped|landed|popped|showed) (?:in|through|up|over)|\bcame|received|arrived)` +
		`(?: (?:to|by) us)?(?: (?:at|on|around|about|from|approx))*[ :是为约~]*$`)
	createdAfter = guard(`^ ?分?(?:就|才|刚)?` + marketZh + `?(?:创建|生成|下发|发起|下的(?:$|[^单订])|来的|收到|派发|派来|派的|推送|推来|发来|发过来|弹出|进来|进的|接到|收的|到的|到(?:$|[ ,。;\n])|来了|下来的|下来了|[推跳弹冒蹦派]了?(?:过来|出来|进来|下来)|came\b)|^ ?分?` + marketZh + `(?:又|刚|就|才)?(?:下|来|推|派|发)(?:了|来|过来)(?:$|[^单订货])`)
	// sinceBefore and sinceAfter stand beside how long the ticket has been there: 已经来了20小时, open for 20 hours.
	sinceBefore = guard(`(?:来了|下来了?|进来了?|(?:已经?|都)过去?)(?:了|快|差不多|大概|有|已经?|都)*$|\b(?:has been|been|is|was) (?:open|there|here|in|waiting|with us|pending)(?: for)?(?: about| over| already| almost| nearly)* ?(?:for ?)?$`)
	sinceAfter  = guard(`^ old\b|^ ?(?:前|以前|之前)?(?:就|才)?来了`)
	// sureWords and sureAfter are those of nothing but tickets, wherever they are said.
	sureWords = guard(`(?:创建|生成|下发|派发|开单|建单|created|opened|issued)(?: at| on)?[ :]*$`)
	sureAfter = guard(`^ ?(?:平台)?(?:创建|生成|下发|发起|下的(?:$|[^单订])|来的)`)
	gotBefore = guard(`(?:\bgot|\breceived|收到|\b` + market + `(?:'s)?(?: has| just)? (?:sent|opened|raised|created|gave|issued|pushed|assigned|filed|handed))[^,;\n]*?(?:工单|请求|投诉单|ticket|request|case|complaint|work order)[ #:a-z.]{0,8}[0-9]* ?(?:at|on|around|about|from)?$`)
	ticketOf  = guard(`(?:工单|请求|ticket|request|case|work order)[ #:a-z.]{0,8}[0-9]{5,} ?(?:(?:is |was )?(?:dated|from|since)|是)$`)
	gotAfter  = guard(`^,? ?(?:an?|the|this|that|our)?\b[^,;\n]{0,24}(?:ticket|request|case|complaint|work order)[ #:a-z.]{0,8}[0-9]* ?(?:just |also )?(?:came|arrived|landed|dropped|popped|showed|was (?:opened|created|issued|raised|sent))\b|^,? ?(?:we|i) (?:got|received)\b[^,;\n]{0,24}(?:ticket|request|case|complaint|work order)`)
)

// ofCase and ofGoods are what can come in: a marketplace's ticket, or what is none of it, such as the parcel. Whose time it is
// the nearer of them tells.
var (
	ofCase  = regexp.MustCompile(`工单|协同单|请求|投诉单|服务单|介入|举证|ticket|request|case|work order|complaint|notice`)
	ofGoods = regexp.MustCompile(`买家|客户|客人|顾客|[她他]|包裹|快递|物流|货|商品|退款|付款|仓|buyer|customer|client|shopper|parcel|package|goods|item|courier|warehouse|refund|return|payment|shipment|delivery|\bh?she\b|\bthey\b`)
	goods   = guard(`^ ?(?:收到|接到|收的|到的|发来|发过来|来了|came|arrived)?的?(?:一?[个位条通件])?(?:新)?(?:货|包裹|快递|东西|商品|退货|买家|客户|客人|顾客|电话|消息|仓|破|坏|是坏|the (?:parcel|package|goods|item))`)
)

// ofOrder is what happened to an order, not to a ticket about it.
var ofOrder = regexp.MustCompile(`下的?了?单|拍|购|买|签收|发货|发出|寄|送|退|约|联系|打电话|坏|碎|破|漏|催|问|说|打来|bought|ordered|paid|shipped|sent out|broke|called|promised|asked|said|told|chased|wrote`)

// halfRead stands behind a time whose day could not be read with it: 09:10 on 11-17.
var halfRead = guard(`^ on (?:the )?[0-9]`)

// creation reads when a ticket was made.
type creation struct {
	m      Message
	runes  []rune
	origin string // "" = no marketplace's ticket: what came in then may be anything
}

// createdIn finds when the platform made its ticket, if the message says so.
func createdIn(m Message, found []entities.Entity, origin string) time.Time {
	c := creation{m, []rune(m.Text), origin}
	for _, e := range found {
		if at, ok := c.sinceThen(e); ok {
			return inZone(at, m.Zone)
		}
		if e.Type != entities.Time || e.Sense == entities.Duration || !c.said(e) {
			continue
		}
		at, err := time.Parse(time.RFC3339, e.Value)
		if at = c.behind(e, at); err == nil && !at.After(m.Now) && m.Now.Sub(at) < farOff && !torn(c.runes, found, e) {
			return inZone(at, m.Zone)
		}
	}
	return time.Time{}
}

// sinceThen is when a ticket was made that has been there for a length of time.
func (c creation) sinceThen(e entities.Entity) (time.Time, bool) {
	if e.Type != entities.Time || e.Sense != entities.Duration || c.origin == "" {
		return time.Time{}, false
	}
	before := clauseBefore(c.runes[:e.Start])
	after := entities.Fold(string(c.runes[e.End:min(len(c.runes), e.End+clauseReach)]))
	at, err := time.Parse(time.RFC3339, e.Value)
	length := at.Sub(c.m.Now)
	ok := err == nil && length > 0 && length < farOff && about(before) >= 0 && (sinceBefore.MatchString(before) || sinceAfter.MatchString(after))
	return c.m.Now.Add(-length), ok
}

// earliest is the earliest time behind us of which nothing says that it is the goods' or the buyer's: an allowance counts from
// there where nothing says when the ticket was made.
func (c creation) earliest(found []entities.Entity) (first time.Time) {
	for _, e := range found {
		if e.Type != entities.Time || e.Sense != entities.Past || e.Grain != "hour" && e.Grain != "minute" && e.Grain != "second" {
			continue
		}
		after := entities.Fold(string(c.runes[e.End:min(len(c.runes), e.End+clauseReach)]))
		if i := strings.IndexAny(after, clauseEnds); i >= 0 {
			after = after[:i]
		}
		at, err := time.Parse(time.RFC3339, e.Value)
		if err != nil || at.After(c.m.Now) || c.m.Now.Sub(at) > farOff || about(clauseBefore(c.runes[:e.Start])) < 0 || ofGoods.MatchString(after) ||
			ofOrder.MatchString(after) || ofOrder.MatchString(clauseBefore(c.runes[:e.Start])) || halfRead.MatchString(after) || torn(c.runes, found, e) {
			continue
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// said tells whether the words beside a time say that the ticket was made then.
func (c creation) said(e entities.Entity) bool {
	before := strings.TrimSpace(clauseBefore(c.runes[:e.Start]))
	after := entities.Fold(string(c.runes[e.End:min(len(c.runes), e.End+clauseReach)]))
	if createdLabel.MatchString(before) {
		return true
	}
	got := gotBefore.MatchString(before) || ticketOf.MatchString(before) && (isLatin(before) || strings.HasPrefix(after, "的"))
	sure := sureWords.MatchString(before) || sureAfter.MatchString(after)
	if !sure && !got && !createdWords.MatchString(before) && !createdAfter.MatchString(after) && !gotAfter.MatchString(after) {
		return false
	}
	if e.Sense == entities.Deadline || halfRead.MatchString(after) || goods.MatchString(after) {
		return false
	}
	whose := about(before)
	return whose > 0 || whose == 0 && !got && (sure || c.origin != "")
}

// isLatin tells whether a text ends in a Latin letter.
func isLatin(s string) bool { return s != "" && s[len(s)-1] >= 'a' && s[len(s)-1] <= 'z' }

// about tells whose matter a clause is: 1 the marketplace's ticket, -1 the buyer's or the goods', 0 nobody's.
func about(clause string) int {
	last := func(re *regexp.Regexp) int {
		all := re.FindAllStringIndex(clause, -1)
		if len(all) == 0 {
			return -1
		}
		return all[len(all)-1][0]
	}
	a, b := last(ofCase), last(ofGoods)
	switch {
	case a > b:
		return 1
	case b > a:
		return -1
	}
	return 0
}

// clauseReach is how many code points before a time are read for what it is about: a number and a line of words.
const clauseReach = 60

// clauseBefore is the end of a text back to the last mark that ends a clause; a colon ends one too, unless the time follows it.
func clauseBefore(runes []rune) string {
	s := entities.Fold(string(runes[max(0, len(runes)-clauseReach):]))
	label := strings.TrimRight(s, " :\n")
	if i := strings.LastIndexAny(label, clauseEnds+":"); i >= 0 {
		return s[i+1:]
	}
	return s
}

// clockAlone is a time of day that names no day.
var clockAlone = regexp.MustCompile(`^(?:at )?(?:上午|中午|下午|晚上|傍晚|夜里|深夜|早上|凌晨)? ?[0-9]{1,2}(?:[:点][0-9]{2}(?::[0-9]{2})?分?|点[钟半整]?)?(?: ?[ap]\.?m\.?)?$|^(?:上午|中午|下午|晚上|傍晚|夜里|深夜|早上|凌晨)?.{1,3}点.{0,3}$`)

// ofTonight is an hour of the evening, which is over when somebody speaks of it at night.
var ofTonight = regexp.MustCompile(`今晚|今夜|\btonight\b`)

// behind is a time that has passed. What is read as the coming 21:10 where somebody says 9点10 is 09:10, and 22:10, read at one in
// the morning, is yesterday's.
func (c creation) behind(e entities.Entity, at time.Time) time.Time {
	if !at.After(c.m.Now) {
		return at
	}
	zone := c.m.Zone
	if zone == nil {
		zone = c.m.Now.Location()
	}
	y, m, d := c.m.Now.In(zone).Date()
	if early, ok := readAt(e.Text, time.Date(y, m, d, 0, 0, 0, 0, zone), zone); ok && !early.After(c.m.Now) {
		return early
	}
	if words := entities.Fold(e.Text); clockAlone.MatchString(words) || c.m.Now.In(zone).Hour() < 6 && ofTonight.MatchString(words) {
		return at.AddDate(0, 0, -1)
	}
	return at
}

// readAt reads the time in words again, as if they were said then.
func readAt(words string, now time.Time, zone *time.Location) (time.Time, bool) {
	for _, e := range entities.Find(words, entities.Options{Now: now, Zone: zone}) {
		if e.Type == entities.Time {
			at, err := time.Parse(time.RFC3339, e.Value)
			return at, err == nil
		}
	}
	return time.Time{}, false
}
