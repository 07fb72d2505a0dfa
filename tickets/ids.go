package tickets

import (
	"crypto/sha256"
	"encoding/base32"
	"hash/fnv"
	"strconv"
	"strings"
)

// WorkspaceID names one Slack workspace (or organisation-wide installation). It begins every key.
type WorkspaceID string

// TicketID is a ticket's permanent key, derived from what caused it; people see [Number] instead.
type TicketID string

// UserID names a person in the workspace's own terms.
type UserID string

// ChannelID names a conversation.
type ChannelID string

// CauseID names the one thing (an inbox entry, a wake) that led to a change.
type CauseID string

// Number is the running number people use, unique within a workspace, from 1.
type Number int64

// String gives the form people read: "T-1042".
func (n Number) String() string { return "T-" + strconv.FormatInt(int64(n), 10) }

// TicketIDFor derives the id of the ticket which a source message or command leads to, so that the same
// source always leads to the same ticket however often it is delivered.
func TicketIDFor(ws WorkspaceID, natural string) TicketID {
	sum := sha256.Sum256([]byte(string(ws) + "\x00" + natural))
	enc := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10])
	return TicketID(strings.ToLower(enc))
}

// Shard is the number of one part of the key space, from 0.
type Shard int

// ShardOf tells which of n shards holds a workspace: FNV-1a of its id, mod n.
func ShardOf(ws WorkspaceID, n int) Shard {
	h := fnv.New32a()
	_, _ = h.Write([]byte(ws))
	return Shard(h.Sum32() % uint32(n))
}
