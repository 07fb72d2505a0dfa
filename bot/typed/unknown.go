package typed

import "unicode"

// maxWord is how much of a word that is no command is kept.
const maxWord = 24

// unknown says what stands where a command should, and which is nearest.
func (r *reader) unknown() *Unknown {
	t := r.token()
	raw := r.raw[r.at : r.at+len(t)]
	if len(raw) > maxWord {
		raw = append(append([]rune(nil), raw[:maxWord-1]...), '…')
	}
	return &Unknown{Word: string(raw), Suggest: nearest(t)}
}

// nearest is the command whose word differs least; one letter in short words, two in longer ones.
func nearest(t []rune) string {
	if len(t) > maxWord {
		t = t[:maxWord]
	}
	best, at := "", 3
	for _, w := range longestFirst {
		if d := distance(t, w.text); d < at && d <= allowed(w) && d < len(w.text) {
			best, at = w.suggest(), d
		}
	}
	if best == "" {
		best = startsWith(t)
	}
	return best
}

func allowed(w word) int {
	switch {
	case w.chinese && len(w.text) < 2, !w.chinese && len(w.text) < 3:
		return 0
	case len(w.text) < 5:
		return 1
	}
	return 2
}

// startsWith finds a Chinese command that more words are glued to: 完结了吗.
func startsWith(t []rune) string {
	for _, w := range longestFirst {
		if w.chinese && len(w.text) > 1 && len(t) > len(w.text) && string(t[:len(w.text)]) == string(w.text) && unicode.Is(unicode.Han, w.text[0]) {
			return w.suggest()
		}
	}
	return ""
}

// distance is the least number of insertions, deletions, replacements and swaps of neighbours between two words.
func distance(a, b []rune) int {
	two, one := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now := make([]int, len(b)+1)
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(now[j-1]+1, one[j]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], two[j-2]+1)
			}
		}
		two, one = one, now
	}
	return one[len(b)]
}
