package app

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"gongdan/cmd/internal/config"
	"gongdan/prompts/openaimodel"
)

// modelMetrics are what asking a language model takes.
type modelMetrics struct {
	calls  *prometheus.HistogramVec
	tries  prometheus.Counter
	tokens *prometheus.CounterVec
	cost   prometheus.Counter
}

func newModelMetrics(f promauto.Factory) modelMetrics {
	return modelMetrics{
		calls: f.NewHistogramVec(prometheus.HistogramOpts{Name: "gongdan_model_seconds", Buckets: quick,
			Help: "Questions to the language model by result (ok, invalid, unavailable, timeout, question, resting, busy, gone) and by how JSON was asked for."}, []string{"result", "mode"}),
		tries: f.NewCounter(prometheus.CounterOpts{Name: "gongdan_model_requests_total",
			Help: "Requests to the language model's server, retries and negotiation included."}),
		tokens: f.NewCounterVec(prometheus.CounterOpts{Name: "gongdan_model_tokens_total",
			Help: "Tokens as the server reports them: prompt (cached ones included), cached, completion."}, []string{"kind"}),
		cost: f.NewCounter(prometheus.CounterOpts{Name: "gongdan_model_cost_total",
			Help: "What the tokens cost by OPENAI_PRICES, in its currency; 0 without."}),
	}
}

// modelCalled counts one question.
func (m *metrics) modelCalled(c openaimodel.Call, p config.Prices) {
	m.model.calls.WithLabelValues(c.Result, c.Mode).Observe(c.Took.Seconds())
	m.model.tries.Add(float64(c.Tries))
	for kind, n := range map[string]int{"prompt": c.Usage.Prompt, "cached": c.Usage.Cached, "completion": c.Usage.Completion} {
		m.model.tokens.WithLabelValues(kind).Add(float64(max(0, n)))
	}
	m.model.cost.Add(max(0, p.Cost(c.Usage.Prompt, c.Usage.Cached, c.Usage.Completion)))
}
