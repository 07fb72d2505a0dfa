package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// endpoint speaks as OpenAI's does and answers every question alike, after a while.
type endpoint struct {
	*httptest.Server
	mu    sync.Mutex
	now   int
	most  int // questions at once
	asked []string
}

func newEndpoint(t *testing.T, takes time.Duration, answer string) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e.mu.Lock()
		e.asked = append(e.asked, string(body))
		e.now++
		e.most = max(e.most, e.now)
		e.mu.Unlock()
		defer func() { e.mu.Lock(); e.now--; e.mu.Unlock() }()
		select {
		case <-time.After(takes):
		case <-r.Context().Done():
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"id": "1", "object": "chat.completion", "model": "m", "choices": []any{map[string]any{
			"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": answer}}}})
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) calls() (n, most int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.asked), e.most
}

const (
	hard       = "这个买家有点难搞，帮忙看看"
	makesOfIt  = `{"evidence":"","intent":"new_ticket","type":"goods_return","sure":"high","platform":null,"shop":null,"order":null,"aftersale":null,"waybill":null,"sku":null,"due_text":null}`
	manyAtOnce = 20
)

// asked is a stage with a model.
func asked(e *endpoint, redis string) set {
	return set{redis: redis, env: map[string]string{"OPENAI_BASE_URL": e.URL + "/v1", "OPENAI_API_KEY": "sk-stage", "OPENAI_MODEL": "m"}}
}

func TestBurstCostsThreeAnswers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, redis string) {
		e := newEndpoint(t, 200*time.Millisecond, makesOfIt)
		s := newStage(t, asked(e, redis))
		var all []string
		for range manyAtOnce {
			all = append(all, s.post(anna, teamRoom, hard))
		}
		s.settled()
		if n, most := e.calls(); n < 1 || n > 3 || most > 1 {
			t.Errorf("%d answers for %d messages, %d at once, want at most 3, one at a time", n, manyAtOnce, most)
		}
		if k := s.tickets(); len(k) != 1 || k[0].Type != "goods_return" {
			t.Errorf("tickets = %+v, want one goods_return", k)
		}
		for _, ts := range all[1:] {
			if got := s.decided(teamRoom, ts); got != "added" {
				t.Errorf("a message of the burst became %q", got)
			}
		}
	})
}

func TestLateAnswerMakesTheTicket(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, 4*time.Second, makesOfIt)
	s := newStage(t, asked(e, ""))
	began := time.Now()
	ts := s.post(anna, teamRoom, hard)
	s.until("the local decision", func() bool { return s.decided(teamRoom, ts) != "" })
	if took, got := time.Since(began), s.decided(teamRoom, ts); got != "ask" || took < 2*time.Second {
		t.Errorf("decided %q after %v, want ask after three seconds", got, took)
	}
	s.until("the ticket", func() bool { return len(s.tickets()) == 1 })
	if n, _ := e.calls(); n != 1 || s.decided(teamRoom, ts) != "act" {
		t.Errorf("%d answers, message %q", n, s.decided(teamRoom, ts))
	}
	s.sim.Redeliver(teamRoom, ts, 3)
	s.settled()
	if n, _ := e.calls(); n != 1 || len(s.tickets()) != 1 || !strings.Contains(e.asked[0], "难搞") {
		t.Errorf("after redeliveries %d answers, %d tickets", n, len(s.tickets()))
	}
}
