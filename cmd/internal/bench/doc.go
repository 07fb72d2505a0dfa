// Package bench measures what the bot promises about speed, on the code that serves: reminders, acknowledgements and
// commits. It owns the measuring, the Redis it starts for that, and the table; it must not know how the code works inside,
// nor touch keys that it did not make.
package bench
