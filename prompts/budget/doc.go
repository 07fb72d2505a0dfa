// Package budget keeps what a language model may cost each account within a day of
// its own zone. It knows neither vendors nor where the sums are kept.
package budget
