package app

import (
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"gongdan/bot"
	"gongdan/intents/corrections"
	"gongdan/tickets"
)

// metrics are what an operator watches. Labels take few, fixed values; none holds an id or text.
type metrics struct {
	intake    *prometheus.CounterVec
	ack       prometheus.Histogram
	laneWait  prometheus.Histogram
	commit    *prometheus.HistogramVec
	wakeLag   prometheus.Histogram
	announced *prometheus.HistogramVec
	calls     *prometheus.HistogramVec
	decisions *prometheus.CounterVec
	owned     prometheus.Gauge
	backlog   *prometheus.GaugeVec
	oldest    *prometheus.GaugeVec
	late      *prometheus.GaugeVec
	gapsLeft  gapsLeft
	gapFound  prometheus.Counter
	ownModel  *prometheus.GaugeVec
	lessons   *prometheus.CounterVec
	model     modelMetrics
}

var quick = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60, 600}

func newMetrics(reg prometheus.Registerer) *metrics {
	f := promauto.With(reg)
	histogram := func(name, help string) prometheus.Histogram {
		return f.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: quick})
	}
	byLabel := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return f.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: quick}, labels)
	}
	return &metrics{
		model: newModelMetrics(f),
		late: f.NewGaugeVec(prometheus.GaugeOpts{Name: "gongdan_overdue_seconds",
			Help: "How long the oldest thing that should be done is overdue, over all shards whoever owns them (wake, inbox, outbox)."}, []string{"what"}),
		gapsLeft: gapsLeft{of: map[tickets.Shard]map[tickets.WorkspaceID]int{},
			all: f.NewGauge(prometheus.GaugeOpts{Name: "gongdan_gap_places_left",
				Help: "Channels and threads still to be read again after a time in which nobody listened."})},
		gapFound: f.NewCounter(prometheus.CounterOpts{Name: "gongdan_gap_found_total",
			Help: "Deliveries found again that had not been heard."}),
		intake: f.NewCounterVec(prometheus.CounterOpts{Name: "gongdan_intake_total",
			Help: "Deliveries by kind and result (stored, repeat, read, refused, foreign)."}, []string{"kind", "result"}),
		ack:       histogram("gongdan_ack_seconds", "From delivery to acknowledgement."),
		laneWait:  histogram("gongdan_lane_wait_seconds", "How long a kept delivery waited for its turn."),
		commit:    byLabel("gongdan_commit_seconds", "One atomic change, by result.", "result"),
		wakeLag:   histogram("gongdan_wake_lag_seconds", "From a step's time to its commit, in tickets' time."),
		announced: byLabel("gongdan_announce_seconds", "From a change to its words, in tickets' time, by what and how.", "what", "how"),
		calls:     byLabel("gongdan_slack_call_seconds", "Calls to Slack by method and result.", "method", "result"),
		decisions: f.NewCounterVec(prometheus.CounterOpts{Name: "gongdan_decisions_total",
			Help: "Decisions about messages by source and action."}, []string{"by", "action"}),
		ownModel: f.NewGaugeVec(prometheus.GaugeOpts{Name: "gongdan_own_model",
			Help: "The workspace's own model in use, of several the one with the least advantage: version (0 = none is in use), bytes, rows, held, score, built_in."},
			[]string{"what"}),
		lessons: f.NewCounterVec(prometheus.CounterOpts{Name: "gongdan_own_model_looks_total",
			Help: "Looks at workspaces' own models by outcome."}, []string{"outcome"}),
		owned:   f.NewGauge(prometheus.GaugeOpts{Name: "gongdan_shards_owned", Help: "Shards this process owns."}),
		backlog: f.NewGaugeVec(prometheus.GaugeOpts{Name: "gongdan_backlog", Help: "Deliveries kept and not yet applied, by shard."}, []string{"shard"}),
		oldest: f.NewGaugeVec(prometheus.GaugeOpts{Name: "gongdan_backlog_oldest_seconds",
			Help: "Age of the oldest kept delivery, by shard."}, []string{"shard"}),
	}
}

// waits keeps how much waits in a shard, and how long the oldest has.
func (m *metrics) waits(s tickets.Shard, n int64, oldest time.Duration) {
	label := strconv.Itoa(int(s))
	m.backlog.WithLabelValues(label).Set(float64(n))
	m.oldest.WithLabelValues(label).Set(oldest.Seconds())
}

// forget drops what was known of a shard that is another process's now.
func (m *metrics) forget(s tickets.Shard) {
	label := strconv.Itoa(int(s))
	m.backlog.DeleteLabelValues(label)
	m.oldest.DeleteLabelValues(label)
	m.gapsLeft.forget(s)
}

// watch feeds the conversation's and the desks' figures.
func (m *metrics) watch() bot.Watch {
	return bot.Watch{
		Decided:   func(by, action string) { m.decisions.WithLabelValues(by, action).Inc() },
		Committed: func(took time.Duration, err error) { m.commit.WithLabelValues(resultOf(err)).Observe(took.Seconds()) },
		Waited:    func(d time.Duration) { m.laneWait.Observe(d.Seconds()) },
	}
}

// resultOf is one of few words for an error.
func resultOf(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, tickets.ErrApplied):
		return "repeat"
	case errors.Is(err, tickets.ErrConflict):
		return "conflict"
	case errors.Is(err, tickets.ErrStaleLease):
		return "stale"
	case errors.Is(err, tickets.ErrTemporary):
		return "temporary"
	}
	return "error"
}

// minds shows the own model in use that has the least advantage over the built-in one.
func (m *metrics) minds(s corrections.State, any bool) {
	if !any {
		s = corrections.State{}
	}
	v, _ := s.InUse()
	for what, n := range map[string]float64{"version": float64(v.N), "bytes": float64(v.Bytes), "rows": float64(v.Rows),
		"held": float64(s.Held), "score": s.Score, "built_in": s.Base} {
		m.ownModel.WithLabelValues(what).Set(n)
	}
}

// gap shows how far the gap of a workspace of a shard has been read.
func (m *metrics) gap(s tickets.Shard, g bot.GapProgress) {
	m.gapsLeft.set(s, g.Workspace, g.All-g.Done)
	if g.Done == g.All {
		m.gapFound.Add(float64(g.Found))
	}
}

// gapsLeft adds up what the workspaces of the owned shards have left to read. It is safe for concurrent use.
type gapsLeft struct {
	all prometheus.Gauge

	mu sync.Mutex
	of map[tickets.Shard]map[tickets.WorkspaceID]int
}

func (g *gapsLeft) set(s tickets.Shard, ws tickets.WorkspaceID, left int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.of[s] == nil {
		g.of[s] = map[tickets.WorkspaceID]int{}
	}
	g.all.Add(float64(left - g.of[s][ws]))
	g.of[s][ws] = left
}

// forget drops a shard that is another process's now.
func (g *gapsLeft) forget(s tickets.Shard) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, left := range g.of[s] {
		g.all.Sub(float64(left))
	}
	delete(g.of, s)
}
