package slacksim

import (
	"cmp"
	"context"
	"embed"
	"hash/maphash"
	"net/http"
	"strings"
	"time"
)

//go:embed web
var webFiles embed.FS

// Words are one text in several languages, by "zh-CN" and "en".
type Words map[string]string

// Place is somewhere on the browser page: a person's view of a channel, of a
// thread in it, or of the app's home tab. Empty fields leave things as they are.
type Place struct {
	As      string `json:"as,omitempty"`
	Channel string `json:"channel,omitempty"`
	Thread  string `json:"thread,omitempty"` // timestamp of the root
	Home    bool   `json:"home,omitempty"`
}

// Step is one act of a story, offered as a button.
type Step struct {
	ID string
	// Label stands on the button; Done, which may be empty, is shown when the
	// step has succeeded.
	Label, Done Words
	// Typed is what the step typed for somebody and the page would not show, such
	// as a slash command; it is asked after Do. Nil means nothing.
	Typed func() string
	// Where says what the page shows; it is asked before Do and again after it.
	// Nil leaves the page where it is.
	Where func() Place
	// Do carries the step out. Its error is shown as it is. The context ends
	// when the simulator closes, not when the browser goes away.
	Do func(context.Context) error
}

// Clock is a simulated clock that the page may control. Its methods are called
// concurrently.
type Clock interface {
	Now() time.Time
	// Speed is simulated seconds per second.
	Speed() float64
	SetSpeed(float64)
	Jump(time.Time)
}

// Plug is the app's process, which the page may kill and start again. Its
// methods are called concurrently.
type Plug interface {
	Running() bool
	Pull(context.Context) error
	Start(context.Context) error
}

// CommandHint explains a slash command where the page completes it.
type CommandHint struct {
	Command, Usage string
	Description    Words
}

// MenuShortcut is a shortcut of the app, in a message's menu where Message is
// set and in the composer's otherwise.
type MenuShortcut struct {
	CallbackID string
	Label      Words
	Message    bool
}

// PageOptions are the settings of the browser page. The zero value works.
type PageOptions struct {
	// Lang is "zh-CN" or "en". Empty means each person's locale.
	Lang string
	// Title is the name of the page. Empty means the workspace's name.
	Title string
	// Start is what the page shows where its address says nothing.
	Start Place
	Story []Step
	// Clock may be nil: the page then only shows the simulator's time.
	Clock Clock
	// Plug may be nil: the page then says nothing of the app's process.
	Plug Plug
	// Roles say what people are, by id, where one chooses as whom to act.
	Roles map[string]Words
	// Viewers are the ids of the people one can act as, in the order shown; the
	// first acts where neither Start nor the address names one. Empty means
	// everybody but bots.
	Viewers   []string
	Commands  []CommandHint
	Shortcuts []MenuShortcut
}

// page is the browser page of a simulator.
type page struct {
	s    *Sim
	o    PageOptions
	seed maphash.Seed
	mux  *http.ServeMux

	// What follows is guarded by the simulator's lock.
	since string            // what was said before counts as read
	read  map[string]string // last timestamp read, by readKey
	story storyState
}

// ServePage shows the simulator in a browser at URL()+"/": what people see, and
// what they can do. It may be called before or after Start; a second call
// replaces the page. Requests from other sites, and under names other than the
// loopback's, are refused.
func (s *Sim) ServePage(o PageOptions) {
	p := &page{s: s, o: o, seed: maphash.MakeSeed(), read: map[string]string{}, story: storyState{done: map[string]bool{}, typed: map[string]string{}}}
	p.mux = p.routes()
	s.mu.Lock()
	defer s.mu.Unlock()
	p.since = formatTS(s.opts.Now().UnixMicro())
	s.page = p
	s.touch()
}

// servePage answers what is not Slack's protocol; it is called without the lock.
func (s *Sim) servePage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	p := s.page
	s.mu.Unlock()
	if p == nil {
		http.NotFound(w, r)
		return
	}
	setPageHeaders(w.Header())
	if status := refusal(r); status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	p.mux.ServeHTTP(w, r)
}

func (p *page) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, webFiles, "web/index.html")
	})
	mux.HandleFunc("GET /web/assets/{file}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("file")
		if strings.HasSuffix(name, ".js") {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		}
		http.ServeFileFS(w, r, webFiles, "web/"+name)
	})
	mux.HandleFunc("GET /web/state", p.person(p.serveState))
	mux.HandleFunc("GET /web/room", p.person(p.serveRoom))
	mux.HandleFunc("GET /web/thread", p.person(p.serveThread))
	mux.HandleFunc("GET /web/views", p.person(p.serveViews))
	mux.HandleFunc("GET /web/stream", p.person(p.serveStream))
	mux.HandleFunc("POST /web/act", p.person(p.serveAct))
	return mux
}

// viewer is the person that a request acts as.
type viewer struct {
	t *team
	u *User
}

type personHandler func(http.ResponseWriter, *http.Request, viewer)

// person finds out as whom a request acts.
func (p *page) person(next personHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p.s.mu.Lock()
		v, ok := p.viewer(r.FormValue("as"))
		p.s.mu.Unlock()
		if !ok {
			writeJSON(w, http.StatusNotFound, map[string]any{"error": "no_such_person"})
			return
		}
		next(w, r, v)
	}
}

// viewers lists who one can act as.
func (p *page) viewers() []viewer {
	var out []viewer
	add := func(keep func(*User) bool) {
		for _, t := range p.s.teams {
			for _, u := range t.users {
				if !u.Bot && !u.Deleted && keep(u) {
					out = append(out, viewer{t, u})
				}
			}
		}
	}
	if len(p.o.Viewers) == 0 {
		add(func(*User) bool { return true })
	}
	for _, id := range p.o.Viewers {
		add(func(u *User) bool { return u.ID == id })
	}
	return out
}

func (p *page) viewer(id string) (viewer, bool) {
	for _, v := range p.viewers() {
		if v.u.ID == cmp.Or(id, p.o.Start.As, v.u.ID) {
			return v, true
		}
	}
	return viewer{}, false
}
