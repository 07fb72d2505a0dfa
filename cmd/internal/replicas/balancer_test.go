package replicas

import (
	"bytes"
	"io"
	"net/http"
)

// ServeHTTP passes a request on. A bot that is away or not ready is passed over, as usual balancers do.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	list, lose := b.order(r.URL.Path)
	for _, base := range list {
		if b.pass(w, r, base, body, lose) {
			return
		}
	}
	http.Error(w, "no bot is ready", http.StatusServiceUnavailable)
}

// pass asks one bot; false if another should be asked.
func (b *balancer) pass(w http.ResponseWriter, r *http.Request, base string, body []byte, lose bool) bool {
	req, err := http.NewRequestWithContext(r.Context(), r.Method, base+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header = r.Header.Clone()
	resp, err := b.proxy.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	out, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode == http.StatusServiceUnavailable {
		return false
	}
	if lose {
		http.Error(w, "the answer was lost", http.StatusBadGateway)
		return true
	}
	for k, v := range resp.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(out)
	return true
}
