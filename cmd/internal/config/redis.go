package config

import (
	"net"
	"strings"

	"github.com/redis/go-redis/v9"
)

const redisFix = "Write redis://user:password@host:6379/0, rediss:// for TLS, or several such addresses separated by commas for a cluster."

// redis turns REDIS_URL into connection options; two or more addresses are a cluster. No problem quotes the
// address, which may hold a password.
func (r *reader) redis() *redis.UniversalOptions {
	if r.vars.RedisURL == "" {
		if !r.noRedis && !r.broken["REDIS_URL"] {
			r.complain("REDIS_URL", "is not set", r.redisMissing())
		}
		return nil
	}
	first, rest, _ := strings.Cut(r.vars.RedisURL, ",")
	one, err := redis.ParseURL(strings.TrimSpace(first))
	if err != nil || one.Network == "unix" {
		r.complain("REDIS_URL", "is not a Redis address", redisFix)
		return nil
	}
	all := universal(one)
	if rest != "" {
		r.nodes(all, rest)
	}
	return all
}

// redisMissing is what to do without an address: whoever only looks at what the bot keeps needs the bot's own.
func (r *reader) redisMissing() string {
	if r.noSlack {
		return "Set it to the address of the bot's Redis, the one that serve is given, such as redis://127.0.0.1:6379/0."
	}
	return "Start one (docker run -p 6379:6379 redis:7 --appendonly yes, or apt install redis-server) and set REDIS_URL=redis://127.0.0.1:6379/0, or try serve --in-memory, which loses everything when it ends."
}

// nodes adds the further addresses of a cluster: full addresses of the same kind, or host:port.
func (r *reader) nodes(all *redis.UniversalOptions, rest string) {
	for addr := range strings.SplitSeq(rest, ",") {
		addr = strings.TrimSpace(addr)
		if strings.Contains(addr, "://") {
			one, err := redis.ParseURL(addr)
			if err != nil || (one.TLSConfig == nil) != (all.TLSConfig == nil) {
				r.complain("REDIS_URL", "holds an address unlike the first", redisFix)
				return
			}
			addr = one.Addr
		}
		if _, _, err := net.SplitHostPort(addr); err != nil {
			r.complain("REDIS_URL", "holds a node that is not host:port", redisFix)
			return
		}
		all.Addrs = append(all.Addrs, addr)
	}
	if all.TLSConfig != nil {
		all.TLSConfig.ServerName = "" // each node is checked against its own name, not against the first one's
	}
	if all.DB != 0 {
		r.complain("REDIS_URL", "names a database, which a cluster does not have", "Leave the path after the host empty.")
	}
}

// universal keeps what an address may say, query settings such as read_timeout included.
func universal(o *redis.Options) *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Addrs: []string{o.Addr}, ClientName: o.ClientName, DB: o.DB, Protocol: o.Protocol,
		Username: o.Username, Password: o.Password, TLSConfig: o.TLSConfig,
		MaxRetries: o.MaxRetries, MinRetryBackoff: o.MinRetryBackoff, MaxRetryBackoff: o.MaxRetryBackoff,
		DialTimeout: o.DialTimeout, ReadTimeout: o.ReadTimeout, WriteTimeout: o.WriteTimeout,
		PoolFIFO: o.PoolFIFO, PoolSize: o.PoolSize, PoolTimeout: o.PoolTimeout,
		MinIdleConns: o.MinIdleConns, MaxIdleConns: o.MaxIdleConns, MaxActiveConns: o.MaxActiveConns,
		ConnMaxIdleTime: o.ConnMaxIdleTime, ConnMaxLifetime: o.ConnMaxLifetime,
	}
}
