package archtest

import (
	"slices"
	"strings"
	"testing"
)

func TestTree(t *testing.T) {
	t.Parallel()
	files := tree(t)
	if len(files) < 10 {
		t.Fatalf("only %d Go files found below %s: the walk is blind", len(files), root(t))
	}
	for name, check := range rules {
		t.Run(name, func(t *testing.T) {
			for _, line := range excuse(t, name, sorted(check(files))) {
				t.Error(line)
			}
		})
	}
	for dir := range packages {
		if !slices.ContainsFunc(files, func(s source) bool { return s.dir == dir }) {
			t.Logf("the table lists %s, which does not exist", dir)
		}
	}
}

// excuse drops the complaints that the table excuses.
func excuse(t *testing.T, rule string, lines []string) []string {
	t.Helper()
	for _, e := range excused {
		if e.rule != rule {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.HasPrefix(l, e.file+":") })
		if len(left) == len(lines) {
			t.Errorf("%s needs no excuse from %q any more; drop its line", e.file, rule)
		}
		lines = left
	}
	return lines
}

func sorted(lines []string) []string {
	slices.Sort(lines)
	return lines
}

// TestTable checks that the table itself names what exists in it.
func TestTable(t *testing.T) {
	t.Parallel()
	for dir, imports := range packages {
		if !slices.IsSorted(imports) {
			t.Errorf("imports of %s are not sorted", dir)
		}
		for _, to := range imports {
			if _, ok := packages[to]; !ok {
				t.Errorf("%s may import %s, which the table does not list", dir, to)
			}
		}
	}
	for lib := range testLibraries {
		if _, ok := libraries[lib]; !ok {
			t.Errorf("tests may import %s, which has no line in libraries", lib)
		}
	}
}

// TestRulesBite feeds each rule something that it must refuse, and something close to it that it must not.
func TestRulesBite(t *testing.T) {
	t.Parallel()
	const doc = "// Package p owns p.\n"
	tests := []struct {
		name, rule, dir, file, text string
		want                        string // part of the complaint; "" = none
	}{
		{"unlisted package", "package listed and named", "bot/teamsapi", "a.go", "package teamsapi", "not in the table"},
		{"empty name", "package listed and named", "tickets/util", "a.go", "package util", "must say what"},
		{"edge outside the table", "imports of the project", "tickets/sla", "a.go", `package sla; import "gongdan/tickets"`, "may not import tickets"},
		{"edge in the table", "imports of the project", "tickets", "a.go", `package tickets; import "gongdan/tickets/sla"`, ""},
		{"edge of a test", "imports of the project", "tickets/timers", "a_test.go", `package timers; import "gongdan/tickets/memstore"`, ""},
		{"intents to tickets in a test", "imports of the project", "intents/evals", "a_test.go", `package evals; import "gongdan/tickets"`, "must never"},
		{"tickets to intents in a test", "imports of the project", "tickets/redisstore", "a_test.go", `package redisstore; import "gongdan/intents/linear"`, "must never"},
		{"simulator imports ours", "imports of the project", "bot/slacksim", "a_test.go", `package slacksim; import "gongdan/bot"`, "must never"},
		{"simulator's test imports what lies beneath it", "imports of the project", "bot/slacksim", "a_test.go", `package slacksim; import "gongdan/bot/slacksim/browsertest"`, ""},
		{"simulator imports a test kit", "imports of the project", "bot/slacksim", "a.go", `package slacksim; import "gongdan/bot/slacksim/browsertest"`, "may not import"},
		{"bot knows slack", "outside libraries", "bot", "a.go", `package bot; import "github.com/slack-go/slack"`, "may not import"},
		{"bot knows a part of slack in a test", "outside libraries", "bot", "a_test.go", `package bot; import "github.com/slack-go/slack/slackevents"`, "may not import"},
		{"bot knows redis", "outside libraries", "bot", "a.go", `package bot; import "github.com/redis/go-redis/v9"`, "may not import"},
		{"adapter knows redis", "outside libraries", "tickets/redisstore", "a.go", `package redisstore; import "github.com/redis/go-redis/v9"`, ""},
		{"wildcard", "outside libraries", "cmd/internal/app", "a.go", `package app; import "github.com/redis/go-redis/v9"`, ""},
		{"test library outside tests", "outside libraries", "tickets", "a.go", `package tickets; import "pgregory.net/rapid"`, "may not import"},
		{"test library in a test", "outside libraries", "tickets", "a_test.go", `package tickets; import "pgregory.net/rapid"`, ""},
		{"unknown library", "outside libraries", "tickets", "a.go", `package tickets; import "example.com/x"`, "no owner"},
		{"init", "no init", "tickets", "a.go", "package tickets; func init() {}", "func init"},
		{"method called init", "no init", "tickets", "a.go", "package tickets; type T int; func (T) init() {}", ""},
		{"sleep", "no sleeping", "bot", "a.go", `package bot; import "time"; func f() { time.Sleep(1) }`, "time.Sleep"},
		{"sleep under another name", "no sleeping", "bot", "a_test.go", `package bot; import tm "time"; func f() { tm.Sleep(1) }`, "time.Sleep"},
		{"sleep in a test", "no sleeping", "bot", "a_test.go", `package bot; import "time"; func f() { time.Sleep(1) }`, "time.Sleep"},
		{"sleep in virtual time", "no sleeping", "bot", "a_test.go", `package bot; import ("testing/synctest"; "time"); func f() { time.Sleep(1) }`, ""},
		{"clock called", "clock passed in", "tickets", "a.go", `package tickets; import "time"; var x = time.Now()`, "time.Now"},
		{"clock by difference", "clock passed in", "tickets", "a.go", `package tickets; import "time"; func f(a time.Time) { _ = time.Since(a) }`, "time.Since"},
		{"clock as a default", "clock passed in", "tickets", "a.go", `package tickets; import "time"; var f = time.Now`, ""},
		{"deadline of a socket", "clock passed in", "bot/slackapi", "a.go", `package slackapi; import ("net"; "time"); func f(c net.Conn) { c.SetDeadline(time.Now().Add(1)) }`, ""},
		{"clock in a command", "clock passed in", "cmd/gongdan", "a.go", `package main; import "time"; var x = time.Now()`, ""},
		{"environment", "environment in one package", "bot", "a.go", `package bot; import "os"; var x = os.Getenv("X")`, "os.Getenv"},
		{"environment handed on", "environment in one package", "cmd/gongdan", "a.go", `package main; import "os"; var x = os.Environ()`, ""},
		{"testing in the program", "no testing in the binary", "bot", "a.go", `package bot; import "testing"`, "belongs to tests"},
		{"long file", "file length", "bot", "a.go", "package bot\n" + strings.Repeat("//\n", maxLines), "split at"},
		{"long test", "file length", "bot", "a_test.go", "package bot\n" + strings.Repeat("//\n", maxLines), ""},
		{"no comment", "one package comment", "p", "a.go", "package p", "0 package comments"},
		{"comment of another", "one package comment", "p", "a.go", "// Package q owns q.\npackage p", "begins"},
		{"comment", "one package comment", "p", "a.go", doc + "package p", ""},
		{"command", "one package comment", "cmd/gongdan", "a.go", "// Command gongdan is the bot.\npackage main", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := parse(tt.dir, tt.file, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(rules[tt.rule]([]source{s}), "\n")
			if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("rule %q = %q, want it to contain %q", tt.rule, got, tt.want)
			}
		})
	}
}

func TestTwoPackageComments(t *testing.T) {
	t.Parallel()
	var files []source
	for _, name := range []string{"a.go", "b.go"} {
		s, err := parse("p", name, "// Package p owns p.\npackage p")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, s)
	}
	if got := onePackageComment(files); len(got) != 1 {
		t.Errorf("onePackageComment = %q, want one complaint", got)
	}
}
