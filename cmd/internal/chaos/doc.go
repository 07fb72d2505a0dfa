// Package chaos kills the bot at random moments under load and then checks, event by event, what became of everything
// that was acknowledged. It owns the load, the kills, the judgement, and a deliberately wrong bot that shows that the
// judgement can see. It decides nothing about tickets and must not be known by anything but the command line.
package chaos
