package bot

import (
	"gongdan/bot/words"
	"gongdan/tickets"
)

// clockWords are one sentence for each clock. Unknown clocks read like the resolution's.
type clockWords map[tickets.ClockKind]words.ID

func (c clockWords) of(k tickets.ClockKind) words.ID {
	if id, ok := c[k]; ok {
		return id
	}
	return c[tickets.ClockResolution]
}

// What is said of each clock: before its deadline, when that falls after the shift, at and beyond it, and inside other sentences.
var (
	beforeWords = clockWords{tickets.ClockPlatform: words.NoticeBeforePlatform, tickets.ClockFirstResponse: words.NoticeBeforeFirst,
		tickets.ClockNextResponse: words.NoticeBeforeNext, tickets.ClockResolution: words.NoticeBeforeResolution,
		tickets.ClockNextUpdate: words.NoticeBeforeUpdate}
	shiftWords = clockWords{tickets.ClockPlatform: words.NoticeShiftPlatform, tickets.ClockFirstResponse: words.NoticeShiftFirst,
		tickets.ClockNextResponse: words.NoticeShiftNext, tickets.ClockResolution: words.NoticeShiftResolution,
		tickets.ClockNextUpdate: words.NoticeShiftUpdate}
	atWords = clockWords{tickets.ClockPlatform: words.NoticeAtPlatform, tickets.ClockFirstResponse: words.NoticeAtFirst,
		tickets.ClockNextResponse: words.NoticeAtNext, tickets.ClockResolution: words.NoticeAtResolution,
		tickets.ClockNextUpdate: words.NoticeAtUpdate}
	afterWords     = clockWords{tickets.ClockPlatform: words.NoticeAfterPlatform, tickets.ClockResolution: words.NoticeAfterTeam}
	afterToldWords = clockWords{tickets.ClockPlatform: words.NoticeAfterPlatformTold, tickets.ClockResolution: words.NoticeAfterTeamTold}
	leftWords      = clockWords{tickets.ClockPlatform: words.NoticeLeftPlatform, tickets.ClockFirstResponse: words.NoticeLeftFirst,
		tickets.ClockNextResponse: words.NoticeLeftNext, tickets.ClockResolution: words.NoticeLeftResolution,
		tickets.ClockNextUpdate: words.NoticeLeftUpdate}
	nowWords = clockWords{tickets.ClockPlatform: words.NoticeNowPlatform, tickets.ClockFirstResponse: words.NoticeNowFirst,
		tickets.ClockNextResponse: words.NoticeNowNext, tickets.ClockResolution: words.NoticeNowResolution,
		tickets.ClockNextUpdate: words.NoticeNowUpdate}
	lateWords = clockWords{tickets.ClockPlatform: words.NoticeLatePlatform, tickets.ClockFirstResponse: words.NoticeLateFirst,
		tickets.ClockNextResponse: words.NoticeLateNext, tickets.ClockResolution: words.NoticeLateResolution,
		tickets.ClockNextUpdate: words.NoticeLateUpdate}
	dueWords = clockWords{tickets.ClockPlatform: words.NoticeAssignedPlatform, tickets.ClockFirstResponse: words.NoticeAssignedFirst,
		tickets.ClockNextResponse: words.NoticeAssignedNext, tickets.ClockResolution: words.NoticeAssignedResolution,
		tickets.ClockNextUpdate: words.NoticeAssignedUpdate}
	nextWords = clockWords{tickets.ClockPlatform: words.CardNextAnswer, tickets.ClockFirstResponse: words.CardNextFirst,
		tickets.ClockNextResponse: words.CardNextAgain, tickets.ClockResolution: words.CardNextResolve,
		tickets.ClockNextUpdate: words.CardNextUpdate}
	endedWords = clockWords{tickets.ClockPlatform: words.NoticeEndedPlatform, tickets.ClockFirstResponse: words.NoticeEndedAnswered,
		tickets.ClockNextResponse: words.NoticeEndedAnswered, tickets.ClockResolution: words.NoticeEndedResolved}
	rowWords = clockWords{tickets.ClockPlatform: words.ListPlatformDue, tickets.ClockResolution: words.ListTeamDue}
)
