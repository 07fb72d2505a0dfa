package entities

import (
	"strings"
)

// findLinks finds e-mail addresses and URLs.
func (d *doc) findLinks() {
	if d.marks.at {
		d.findEmails()
	}
	if d.marks.dot {
		d.findURLs()
	}
}

func (d *doc) findEmails() {
	for i, c := range d.r {
		if c != '@' {
			continue
		}
		if d.spacedMail(i) {
			continue
		}
		s := i
		for s > 0 && (isAlnum(d.r[s-1]) || strings.ContainsRune("._%+-", d.r[s-1])) {
			s--
		}
		e := d.mailHost(i + 1)
		local := string(d.r[s:i])
		if e < 0 || local == "" || strings.Contains(local, "..") || local[0] == '.' || strings.HasSuffix(local, ".") {
			continue
		}
		d.add(rankLink, Entity{Type: Email, Value: string(d.r[s:e]), Start: s, End: e})
	}
}

// spacedMail reads "li.lei @ example.com" around the @ at i.
func (d *doc) spacedMail(i int) bool {
	if d.at(i-1) != ' ' || d.at(i+1) != ' ' {
		return false
	}
	s := i - 1
	for isAlnum(d.at(s-1)) || strings.ContainsRune("._%+-", orX(d.at(s-1))) {
		s--
	}
	e := d.mailHost(i + 2)
	if s == i-1 || e < 0 || !knownTLDs[string(d.r[d.lastDot(e)+1:e])] {
		return false
	}
	d.add(rankLink, Entity{Type: Email, Value: string(d.r[s:i-1]) + "@" + string(d.r[i+2:e]), Start: s, End: e})
	return true
}

func (d *doc) lastDot(e int) int {
	for d.at(e) != '.' && e > 0 {
		e--
	}
	return e
}

// mailHost reads a host name with a top-level domain of letters, or an address
// literal in brackets, and returns the index after it or -1.
func (d *doc) mailHost(i int) int {
	if d.at(i) == '[' {
		for j := i + 1; j < len(d.r) && j < i+48; j++ {
			if d.r[j] == ']' {
				return j + 1
			}
		}
		return -1
	}
	e := i
	for isAlnum(d.at(e)) || d.at(e) == '-' || d.at(e) == '.' && isAlnum(d.at(e+1)) {
		e++
	}
	host := string(d.r[i:e])
	dot := strings.LastIndexByte(host, '.')
	if dot <= 0 || len(host)-dot-1 < 2 || d.at(e) == '_' {
		return -1
	}
	if tld := host[dot+1:]; countDigits(tld) > 0 && !strings.HasPrefix(tld, "xn--") {
		return -1
	}
	return e
}

func (d *doc) findURLs() {
	for i := 0; i < len(d.r); i++ {
		if i > 0 && (isAlnum(d.r[i-1]) || strings.ContainsRune("@._-/", d.r[i-1])) {
			continue
		}
		e := d.urlAt(i)
		if e < 0 {
			continue
		}
		d.add(rankLink, Entity{Type: URL, Start: i, End: e})
		i = e - 1
	}
}

func (d *doc) urlAt(i int) int {
	if !isAlnum(d.at(i)) {
		return -1
	}
	scheme := -1
	for _, p := range []string{"https://", "http://", "ftp://"} {
		if e := d.lit(i, p); e >= 0 {
			scheme = e
		}
	}
	at := max(i, scheme)
	e := at
	for isAlnum(d.at(e)) || d.at(e) == '-' || d.at(e) == '.' && isAlnum(d.at(e+1)) {
		e++
	}
	if d.at(e) == '@' || !validHost(string(d.r[at:e]), scheme >= 0) {
		return -1
	}
	for c := d.at(e); c != 0 && (isAlnum(c) || strings.ContainsRune(":/?#[]!$&'()*+,;=%-._~@", c)); c = d.at(e) {
		e++
	}
	for strings.ContainsRune(".,;:!?'\")]}", d.at(e-1)) {
		e--
	}
	return e
}

// knownTLDs are the endings that make a bare word with dots a host. With a
// scheme before it, any ending of letters does.
var knownTLDs = map[string]bool{
	"com": true, "cn": true, "net": true, "org": true, "io": true, "co": true, "il": true, "au": true, "uk": true, "hk": true, "tw": true,
	"jp": true, "de": true, "fr": true, "top": true, "xyz": true, "shop": true, "store": true, "cc": true, "me": true, "info": true, "biz": true, "site": true,
	"app": true, "dev": true, "vip": true, "edu": true, "gov": true, "tv": true, "ly": true, "us": true, "eu": true, "link": true, "online": true, "mobi": true,
}

func validHost(h string, scheme bool) bool {
	if scheme && (h == "localhost" || countDigits(h)+strings.Count(h, ".") == len(h) && strings.Count(h, ".") == 3) {
		return true
	}
	dot := strings.LastIndexByte(h, '.')
	if dot <= 0 || strings.Contains(h, "..") {
		return false
	}
	tld, name := h[dot+1:], h[:dot]
	if !scheme && (!knownTLDs[tld] || name == "www") {
		return false
	}
	return len(tld) >= 2 && countDigits(tld) == 0 || strings.HasPrefix(tld, "xn--")
}
