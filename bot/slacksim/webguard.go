package slacksim

import (
	"encoding/json"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// setPageHeaders forbids the page everything but its own files: no script, style
// or address from elsewhere, and no framing.
func setPageHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// refusal is the status with which a request to the page is turned away; 0 for a
// good one. A name other than the loopback's may be another site's that points
// here; an origin other than the page's own is another site's page.
func refusal(r *http.Request) int {
	if !loopback(r.Host) {
		return http.StatusForbidden
	}
	origin := r.Header.Get("Origin")
	if origin != "" && origin != "http://"+r.Host {
		return http.StatusForbidden
	}
	navigation := r.Method == http.MethodGet && r.URL.Path == "/"
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		if !navigation { // a link from elsewhere may open the page
			return http.StatusForbidden
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if origin == "" || kind != "application/json" {
			return http.StatusForbidden
		}
	}
	return 0
}

func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the browser may have gone
}
