package app

import "testing"

// A ticket asked for where the bot is not would have no card: whoever asks is told to invite the bot, and then gets it.
func TestNewWhereTheBotIsNot(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	if _, err := s.sim.Command(li, lateRoom, "/ticket", "new "+mug); err != nil {
		t.Fatal(err)
	}
	s.direct(li, "/invite @gongdan")
	if got := s.tickets(); len(got) != 0 {
		t.Fatalf("%d tickets, want none", len(got))
	}
	s.sim.Invite(lateRoom, botUser)
	s.settled()
	s.command(li, lateRoom, "new "+mug)
	s.look("the ticket is made", func() bool { return len(s.tickets()) == 1 })
}
