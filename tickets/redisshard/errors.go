package redisshard

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
)

// passing are the first words of replies that a later try may cure.
var passing = []string{
	"READONLY", "OOM", "LOADING", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "NOREPLICAS", "BUSY",
	"MOVED", "ASK", "MISCONF", "UNBLOCKED", "NOSCRIPT", "max number of clients",
}

// Translate turns an error of the Redis client into the program's own and names the operation: anything
// that a later try may cure wraps [tickets.ErrTemporary], a missing value wraps [tickets.ErrNotFound], and
// any other reply of Redis (a wrong type, a broken script) is permanent. A nil error stays nil.
func Translate(op string, err error) error {
	var reply redis.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, redis.Nil):
		return fmt.Errorf("%s: %w", op, tickets.ErrNotFound)
	case !errors.As(err, &reply) || errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w: %w", op, tickets.ErrTemporary, err)
	}
	text := strings.TrimPrefix(reply.Error(), "ERR ")
	for _, word := range passing {
		if strings.HasPrefix(text, word) {
			return fmt.Errorf("%s: %w: %w", op, tickets.ErrTemporary, err)
		}
	}
	return fmt.Errorf("%s: %w", op, err)
}
