package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// fieldKind says how an element keeps its value: under which key of the state,
// and from which key it starts. Buttons and overflow menus keep none.
type fieldKind struct {
	key, initial string
	many         bool
}

// fieldKinds are Slack's stateful elements.
var fieldKinds = map[string]fieldKind{
	"plain_text_input":           {"value", "initial_value", false},
	"email_text_input":           {"value", "initial_value", false},
	"url_text_input":             {"value", "initial_value", false},
	"number_input":               {"value", "initial_value", false},
	"rich_text_input":            {"rich_text_value", "initial_value", false},
	"static_select":              {"selected_option", "initial_option", false},
	"external_select":            {"selected_option", "initial_option", false},
	"radio_buttons":              {"selected_option", "initial_option", false},
	"checkboxes":                 {"selected_options", "initial_options", true},
	"multi_static_select":        {"selected_options", "initial_options", true},
	"multi_external_select":      {"selected_options", "initial_options", true},
	"users_select":               {"selected_user", "initial_user", false},
	"multi_users_select":         {"selected_users", "initial_users", true},
	"channels_select":            {"selected_channel", "initial_channel", false},
	"multi_channels_select":      {"selected_channels", "initial_channels", true},
	"conversations_select":       {"selected_conversation", "initial_conversation", false},
	"multi_conversations_select": {"selected_conversations", "initial_conversations", true},
	"datepicker":                 {"selected_date", "initial_date", false},
	"timepicker":                 {"selected_time", "initial_time", false},
	"datetimepicker":             {"selected_date_time", "initial_date_time", false},
	"file_input":                 {"files", "", true},
}

// fieldState is the value of an element in Slack's exact shape: its type and the
// one key of its kind, null or an empty list where nothing is chosen. It is nil
// for elements that keep no value.
func fieldState(e object, from string) object {
	kind, _ := e["type"].(string)
	k, ok := fieldKinds[kind]
	if !ok {
		return nil
	}
	if from == "initial" {
		from = k.initial
	} else {
		from = k.key
	}
	value := e[from]
	if value == nil && k.many || value == "" {
		value = nil
		if k.many {
			value = []any{}
		}
	}
	out := object{"type": kind, k.key: value}
	if zone := e["timezone"]; kind == "timepicker" && zone != nil {
		out["timezone"] = zone
	}
	return out
}

// emptyField says whether a state holds no value.
func emptyField(state object) bool {
	kind, _ := state["type"].(string)
	value := state[fieldKinds[kind].key]
	return value == nil || string(rawJSON(value)) == "[]"
}

// States are the values of fields, by block id and action id, in Slack's shape.
type States map[string]map[string]map[string]any

// field is an element with the block it stands in.
type field struct {
	block   object
	element object
}

// fieldsOf lists the elements of a view or message in which people choose or write.
func fieldsOf(raw []byte) []field {
	var blocks []object
	_ = json.Unmarshal(raw, &blocks) // checked when it came
	var out []field
	for _, b := range blocks {
		if kind := b["type"]; kind != "input" && kind != "actions" && kind != "section" {
			continue
		}
		for _, e := range interactive(b) {
			e = maps.Clone(e)
			e["block_id"] = b["block_id"]
			out = append(out, field{b, e})
		}
	}
	return out
}

func (f field) ids() (block, action string) {
	block, _ = f.block["block_id"].(string)
	action, _ = f.element["action_id"].(string)
	return block, action
}

// stateOf is the state that blocks start with; values of before stay where a
// field has the same ids and type.
func stateOf(raw []byte, before States) States {
	out := States{}
	for _, f := range fieldsOf(raw) {
		state := fieldState(f.element, "initial")
		if state == nil {
			continue
		}
		block, action := f.ids()
		if old := before[block][action]; old != nil && old["type"] == state["type"] {
			state = old
		}
		out.set(block, action, state)
	}
	return out
}

func (s States) set(block, action string, state map[string]any) {
	if s[block] == nil {
		s[block] = map[string]map[string]any{}
	}
	s[block][action] = state
}

func (s States) clone() States {
	out := States{}
	for block, actions := range s {
		out[block] = maps.Clone(actions)
	}
	return out
}

// complaints are what Slack's own client says under fields, in English and Chinese.
var complaints = map[string][2]string{
	"required": {"Please complete this required field.", "请填写此必填字段。"},
	"short":    {"Please enter at least %v characters.", "请输入至少 %v 个字符。"},
	"long":     {"Please enter at most %v characters.", "请输入最多 %v 个字符。"},
	"number":   {"Please enter a valid number.", "请输入有效的数字。"},
	"whole":    {"Please enter a whole number.", "请输入整数。"},
	"small":    {"Please enter a number of at least %v.", "请输入不小于 %v 的数字。"},
	"large":    {"Please enter a number of at most %v.", "请输入不大于 %v 的数字。"},
	"email":    {"Please enter a valid email address.", "请输入有效的电子邮件地址。"},
	"url":      {"Please enter a valid URL.", "请输入有效的网址。"},
}

func complain(locale, what string, args ...any) string {
	i := 0
	if strings.HasPrefix(locale, "zh") {
		i = 1
	}
	return fmt.Sprintf(complaints[what][i], args...)
}

// missing is what Slack's client finds wrong in a form before it sends it, by
// block id; nil where nothing is.
func missing(raw []byte, values States, locale string) map[string]string {
	var out map[string]string
	for _, f := range fieldsOf(raw) {
		block, action := f.ids()
		state := values[block][action]
		if f.block["type"] != "input" || state == nil {
			continue
		}
		what, arg := "", any(nil)
		if emptyField(state) {
			if f.block["optional"] != true {
				what = "required"
			}
		} else {
			what, arg = wrong(f.element, state)
		}
		if what == "" {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		if arg == nil {
			out[block] = complain(locale, what)
		} else {
			out[block] = complain(locale, what, arg)
		}
	}
	return out
}

// wrong says which limit of a text field a value breaks.
func wrong(e, state object) (what string, arg any) {
	text, _ := state["value"].(string)
	switch e["type"] {
	case "plain_text_input":
		n := float64(utf8.RuneCountInString(text))
		if least, ok := e["min_length"].(float64); ok && n < least {
			return "short", least
		}
		if most, ok := e["max_length"].(float64); ok && n > most {
			return "long", most
		}
	case "number_input":
		return wrongNumber(e, text)
	case "email_text_input":
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
			return "email", nil
		}
	case "url_text_input":
		if u, err := url.Parse(text); err != nil || u.Host == "" || !slices.Contains([]string{"http", "https"}, u.Scheme) {
			return "url", nil
		}
	}
	return "", nil
}

func wrongNumber(e object, text string) (what string, arg any) {
	n, ok := new(big.Rat).SetString(text)
	if !ok || strings.ContainsAny(text, "/eExX_") {
		return "number", nil
	}
	if e["is_decimal_allowed"] != true && !n.IsInt() {
		return "whole", nil
	}
	bound := func(key string) *big.Rat {
		limit, ok := e[key].(string)
		if !ok {
			return nil
		}
		r, ok := new(big.Rat).SetString(limit)
		if !ok {
			return nil
		}
		return r
	}
	if least := bound("min_value"); least != nil && n.Cmp(least) < 0 {
		return "small", e["min_value"]
	}
	if most := bound("max_value"); most != nil && n.Cmp(most) > 0 {
		return "large", e["max_value"]
	}
	return "", nil
}
