package tickets_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

var update = flag.Bool("update", false, "write golden files anew")

// allStatuses are in the order of the grid's columns.
var allStatuses = []tickets.Status{
	tickets.StatusNew, tickets.StatusAssigned, tickets.StatusInProgress, tickets.StatusWaiting, tickets.StatusNeedsInfo,
	tickets.StatusResolved, tickets.StatusClosed, tickets.StatusArchived, tickets.StatusCancelled,
}

// grid is what a supervisor (or the clock) gets for a full command on a provider's ticket that has no thread
// yet and, from assigned on, an assignee: the status afterwards or, after "!", the reason of refusal.
const grid = `
         new          assigned     in_progress  waiting       needs_info    resolved      closed        archived      cancelled
assign   assigned     assigned     in_progress  waiting       needs_info    !wrong_status !wrong_status !wrong_status !wrong_status
claim    in_progress  in_progress  in_progress  in_progress   in_progress   !wrong_status !wrong_status !wrong_status !wrong_status
note     new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status cancelled
attach   new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status cancelled
answer   new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status !wrong_status
wait     waiting      waiting      waiting      waiting       !wrong_status !wrong_status !wrong_status !wrong_status !wrong_status
resume   !wrong_status !wrong_status !already   in_progress   !wrong_status !wrong_status !wrong_status !wrong_status !wrong_status
resolve  resolved     resolved     resolved     resolved      resolved      !already      !wrong_status !wrong_status !wrong_status
close    !wrong_status !wrong_status !wrong_status !wrong_status !wrong_status closed     !already      !already      !wrong_status
reopen   !already     !already     !already     !already      !already      in_progress   in_progress   !too_old      in_progress
sendback needs_info   needs_info   needs_info   needs_info    !already      !wrong_status !wrong_status !wrong_status !wrong_status
complete !wrong_status !wrong_status !wrong_status !wrong_status assigned   !wrong_status !wrong_status !wrong_status !wrong_status
cancel   cancelled    cancelled    cancelled    cancelled     cancelled     !wrong_status !wrong_status !wrong_status !already
discard  cancelled    cancelled    cancelled    cancelled     cancelled     !wrong_status !wrong_status !wrong_status !already
urge     new          assigned     in_progress  waiting       needs_info    !wrong_status !wrong_status !wrong_status !wrong_status
ack      new          assigned     in_progress  waiting       needs_info    resolved      !wrong_status !wrong_status !wrong_status
amend    new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status !wrong_status
edited   new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status cancelled
deleted  new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status cancelled
posted   new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status cancelled
unsaid   new          assigned     in_progress  waiting       needs_info    resolved      closed        archived      cancelled
wake     new          assigned     in_progress  waiting       needs_info    resolved      closed        archived      cancelled
severity new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status !wrong_status
type     new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status !wrong_status
origin   new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status !wrong_status
due      new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status !wrong_status
promise  new          assigned     in_progress  waiting       needs_info    !wrong_status !wrong_status !wrong_status !wrong_status
correct  new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status !wrong_status
snooze   new          assigned     in_progress  waiting       needs_info    resolved      !wrong_status !wrong_status !wrong_status
tag      new          assigned     in_progress  waiting       needs_info    resolved      closed        !wrong_status !wrong_status
split    new          assigned     in_progress  waiting       needs_info    !wrong_status !wrong_status !wrong_status !wrong_status
replan   new          assigned     in_progress  waiting       needs_info    resolved      !wrong_status !wrong_status !wrong_status
`

// reach makes a ticket of a status the way people would.
func reach(t *testing.T, to tickets.Status) *story {
	t.Helper()
	d := draft()
	d.Origin, d.PlatformCreated, d.Source.Thread = tickets.OriginProvider, noon.Add(-time.Hour), ""
	if to != tickets.StatusNew {
		d.Assignee = li.ID
	}
	s := tell(t, d)
	switch to {
	case tickets.StatusNew, tickets.StatusAssigned:
		return s
	case tickets.StatusArchived:
		s.take(tickets.Apply(&reach(t, tickets.StatusClosed).ticket,
			full(tickets.CmdWake, clock), tickets.Env{Now: noon.Add(60 * 24 * time.Hour), Policy: s.env.Policy}))
		s.status(to)
		return s
	}
	s.by(li, tickets.CmdClaim)
	switch to {
	case tickets.StatusWaiting:
		s.do(tickets.Command{Kind: tickets.CmdWait, Actor: li, Party: tickets.PartyCourier})
	case tickets.StatusNeedsInfo:
		s.by(li, tickets.CmdSendBack)
	case tickets.StatusResolved:
		s.by(li, tickets.CmdResolve)
	case tickets.StatusClosed:
		s.by(li, tickets.CmdResolve)
		s.at(30 * time.Hour).wake() // the platform's clock has said its last word
		s.by(li, tickets.CmdClose)
	case tickets.StatusCancelled:
		s.by(wang, tickets.CmdCancel)
	}
	s.status(to)
	return s
}

func TestEveryCell(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(grid), "\n")
	seen := map[tickets.CommandKind]bool{}
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		kind := tickets.CommandKind(words[0])
		seen[kind] = true
		for i, want := range words[1:] {
			t.Run(words[0]+"/"+string(allStatuses[i]), func(t *testing.T) {
				t.Parallel()
				tryCell(t, kind, allStatuses[i], want)
			})
		}
	}
	if len(allKinds) != 33 {
		t.Errorf("allKinds has %d commands; keep it, the grid and knownKinds in step", len(allKinds))
	}
	for _, k := range allKinds[1:] {
		if !seen[k] {
			t.Errorf("the grid lacks %s", k)
		}
	}
}

func tryCell(t *testing.T, kind tickets.CommandKind, from tickets.Status, want string) {
	s := reach(t, from)
	if kind == tickets.CmdClose && from == tickets.StatusResolved {
		s.by(li, tickets.CmdAnswer) // else the platform still waits
	}
	who := wang
	if !tickets.Allowed(wang.Role, kind) {
		who = clock
	}
	r, err := tickets.Apply(&s.ticket, full(kind, who), s.env)
	got := string(r.Ticket.Status)
	var refusal *tickets.Refusal
	if errors.As(err, &refusal) {
		got = "!" + string(refusal.Reason)
	}
	if got != want {
		t.Fatalf("%s in %s = %s (%v), want %s", kind, from, got, err, want)
	}
	leads := tickets.Leads(from, kind)
	if refused := err != nil; refused != (leads == nil) || !refused && !slices.Contains(leads, r.Ticket.Status) {
		t.Errorf("Leads(%s, %s) = %v, but Apply gave %s", from, kind, leads, got)
	}
}

// allKinds are all commands; create comes first and meets no ticket.
var allKinds = []tickets.CommandKind{
	tickets.CmdCreate, tickets.CmdAssign, tickets.CmdClaim, tickets.CmdNote, tickets.CmdAttach, tickets.CmdAnswer,
	tickets.CmdWait, tickets.CmdResume, tickets.CmdResolve, tickets.CmdClose, tickets.CmdReopen, tickets.CmdSendBack,
	tickets.CmdComplete, tickets.CmdCancel, tickets.CmdDiscard, tickets.CmdUrge, tickets.CmdAck, tickets.CmdAmend,
	tickets.CmdEdited, tickets.CmdDeleted, tickets.CmdPosted, tickets.CmdUnsaid, tickets.CmdWake,
	tickets.CmdSeverity, tickets.CmdType, tickets.CmdOrigin, tickets.CmdDue, tickets.CmdPromise, tickets.CmdCorrect,
	tickets.CmdSnooze, tickets.CmdTag, tickets.CmdSplit, tickets.CmdReplan,
}

func TestCreateMeetsNoTicket(t *testing.T) {
	t.Parallel()
	for _, st := range allStatuses {
		s := reach(t, st)
		s.refused(tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, tickets.ReasonAlready)
	}
	for _, k := range allKinds[1:] {
		who := wang
		if !tickets.Allowed(wang.Role, k) {
			who = clock
		}
		if _, err := tickets.Apply(nil, full(k, who), tickets.Env{Now: noon}); !errors.Is(err, tickets.ErrInvalid) {
			t.Errorf("Apply(nil, %s) = %v, want ErrInvalid", k, err)
		}
	}
}

func TestStateDiagram(t *testing.T) {
	t.Parallel()
	golden(t, filepath.Join("..", "docs", "states.md"), statesPage())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it by go test ./tickets -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is out of date (-want +got); write it anew by go test ./tickets -update\n%s", path, diff)
	}
}

// statesPage draws the transition table as a diagram and prints it as a table.
func statesPage() string {
	var b strings.Builder
	b.WriteString("# The life of a ticket\n\n" +
		"Generated from the transition table in `tickets/status.go` by `go test ./tickets -update`; do not edit.\n\n" +
		"```mermaid\nstateDiagram-v2\n    [*] --> new: create\n    [*] --> assigned: create for somebody\n")
	for _, from := range allStatuses {
		for _, to := range allStatuses {
			var by []string
			for _, k := range allKinds[1:] {
				if from != to && slices.Contains(tickets.Leads(from, k), to) {
					by = append(by, string(k))
				}
			}
			if len(by) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(by, ", "))
			}
		}
	}
	b.WriteString("    archived --> [*]\n```\n\n" +
		"Each cell is the status in which the command may leave the ticket; an empty one is a refusal. Where there are\n" +
		"several, the ticket decides: whether it has an assignee, who wrote the note, what is due. `=` keeps the status.\n\n" +
		"| command |")
	for _, s := range allStatuses {
		fmt.Fprintf(&b, " %s |", s)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(allStatuses)) + "\n")
	for _, k := range allKinds[1:] {
		fmt.Fprintf(&b, "| %s |", k)
		for _, s := range allStatuses {
			b.WriteString(cellText(s, k))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## Who may do what\n\n| command | none | merchant | agent | supervisor | admin | clock |\n" +
		"| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, k := range allKinds {
		fmt.Fprintf(&b, "| %s |", k)
		for _, r := range allRoles {
			b.WriteString(map[bool]string{true: " ✓ |", false: " |"}[tickets.Allowed(r, k)])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func cellText(s tickets.Status, k tickets.CommandKind) string {
	var words []string
	for _, to := range tickets.Leads(s, k) {
		if to == s {
			to = "="
		}
		words = append(words, string(to))
	}
	if len(words) == 0 {
		return " |"
	}
	return " " + strings.Join(words, ", ") + " |"
}
