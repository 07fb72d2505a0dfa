package storetest

import (
	"net"
	"os/exec"
	"testing"
)

// TestLaunchTakesAnotherPort has somebody else take the port before the server does.
func TestLaunchTakesAnotherPort(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("skipped: no redis-server")
	}
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	_, taken, err := net.SplitHostPort(other.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	tries := 0
	addr := launch(t, path, func() []string {
		if tries++; tries == 1 {
			return []string{"--port", taken}
		}
		return nil
	})
	if tries != 2 || !answers(addr, "PING", "+PONG") {
		t.Errorf("after %d tries a server is said to be at %s, want 2", tries, addr)
	}
}
