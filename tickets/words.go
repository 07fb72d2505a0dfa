package tickets

// What people write, and what becomes of their messages.

func (a *act) note() error {
	if a.c.Message.Text == "" && len(a.c.Message.Files) == 0 {
		return refuse(ReasonMissing, "text")
	}
	a.say(Event{Kind: EvNoted})
	return a.hear()
}

func (a *act) attach() error {
	if len(a.c.Message.Files) == 0 {
		return refuse(ReasonMissing, "files")
	}
	a.say(Event{Kind: EvAttached})
	return a.hear()
}

// hear draws the consequences of a message: facts that came with it, an answer by the team or a question to it, the
// end of a waiting, or the information that was missing.
func (a *act) hear() error {
	if !a.t.ticking() {
		return nil
	}
	who, heard := a.c.Actor, PartyNone
	asker := who.ID != "" && who.ID == a.t.Requester
	if err := a.learn(); err != nil {
		return err
	}
	if who.Role.Staff() {
		heard = a.c.Heard
		if !asker && !a.c.Asks && a.t.Status.Open() {
			a.respond(a.now)
		}
	}
	if a.speaksForMerchant() || heard == PartyCustomer {
		a.asked()
	}
	switch {
	case a.t.Status == StatusWaiting && (heard == a.t.Waiting || a.t.Waiting == PartyMerchant && a.speaksForMerchant()):
		return a.resume()
	case a.t.Status == StatusNeedsInfo && asker:
		return a.complete()
	}
	return nil
}

// speaksForMerchant tells whether who acts does so on the customer's side of the ticket. The requester speaks for the merchant
// too, unless they work on the ticket themselves: then the message is the agent's own remark.
func (a *act) speaksForMerchant() bool {
	who := a.c.Actor
	asker := who.ID != "" && who.ID == a.t.Requester
	return who.Role == RoleMerchant && CanSee(who, a.t) || asker && who.ID != a.t.Assignee
}

// isSource tells whether the command's message is the one that led to the ticket.
func (a *act) isSource() bool {
	m, s := a.c.Message, a.t.Source
	return m.TS != "" && m.TS == s.TS && m.Channel == s.Channel
}

// edited follows the text of the source; other messages have their new text in the event alone.
func (a *act) edited() error {
	if a.isSource() {
		if a.t.Source.Text == a.c.Message.Text {
			return nil // an unfurled link also arrives as an edit
		}
		a.t.Source.Text, a.t.Source.Edited = a.c.Message.Text, true
	}
	a.say(Event{Kind: EvEdited})
	if err := a.amended(a.renumber()); err != nil {
		return err
	}
	return a.learn()
}

// deleted marks the source as gone and keeps what it said: the ticket lives on.
func (a *act) deleted() error {
	if a.isSource() {
		if a.t.Source.Deleted {
			return nil
		}
		a.t.Source.Deleted = true
	}
	a.say(Event{Kind: EvDeleted})
	return nil
}

// posted learns the thread of a ticket that was made by command. The first thread stays.
func (a *act) posted() error {
	switch {
	case a.c.Thread == "":
		return refuse(ReasonMissing, "thread")
	case a.c.Thread == a.t.Source.Thread:
		return nil
	case a.t.Source.Thread != "":
		return refuse(ReasonAlready, "thread")
	}
	a.say(Event{Kind: EvPosted, To: a.c.Thread})
	a.t.Source.Thread = a.c.Thread
	if a.t.Source.Channel == "" {
		a.t.Source.Channel = a.c.Message.Channel
	}
	return nil
}

// unsaid keeps in the timeline that something queued was no longer true when its turn came. Should a deadline move so that it is
// true again, the steps that it called are not taken for said.
func (a *act) unsaid() error {
	for _, c := range a.c.Calls {
		if d := a.clock(c.Clock); d != nil && c.Version > 0 && d.Said(c.Step) == c.Version {
			d.pass(c.Step)
		}
	}
	a.say(Event{Kind: EvUnsaid, Clock: a.c.Clock})
	return nil
}
