package chaos

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/inmemory"
)

// Backend names where the bot keeps everything.
type Backend string

// Backends.
const (
	RealRedis Backend = "redis"     // a redis-server of its own with an append-only file
	InMemory  Backend = "miniredis" // in this process' memory; cannot be killed
)

// ErrNoRedis says that no redis-server is installed.
var ErrNoRedis = errors.New("redis-server is not installed (Debian: apt-get install redis-server); --redis miniredis works without, but proves less")

// server is a Redis of this run's own.
type server interface {
	Options() *redis.UniversalOptions
	URL() string
	Close()
}

func startRedis(ctx context.Context, b Backend) (server, error) {
	switch b {
	case InMemory:
		return inmemory.Start()
	case RealRedis:
		return startServer(ctx)
	}
	return nil, fmt.Errorf("redis %q: choose %s or %s", b, RealRedis, InMemory)
}

// process is a redis-server in a folder of its own, fsync each second, never evicting.
type process struct {
	path, dir string
	port      int

	mu  sync.Mutex
	cmd *exec.Cmd
}

func startServer(ctx context.Context) (*process, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, ErrNoRedis
	}
	dir, err := os.MkdirTemp("", "gongdan-chaos-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for Redis: %w", err)
	}
	for range 5 { // somebody else may take the free port before Redis does
		p := &process{path: path, dir: dir}
		if p.port, err = freePort(ctx); err != nil {
			break
		}
		if err = p.start(ctx); err == nil {
			return p, nil
		}
		p.kill()
	}
	_ = os.RemoveAll(dir)
	return nil, fmt.Errorf("start redis-server: %w", err)
}

func freePort(ctx context.Context) (int, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = ln.Close() }()
	addr, ok := ln.Addr().(*net.TCPAddr)
	if !ok {
		return 0, fmt.Errorf("listen: no TCP address %v", ln.Addr())
	}
	return addr.Port, nil
}

// start starts the server on what its folder holds and waits until it has loaded it.
func (p *process) start(ctx context.Context) error {
	cmd := exec.Command(p.path, "--port", strconv.Itoa(p.port), "--bind", "127.0.0.1", "--dir", p.dir, "--appendonly", "yes",
		"--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction", "--logfile", p.dir+"/log")
	if err := cmd.Start(); err != nil {
		return err
	}
	p.mu.Lock()
	p.cmd = cmd
	p.mu.Unlock()
	c := redis.NewUniversalClient(p.Options())
	defer func() { _ = c.Close() }()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		dir, err := c.ConfigGet(ctx, "dir").Result()
		if err == nil && dir["dir"] == p.dir {
			return nil
		}
		if !pause(ctx, 20*time.Millisecond) {
			return fmt.Errorf("redis-server does not answer: %w", errors.Join(err, ctx.Err()))
		}
	}
}

// kill ends the server as a crash would.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		p.cmd = nil
	}
}

func (p *process) Options() *redis.UniversalOptions {
	return &redis.UniversalOptions{Addrs: []string{fmt.Sprintf("127.0.0.1:%d", p.port)}}
}

func (p *process) URL() string { return fmt.Sprintf("redis://127.0.0.1:%d", p.port) }

func (p *process) Close() {
	p.kill()
	_ = os.RemoveAll(p.dir)
}

// pause waits and tells whether ctx still lives.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(max(0, d))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return ctx.Err() == nil
	}
}
