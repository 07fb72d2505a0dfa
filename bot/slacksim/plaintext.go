package slacksim

import (
	"encoding/json"
	"regexp"
	"strings"
)

var angleSyntax = regexp.MustCompile(`<([^<>]*)>`)

// PlainText is everything that a person would read in the message: the text of
// all blocks (of the message itself where it has none), line by line, buttons
// and menus as [label]. Mentions stay as "<@U…>".
func (m Message) PlainText() string {
	var lines []string
	if text := blocksText(m.Blocks); text != "" {
		lines = append(lines, text)
	} else if m.Text != "" {
		lines = append(lines, readable(m.Text))
	}
	var attachments []struct {
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	}
	_ = json.Unmarshal(m.Attachments, &attachments) // checked when posted
	for _, a := range attachments {
		lines = append(lines, readable(a.Text), blocksText(a.Blocks))
	}
	for _, f := range m.Files {
		lines = append(lines, f.Name)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func blocksText(blocks json.RawMessage) string {
	var list []object
	_ = json.Unmarshal(blocks, &list) // checked when posted
	var lines []string
	for _, b := range list {
		if line := reads(b); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// reads gives the readable text of a block, an element or a text object.
func reads(v any) string {
	switch v := v.(type) {
	case []any:
		var parts []string
		for _, e := range v {
			if text := reads(e); text != "" {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, "\n")
	case object:
		return readsObject(v)
	}
	return ""
}

func readsObject(o object) string {
	kind, _ := o["type"].(string)
	switch kind {
	case "plain_text":
		text, _ := o["text"].(string)
		return text
	case "mrkdwn", "markdown":
		text, _ := o["text"].(string)
		return readable(text)
	case "button", "workflow_button":
		return "[" + reads(o["text"]) + "]"
	case "rich_text":
		return readsRich(o["elements"])
	case "image":
		text, _ := o["alt_text"].(string)
		return text
	case "raw_text":
		text, _ := o["text"].(string)
		return text
	}
	if strings.HasSuffix(kind, "_select") || kind == "overflow" || kind == "radio_buttons" || kind == "checkboxes" {
		return readsMenu(o)
	}
	var parts []string
	for _, key := range []string{"title", "label", "text", "body", "description", "fields", "elements", "element", "accessory", "actions", "rows", "blocks"} {
		if text := reads(o[key]); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n")
}

// readsMenu shows a menu's placeholder, or its choices where all are in sight.
func readsMenu(o object) string {
	if o["initial_option"] != nil {
		if first, ok := o["initial_option"].(object); ok {
			return "[" + reads(first["text"]) + "]"
		}
	}
	if text := reads(o["placeholder"]); text != "" {
		return "[" + text + "]"
	}
	var labels []string
	list, _ := o["options"].([]any)
	for _, v := range list {
		if option, ok := v.(object); ok {
			labels = append(labels, "["+reads(option["text"])+"]")
		}
	}
	return strings.Join(labels, " ")
}

func readsRich(v any) string {
	var out strings.Builder
	list, _ := v.([]any)
	for i, e := range list {
		o, _ := e.(object)
		switch kind, _ := o["type"].(string); kind {
		case "text", "link":
			text, _ := o["text"].(string)
			if text == "" {
				text, _ = o["url"].(string)
			}
			out.WriteString(text)
		case "user":
			id, _ := o["user_id"].(string)
			out.WriteString("<@" + id + ">")
		case "broadcast":
			word, _ := o["range"].(string)
			out.WriteString("@" + word)
		case "emoji":
			name, _ := o["name"].(string)
			out.WriteString(":" + name + ":")
		default:
			if i > 0 {
				out.WriteString("\n")
			}
			out.WriteString(readsRich(o["elements"]))
		}
	}
	return out.String()
}

// readable shows mrkdwn as a reader sees it, but for mentions of people.
func readable(text string) string {
	text = angleSyntax.ReplaceAllStringFunc(text, func(s string) string {
		inner := s[1 : len(s)-1]
		target, label, labelled := strings.Cut(inner, "|")
		switch {
		case strings.HasPrefix(inner, "@"):
			return "<" + target + ">"
		case labelled:
			return label
		case strings.HasPrefix(inner, "!"):
			return "@" + inner[1:]
		}
		return inner
	})
	return unescape(text)
}
