package slacksim

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// messageBlocksOf lists a message's blocks and those of its attachments.
func messageBlocksOf(m *Message) []object {
	var blocks []object
	_ = json.Unmarshal(m.Blocks, &blocks) // checked when posted
	var attachments []struct {
		Blocks []object `json:"blocks"`
	}
	_ = json.Unmarshal(m.Attachments, &attachments)
	for _, a := range attachments {
		blocks = append(blocks, a.Blocks...)
	}
	return blocks
}

// findElement looks through a message's blocks and attachments and returns a
// copy of the first match with its block id.
func findElement(m *Message, match func(object) bool) (object, bool) {
	for _, b := range messageBlocksOf(m) {
		for _, e := range interactive(b) {
			if match(e) {
				e = maps.Clone(e)
				e["block_id"] = b["block_id"]
				return e, true
			}
		}
	}
	return nil, false
}

// interactive lists the elements of a block that a person can use, those of
// nested blocks included.
func interactive(b object) []object {
	var out []object
	for _, key := range []string{"elements", "element", "accessory", "actions", "blocks"} {
		list, ok := b[key].([]any)
		if !ok {
			list = []any{b[key]}
		}
		for _, v := range list {
			if e, ok := v.(object); ok {
				if e["action_id"] != nil {
					out = append(out, e)
				}
				out = append(out, interactive(e)...)
			}
		}
	}
	return out
}

// choose turns an element into the action that a person's choice makes of it.
// It reports false where the choice is not on offer.
func (s *Sim) choose(r *room, e object, value string) bool {
	kind, _ := e["type"].(string)
	offered := optionsOf(e)
	if isExternal(e) {
		offered = s.offers(e)
	}
	for _, key := range []string{"options", "option_groups", "confirm"} {
		delete(e, key)
	}
	values := strings.Split(value, ",")
	switch kind {
	case "button":
		return value == "" || e["value"] == value
	case "static_select", "overflow", "radio_buttons", "external_select":
		return pickOne(e, offered, value)
	case "multi_static_select", "multi_external_select", "checkboxes":
		return pickMany(e, offered, values)
	case "users_select":
		e["selected_user"] = value
		return s.person(r.team, value) != nil
	case "multi_users_select":
		e["selected_users"] = values
		return !slices.ContainsFunc(values, func(id string) bool { return s.person(r.team, id) == nil })
	case "multi_channels_select", "multi_conversations_select":
		e["selected_"+strings.TrimSuffix(strings.TrimPrefix(kind, "multi_"), "_select")] = values
		return !slices.ContainsFunc(values, func(id string) bool { return s.rooms[id] == nil })
	case "channels_select":
		e["selected_channel"] = value
		return s.rooms[value] != nil
	case "conversations_select":
		e["selected_conversation"] = value
		return s.rooms[value] != nil
	case "datepicker":
		e["selected_date"] = value
	case "timepicker":
		e["selected_time"] = value
	case "datetimepicker":
		n, err := strconv.ParseInt(value, 10, 64)
		e["selected_date_time"] = n
		return err == nil
	case "rich_text_input":
		e["rich_text_value"] = richText(value)
	case "file_input":
		e["files"] = filesOf(values)
	default:
		e["value"] = value
	}
	return true
}

// richText is typed text as a rich text field holds it.
func richText(text string) object {
	return object{"type": "rich_text", "elements": []any{object{
		"type": "rich_text_section", "elements": []any{object{"type": "text", "text": text}},
	}}}
}

// filesOf are uploaded files, named by their ids.
func filesOf(ids []string) []object {
	out := []object{}
	for _, id := range ids {
		out = append(out, object{"id": id, "name": id, "mode": "hosted"})
	}
	return out
}

func optionsOf(e object) []object {
	var out []object
	add := func(v any) {
		list, _ := v.([]any)
		for _, item := range list {
			if o, ok := item.(object); ok {
				out = append(out, o)
			}
		}
	}
	add(e["options"])
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		if o, ok := g.(object); ok {
			add(o["options"])
		}
	}
	return out
}

func pickOne(e object, offered []object, value string) bool {
	i := slices.IndexFunc(offered, func(o object) bool { return o["value"] == value })
	if i < 0 {
		return false
	}
	e["selected_option"] = offered[i]
	return true
}

func pickMany(e object, offered []object, values []string) bool {
	chosen := []object{}
	for _, value := range values {
		if value == "" && len(values) == 1 {
			break // nothing chosen
		}
		i := slices.IndexFunc(offered, func(o object) bool { return o["value"] == value })
		if i < 0 {
			return false
		}
		chosen = append(chosen, offered[i])
	}
	e["selected_options"] = chosen
	return true
}
