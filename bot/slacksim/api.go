package slacksim

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// apiError is an error word of Slack's Web API.
type apiError string

func (e apiError) Error() string { return string(e) }

// detailedError carries the explanations that Slack puts in response_metadata.
type detailedError struct {
	word    apiError
	details []string
}

func (e detailedError) Error() string { return string(e.word) + ": " + strings.Join(e.details, "; ") }

// method is one method of the Web API.
type method struct {
	tier  tier
	scope string // needed scope; empty for none
	run   func(*request) (map[string]any, error)
}

// request is one call under way.
type request struct {
	s    *Sim
	t    *team
	app  *app
	args map[string]string
}

func (s *Sim) methodTable() map[string]method {
	table := map[string]method{
		"auth.test":                      {tier4, "", (*request).authTest},
		"apps.connections.open":          {tier1, "", (*request).connectionsOpen},
		"apps.event.authorizations.list": {tier4, "", (*request).authorizationsList},
		"bots.info":                      {tier3, "users:read", (*request).botsInfo},
		"team.info":                      {tier3, "team:read", (*request).teamInfo},
		"users.info":                     {tier4, "users:read", (*request).usersInfo},
		"users.list":                     {tier2, "users:read", (*request).usersList},
		"users.getPresence":              {tier3, "users:read", (*request).usersGetPresence},
		"users.conversations":            {tier3, "channels:read", (*request).usersConversations},
		"reactions.add":                  {tier3, "reactions:write", (*request).reactionsAdd},
		"reactions.remove":               {tier2, "reactions:write", (*request).reactionsRemove},
		"reactions.get":                  {tier3, "reactions:read", (*request).reactionsGet},
	}
	for name, m := range chatMethods() {
		table[name] = m
	}
	for name, m := range conversationMethods() {
		table[name] = m
	}
	for name, m := range viewMethods() {
		table[name] = m
	}
	return table
}

// handler routes everything the simulator serves.
func (s *Sim) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("/link/", s.serveSocket)
	mux.HandleFunc("POST /hooks/{token}", s.serveHook)
	mux.HandleFunc("/", s.servePage)
	return mux
}

// serveAPI runs one call of the Web API; it is called without the lock.
func (s *Sim) serveAPI(w http.ResponseWriter, r *http.Request) {
	args, token, inHeader, err := readArgs(w, r)
	call := Call{Method: r.PathValue("method"), Args: args}
	index, t, fault := s.begin(&call, token)
	if fault.Latency > 0 && !sleep(r, fault.Latency) || fault.CutBefore {
		panic(http.ErrAbortHandler)
	}
	reply := s.refuse(fault)
	if err != nil {
		reply = failure(apiError("invalid_json"))
	} else if reply == nil {
		reply = s.perform(call, t, token, inHeader)
	}
	if fault.LostReply {
		reply.status = 0
	}
	s.finish(index, reply)
	if fault.LostReply {
		panic(http.ErrAbortHandler)
	}
	reply.write(w)
}

// reply is the answer to a call.
type reply struct {
	status     int
	body       map[string]any
	err        string
	retryAfter int
	scopes     string
}

func failure(err error) *reply {
	word, details := "internal_error", []string(nil)
	if e, ok := errors.AsType[apiError](err); ok {
		word = string(e)
	} else if e, ok := errors.AsType[detailedError](err); ok {
		word, details = string(e.word), e.details
	}
	body := map[string]any{"ok": false, "error": word}
	if details != nil {
		body["response_metadata"] = map[string]any{"messages": details}
	}
	return &reply{status: http.StatusOK, body: body, err: word}
}

func tooMany(seconds int) *reply {
	re := failure(apiError("ratelimited"))
	re.status, re.retryAfter = http.StatusTooManyRequests, max(seconds, 1)
	return re
}

func (re *reply) write(w http.ResponseWriter) {
	if re.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(re.retryAfter))
	}
	if re.scopes != "" {
		w.Header().Set("X-Oauth-Scopes", re.scopes)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(re.status)
	if re.body != nil {
		_, _ = w.Write(rawJSON(re.body))
	}
}

// begin writes the call into the journal and asks for its fault.
func (s *Sim) begin(c *Call, token string) (index int, t *team, f Fault) {
	s.mu.Lock()
	t, _ = s.byToken(token)
	if t != nil {
		c.Team = t.ID
	}
	c.At, c.Wall = s.opts.Now(), s.opts.Wall()
	s.calls = append(s.calls, *c)
	index = len(s.calls) - 1
	onCall := s.onCall
	s.touch()
	s.mu.Unlock()
	if onCall != nil {
		f = onCall(*c)
	}
	return index, t, f
}

func (s *Sim) finish(index int, re *reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &s.calls[index]
	c.Status, c.Error = re.status, re.err
	if re.body != nil {
		c.Result = rawJSON(re.body)
	}
	s.touch()
}

func (s *Sim) refuse(f Fault) *reply {
	switch {
	case f.RetryAfter > 0:
		return tooMany(f.RetryAfter)
	case f.Status > 0:
		return &reply{status: f.Status, err: "http_" + strconv.Itoa(f.Status)}
	case f.Error != "":
		return failure(apiError(f.Error))
	}
	return nil
}

// perform checks token, scope and budget and runs the method.
func (s *Sim) perform(c Call, t *team, token string, inHeader bool) *reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, known := s.methods[c.Method]
	_, a := s.byToken(token)
	if err := authError(c.Method, known, token, inHeader, t != nil, a != nil); err != nil {
		return failure(err)
	}
	if t == nil {
		t = s.firstTeam(a)
	}
	if seconds := s.limit(t, c.Method, m, s.channelKey(t, c.Args["channel"])); seconds > 0 {
		return tooMany(seconds)
	}
	if m.scope != "" && t.Scopes != nil && !slices.Contains(t.Scopes, m.scope) {
		re := failure(apiError("missing_scope"))
		re.body["needed"], re.body["provided"] = m.scope, strings.Join(t.Scopes, ",")
		return re
	}
	body, err := m.run(&request{s: s, t: t, app: a, args: c.Args})
	if err != nil {
		return failure(err)
	}
	body["ok"] = true
	return &reply{status: http.StatusOK, body: body, scopes: s.scopes(t)}
}

// sleep waits unless the caller goes away.
func sleep(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
