//go:build race

package app

// slower is how many times longer things take under the race detector.
const slower = 5
