package storetest

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// RedisEnv names the address of a Redis server that tests may use under keys of their own.
const RedisEnv = "GONGDAN_TEST_REDIS"

// Redis gives the address of a real server: the one named by [RedisEnv], or one started here with an
// append-only file in a temporary folder, which ends with the test. Without either it skips the test.
func Redis(t testing.TB) string {
	t.Helper()
	if addr := os.Getenv(RedisEnv); addr != "" {
		return addr
	}
	return StartRedis(t)
}

// StartRedis starts a server of the test's own; it skips the test where there is no redis-server.
func StartRedis(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("skipped: no redis-server")
	}
	return launch(t, path, func() []string {
		return []string{"--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"}
	})
}

// StartCluster starts a cluster of three servers and returns their addresses; it skips the test where there
// is no redis-server or redis-cli.
func StartCluster(t testing.TB) []string {
	t.Helper()
	server, err := exec.LookPath("redis-server")
	cli, missing := exec.LookPath("redis-cli")
	if err != nil || missing != nil {
		t.Skip("skipped: no redis-server")
	}
	var addrs []string
	for range 3 {
		addrs = append(addrs, launch(t, server, func() []string { return []string{"--cluster-enabled", "yes", "--cluster-port", freePort(t)} }))
	}
	args := append(append([]string{"--cluster", "create"}, addrs...), "--cluster-replicas", "0", "--cluster-yes")
	if out, err := exec.Command(cli, args...).CombinedOutput(); err != nil {
		t.Fatalf("create cluster: %v\n%s", err, out)
	}
	for _, a := range addrs { // each learns on its own that all slots are served
		await(t, nil, a, "CLUSTER INFO", "cluster_state:ok")
	}
	return addrs
}

// launch starts a server that ends with the test. A port that was free may be somebody else's by the time the server asks for
// it: then the server ends, and another is started on others, with settings made anew.
func launch(t testing.TB, path string, settings func() []string) (addr string) {
	t.Helper()
	for range 5 {
		port := freePort(t)
		args := append([]string{"--port", port, "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", ""}, settings()...)
		cmd, ended := exec.Command(path, args...), make(chan struct{})
		if err := cmd.Start(); err != nil {
			t.Fatalf("start redis-server: %v", err)
		}
		go func() {
			_ = cmd.Wait()
			close(ended)
		}()
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			<-ended
		})
		addr = net.JoinHostPort("127.0.0.1", port)
		// Whoever took the port may be a Redis too, so it is asked who it is.
		if await(t, ended, addr, "INFO server", fmt.Sprintf("process_id:%d", cmd.Process.Pid)) {
			return addr
		}
	}
	t.Fatal("start redis-server: every port that was free was taken")
	return ""
}

// patience bounds a wait for a server: far beyond what one takes to start on an idle machine, for those that are not.
const patience = time.Minute

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	return port
}

// await asks a server until a line of its answer is as wanted, and is false if it ends before: the one place where a test waits
// for the outside world.
func await(t testing.TB, ended <-chan struct{}, addr, command, want string) bool {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if answers(addr, command, want) {
			return true
		}
		select {
		case <-ended:
			return false
		default:
			time.Sleep(10 * time.Millisecond)
		}
	}
	t.Fatalf("redis-server at %s does not answer %s with %s", addr, command, want)
	return false
}

func answers(addr, command, want string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	_, _ = fmt.Fprintf(conn, "%s\r\nQUIT\r\n", command)
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if strings.TrimSpace(lines.Text()) == want {
			return true
		}
	}
	return false
}
