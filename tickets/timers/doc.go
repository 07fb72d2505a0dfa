// Package timers finds what is due and has it handled: in time, never early, each subject on its own. It
// owns the sleeping, the order and the pace; what a wake means, and that repeating one changes nothing, is
// the handler's and the store's affair.
package timers
