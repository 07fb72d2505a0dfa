package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/intents/corrections"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
)

// What is exported is what train and eval read.
func TestCorrectionsExport(t *testing.T) {
	rdb := onRedis(t)
	if code, out, errs := gongdan(t, "corrections", "export"); code != 0 || out != "" || !strings.Contains(errs, "no bot has used this Redis yet") {
		t.Errorf("export from an unused Redis = %d, %q, %q", code, out, errs)
	}
	ctx := t.Context()
	n, err := redisshard.Setup(ctx, rdb, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	store := redisstore.New(rdb, n, redisstore.Options{})
	texts := map[string]string{"refund": "订单 <ORDER_1> 要退款", "lost": "包裹 <TRACK_1> 丢了", corrections.NotATicket: "中午吃什么"}
	epochs := map[tickets.Shard]int64{}
	for _, ws := range []tickets.WorkspaceID{"T1", "T2"} {
		s := tickets.ShardOf(ws, n)
		if err := redisshard.Register(ctx, rdb, redisshard.KeysOf("", s), ws); err != nil {
			t.Fatal(err)
		}
		if epochs[s] == 0 {
			l, err := redisshard.Take(ctx, rdb, redisshard.TakeOptions{Shard: s, Owner: "test", TTL: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			epochs[s] = l.Epoch
		}
		i := 0
		for label, text := range texts {
			for range 6 {
				r := corrections.Row{ID: fmt.Sprint(i), At: time.Now().Add(-time.Duration(i) * time.Hour), Role: "agent", By: "local", Was: "price", Label: label,
					Text: fmt.Sprintf("%s %d", text, i)}
				i++
				list, err := corrections.Add(ctx, bot.Docs{Store: store, Workspace: ws}, r)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := store.Commit(ctx, tickets.Change{Workspace: ws, Epoch: epochs[s], Docs: bot.DocWrites(list)}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, tt := range []struct {
		args []string
		code int
		n    int
		errs string
	}{
		{nil, 0, 36, ""},
		{[]string{"--workspace", "T1", "--jsonl"}, 0, 18, ""},
		{[]string{"--workspace", "T1", "--since", "150m"}, 0, 3, ""},
		{[]string{"--since", "1d"}, 0, 36, ""},
		{[]string{"--since", time.Now().AddDate(0, 0, 1).Format(time.DateOnly)}, 0, 0, ""},
		{[]string{"--since", "yesterday"}, 2, 0, "neither a day"},
		{[]string{"--workspace", "T3"}, 2, 0, "there are: T1, T2"},
	} {
		code, out, errs := gongdan(t, append([]string{"corrections", "export"}, tt.args...)...)
		if got := strings.Count(out, "\n"); code != tt.code || got != tt.n || !strings.Contains(errs, tt.errs) {
			t.Errorf("%v = %d, %d lines, %q; want %d, %d, %q", tt.args, code, got, errs, tt.code, tt.n, tt.errs)
		}
	}
	_, out, _ := gongdan(t, "corrections", "export", "--workspace", "T1")
	if !strings.Contains(out, `"redacted":"订单 <ORDER_1> 要退款`) || strings.Contains(out, `"text":"订单 <`) {
		t.Errorf("rows = %s", out)
	}
	rows, model := filepath.Join(t.TempDir(), "rows.jsonl"), filepath.Join(t.TempDir(), "m")
	if err := os.WriteFile(rows, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := gongdan(t, "train", rows, "-o", model); code != 0 || !strings.Contains(out, "18 rows, 2 labels") {
		t.Errorf("train on what was exported = %d, %q, %q", code, out, errs)
	}
	if code, out, errs := gongdan(t, "eval", rows, "--model", model, "--json"); code != 0 || !strings.Contains(out, `"n":18`) {
		t.Errorf("eval of what was exported = %d, %q, %q", code, out, errs)
	}
}
