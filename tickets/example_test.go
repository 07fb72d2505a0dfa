package tickets_test

import (
	"fmt"
	"time"

	"gongdan/tickets"
)

func ExampleApply() {
	env := tickets.Env{Now: time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC), Policy: tickets.DefaultPolicy()}
	agent := tickets.Actor{ID: "U1", Role: tickets.RoleAgent}

	made, _ := tickets.Apply(nil, tickets.Command{
		Kind: tickets.CmdCreate, Actor: tickets.Actor{ID: "U9", Role: tickets.RoleNone},
		Draft: &tickets.Draft{
			Workspace: "W", ID: tickets.TicketIDFor("W", "C1/1.1"), Number: 1042, Type: "goods_return",
			Source: tickets.Source{Kind: "message", Channel: "C1", TS: "1.1", Text: "杯子碎了，要退货"},
		},
	}, env)
	fmt.Println(made.Ticket.Number, made.Ticket.Status, "wakes", made.Ticket.Wake.Format(time.TimeOnly))

	claimed, _ := tickets.Apply(&made.Ticket, tickets.Command{Kind: tickets.CmdClaim, Actor: agent}, env)
	for _, e := range claimed.Events {
		fmt.Printf("%d %s %q\n", e.Version, e.Kind, e.To)
	}

	_, err := tickets.Apply(&claimed.Ticket, tickets.Command{Kind: tickets.CmdClaim, Actor: agent}, env)
	fmt.Println(err)
	// Output:
	// T-1042 new wakes 01:20:00
	// 2 assigned "U1"
	// 2 started ""
	// refused: already: U1
}
