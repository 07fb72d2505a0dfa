package redisshard

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// header declares a script's rules to Redis 7: every key must be declared, and a server out of memory
// refuses the script before its first command. Servers that do not know it get the plain body.
const header = "#!lua\n"

// Script is one Lua script in both forms. Scripts are immutable.
type Script struct {
	marked, plain       string
	markedSHA, plainSHA string
}

// NewScript prepares a script from its source, with or without the header line.
func NewScript(source string) *Script {
	body := strings.TrimPrefix(source, header)
	return &Script{
		marked: header + body, markedSHA: sha(header + body),
		plain: body, plainSHA: sha(body),
	}
}

func sha(s string) string {
	sum := sha1.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Runner runs scripts on one client. It learns at the first call whether the server knows the header line.
// It is safe for concurrent use.
type Runner struct {
	client redis.UniversalClient
	form   atomic.Int32
}

// What a server takes.
const (
	formUnknown int32 = iota
	formMarked
	formPlain
)

// NewRunner makes a runner; it does not talk to the server yet.
func NewRunner(client redis.UniversalClient) *Runner { return &Runner{client: client} }

// Run calls a script by its hash and sends the source when the server does not have it. At least one key is needed.
func (r *Runner) Run(ctx context.Context, s *Script, keys []string, args ...any) (any, error) {
	text, hash, err := r.pick(ctx, s, keys[0])
	if err != nil {
		return nil, err
	}
	reply, err := r.client.EvalSha(ctx, hash, keys, args...).Result()
	if err != nil && redis.HasErrorPrefix(err, "NOSCRIPT") {
		return r.client.Eval(ctx, text, keys, args...).Result()
	}
	return reply, err
}

// RunWait calls a script and WAIT in one pipeline on the connection of the key's master, so that WAIT
// speaks of this very write. It returns how many replicas have it after at most timeoutMS milliseconds.
func (r *Runner) RunWait(ctx context.Context, s *Script, w Wait, keys []string, args ...any) (any, int, error) {
	text, hash, err := r.pick(ctx, s, keys[0])
	if err != nil {
		return nil, 0, err
	}
	node, err := r.Master(ctx, keys[0])
	if err != nil {
		return nil, 0, err
	}
	send := func(eval func(redis.Pipeliner) *redis.Cmd) (any, int, error) {
		p := node.Pipeline()
		reply, n := eval(p), p.Do(ctx, "wait", w.Replicas, w.Timeout.Milliseconds())
		_, _ = p.Exec(ctx)
		if err := reply.Err(); err != nil {
			return nil, 0, err
		}
		got, err := n.Int()
		return reply.Val(), got, err
	}
	reply, n, err := send(func(p redis.Pipeliner) *redis.Cmd { return p.EvalSha(ctx, hash, keys, args...) })
	if err != nil && redis.HasErrorPrefix(err, "NOSCRIPT") {
		return send(func(p redis.Pipeliner) *redis.Cmd { return p.Eval(ctx, text, keys, args...) })
	}
	return reply, n, err
}

// Master is the client of the node that holds a key: the runner's own unless it speaks to a cluster.
func (r *Runner) Master(ctx context.Context, key string) (redis.UniversalClient, error) {
	if c, ok := r.client.(*redis.ClusterClient); ok {
		return c.MasterForKey(ctx, key)
	}
	return r.client, nil
}

func (r *Runner) pick(ctx context.Context, s *Script, key string) (text, hash string, err error) {
	form := r.form.Load()
	if form == formUnknown {
		if form, err = r.probe(ctx, key); err != nil {
			return "", "", err
		}
		r.form.Store(form)
	}
	if form == formMarked {
		return s.marked, s.markedSHA, nil
	}
	return s.plain, s.plainSHA, nil
}

// probe asks the server to run a marked script; an answer that speaks of the script's text means that it
// does not know the mark.
func (r *Runner) probe(ctx context.Context, key string) (int32, error) {
	err := r.client.Eval(ctx, header+"return 1", []string{key}).Err()
	if err == nil {
		return formMarked, nil
	}
	var reply redis.Error
	if !errors.As(err, &reply) {
		return formUnknown, err // no answer, though its words, such as "unexpected EOF", may sound like one
	}
	text := err.Error()
	for _, word := range []string{"compil", "parse", "syntax", "unexpected"} {
		if strings.Contains(strings.ToLower(text), word) {
			return formPlain, nil
		}
	}
	return formUnknown, err
}
