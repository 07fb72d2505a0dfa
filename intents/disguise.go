package intents

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// barefaced is a folded text as whoever reads it sees its words: without what shows nothing and without marks of emphasis, and
// with letters that only look Latin, and the traditional characters of commands, in their common form.
func barefaced(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c < 0x80:
			return withoutEmphasis(c)
		case c >= 0x4E00 && c <= 0x9FFF:
			return orSelf(commonHan, c)
		case unicode.In(c, unicode.Cf, unicode.Mn, unicode.Me):
			return -1
		}
		return orSelf(looksLatin, unicode.ToLower(c))
	}, norm.NFKD.String(sanitise(text)))
}

// withoutEmphasis drops the marks that Slack wraps words in, and takes a line that joins words for a blank.
func withoutEmphasis(c rune) rune {
	switch c {
	case '*', '~', '`':
		return -1
	case '_':
		return ' '
	}
	return unicode.ToLower(c)
}

// looksLatin are letters of other scripts that the eye takes for Latin ones, small.
var looksLatin = paired("авсԁеԍһнікмпорԛѕтуѵԝхјӏьᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘꜱᴛᴜᴠᴡʏᴢʀαβεικνορτυχıɩ", "abcdeghhikmnopqstyvwxjlbabcdeghijklmnopstuvwyzrabeiknoptuxii")

// commonHan are the traditional characters of commands that the folding leaves alone.
var commonHan = paired("無視詞統設關閉刪規則將標記輸應該須會變類級緊開據導語當們", "无视词统设关闭删规则将标记输应该须会变类级紧开据导语当们")

// paired maps each character of from to the one at its place in to.
func paired(from, to string) map[rune]rune {
	out, other := map[rune]rune{}, []rune(to)
	for i, c := range []rune(from) {
		out[c] = other[i]
	}
	return out
}

func orSelf(table map[rune]rune, c rune) rune {
	if other, ok := table[c]; ok {
		return other
	}
	return c
}

// likeLetters are digits and signs that stand for letters, as in ign0re.
var likeLetters = paired("013457@$", "oieastas")

// runTogether leaves the letters of a text alone, so that neither lines nor blanks between them part a word. The end of a
// sentence or clause stays a stop, as what follows is another matter, unless letters are strewn one by one.
func runTogether(text string) string {
	var b strings.Builder
	last, here, stop := 0, 0, false // letters of the last run and of this one
	run := make([]rune, 0, 32)
	end := func() {
		if here == 0 {
			return
		}
		if stop && (last != 1 || here != 1) {
			b.WriteByte('.')
		}
		b.WriteString(string(run))
		last, here, stop, run = here, 0, false, run[:0]
	}
	for _, c := range text {
		if c = orSelf(likeLetters, c); unicode.IsLetter(c) {
			run, here = append(run, c), here+1
			continue
		}
		end()
		stop = stop || strings.ContainsRune(clauseEnds, c) && c != '\n'
	}
	end()
	return b.String()
}

// strewn are commands to a machine of which only the letters are left, each with its object beside it: apart from that,
// anything may stand between two letters.
var strewn = guard(strings.Join([]string{
	`(?:忽略|无视|忘记|忘掉|不要理会|不要遵守|绕过|推翻)(?:掉|你|我|以上|上面|上述|之前|先前|此前|前面|全部|所有|一切|任何|那些|这些|收到|系统|给|和|的)+(?:指令|提示词|设定|命令|约束)`,
	`(?:忽略|无视|忘记|忘掉|不要理会|不要遵守|绕过|推翻)(?:掉|你|我|之前|先前|此前|前面|的)*(?:以上|所有|上述|安全)的?规则`,
	`(?:ignore|disregard|forget|override|bypass)(?:all|any|every|the|your|my|those|these|of|previous|prior|above|earlier|preceding|system|safety|other|and)+(?:instructions|systemprompt|guidelines|directives)`,
	`(?:reveal|show|print|output|repeat)(?:me|us|the|your|full|whole|hidden|original)+systemprompt`,
}, "|"))
