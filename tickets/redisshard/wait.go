package redisshard

import "time"

// Wait asks for a write to reach replicas before it counts as kept. The zero value asks for nothing.
type Wait struct {
	Replicas int
	Timeout  time.Duration
}
