package redisinbox

import "gongdan/tickets/redisshard"

// The stream itself is redisshard.Keys.Inbox and the tries are redisshard.Keys.Tries, since commits remove from both.

// dedupeKey is a sorted set: what was received, by Redis' Unix milliseconds.
func dedupeKey(k redisshard.Keys) string { return k.Key("dedupe") }

// deadKey is a stream of dead letters: an entry's fields, then why, at (Unix µs) and tries.
func deadKey(k redisshard.Keys) string { return k.Key("dead") }

// openingsKey holds the forms that are opened and not filled: hash, workspace/id → JSON.
func openingsKey(k redisshard.Keys) string { return k.Key("openings") }

// openedKey orders them: sorted set, workspace/id → Unix milliseconds.
func openedKey(k redisshard.Keys) string { return k.Key("opened") }
