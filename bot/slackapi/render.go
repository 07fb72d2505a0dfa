package slackapi

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"gongdan/bot"
)

// Slack's limits, in characters and pieces. Messages of 13.2 thousand characters were seen to be refused although each
// block was legal; maxEncoded stays below, however Slack counts.
const (
	maxBlocks  = 50
	maxTotal   = 12_000
	maxEncoded = 13_000
	maxHeader  = 150
	maxSection = 3000
	maxField   = 2000
	maxFields  = 10 // in one section
	maxContext = 10
	maxSummary = 3000 // notifications show far less; Slack recommends at most 4000
	maxPinged  = 50
	maxSmall   = 500 // of one small grey text: ours, so that a card's budget is not spent on it
	overhead   = 40  // what one text object costs beside its text
)

// Render draws a view. Every string of it goes into an element in which Slack reads no markup; the only mentions are
// those of View.Mention, and the only links those of Line.To. home is the workspace's address ([Installation.Home]); without it
// nothing is a link. What exceeds Slack's limits is shortened.
func Render(v bot.View, home string) []slack.Block {
	for total := maxTotal; ; total = total * 3 / 4 {
		blocks := render(v, home, total)
		raw, err := json.Marshal(blocks)
		if err != nil || total < overhead || utf8.RuneCount(raw) <= maxEncoded {
			return blocks
		}
	}
}

// Fallback is the text beside the blocks, which notifications and screen readers use.
func Fallback(v bot.View) string {
	var b strings.Builder
	for _, u := range pinged(v) {
		b.WriteString("<@" + u + "> ")
	}
	b.WriteString(cutEscaped(oneLine(clean(v.Summary)), maxSummary))
	return strings.TrimSpace(b.String())
}

// render draws a view in at most total characters. Paragraphs come last out of the budget: a shortened one still helps,
// while a card whose buttons are missing does not.
func render(v bot.View, home string, total int) []slack.Block {
	return (&drawing{home: home, left: total, seen: map[string]int{}}).draw(v)
}

func (d *drawing) draw(v bot.View) []slack.Block {
	top := d.top(v)
	foot := d.context(v.Footer)
	actions := d.actions(v.Actions)
	fields := d.fields(v.Fields)
	rows := d.rows(v.Rows, maxBlocks-len(top)-len(foot)-len(actions)-1)
	body := d.lines(v.Lines)
	blocks := append(append(top, body...), rows...)
	room := maxBlocks - len(blocks) - len(foot) - len(actions)
	blocks = append(blocks, fields[:min(len(fields), max(room, 0))]...)
	return append(append(blocks, foot...), actions...)
}

// rows draws each row with its actions beneath it, in at most room blocks. A row is drawn whole or not at all: its actions
// without its words would act on nobody knows what.
func (d *drawing) rows(list []bot.Row, room int) []slack.Block {
	var out []slack.Block
	for _, r := range list {
		blocks := d.lines(r.Lines)
		if len(blocks) == 0 {
			continue
		}
		blocks = append(blocks, d.actions(r.Actions)...)
		if len(out)+len(blocks) > room {
			break
		}
		out = append(out, blocks...)
	}
	return out
}

// drawing is one message in the making: left is what remains of its characters.
type drawing struct {
	home string
	left int
	seen map[string]int // how often an action id, or a block id, was used
}

// take cleans a string, shortens it to n and pays for it. What cannot be seen, or paid for, is "".
func (d *drawing) take(s string, n int) string {
	s = strings.TrimSpace(clean(s))
	if blank(s) || d.left <= overhead {
		return ""
	}
	s = cut(s, min(n, d.left-overhead))
	d.left -= units(s) + overhead
	return s
}

func inert(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

func (d *drawing) top(v bot.View) []slack.Block {
	var out []slack.Block
	if who := pinged(v); len(who) > 0 {
		out = append(out, mentions(who))
		d.left -= 2 * overhead * len(who)
	}
	if h := d.take(oneLine(v.Header), maxHeader); h != "" {
		out = append(out, slack.NewHeaderBlock(inert(h)))
	}
	return append(out, d.context(v.Tags...)...)
}

var userID = regexp.MustCompile(`^[A-Z0-9]{1,64}$`)

// pinged are the people to be mentioned; what is no user id is left out, as it could be live markup.
func pinged(v bot.View) []string {
	var out []string
	for _, u := range v.Mention {
		if userID.MatchString(string(u)) && len(out) < maxPinged {
			out = append(out, string(u))
		}
	}
	return out
}

func mentions(who []string) slack.Block {
	var parts []slack.RichTextSectionElement
	for i, u := range who {
		if i > 0 {
			parts = append(parts, slack.NewRichTextSectionTextElement(" ", nil))
		}
		parts = append(parts, slack.NewRichTextSectionUserElement(u, nil))
	}
	return slack.NewRichTextBlock("", slack.NewRichTextSection(parts...))
}

// context draws small grey text, one element a string.
func (d *drawing) context(texts ...string) []slack.Block {
	var parts []slack.MixedElement
	for _, t := range texts {
		if len(parts) == maxContext {
			break
		}
		if t = d.take(t, maxSmall); t != "" {
			parts = append(parts, inert(t))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []slack.Block{slack.NewContextBlock("", parts...)}
}

func (d *drawing) fields(list []bot.Field) []slack.Block {
	var cells []*slack.TextBlockObject
	for _, f := range list {
		label, value := d.take(oneLine(f.Label), maxField/4), d.take(f.Value, maxField/2)
		if label != "" || value != "" {
			cells = append(cells, cell(label, value))
		}
	}
	var out []slack.Block
	for len(cells) > 0 && len(out) < 10 {
		n := min(len(cells), maxFields)
		out = append(out, slack.NewSectionBlock(nil, cells[:n:n], nil))
		cells = cells[n:]
	}
	return out
}

// formats matches everything that could mean something in Slack's markup, and more.
var formats = regexp.MustCompile("[*_~`<>&|@#]|:[^\\s:]+:|://|\\bwww\\.")

// cell draws a labelled value with a bold label where nothing in it could be taken for markup, and plainly elsewhere.
func cell(label, value string) *slack.TextBlockObject {
	if label == "" || value == "" {
		return inert(or(label, value))
	}
	if formats.MatchString(label) || formats.MatchString(value) {
		return inert(label + "\n" + value)
	}
	return slack.NewTextBlockObject(slack.MarkdownType, "*"+label+"*\n"+value, false, true)
}

// maxParts bounds the pieces of the body; beyond it lines are left out, which the budget makes rare.
const maxParts = 100

// lines draws paragraphs as rich text, in which text is only text.
func (d *drawing) lines(list []bot.Line) []slack.Block {
	var parts []slack.RichTextElement
	var open []slack.RichTextSectionElement
	flush := func() {
		if len(open) > 0 {
			parts = append(parts, slack.NewRichTextSection(open...))
			open = nil
		}
	}
	for i, l := range list {
		if i == maxParts {
			break
		}
		text := d.take(l.Text, maxSection)
		if text == "" {
			continue
		}
		element := d.text(text, l)
		if l.Quote {
			flush()
			parts = append(parts, &slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{element}})
			continue
		}
		if len(open) > 0 {
			open = append(open, slack.NewRichTextSectionTextElement("\n", nil))
		}
		open = append(open, element)
	}
	flush()
	if len(parts) == 0 {
		return nil
	}
	return []slack.Block{slack.NewRichTextBlock("", parts...)}
}

// text draws a paragraph's text, as a link where it leads somewhere.
func (d *drawing) text(text string, l bot.Line) slack.RichTextSectionElement {
	if url := permalink(d.home, l.To); url != "" && d.left > len(url) {
		d.left -= len(url)
		return slack.NewRichTextSectionLinkElement(url, text, styleOf(l))
	}
	return slack.NewRichTextSectionTextElement(text, styleOf(l))
}

func styleOf(l bot.Line) *slack.RichTextSectionTextStyle {
	if !l.Strong && !l.Struck {
		return nil
	}
	return &slack.RichTextSectionTextStyle{Bold: l.Strong, Strike: l.Struck}
}
