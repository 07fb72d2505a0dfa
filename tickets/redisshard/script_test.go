package redisshard

import (
	"context"
	"net"
	"testing"

	"github.com/redis/go-redis/v9"
)

// A connection that breaks while the server is asked what it takes says nothing about the server: taken for an answer, it
// would have a real Redis run all scripts in the form that is not checked before the first write.
func TestProbeBelievesAnswersOnly(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{"$9\r\nunexp", "parse this\r\n", ""} {
		client := redis.NewClient(&redis.Options{MaxRetries: -1, Protocol: 2, DisableIdentity: true,
			Dialer: func(context.Context, string, string) (net.Conn, error) {
				ours, theirs := net.Pipe()
				go func() {
					_, _ = theirs.Read(make([]byte, 4096))
					_, _ = theirs.Write([]byte(broken))
					_ = theirs.Close()
				}()
				return ours, nil
			}})
		r := NewRunner(client)
		if _, err := r.Run(t.Context(), NewScript("return 1"), []string{"k"}); err == nil || r.form.Load() != formUnknown {
			t.Errorf("after %q: err %v, form %d, want an error and nothing learned", broken, err, r.form.Load())
		}
		_ = client.Close()
	}
}
