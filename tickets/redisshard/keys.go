package redisshard

import (
	"fmt"

	"gongdan/tickets"
)

// DefaultPrefix begins every key unless the options say otherwise.
const DefaultPrefix = "gd:"

// Tag is a shard's hash tag, such as "{s03}". All keys of a shard carry it.
func Tag(s tickets.Shard) string { return fmt.Sprintf("{s%02d}", int(s)) }

// Keys makes the names of one shard's keys.
type Keys struct {
	base, prefix string
	shard        tickets.Shard
}

// KeysOf gives the keys of a shard. An empty prefix means [DefaultPrefix]; a prefix must not hold a brace.
func KeysOf(prefix string, s tickets.Shard) Keys {
	return Keys{base: orDefault(prefix) + Tag(s) + ":", prefix: prefix, shard: s}
}

// Key is the shard's key of any name; packages that store something in a shard keep their names in their own keys.go.
func (k Keys) Key(name string) string { return k.base + name }

// Lease is a hash {owner, token, epoch, until}: who owns the shard, until when (Unix µs by Redis' clock).
func (k Keys) Lease() string { return k.base + "lease" }

// Workspaces is a hash: registered workspace → 1.
func (k Keys) Workspaces() string { return k.base + "workspaces" }

// Inbox is a stream of what has been received and not yet applied.
func (k Keys) Inbox() string { return k.base + "in" }

// Tries is a hash: inbox entry → how often applying it was begun after a permanent error.
func (k Keys) Tries() string { return k.base + "tries" }

// Outbox is a stream of what must be said.
func (k Keys) Outbox() string { return k.base + "out" }

// countKey is a string outside all shards: the number of shards.
func countKey(prefix string) string { return orDefault(prefix) + "shards" }

// schemaKey is a string outside all shards: the newest schema of documents that may be stored.
func schemaKey(prefix string) string { return orDefault(prefix) + "schema" }

// inUseKey is a set outside all shards: the numbers of the shards in which a workspace is registered.
func inUseKey(prefix string) string { return orDefault(prefix) + "inuse" }

// bellChannel is a channel of messages, not a key: the number of a shard that was just given back or first used.
// A message may be lost; those who wait look again by themselves.
func bellChannel(prefix string) string { return orDefault(prefix) + "bell" }

func orDefault(prefix string) string {
	if prefix == "" {
		return DefaultPrefix
	}
	return prefix
}
