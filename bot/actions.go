package bot

// Ids of the elements that can be pressed or chosen. Values hold a ticket's id, or what is said here.
const (
	ActClaim       = "claim"
	ActAnswer      = "answer"   // 已回复平台
	ActWait        = "wait"     // opens the private choice of ActWaitFor
	ActWaitFor     = "wait_for" // option: party, "|", ticket
	ActResume      = "resume"
	ActResolve     = "resolve"
	ActResolveForm = "resolve_form" // opens the form for a ticket of the marketplace's
	ActTransfer    = "transfer"     // opens the private choice of ActAssignTo
	ActAssignTo    = "assign_to"    // a person; the ticket's id is in Action.Value
	ActMore        = "more"         // opens the private menu of ActMoreDo
	ActMoreDo      = "more_do"      // option: what to do, "|", ticket; one of the Do… words
	ActAck         = "ack"          // 我来跟进: clock, "|", ticket
	ActList        = "list"         // 查看全部: opens a private list; ListMine or ListAll
	ActClose       = "close"
	ActReopen      = "reopen"
	ActMake        = "make"         // 建工单: channel, "/", ts of the message
	ActMakeNot     = "make_not"     // 不用: channel, "/", ts
	ActAddTo       = "add_to"       // 加到 T-…: channel, "/", ts, "|", ticket
	ActAskOrder    = "ask_order"    // 填订单号: channel, "/", ts; opens the form of one field
	ActSplit       = "split"        // 拆成 N 张
	ActSplitOff    = "split_off"    // 另建一张: channel, "/", ts
	ActTypeTo      = "type_to"      // 类型不对: option: type, "|", ticket
	ActNumberTo    = "number_to"    // 改成 …: number that was told wrongly, ">", the right one, "|", ticket
	ActWhyMessage  = "why_message"  // 为什么: channel, "/", ts; also a shortcut of messages
	ActMakeMessage = "make_message" // a shortcut of messages: make a ticket of it
)

// Values of ActList.
const (
	ListMine   = "mine"
	ListAll    = "all"
	ListMissed = "missed"
)
