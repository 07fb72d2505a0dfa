package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/inmemory"
)

// Server is the Redis that is measured.
type Server struct {
	Version string `json:"version"`
	Fsync   string `json:"fsync"` // appendfsync, "off" without an append-only file, "unknown" where it cannot be read
	// Real is false for the stand-in within this process, whose figures say nothing about Redis.
	Real bool `json:"real"`
	// Own tells a server started for the measurement, which ends with it, from a given one.
	Own bool `json:"own"`

	options *redis.UniversalOptions
	close   func()
}

// Close ends a server of our own and removes what it wrote.
func (s *Server) Close() { s.close() }

// Addr is where the server listens, host:port.
func (s *Server) Addr() string { return s.options.Addrs[0] }

// client connects to the server.
func (s *Server) client() redis.UniversalClient { return redis.NewUniversalClient(s.options) }

// Open gives the server at an address; without one it starts a redis-server with an append-only file on a free loopback
// port, or, where there is no such program, the stand-in in this process.
func Open(ctx context.Context, address string) (*Server, error) {
	s, err := open(ctx, address)
	if err != nil {
		return nil, err
	}
	if err := s.look(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func open(ctx context.Context, address string) (*Server, error) {
	if address != "" {
		o, err := redis.ParseURL(address)
		if err != nil {
			return nil, fmt.Errorf("--redis is not an address such as redis://127.0.0.1:6379/1")
		}
		u := &redis.UniversalOptions{Addrs: []string{o.Addr}, DB: o.DB, Username: o.Username, Password: o.Password, TLSConfig: o.TLSConfig}
		return &Server{Real: true, options: u, close: func() {}}, nil
	}
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return standIn()
	}
	for range 3 { // another program may take the port in between
		var s *Server
		if s, err = start(ctx, path); err == nil {
			return s, nil
		}
	}
	return nil, err
}

func standIn() (*Server, error) {
	m, err := inmemory.Start()
	if err != nil {
		return nil, fmt.Errorf("start Redis in memory: %w", err)
	}
	return &Server{Own: true, options: m.Options(), close: m.Close}, nil
}

func start(ctx context.Context, path string) (*Server, error) {
	dir, err := os.MkdirTemp("", "gongdan-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for Redis: %w", err)
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	cmd := exec.Command(path, "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction")
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start redis-server: %w", err), os.RemoveAll(dir))
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	s := &Server{Real: true, Own: true, close: func() {
		_ = cmd.Process.Kill()
		<-ended
		_ = os.RemoveAll(dir)
	}}
	s.options = &redis.UniversalOptions{Addrs: []string{net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}}
	if err := s.await(ctx, dir, ended); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func freePort(ctx context.Context) (int, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	at, _ := l.Addr().(*net.TCPAddr)
	return at.Port, nil
}

// await returns when the server in the folder answers.
func (s *Server) await(ctx context.Context, dir string, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	rdb := s.client()
	defer func() { _ = rdb.Close() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := rdb.ConfigGet(ctx, "dir").Result()
		if at, _ := os.Stat(got["dir"]); err == nil && at != nil {
			if own, err := os.Stat(dir); err == nil && os.SameFile(at, own) {
				return nil
			}
		}
		select {
		case <-ended:
			return errors.New("redis-server ended at once")
		case <-ctx.Done():
			return fmt.Errorf("wait for redis-server: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// look reads what the figures depend on.
func (s *Server) look(ctx context.Context) error {
	rdb := s.client()
	defer func() { _ = rdb.Close() }()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("no answer of Redis: %w\nCheck --redis, or leave it out", err)
	}
	s.Version, s.Fsync = "miniredis", "off"
	if !s.Real {
		return nil
	}
	s.Version, s.Fsync = "unknown", "unknown"
	if text, err := rdb.Info(ctx, "server").Result(); err == nil {
		for line := range strings.Lines(text) {
			if v, ok := strings.CutPrefix(strings.TrimSpace(line), "redis_version:"); ok {
				s.Version = v
			}
		}
	}
	if got, err := rdb.ConfigGet(ctx, "append*").Result(); err == nil && got["appendonly"] != "" {
		s.Fsync = got["appendfsync"]
		if got["appendonly"] != "yes" {
			s.Fsync = "off"
		}
	}
	return nil
}
