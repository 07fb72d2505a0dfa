package openaimodel

import (
	"sync"
	"time"
)

// A model more than 30 % of whose last fifty answers were of no use is left alone
// for a while. Answers that were not given yet count as good ones.
const (
	qualityWindow = 50
	qualityBad    = 15
	qualityRest   = 10 * time.Minute
)

// quality is a breaker by the worth of answers. gobreaker counts by time or in a
// row; this one counts the last so many. It is safe for concurrent use.
type quality struct {
	mu    sync.Mutex
	now   func() time.Time
	last  [qualityWindow]bool // true: invalid
	next  int
	bad   int
	until time.Time
}

// open tells whether the model is left alone at present.
func (q *quality) open() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.now().Before(q.until)
}

// count keeps one answer's worth and reports whether it was the one too many. What
// was counted is then forgotten, so that the model begins afresh after its rest.
func (q *quality) count(invalid bool) (opened bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.last[q.next] {
		q.bad--
	}
	if invalid {
		q.bad++
	}
	q.last[q.next], q.next = invalid, (q.next+1)%qualityWindow
	if q.bad <= qualityBad {
		return false
	}
	q.last, q.next, q.bad, q.until = [qualityWindow]bool{}, 0, 0, q.now().Add(qualityRest)
	return true
}
