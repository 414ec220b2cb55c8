package say

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed desk/*.toml
var embeddedDesk embed.FS

//go:embed lang/*.toml
var embedded embed.FS

// Order is the order in which languages are offered: whole catalogues first.
var Order = []string{"en", "zh-Hant", "zh-Hans", "ms", "th", "vi", "id", "tl", "my", "km", "hi"}

// Book is all catalogues. It is read only and safe for use by many at once.
type Book struct {
	voices  map[string]*Voice
	tags    []string
	matcher language.Matcher
	matched []*Voice
}

// Voice is one language to speak in.
type Voice struct {
	// Tag is the BCP 47 tag of the catalogue, such as "zh-Hant".
	Tag string
	// Locale is Tag with the reader's region where that changes a date or the
	// shape of letters, such as "zh-Hant-TW"; it is what goes into a page's lang.
	Locale string
	// Name is what the language is called by those who speak it.
	Name string
	// Whole says that the catalogue has every string.
	Whole bool
	// ReviewedBy names the native reader who has checked every string; empty
	// when nobody has.
	ReviewedBy string

	own     map[string]bool
	speaker *i18n.Localizer
	bundle  *i18n.Bundle
}

// Default is the book the program ships with. It panics if a catalogue is
// broken, which a test rules out.
var Default = sync.OnceValue(func() *Book {
	sub, err := fs.Sub(embedded, "lang")
	if err != nil {
		panic(err)
	}
	b, err := Load(sub)
	if err != nil {
		panic(err)
	}
	return b
})

// Load reads the catalogues of a folder: one file TAG.toml for each tag of
// Order that has one. English must be there.
func Load(fsys fs.FS) (*Book, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	b := &Book{voices: map[string]*Voice{}}
	for _, tag := range Order {
		raw, err := fs.ReadFile(fsys, tag+".toml")
		if err != nil {
			if tag == "en" {
				return nil, fmt.Errorf("say: the English catalogue is missing: %w", err)
			}
			continue
		}
		v, err := voice(bundle, tag, raw)
		if err != nil {
			return nil, fmt.Errorf("say: %s.toml: %w", tag, err)
		}
		b.voices[tag] = v
		b.tags = append(b.tags, tag)
	}
	b.prepare()
	return b, nil
}

func voice(bundle *i18n.Bundle, tag string, raw []byte) (*Voice, error) {
	file, err := bundle.ParseMessageFileBytes(raw, path.Base(tag+".toml"))
	if err != nil {
		return nil, err
	}
	v := &Voice{Tag: tag, Locale: tag, own: map[string]bool{}, bundle: bundle}
	for _, m := range file.Messages {
		v.own[m.ID] = true
		switch m.ID {
		case "meta.tag":
			if m.Other != tag {
				return nil, fmt.Errorf("meta.tag is %q, the file's name says %q", m.Other, tag)
			}
		case "meta.name":
			v.Name = m.Other
		case "meta.coverage":
			v.Whole = m.Other == "full"
		case "meta.reviewed_by":
			v.ReviewedBy = m.Other
		}
	}
	if v.Name == "" {
		return nil, fmt.Errorf("meta.name is missing")
	}
	v.speaker = i18n.NewLocalizer(bundle, tag, "en")
	return v, nil
}

// Tags lists the languages there are, in the order in which they are offered.
func (b *Book) Tags() []string { return slices.Clone(b.tags) }

// In gives the voice of a tag that Tags lists, or English.
func (b *Book) In(tag string) *Voice {
	if v, ok := b.voices[tag]; ok {
		return v
	}
	return b.voices["en"]
}

// Has reports whether this catalogue itself has the string, so that a reader
// can be told where a page goes on in English.
func (v *Voice) Has(key string) bool { return v.own[key] }

// Keys lists the strings of the catalogue, sorted.
func (v *Voice) Keys() []string { return slices.Sorted(maps.Keys(v.own)) }

// Say gives a string, in English where this catalogue lacks it. Pairs of name
// and value fill its placeholders; the value of "N", a whole number, also
// chooses the plural form. A key that no catalogue has comes back in brackets,
// which tests look for.
func (v *Voice) Say(key string, pairs ...any) string {
	data := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			data[name] = pairs[i+1]
		}
	}
	ask := &i18n.LocalizeConfig{MessageID: key, TemplateData: data}
	if n, ok := data["N"]; ok {
		ask.PluralCount = n
	}
	s, err := v.speaker.Localize(ask)
	if s == "" && err != nil {
		return "[" + key + "]"
	}
	return strings.TrimSpace(s)
}
