//go:build race

package bot_test

// raceDetector tells tests with thousands of cases that each takes ten times as long.
const raceDetector = true
