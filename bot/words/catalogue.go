package words

import (
	"embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed locales/*.yaml
var locales embed.FS

// Languages of the catalogue.
const (
	Chinese = "zh-CN"
	English = "en"
)

// Languages lists the languages in which everything can be said.
func Languages() []string { return []string{Chinese, English} }

// Language gives the catalogue's language for a wish such as "zh_TW" or "en-GB": everything Chinese is zh-CN,
// everything else, and nothing at all, is en.
func Language(wish string) string {
	if w := strings.ToLower(strings.TrimSpace(wish)); strings.HasPrefix(w, "zh") {
		return Chinese
	}
	return English
}

// Args are the values of a message's placeholders. Count, an int, also chooses between singular and plural.
type Args map[string]any

// Catalogue holds all messages. It is safe for concurrent use.
type Catalogue struct {
	voices map[string]Voice
}

// New reads the embedded locale files. An error means that one of them is malformed.
func New() (*Catalogue, error) {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	c := &Catalogue{voices: map[string]Voice{}}
	for _, lang := range Languages() {
		path := "locales/" + lang + ".yaml"
		raw, err := locales.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read locale %s: %w", lang, err)
		}
		f, err := b.ParseMessageFileBytes(raw, path)
		if err != nil {
			return nil, fmt.Errorf("parse locale %s: %w", lang, err)
		}
		v := Voice{lang: lang, has: map[ID]bool{}, loc: i18n.NewLocalizer(b, lang)}
		for _, m := range f.Messages {
			v.has[ID(m.ID)] = true
		}
		c.voices[lang] = v
	}
	return c, nil
}

// In gives the voice for a language; see [Language] for unknown ones.
func (c *Catalogue) In(lang string) Voice { return c.voices[Language(lang)] }

// Voice says things in one language. It is safe for concurrent use.
type Voice struct {
	lang string
	loc  *i18n.Localizer
	has  map[ID]bool
}

// Lang is the voice's language: one of [Languages].
func (v Voice) Lang() string { return v.lang }

// Say gives the sentence with its placeholders filled. A placeholder without a value is a mistake of the caller:
// then the message's id stands in ⟦⟧ instead, so that tests and people see it.
func (v Voice) Say(id ID, args Args) string {
	cfg := &i18n.LocalizeConfig{MessageID: string(id), TemplateParser: strict}
	if args == nil {
		args = Args{}
	}
	cfg.TemplateData = map[string]any(v.marked(args))
	if n, ok := args["Count"]; ok {
		cfg.PluralCount = n
	}
	// A missing singular is an error, with the plural as the answer: most messages need only one form.
	s, _ := v.loc.Localize(cfg)
	if s == "" {
		return "⟦" + string(id) + "⟧"
	}
	return spaced(s)
}

// strict refuses to fill a placeholder with nothing.
var strict = &template.TextParser{Option: "missingkey=error"}
