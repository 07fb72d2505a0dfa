package tour

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"gongdan/bot/slacksim"
)

// The page: who speaks stands right-aligned in a column, what is said beside it.
const (
	speakerWidth = 12
	lineWidth    = 84 // of fields that share a line, in columns
)

// speech is something that somebody says or sees, line by line.
type speech struct {
	who   string
	lines []string
}

func (s speech) print(out io.Writer) error {
	who, mark := s.who, "│"
	for _, l := range s.lines {
		pad := strings.Repeat(" ", max(0, speakerWidth-columns(who)))
		if _, err := fmt.Fprintf(out, "%s%s %s %s\n", pad, who, mark, l); err != nil {
			return err
		}
		who = ""
	}
	return nil
}

// columns is how wide a terminal shows a text: Chinese letters and marks take two columns.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2E80 && r <= 0xFFEF {
			n++
		}
	}
	return n
}

// block is what is read of a Block Kit block.
type block struct {
	Type     string          `json:"type"`
	Text     json.RawMessage `json:"text"` // an object, or the text itself within rich text
	Fields   []block         `json:"fields"`
	Elements []block         `json:"elements"`
	UserID   string          `json:"user_id"`
	Holder   json.RawMessage `json:"placeholder"`
}

// compact shows a message in few lines: title and tags on one, fields side by side, buttons on one. Quoted words are left
// out, because the reader has just seen them.
func compact(m slacksim.Message, name func(string) string) []string {
	var blocks []block
	if json.Unmarshal(m.Blocks, &blocks) != nil || len(blocks) == 0 {
		return strings.Split(strings.TrimSpace(m.PlainText()), "\n")
	}
	var out []string
	for _, b := range blocks {
		switch b.Type {
		case "context":
			tags := "〔" + strings.Join(texts(b.Elements, name), " · ") + "〕"
			if len(out) == 1 && columns(out[0])+columns(tags) < lineWidth {
				out[0] += " " + tags
				continue
			}
			out = append(out, tags)
		case "section":
			out = append(out, packed(texts(b.Fields, name))...)
		case "actions":
			labels := texts(b.Elements, name)
			out = append(out, "["+strings.Join(labels, "] [")+"]")
		default:
			if text := strings.TrimSpace(b.read(name)); text != "" {
				out = append(out, strings.Split(text, "\n")...)
			}
		}
	}
	return out
}

func texts(list []block, name func(string) string) []string {
	out := make([]string, len(list))
	for i, b := range list {
		label, value, _ := strings.Cut(b.read(name), "\n")
		out[i] = strings.TrimSpace(strings.Trim(label, "*") + " " + value)
	}
	return out
}

// read is a block's text without what it quotes.
func (b block) read(name func(string) string) string {
	if b.Type == "rich_text_quote" {
		return ""
	}
	if b.UserID != "" {
		return "@" + name(b.UserID)
	}
	for _, raw := range []json.RawMessage{b.Text, b.Holder} {
		var plain string
		if json.Unmarshal(raw, &plain) == nil {
			return plain
		}
		var object struct {
			Text string `json:"text"`
		}
		if json.Unmarshal(raw, &object) == nil && object.Text != "" {
			return object.Text
		}
	}
	var all strings.Builder
	for _, e := range b.Elements {
		all.WriteString(e.read(name))
	}
	return all.String()
}

// packed puts short fields side by side, as many as a line takes.
func packed(fields []string) []string {
	var out []string
	for _, f := range fields {
		if n := len(out) - 1; n >= 0 && columns(out[n])+3+columns(f) <= lineWidth {
			out[n] += " · " + f
			continue
		}
		out = append(out, f)
	}
	return out
}
