package strictyaml

import (
	"reflect"
	"strconv"
)

// Schema is the JSON Schema (draft 2020-12) of the texts that [Read] fills a struct of the same type from. What only the
// reader can know, such as that a name exists, is not in it.
func Schema(v any, id, title string) map[string]any {
	s := &schema{defs: map[string]any{}}
	out := s.object(reflect.TypeOf(v))
	out["$schema"], out["$id"], out["title"] = "https://json-schema.org/draft/2020-12/schema", id, title
	if len(s.defs) > 0 {
		out["$defs"] = s.defs
	}
	return out
}

// schema gathers the named types.
type schema struct{ defs map[string]any }

// of is the schema of a value, null included: an empty value is as good as none.
func (s *schema) of(t reflect.Type, tag reflect.StructTag) map[string]any {
	if t.Kind() == reflect.Pointer {
		return s.of(t.Elem(), tag)
	}
	zero := reflect.New(t).Interface()
	if w, ok := zero.(Written); ok {
		return map[string]any{"type": "string", "pattern": w.Pattern(), "description": w.Form()}
	}
	if w, ok := reflect.Zero(t).Interface().(Worded); ok {
		return map[string]any{"enum": w.Words()}
	}
	switch t.Kind() {
	case reflect.Struct:
		return s.ref(t)
	case reflect.Map:
		return s.table(t)
	case reflect.Slice:
		return s.list(t, tag)
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		low, high := bounds(tag)
		return map[string]any{"type": "integer", "minimum": low, "maximum": high}
	}
	limit := maxText
	if v, err := strconv.Atoi(tag.Get("max")); err == nil {
		limit = v
	}
	return map[string]any{"type": []string{"string", "number", "boolean"}, "minLength": 1, "maxLength": limit}
}

func (s *schema) table(t reflect.Type) map[string]any {
	out := map[string]any{"type": "object", "additionalProperties": s.of(t.Elem(), "")}
	if w, ok := reflect.New(t.Key()).Interface().(Written); ok {
		out["propertyNames"] = map[string]any{"pattern": w.Pattern()}
	} else {
		out["propertyNames"] = map[string]any{"minLength": 1, "maxLength": maxText}
	}
	return out
}

func (s *schema) list(t reflect.Type, tag reflect.StructTag) map[string]any {
	item := s.of(t.Elem(), tag)
	list := map[string]any{"type": "array", "items": item}
	if !single(t.Elem()) {
		return list
	}
	return map[string]any{"anyOf": []any{item, list}}
}

// ref is a struct under its own name, so that recursion and repetition cost nothing.
func (s *schema) ref(t reflect.Type) map[string]any {
	name := t.Name()
	if _, done := s.defs[name]; !done {
		s.defs[name] = nil
		s.defs[name] = s.object(t)
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

func (s *schema) object(t reflect.Type) map[string]any {
	props, required := map[string]any{}, []string{}
	for _, f := range fieldsOf(t) {
		p := s.of(t.Field(f.index).Type, f.tag)
		if form, ok := p["description"].(string); ok {
			p["description"] = f.desc + " Written as " + form + "."
		} else {
			p["description"] = f.desc
		}
		props[f.key] = p
		if f.required {
			required = append(required, f.key)
		} else {
			props[f.key] = orNothing(p)
		}
	}
	out := map[string]any{"type": "object", "properties": props, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// orNothing allows an empty value and keeps the description where editors look for it.
func orNothing(p map[string]any) map[string]any {
	desc := p["description"]
	delete(p, "description")
	return map[string]any{"description": desc, "anyOf": []any{p, map[string]any{"type": "null"}}}
}
