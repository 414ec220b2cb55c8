package hotline

import (
	"slices"
	"strings"
)

// Country is a choice of the two pickers.
type Country struct {
	Code           string            `toml:"code"` // ISO 3166-1 alpha-2, or Elsewhere
	Calling        string            `toml:"calling"`
	Destination    bool              `toml:"destination"` // people are taken there
	WithholdPolice bool              `toml:"withhold_police"`
	Names          map[string]string `toml:"names"` // by language
}

// Name gives the country's name in lang, or in English.
func (c Country) Name(lang string) string { return pick(c.Names, lang) }

// Countries gives the choices in the order to be shown; Elsewhere is the last.
func (b *Book) Countries() []Country { return slices.Clone(b.countries) }

// CountryName gives the name of a code in lang; that of Elsewhere for a code
// not in the list.
func (b *Book) CountryName(code, lang string) string {
	return b.countries[b.byCode[b.code(code)]].Name(lang)
}

// code brings a choice to a code of the list.
func (b *Book) code(s string) string {
	s = strings.ToUpper(s)
	if _, ok := b.byCode[s]; !ok {
		return Elsewhere
	}
	return s
}

func (b *Book) withholds(code string) bool {
	i, ok := b.byCode[code]
	return ok && b.countries[i].WithholdPolice
}

// pick chooses from texts by language the one for a BCP 47 tag: Chinese by its
// script or by what is written in its region, others by the language, and
// English where there is none.
func pick[T any](texts map[string]T, lang string) T {
	parts := strings.Split(strings.ReplaceAll(strings.ToLower(lang), "_", "-"), "-")
	base := parts[0]
	switch base {
	case "yue":
		base = "zh-Hant"
	case "fil":
		base = "tl"
	case "zh":
		base = "zh-Hans"
		for _, p := range parts[1:] {
			if p == "hans" {
				base = "zh-Hans"
				break
			}
			if p == "hant" || p == "tw" || p == "hk" || p == "mo" {
				base = "zh-Hant"
			}
		}
	}
	if t, ok := texts[base]; ok {
		return t
	}
	return texts["en"]
}
