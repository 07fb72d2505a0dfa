package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	// maxBlockChars is the size of all text in a message's blocks from which
	// Slack answers msg_blocks_too_long though each block is within its limits.
	maxBlockChars = 13_200
	maxMarkdown   = 12_000
)

var blockTypes = []string{
	"section", "divider", "image", "actions", "context", "context_actions", "file", "input", "header", "rich_text", "call",
	"video", "markdown", "table", "data_table", "data_visualization", "task_card", "plan", "alert", "card", "carousel",
	"container", "layout", "auth_provider",
}

var elementTypes = []string{
	"button", "checkboxes", "datepicker", "datetimepicker", "email_text_input", "external_select", "static_select",
	"users_select", "channels_select", "conversations_select", "multi_static_select", "multi_external_select",
	"multi_users_select", "multi_channels_select", "multi_conversations_select", "number_input", "overflow",
	"plain_text_input", "radio_buttons", "rich_text_input", "timepicker", "url_text_input", "workflow_button",
	"file_input", "image", "feedback_buttons", "icon_button",
}

type object = map[string]any

// blockCheck gathers what is wrong with a list of blocks.
type blockCheck struct {
	s      *Sim
	errors []string
	chars  int
	ids    map[string]bool
}

// checkBlocks checks a JSON array of blocks against Slack's limits and returns
// it with the ids that Slack adds.
func (s *Sim) checkBlocks(raw []byte, most int) (json.RawMessage, error) {
	var list []object
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, apiError("invalid_blocks_format")
	}
	c := &blockCheck{s: s, ids: map[string]bool{}}
	if len(list) > most {
		c.fail("/blocks", "no more than %d items allowed", most)
	}
	for i, b := range list {
		c.block(fmt.Sprintf("/blocks/%d", i), b)
	}
	if len(c.errors) > 0 {
		return nil, detailedError{"invalid_blocks", c.errors}
	}
	if most == maxMessageBlocks && c.chars > maxBlockChars {
		return nil, apiError("msg_blocks_too_long")
	}
	if list == nil {
		list = []object{}
	}
	return rawJSON(list), nil
}

func (c *blockCheck) fail(at, format string, args ...any) {
	c.errors = append(c.errors, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

func (c *blockCheck) block(at string, b object) {
	kind, _ := b["type"].(string)
	if !slices.Contains(blockTypes, kind) {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	c.blockID(at, b)
	switch kind {
	case "section":
		c.section(at, b)
	case "header":
		c.text(at+"/text", b["text"], 150, true)
	case "markdown":
		c.limited(at+"/text", b["text"], maxMarkdown)
	case "context":
		c.elements(at, b, 10)
	case "actions":
		c.elements(at, b, 25)
	case "input":
		c.text(at+"/label", b["label"], 2000, true)
		c.element(at+"/element", b["element"], map[string]bool{})
	case "rich_text":
		c.richText(b["elements"])
	case "image":
		c.limited(at+"/alt_text", b["alt_text"], 2000)
	}
}

func (c *blockCheck) blockID(at string, b object) {
	id, _ := b["block_id"].(string)
	if id == "" {
		id = c.s.newID("b")
		b["block_id"] = id
	}
	if utf8.RuneCountInString(id) > 255 {
		c.fail(at+"/block_id", "must be less than 256 characters")
	}
	if c.ids[id] {
		c.fail(at+"/block_id", "block_id already exists: %s", id)
	}
	c.ids[id] = true
}

func (c *blockCheck) section(at string, b object) {
	fields, _ := b["fields"].([]any)
	if b["text"] == nil && len(fields) == 0 {
		c.fail(at, "missing required field: text or fields")
	}
	if b["text"] != nil {
		c.text(at+"/text", b["text"], 3000, false)
	}
	if len(fields) > 10 {
		c.fail(at+"/fields", "no more than 10 items allowed")
	}
	for i, f := range fields {
		c.text(fmt.Sprintf("%s/fields/%d", at, i), f, 2000, false)
	}
	if b["accessory"] != nil {
		c.element(at+"/accessory", b["accessory"], map[string]bool{})
	}
}

func (c *blockCheck) elements(at string, b object, most int) {
	list, _ := b["elements"].([]any)
	if len(list) == 0 {
		c.fail(at+"/elements", "must provide at least 1 item")
	}
	if len(list) > most {
		c.fail(at+"/elements", "no more than %d items allowed", most)
	}
	ids := map[string]bool{}
	for i, e := range list {
		p := fmt.Sprintf("%s/elements/%d", at, i)
		o, _ := e.(object)
		if kind := o["type"]; b["type"] == "context" && (kind == "mrkdwn" || kind == "plain_text") {
			c.text(p, e, 3000, false)
			continue
		}
		c.element(p, e, ids)
	}
}

// element checks an interactive element; ids are the action ids of its block,
// which must differ.
func (c *blockCheck) element(at string, v any, ids map[string]bool) {
	e, _ := v.(object)
	kind, _ := e["type"].(string)
	if !slices.Contains(elementTypes, kind) {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	if kind == "image" {
		return
	}
	c.actionID(at, e, ids)
	switch kind {
	case "button", "workflow_button":
		c.text(at+"/text", e["text"], 75, true)
		c.limited(at+"/value", e["value"], 2000)
		c.limited(at+"/url", e["url"], 3000)
		if style, ok := e["style"].(string); ok && style != "primary" && style != "danger" {
			c.fail(at+"/style", "invalid style: %s", style)
		}
	case "overflow":
		c.options(at, e, 5)
	case "checkboxes", "radio_buttons":
		c.options(at, e, 10)
	case "static_select", "multi_static_select":
		c.selectMenu(at, e)
	}
	if e["placeholder"] != nil {
		c.text(at+"/placeholder", e["placeholder"], 150, true)
	}
	c.confirm(at+"/confirm", e["confirm"])
}

func (c *blockCheck) actionID(at string, e object, ids map[string]bool) {
	id, _ := e["action_id"].(string)
	if id == "" {
		id = c.s.newID("a")
		e["action_id"] = id
	}
	if utf8.RuneCountInString(id) > 255 {
		c.fail(at+"/action_id", "must be less than 256 characters")
	}
	if ids[id] {
		c.fail(at+"/action_id", "action_id already exists: %s", id)
	}
	ids[id] = true
}

func (c *blockCheck) selectMenu(at string, e object) {
	groups, _ := e["option_groups"].([]any)
	if len(groups) == 0 {
		c.options(at, e, 100)
		return
	}
	if len(groups) > 100 {
		c.fail(at+"/option_groups", "no more than 100 items allowed")
	}
	for i, g := range groups {
		p := fmt.Sprintf("%s/option_groups/%d", at, i)
		group, _ := g.(object)
		c.text(p+"/label", group["label"], 75, true)
		c.options(p, group, 100)
	}
}

func (c *blockCheck) options(at string, e object, most int) {
	list, _ := e["options"].([]any)
	if len(list) == 0 {
		c.fail(at+"/options", "must provide at least 1 item")
	}
	if len(list) > most {
		c.fail(at+"/options", "no more than %d items allowed", most)
	}
	for i, v := range list {
		p := fmt.Sprintf("%s/options/%d", at, i)
		o, _ := v.(object)
		c.text(p+"/text", o["text"], 75, false)
		c.limited(p+"/value", o["value"], 150)
		if o["description"] != nil {
			c.text(p+"/description", o["description"], 75, true)
		}
	}
}

func (c *blockCheck) confirm(at string, v any) {
	o, ok := v.(object)
	if !ok {
		return
	}
	c.text(at+"/title", o["title"], 100, true)
	c.text(at+"/text", o["text"], 300, false)
	c.text(at+"/confirm", o["confirm"], 30, true)
	c.text(at+"/deny", o["deny"], 30, true)
}

// text checks a text object.
func (c *blockCheck) text(at string, v any, most int, plainOnly bool) {
	o, ok := v.(object)
	if !ok {
		c.fail(at, "missing required field")
		return
	}
	kind := o["type"]
	if kind != "plain_text" && (kind != "mrkdwn" || plainOnly) {
		c.fail(at+"/type", "unsupported type: %v", kind)
	}
	if t, _ := o["text"].(string); t == "" {
		c.fail(at+"/text", "must be more than 0 characters")
	}
	c.limited(at+"/text", o["text"], most)
}

func (c *blockCheck) limited(at string, v any, most int) {
	t, _ := v.(string)
	n := utf8.RuneCountInString(t)
	c.chars += n
	if n > most {
		c.fail(at, "must be less than %d characters", most+1)
	}
}

// richText only adds up the text.
func (c *blockCheck) richText(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			c.richText(e)
		}
	case object:
		if t, ok := v["text"].(string); ok {
			c.chars += utf8.RuneCountInString(t)
		}
		c.richText(v["elements"])
	}
}
