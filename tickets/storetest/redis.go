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
	port := freePort(t)
	cmd := exec.Command(path, "--port", port, "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", "",
		"--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction")
	if err := cmd.Start(); err != nil {
		t.Fatalf("start redis-server: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	addr := net.JoinHostPort("127.0.0.1", port)
	awaitRedis(t, addr)
	return addr
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
		port := freePort(t)
		cmd := exec.Command(server, "--port", port, "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", "",
			"--cluster-enabled", "yes", "--cluster-port", freePort(t))
		if err := cmd.Start(); err != nil {
			t.Fatalf("start redis-server: %v", err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
		addrs = append(addrs, net.JoinHostPort("127.0.0.1", port))
	}
	for _, a := range addrs {
		awaitRedis(t, a)
	}
	args := append(append([]string{"--cluster", "create"}, addrs...), "--cluster-replicas", "0", "--cluster-yes")
	if out, err := exec.Command(cli, args...).CombinedOutput(); err != nil {
		t.Fatalf("create cluster: %v\n%s", err, out)
	}
	for _, a := range addrs { // each learns on its own that all slots are served
		await(t, a, "CLUSTER INFO", "cluster_state:ok")
	}
	return addrs
}

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

func awaitRedis(t testing.TB, addr string) {
	t.Helper()
	await(t, addr, "PING", "+PONG")
}

// await asks a server until a line of its answer is as wanted: the one place where a test waits for the outside world.
func await(t testing.TB, addr, command, want string) {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for time.Now().Before(end) {
		if answers(addr, command, want) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("redis-server at %s does not answer %s with %s", addr, command, want)
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
