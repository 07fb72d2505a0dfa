package redisstore

import (
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// keys makes the names of all keys of one workspace. Ids hold no colon; free text comes last.
type keys struct {
	shard redisshard.Keys
	ws    string
}

func (k keys) key(name, rest string) string { return k.shard.Key(name + ":" + k.ws + ":" + rest) }

// ticket is a string: "<version> <JSON>".
func (k keys) ticket(id tickets.TicketID) string { return k.key("t", string(id)) }

// timeline is a list of events as JSON, oldest first; see decodeEvents.
func (k keys) timeline(id tickets.TicketID) string { return k.key("e", string(id)) }

// doc is a string: "<version> <JSON>".
func (k keys) doc(key string) string { return k.key("d", key) }

// seen is a string of JSON that expires.
func (k keys) seen(ch tickets.ChannelID, ts string) string { return k.key("m", string(ch)+"/"+ts) }

// list is a sorted set: ticket id by score in Unix milliseconds.
func (k keys) list(by tickets.ListBy, value string) string { return k.key("i", string(by)+":"+value) }

// exact is a sorted set: ticket id by creation in Unix milliseconds. For keys that several tickets may hold.
func (k keys) exact(x tickets.Key) string { return k.key("x", string(x.Kind)+":"+x.Value) }

// unique is a hash: value → ticket id. For keys that one ticket may hold; see bucket.
func (k keys) unique(x tickets.Key) string { return k.key("u", string(x.Kind)+":"+bucket(x)) }

// counter is a string: the number of the newest ticket.
func (k keys) counter() string { return k.key("n", "") }

// wakes is a sorted set of the shard: subject by due time in Unix microseconds.
func wakes(s redisshard.Keys) string { return s.Key("wakes") }

// feed is a stream of the shard {w, t, b}: workspace, ticket, body.
func feed(s redisshard.Keys) string { return s.Key("feed") }

// bucket spreads unique keys over hashes. Numbers run, so hundreds of them share a hash small enough for
// Redis' compact form; other values share one hash a kind.
func bucket(x tickets.Key) string {
	if x.Kind == tickets.KeyNumber && len(x.Value) > 4 {
		return x.Value[:len(x.Value)-2]
	}
	return ""
}
