package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/bot/redisinbox"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// gongdan runs one command line and returns its exit code and what it printed.
func gongdan(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = execute(&run{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs}, args)
	return code, out.String(), errs.String()
}

// onRedis points the settings at a Redis of the test's own, with no other settings.
func onRedis(t *testing.T) *redis.Client {
	t.Helper()
	m := miniredis.RunT(t)
	for _, name := range []string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "SHARDS"} {
		t.Setenv(name, "")
	}
	t.Setenv("REDIS_URL", "redis://"+m.Addr())
	rdb := redis.NewClient(&redis.Options{Addr: m.Addr()})
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

// bury sets aside one delivery of each workspace.
func bury(t *testing.T, rdb *redis.Client, of ...tickets.WorkspaceID) *redisinbox.Inbox {
	t.Helper()
	ctx := t.Context()
	n, err := redisshard.Setup(ctx, rdb, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	in := redisinbox.New(rdb, rdb, n, redisinbox.Options{})
	for i, ws := range of {
		s := tickets.ShardOf(ws, n)
		if err := redisshard.Register(ctx, rdb, redisshard.KeysOf("", s), ws); err != nil {
			t.Fatal(err)
		}
		l, err := redisshard.Take(ctx, rdb, redisshard.TakeOptions{Shard: s, Owner: "test", TTL: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		e := bot.Envelope{Kind: bot.KindMessage, Workspace: ws, Key: fmt.Sprintf("%s/%d", ws, i), Raw: []byte(`{"text":"秘密"}`), Received: time.Now()}
		if _, err := in.Append(ctx, e); err != nil {
			t.Fatal(err)
		}
		waiting, err := in.Read(ctx, s, "", 1, 0)
		if err != nil || len(waiting) != 1 {
			t.Fatalf("Read = %v, %v", waiting, err)
		}
		if err := in.Bury(ctx, s, waiting[0], "failed\x1b[31m too\noften", l.Epoch); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

func TestInboxListAndReplay(t *testing.T) {
	rdb := onRedis(t)
	began := time.Now().Add(-time.Second) // a letter's time may have whole milliseconds only
	in := bury(t, rdb, "T1", "T2")

	code, out, _ := gongdan(t, "inbox")
	if code != 0 || strings.Count(out, "\n") != 3 || !strings.Contains(out, "failed [31m too often") {
		t.Errorf("inbox = %d, %q, want a head and two letters, one line each", code, out)
	}
	if strings.Contains(out, "秘密") {
		t.Errorf("inbox shows what a message says: %q", out)
	}

	var list []letter
	code, out, _ = gongdan(t, "inbox", "list", "--json", "--workspace", "T2")
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != 0 {
		t.Fatalf("inbox list --json = %d, %q: %v", code, out, err)
	}
	if len(list) != 1 || list[0].Workspace != "T2" || list[0].Kind != "message" || list[0].When.Before(began) || list[0].When.After(time.Now()) {
		t.Fatalf("letters of T2 = %+v", list)
	}

	code, out, _ = gongdan(t, "inbox", "replay", list[0].ID)
	if code != 0 || out != "replayed "+list[0].ID+"\n" {
		t.Errorf("inbox replay = %d, %q", code, out)
	}
	back, err := in.Read(t.Context(), tickets.ShardOf("T2", redisshard.DefaultShards), "", 10, 0)
	if err != nil || len(back) != 1 || string(back[0].Raw) != `{"text":"秘密"}` {
		t.Errorf("the inbox of T2 holds %v, %v, want what was replayed", back, err)
	}

	var depths []depth
	code, out, _ = gongdan(t, "inbox", "depth", "--json")
	if err := json.Unmarshal([]byte(out), &depths); err != nil || code != 0 || len(depths) != 1 || depths[0].Wait != 1 {
		t.Errorf("inbox depth --json = %d, %q: %v", code, out, err)
	}
	if code, out, _ = gongdan(t, "inbox", "depth"); code != 0 || strings.Count(out, "\n") != 2 {
		t.Errorf("inbox depth = %d, %q", code, out)
	}

	code, _, errs := gongdan(t, "inbox", "replay", list[0].ID, "99:1-1")
	if code != 1 || strings.Count(errs, "'gongdan inbox' lists them") != 2 {
		t.Errorf("a second replay = %d, %q", code, errs)
	}
	if code, out, _ = gongdan(t, "inbox", "replay", "--all"); code != 0 || strings.Count(out, "replayed") != 1 {
		t.Errorf("inbox replay --all = %d, %q, want the letter of T1", code, out)
	}
	if code, out, _ = gongdan(t, "inbox"); code != 0 || out != "No dead letters.\n" {
		t.Errorf("inbox after all = %d, %q", code, out)
	}
}

// letters are all dead letters as the command lists them.
func letters(t *testing.T) (list []letter) {
	t.Helper()
	code, out, errs := gongdan(t, "inbox", "list", "--json")
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != 0 {
		t.Fatalf("inbox list --json = %d, %q, %q: %v", code, out, errs, err)
	}
	return list
}

// TestInboxDiscard needs the id twice, and logs what is gone without its words.
func TestInboxDiscard(t *testing.T) {
	in := bury(t, onRedis(t), "T1", "T2")
	list := letters(t)
	if len(list) != 2 {
		t.Fatalf("letters = %+v", list)
	}
	id, other := list[0].ID, list[1].ID
	for _, args := range [][]string{{id}, {id, "--confirm", other}, {id, "--confirm", "yes"}} {
		code, out, errs := gongdan(t, append([]string{"inbox", "discard"}, args...)...)
		if code != 2 || out != "" || !strings.Contains(errs, "--confirm "+id) || strings.Contains(errs, "秘密") {
			t.Errorf("discard %v = %d, %q, %q, want a question", args, code, out, errs)
		}
	}
	if n := len(letters(t)); n != len(list) {
		t.Fatalf("%d letters without a confirmation, want %d", n, len(list))
	}
	code, out, errs := gongdan(t, "inbox", "discard", id, "--confirm", id)
	if code != 0 || out != "discarded "+id+"\n" || !strings.Contains(errs, "dead letter discarded") || !strings.Contains(errs, id) || strings.Contains(errs, "秘密") {
		t.Errorf("discard = %d, %q, %q", code, out, errs)
	}
	for _, args := range [][]string{{"discard", id, "--confirm", id}, {"retry", id}} {
		if code, _, errs := gongdan(t, append([]string{"inbox"}, args...)...); code != 1 || !strings.Contains(errs, "'gongdan inbox' lists them") {
			t.Errorf("%v of what is gone = %d, %q", args, code, errs)
		}
	}
	if code, out, errs := gongdan(t, "inbox", "retry", other); code != 0 || out != "replayed "+other+"\n" || !strings.Contains(errs, "dead letter replayed") {
		t.Errorf("retry = %d, %q, %q", code, out, errs)
	}
	waiting := 0
	for s := range redisshard.DefaultShards {
		got, err := in.Read(t.Context(), tickets.Shard(s), "", 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		waiting += len(got)
	}
	if waiting != 1 {
		t.Errorf("%d wait in the inbox, want the one that was retried", waiting)
	}
}

func TestInboxOfUnusedRedis(t *testing.T) {
	rdb := onRedis(t)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"inbox", "list", "--json"}, "[]\n"},
		{[]string{"inbox", "depth", "--json"}, "[]\n"},
		{[]string{"inbox", "depth"}, "Nothing waits.\n"},
		{[]string{"inbox", "replay", "--all"}, "No dead letters.\n"},
	} {
		if code, out, errs := gongdan(t, tt.args...); code != 0 || out != tt.want {
			t.Errorf("%v = %d, %q, %q, want %q", tt.args, code, out, errs, tt.want)
		}
	}
	if keys, err := rdb.Keys(t.Context(), "*").Result(); err != nil || len(keys) > 0 {
		t.Errorf("asking wrote %v, %v", keys, err)
	}
}

func TestInboxRefuses(t *testing.T) {
	onRedis(t)
	for _, tt := range []struct {
		name string
		args []string
		env  string
		code int
		says string
	}{
		{"nothing named", []string{"inbox", "replay"}, "", 2, "--all"},
		{"both", []string{"inbox", "replay", "0:1-1", "--all"}, "", 2, "--all"},
		{"workspace of one", []string{"inbox", "replay", "0:1-1", "--workspace", "T1"}, "", 2, "--workspace"},
		{"discard of nothing", []string{"inbox", "discard", "0:1-1", "--confirm", "0:1-1"}, "", 1, "no dead letter"},
		{"no Redis set", []string{"inbox"}, " ", 2, "REDIS_URL is not set"},
		{"Redis away", []string{"inbox"}, "redis://127.0.0.1:1", 1, "gongdan doctor"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.env != "" {
				t.Setenv("REDIS_URL", tt.env)
			}
			if code, _, errs := gongdan(t, tt.args...); code != tt.code || !strings.Contains(errs, tt.says) {
				t.Errorf("%v = %d, %q, want %d and %q", tt.args, code, errs, tt.code, tt.says)
			}
		})
	}
}
