package words

// ID names one message. Only the constants below exist in the locale files; a test keeps both sides equal.
type ID string

// Times and durations.
const (
	TimeToday       ID = "time.today"
	TimeTomorrow    ID = "time.tomorrow"
	TimeYesterday   ID = "time.yesterday"
	TimeDate        ID = "time.date"
	TimeDateWeekday ID = "time.date_weekday"
	TimeDateYear    ID = "time.date_year"
	TimeSeconds     ID = "time.seconds"
	TimeMinutes     ID = "time.minutes"
	TimeHours       ID = "time.hours"
	TimeDays        ID = "time.days"
	TimeTwoUnits    ID = "time.two_units"
	TimeWithBand    ID = "time.with_band"
)

// Bands of a deadline on a card.
const (
	BandOverdue ID = "band.overdue"
	BandHour    ID = "band.hour"
	BandToday   ID = "band.today"
	BandDay     ID = "band.day"
	BandLater   ID = "band.later"
)

// Joining.
const (
	JoinList   ID = "join.list"
	JoinClause ID = "join.clause"
	JoinMore   ID = "join.more"
)

// People without a name.
const (
	Someone ID = "someone"
	Nobody  ID = "nobody"
)

// Labels of fields.
const (
	FieldOrder       ID = "field.order"
	FieldSeverity    ID = "field.severity"
	FieldAssignee    ID = "field.assignee"
	FieldPlatformDue ID = "field.platform_due"
	FieldTeamDue     ID = "field.team_due"
	FieldNext        ID = "field.next"
	FieldPlatformNo  ID = "field.platform_no"
	FieldAfterSale   ID = "field.after_sale"
	FieldWaybill     ID = "field.waybill"
	FieldPromised    ID = "field.promised"
	FieldRequester   ID = "field.requester"
	FieldCreated     ID = "field.created"
	FieldOutcome     ID = "field.outcome"
)

// Values on a card.
const (
	CardSummary             ID = "card.summary"
	CardNoOrder             ID = "card.no_order"
	CardStoppedAnswered     ID = "card.stopped_answered"
	CardStoppedAnsweredLate ID = "card.stopped_answered_late"
	CardStopped             ID = "card.stopped"
	CardTeamRunning         ID = "card.team_running"
	CardTeamMet             ID = "card.team_met"
	CardTeamMissed          ID = "card.team_missed"
	CardNextAnswer          ID = "card.next_answer"
	CardNextFirst           ID = "card.next_first"
	CardNextResolve         ID = "card.next_resolve"
	CardNextClaim           ID = "card.next_claim"
	CardNextWork            ID = "card.next_work"
	CardNextWait            ID = "card.next_wait"
	CardNextInfo            ID = "card.next_info"
	CardNextClose           ID = "card.next_close"
	CardSourceGone          ID = "card.source_gone"
	CardPromised            ID = "card.promised"
	CardPromisedLate        ID = "card.promised_late"
	CardPromisedSoon        ID = "card.promised_soon"
)

// Labels of buttons.
const (
	ButtonClaim    ID = "button.claim"
	ButtonAnswer   ID = "button.answer"
	ButtonWait     ID = "button.wait"
	ButtonResume   ID = "button.resume"
	ButtonResolve  ID = "button.resolve"
	ButtonTransfer ID = "button.transfer"
	ButtonReassign ID = "button.reassign"
	ButtonMore     ID = "button.more"
	ButtonAck      ID = "button.ack"
	ButtonClose    ID = "button.close"
	ButtonReopen   ID = "button.reopen"
	ButtonMake     ID = "button.make"
	ButtonMakeNot  ID = "button.make_not"
	ButtonAddTo    ID = "button.add_to"
	ButtonSplitOff ID = "button.split_off"
	ButtonUrge     ID = "button.urge"
)

// Private choices.
const (
	ChooseWait          ID = "choose.wait"
	ChooseWaitPlatform  ID = "choose.wait_platform"
	ChooseWaitLabel     ID = "choose.wait_label"
	ChooseTransfer      ID = "choose.transfer"
	ChooseTransferLabel ID = "choose.transfer_label"
	ChooseMore          ID = "choose.more"
	ChooseMoreLabel     ID = "choose.more_label"
	ChooseDiscard       ID = "choose.discard"
	ChooseClose         ID = "choose.close"
	ChooseReopen        ID = "choose.reopen"
	ChooseUrge          ID = "choose.urge"
	ChooseWhy           ID = "choose.why"
	ChooseShow          ID = "choose.show"
	ChooseAnswerAt      ID = "choose.answer_at"
)

// Where a ticket came from.
const (
	WhyKnown   ID = "why.known"
	WhyUnknown ID = "why.unknown"
)

// Reminders, breaches, escalations and other notices.
const (
	NoticeBeforePlatform       ID = "notice.before_platform"
	NoticeBeforeFirst          ID = "notice.before_first"
	NoticeBeforeResolution     ID = "notice.before_resolution"
	NoticeAtPlatform           ID = "notice.at_platform"
	NoticeAtFirst              ID = "notice.at_first"
	NoticeAtResolution         ID = "notice.at_resolution"
	NoticeAfterPlatform        ID = "notice.after_platform"
	NoticeAfterPlatformTold    ID = "notice.after_platform_told"
	NoticeAfterTeam            ID = "notice.after_team"
	NoticeAfterTeamTold        ID = "notice.after_team_told"
	NoticeConsequence          ID = "notice.consequence"
	NoticeConsequenceDouyin    ID = "notice.consequence_douyin"
	NoticeConsequencePinduoduo ID = "notice.consequence_pinduoduo"
	NoticeEscalation           ID = "notice.escalation"
	NoticeLeftPlatform         ID = "notice.left_platform"
	NoticeLeftFirst            ID = "notice.left_first"
	NoticeLeftResolution       ID = "notice.left_resolution"
	NoticeLatePlatform         ID = "notice.late_platform"
	NoticeLateFirst            ID = "notice.late_first"
	NoticeLateResolution       ID = "notice.late_resolution"
	NoticeNowPlatform          ID = "notice.now_platform"
	NoticeNowFirst             ID = "notice.now_first"
	NoticeNowResolution        ID = "notice.now_resolution"
	NoticeStateNobody          ID = "notice.state_nobody"
	NoticeStateUnclaimed       ID = "notice.state_unclaimed"
	NoticeStateIdle            ID = "notice.state_idle"
	NoticeStateIdleWaiting     ID = "notice.state_idle_waiting"
	NoticeStateWorking         ID = "notice.state_working"
	NoticeStateWorkingWaiting  ID = "notice.state_working_waiting"
	NoticeAcked                ID = "notice.acked"
	NoticeAckedTicket          ID = "notice.acked_ticket"
	NoticeAckedMerchant        ID = "notice.acked_merchant"
	NoticeOnIt                 ID = "notice.on_it"
	NoticeAssigned             ID = "notice.assigned"
	NoticeAssignedBy           ID = "notice.assigned_by"
	NoticeAssignedPlatform     ID = "notice.assigned_platform"
	NoticeAssignedFirst        ID = "notice.assigned_first"
	NoticeAssignedResolution   ID = "notice.assigned_resolution"
	NoticeUnassigned           ID = "notice.unassigned"
	NoticeUnassignedNobody     ID = "notice.unassigned_nobody"
	NoticeUrged                ID = "notice.urged"
	NoticeUrgedBy              ID = "notice.urged_by"
	NoticeUrgedDue             ID = "notice.urged_due"
	NoticeResumed              ID = "notice.resumed"
	NoticeResumedParty         ID = "notice.resumed_party"
	NoticeDiscreet             ID = "notice.discreet"
	NoticeAsk                  ID = "notice.ask"
	NoticeDuplicate            ID = "notice.duplicate"
	NoticeDuplicateMerchant    ID = "notice.duplicate_merchant"
)

// The welcome, three lines.
const (
	WelcomeWhat          ID = "welcome.what"
	WelcomeClock         ID = "welcome.clock"
	WelcomeHow           ID = "welcome.how"
	WelcomeWhatMerchant  ID = "welcome.what_merchant"
	WelcomeClockMerchant ID = "welcome.clock_merchant"
	WelcomeHowMerchant   ID = "welcome.how_merchant"
)

// What a command did.
const (
	DoneUpdated           ID = "done.updated"
	DoneCreate            ID = "done.create"
	DoneCreateDue         ID = "done.create_due"
	DoneCreateNobody      ID = "done.create_nobody"
	DoneCreateNobodyDue   ID = "done.create_nobody_due"
	DoneCreateMerchant    ID = "done.create_merchant"
	DoneCreateMerchantDue ID = "done.create_merchant_due"
	DoneClaim             ID = "done.claim"
	DoneAssign            ID = "done.assign"
	DoneNote              ID = "done.note"
	DoneNoteMerchant      ID = "done.note_merchant"
	DoneAnswer            ID = "done.answer"
	DoneWait              ID = "done.wait"
	DoneWaitInternal      ID = "done.wait_internal"
	DoneResume            ID = "done.resume"
	DoneResolve           ID = "done.resolve"
	DoneResolveUnanswered ID = "done.resolve_unanswered"
	DoneClose             ID = "done.close"
	DoneCloseMerchant     ID = "done.close_merchant"
	DoneReopen            ID = "done.reopen"
	DoneReopenMerchant    ID = "done.reopen_merchant"
	DoneSendback          ID = "done.sendback"
	DoneComplete          ID = "done.complete"
	DoneCancel            ID = "done.cancel"
	DoneDiscard           ID = "done.discard"
	DoneUrge              ID = "done.urge"
	DoneUrgeDue           ID = "done.urge_due"
	DoneUrgeNobody        ID = "done.urge_nobody"
	DoneUrgeMerchant      ID = "done.urge_merchant"
	DoneUrgeMerchantDue   ID = "done.urge_merchant_due"
	DoneAck               ID = "done.ack"
	DoneMakeNot           ID = "done.make_not"
)

// The team as one.
const (
	We ID = "we"
)

// Why a command was refused.
const (
	RefusedWrongStatus          ID = "refused.wrong_status"
	RefusedHintNew              ID = "refused.hint_new"
	RefusedHintWorking          ID = "refused.hint_working"
	RefusedHintWaiting          ID = "refused.hint_waiting"
	RefusedHintInfo             ID = "refused.hint_info"
	RefusedHintDone             ID = "refused.hint_done"
	RefusedHintOver             ID = "refused.hint_over"
	RefusedHintMerchant         ID = "refused.hint_merchant"
	RefusedNotPermitted         ID = "refused.not_permitted"
	RefusedNotPermittedMerchant ID = "refused.not_permitted_merchant"
	RefusedNotPlatform          ID = "refused.not_platform"
	RefusedMissingAssignee      ID = "refused.missing_assignee"
	RefusedMissingParty         ID = "refused.missing_party"
	RefusedMissingText          ID = "refused.missing_text"
	RefusedMissingReason        ID = "refused.missing_reason"
	RefusedMissingTicket        ID = "refused.missing_ticket"
	RefusedFuture               ID = "refused.future"
	RefusedTooOldAnswer         ID = "refused.too_old_answer"
	RefusedTooOldReopen         ID = "refused.too_old_reopen"
	RefusedAlready              ID = "refused.already"
	RefusedCannotCancel         ID = "refused.cannot_cancel"
	RefusedTooSoon              ID = "refused.too_soon"
	RefusedTooSoonLater         ID = "refused.too_soon_later"
	RefusedTooSoonUnknown       ID = "refused.too_soon_unknown"
	RefusedNotFound             ID = "refused.not_found"
	RefusedNotSaved             ID = "refused.not_saved"
	RefusedUnknown              ID = "refused.unknown"
	RefusedUnknownSuggest       ID = "refused.unknown_suggest"
	RefusedTaken                ID = "refused.taken"
	RefusedUnanswered           ID = "refused.unanswered"
	RefusedWho                  ID = "refused.who"
	RefusedNothing              ID = "refused.nothing"
	RefusedTime                 ID = "refused.time"
	RefusedAnswered             ID = "refused.answered"
	RefusedDefault              ID = "refused.default"
)

// Lists.
const (
	ListMine          ID = "list.mine"
	ListAll           ID = "list.all"
	ListMerchant      ID = "list.merchant"
	ListUrgent        ID = "list.urgent"
	ListEmptyMine     ID = "list.empty_mine"
	ListEmptyAll      ID = "list.empty_all"
	ListEmptyMerchant ID = "list.empty_merchant"
	ListFooter        ID = "list.footer"
	ListMore          ID = "list.more"
	ListPlatformDue   ID = "list.platform_due"
	ListTeamDue       ID = "list.team_due"
	ListPromised      ID = "list.promised"
	ListOrder         ID = "list.order"
)

// Entries of a timeline.
const (
	TimelineHeading    ID = "timeline.heading"
	TimelineEarlier    ID = "timeline.earlier"
	TimelineLine       ID = "timeline.line"
	TimelineQuote      ID = "timeline.quote"
	TimelineCreated    ID = "timeline.created"
	TimelineAssigned   ID = "timeline.assigned"
	TimelineUnassigned ID = "timeline.unassigned"
	TimelineStarted    ID = "timeline.started"
	TimelineNoted      ID = "timeline.noted"
	TimelineAttached   ID = "timeline.attached"
	TimelineResponded  ID = "timeline.responded"
	TimelineAnswered   ID = "timeline.answered"
	TimelineWaiting    ID = "timeline.waiting"
	TimelineResumed    ID = "timeline.resumed"
	TimelineResolved   ID = "timeline.resolved"
	TimelineClosed     ID = "timeline.closed"
	TimelineReopened   ID = "timeline.reopened"
	TimelineSentBack   ID = "timeline.sent_back"
	TimelineCompleted  ID = "timeline.completed"
	TimelineCancelled  ID = "timeline.cancelled"
	TimelineDiscarded  ID = "timeline.discarded"
	TimelineUrged      ID = "timeline.urged"
	TimelineAcked      ID = "timeline.acked"
	TimelineAmended    ID = "timeline.amended"
	TimelineEdited     ID = "timeline.edited"
	TimelineDeleted    ID = "timeline.deleted"
	TimelineReminded   ID = "timeline.reminded"
	TimelineBreached   ID = "timeline.breached"
	TimelineEscalated  ID = "timeline.escalated"
	TimelineMoved      ID = "timeline.moved"
	TimelineArchived   ID = "timeline.archived"
	TimelineSystem     ID = "timeline.system"
)

// Help.
const (
	HelpTitle          ID = "help.title"
	HelpTitleMerchant  ID = "help.title_merchant"
	HelpLine           ID = "help.line"
	HelpFooter         ID = "help.footer"
	HelpFooterMerchant ID = "help.footer_merchant"
	HelpUnknown        ID = "help.unknown"
)

// Forms and the home page.
const (
	FormLoading           ID = "form.loading"
	FormSubmit            ID = "form.submit"
	FormCancel            ID = "form.cancel"
	FormNewTitle          ID = "form.new_title"
	FormNewText           ID = "form.new_text"
	FormNewTextHint       ID = "form.new_text_hint"
	FormNewOrder          ID = "form.new_order"
	FormNewType           ID = "form.new_type"
	FormNewOrigin         ID = "form.new_origin"
	FormNewNo             ID = "form.new_no"
	FormNewDue            ID = "form.new_due"
	FormNewDueHint        ID = "form.new_due_hint"
	FormWaitTitle         ID = "form.wait_title"
	FormWaitParty         ID = "form.wait_party"
	FormWaitNote          ID = "form.wait_note"
	FormWaitNoteHint      ID = "form.wait_note_hint"
	FormTransferTitle     ID = "form.transfer_title"
	FormTransferWho       ID = "form.transfer_who"
	FormTransferNote      ID = "form.transfer_note"
	FormResolveTitle      ID = "form.resolve_title"
	FormResolveUnanswered ID = "form.resolve_unanswered"
	FormResolveOutcome    ID = "form.resolve_outcome"
	FormResolveNote       ID = "form.resolve_note"
	FormResolveNoteHint   ID = "form.resolve_note_hint"
	FormAgreed            ID = "form.agreed"
	FormNotAgreed         ID = "form.not_agreed"
	FormUnreachable       ID = "form.unreachable"
	FormAnswerTitle       ID = "form.answer_title"
	FormAnswerAt          ID = "form.answer_at"
	FormAnswerAtHint      ID = "form.answer_at_hint"
	FormNeed              ID = "form.need"
	FormTyped             ID = "form.typed"
	HomeHello             ID = "home.hello"
	HomeEmpty             ID = "home.empty"
	HomeFoot              ID = "home.foot"
)
