package intents

import (
	"time"

	"gongdan/intents/entities"
)

// What tells that a marketplace's deadline has passed: 已超时 00:20:00, 20 mins overdue, was due at noon, 今天20:00截止.
var (
	overdueBefore = guard(`(?:已经?|早就?|都)(?:超时|逾期|过期)(?:了|达|约|大概|有)*[ :]*$|(?:超时|逾期)了[ :]*$|\b(?:overdue|past due|expired|late)(?: already)? (?:by|for)(?: about| over)?[ :]*$`)
	overdueBare   = guard(`(?:^|[^离距将快要会即])(?:超时|逾期)$`)
	overdueAfter  = guard(`^ ?(?:over|past )due\b|^ past (?:the )?deadline|^ ?(?:已经?)?(?:超时|逾期)了`)
	alreadyDone   = guard(`^ ?了`)
	wasDue        = guard(`(?:\bdeadline was|\b(?:was|were) due|\bexpired|\btimed out|\bran out|(?:超时|逾期|到期|截止)(?:时间|于|的?时间)?(?:是|为|于)?)(?: (?:at|by|on|around))?[ :]*$`)
	// ofGoodsLate is what the goods are late with.
	ofGoodsLate = guard(`^[^,;\n]{0,3}(?:发|揽|签收|送|更新|退|到货)`)
	dutyBefore  = guard(`截[止至]|最[晚迟]|限时|[到过]期|超时|deadline|\bdue\b|latest|\bexpire|\b(?:must|answer|reply|respond|handle|process)`)
	dutyAfter   = guard(`^[^,;\n]{0,6}(?:超时|到期|截止|要|需|必须|得|请|务必|回|处理|完成|搞定|reply|answer|please)|^[ ,;\n]*$`)
	dutyIn      = guard(`截止|到期|过期|为止`)
)

// overdue is when the time for a ticket was over that is said to be overdue for so long.
func (r dueReader) overdue(e entities.Entity) (time.Time, bool) {
	if e.Type != entities.Time {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, e.Value)
	before, after := clauseBefore(r.runes[:e.Start]), r.after(e, 24)
	if err != nil || about(before) < 0 || torn(r.runes, r.found, e) {
		return time.Time{}, false
	}
	length := at.Sub(r.m.Now)
	switch {
	case e.Sense == entities.Past && at.Before(r.m.Now) && -length < farOff:
		return at, wasDue.MatchString(before)
	case e.Sense == entities.Duration && length > 0 && length < farOff:
		if ofGoodsLate.MatchString(after) {
			return time.Time{}, false
		}
		said := wordsBefore(r.runes[:e.Start])
		return r.m.Now.Add(-length), overdueBefore.MatchString(said) || overdueAfter.MatchString(after) || overdueBare.MatchString(said) && alreadyDone.MatchString(after)
	}
	return time.Time{}, false
}

// missed tells whether a past time is a deadline that names its day and has a word of duty beside it: 今晚8点前联系过 has none.
func (r dueReader) missed(e entities.Entity, at time.Time) bool {
	return e.Sense == entities.Deadline && !r.allowance(e) && !r.isLeft(e) && r.m.Now.Sub(at) < farOff &&
		(dutyIn.MatchString(entities.Fold(e.Text)) || dutyBefore.MatchString(wordsBefore(r.runes[:e.Start])) || dutyAfter.MatchString(r.after(e, 24)))
}
