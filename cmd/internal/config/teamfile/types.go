package teamfile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// maxTypes is how many types people can choose from: as many as a menu of the chat holds.
const maxTypes = 100

// otherType is the type of tickets that no other fits; it is always there.
const otherType = "other"

var typeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// typeName is the name of a type of ticket in data.
type typeName string

func (n *typeName) UnmarshalText(b []byte) error {
	if !typeForm.Match(b) {
		return fmt.Errorf("%q is not a type's name", b)
	}
	*n = typeName(b)
	return nil
}
func (typeName) Form() string {
	return "a name such as goods_return: small letters, digits and _, a letter first"
}
func (typeName) Pattern() string { return typeForm.String() }

// category is one of those of the built-in types.
type category string

func (category) Words() (out []string) {
	for _, t := range intents.Types() {
		if !slices.Contains(out, t.Category) {
			out = append(out, t.Category)
		}
	}
	return out
}

func builtIn(name typeName) bool {
	return slices.ContainsFunc(intents.Types(), func(t intents.Type) bool { return t.Name == string(name) })
}

// typeNames are the types of which a file may speak, the built-in ones first.
func (f *File) typeNames() (out []string) {
	for _, t := range intents.Types() {
		out = append(out, t.Name)
	}
	for _, t := range f.form.Types {
		if !builtIn(t.Name) {
			out = append(out, string(t.Name))
		}
	}
	return out
}

func (c *checker) types() {
	names, suggest, labels := map[string]string{}, map[string]string{}, map[string]string{}
	for i, t := range c.f.form.Types {
		path := fmt.Sprintf("types[%d]", i)
		c.once(names, path+".name", string(t.Name), "the name of a type")
		for j, w := range t.Words {
			c.once(suggest, fmt.Sprintf("%s.words[%d]", path, j), strings.ToLower(w), "the word of a type")
		}
		c.once(labels, path+".zh", t.Zh, "what a type is called")
		if t.En != t.Zh {
			c.once(labels, path+".en", t.En, "what a type is called")
		}
		c.oneType(path, t)
	}
	if n := len(c.f.typeNames()); n > maxTypes {
		c.complain("types", fmt.Sprintf("there are %d types with the built-in ones", n), fmt.Sprintf("at most %d", maxTypes))
	}
	for i, p := range c.f.form.Policies {
		for j, name := range p.Match.Type {
			c.named(fmt.Sprintf("policies[%d].match.type[%d]", i, j), string(name), c.f.typeNames())
		}
	}
}

func (c *checker) oneType(path string, t ticketType) {
	rest := t.Zh + t.En + string(t.Category) + string(t.Severity) + strings.Join(t.Words, "")
	switch {
	case !c.sound(path):
	case t.Hide && t.Name == otherType:
		c.complain(path+".hide", "the type other is for tickets that no other fits", "another type")
	case t.Hide && !builtIn(t.Name):
		c.complain(path+".hide", fmt.Sprintf("%q is not built in, so that there is nothing to hide", t.Name), "no such type at all")
	case t.Hide && rest != "":
		c.complain(path, "is hidden, so that nothing else about it counts", "name and hide alone")
	case !t.Hide && !builtIn(t.Name) && t.Zh+t.En == "":
		c.complain(path, "is called nothing", "zh or en, what people call it")
	case !t.Hide && rest == "":
		c.complain(path, "changes nothing", "zh, en, category, severity, words or hide")
	}
}

// types are those that people choose from; none if the file says nothing of types.
func (f *File) types() (out []tickets.TypeInfo) {
	if len(f.form.Types) == 0 {
		return nil
	}
	for _, k := range intents.Types() {
		info := tickets.TypeInfo{Name: tickets.Type(k.Name), Category: k.Category, Severity: tickets.Severity(k.DefaultSeverity)}
		i := slices.IndexFunc(f.form.Types, func(t ticketType) bool { return string(t.Name) == k.Name })
		switch {
		case i < 0:
			out = append(out, info)
		case !f.form.Types[i].Hide:
			out = append(out, f.form.Types[i].over(info))
		}
	}
	for _, t := range f.form.Types {
		if !builtIn(t.Name) {
			own := tickets.TypeInfo{Name: tickets.Type(t.Name), Category: otherType, Severity: tickets.SeverityNormal}
			out = append(out, t.over(own))
		}
	}
	return out
}

// over replaces what the file says of a type. Of an own one that has one name only, that serves in both languages.
func (t ticketType) over(info tickets.TypeInfo) tickets.TypeInfo {
	zh, en := t.Zh, t.En
	if !builtIn(t.Name) {
		zh, en = cmp.Or(zh, en), cmp.Or(en, zh)
	}
	if zh+en != "" {
		info.Labels = map[string]string{"zh-CN": zh, "en": en}
	}
	info.Category = cmp.Or(string(t.Category), info.Category)
	info.Severity = cmp.Or(tickets.Severity(t.Severity), info.Severity)
	info.Words = t.Words
	return info
}

// warnTypes finds names that people would use for two types: typed, each means one of them alone.
func (f *File) warnTypes(warn func(path, what, want string)) {
	catalogue, err := words.New()
	if err != nil || len(f.form.Types) == 0 {
		return
	}
	for i, t := range f.form.Types {
		for _, label := range []struct{ key, text string }{{"zh", t.Zh}, {"en", t.En}} {
			if other, is := f.alsoCalled(catalogue, t, label.text); other != "" {
				warn(fmt.Sprintf("types[%d].%s", i, label.key), fmt.Sprintf("%q is %s: typed, it means only one of the two", label.text, is),
					fmt.Sprintf("another name, or %s hidden or called otherwise", other))
			}
		}
	}
}

// alsoCalled is the built-in type beside t that people can choose by a text as well, and what the text is of it; "" if there is none.
func (f *File) alsoCalled(catalogue *words.Catalogue, t ticketType, text string) (name, is string) {
	for _, k := range f.types() {
		if text == "" || !builtIn(typeName(k.Name)) || string(k.Name) == string(t.Name) {
			continue
		}
		if typed.Fold(text) == typed.Fold(string(k.Name)) {
			return string(k.Name), fmt.Sprintf("the name of the built-in type %s", k.Name)
		}
		for _, lang := range words.Languages() {
			if k.Labels[lang] == "" && typed.Fold(text) == typed.Fold(catalogue.In(lang).Name(words.Type, string(k.Name))) {
				return string(k.Name), fmt.Sprintf("what the built-in type %s is called", k.Name)
			}
		}
	}
	return "", ""
}
