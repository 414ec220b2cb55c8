package say

import "golang.org/x/text/language"

// regional lists readers whose region changes how a catalogue is shown. The
// empty locale is the catalogue itself.
var regional = []struct{ asks, tag, locale string }{
	{"en", "en", ""},
	{"zh-Hant", "zh-Hant", ""},
	{"zh-Hant-TW", "zh-Hant", "zh-Hant-TW"},
	{"zh-Hant-HK", "zh-Hant", "zh-Hant-HK"},
	{"zh-Hant-MO", "zh-Hant", "zh-Hant-HK"},
	{"zh-Hans", "zh-Hans", ""},
	{"zh-MY", "zh-Hans", ""}, // CLDR would say traditional; Malaysia's schools and papers use simplified
	{"ms", "ms", ""},
	{"th", "th", ""},
	{"vi", "vi", ""},
	{"id", "id", ""},
	{"fil", "tl", ""},
	{"my", "my", ""},
	{"km", "km", ""},
	{"hi", "hi", ""},
}

func (b *Book) prepare() {
	var asks []language.Tag
	for _, r := range regional {
		v, ok := b.voices[r.tag]
		if !ok {
			continue
		}
		if r.locale != "" {
			local := *v
			local.Locale = r.locale
			v = &local
		}
		asks = append(asks, language.MustParse(r.asks))
		b.matched = append(b.matched, v)
	}
	b.matcher = language.NewMatcher(asks)
}

// Negotiate chooses the voice for a reader: by the tag the reader chose, if
// there is a catalogue near it, else by the browser's Accept-Language header,
// else English. Chosen says that the reader's own choice decided.
//
// Traditional characters go to zh-HK, zh-TW and zh-MO, simplified ones to zh,
// zh-CN, zh-SG and zh-MY; in is id, fil is tl. What else a reader can be expected
// to read follows CLDR (Indonesian for jv).
func (b *Book) Negotiate(choice, header string) (v *Voice, chosen bool) {
	if choice != "" {
		if t, err := language.Parse(choice); err == nil {
			if v := b.match(t); v != nil {
				return v, true
			}
		}
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err == nil {
		for _, t := range tags {
			if v := b.match(t); v != nil {
				return v, false
			}
		}
	}
	return b.voices["en"], false
}

// match gives the voice for one tag, nil if none is near enough.
func (b *Book) match(t language.Tag) *Voice {
	_, i, c := b.matcher.Match(t)
	if c < language.High {
		return nil
	}
	return b.matched[i]
}
