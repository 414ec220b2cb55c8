package check

import (
	"context"
	"slices"
	"strings"
	"unicode"
)

// excerptLines is how many lines are read to see the script.
const excerptLines = 3

// models lists the languages we read, by Tesseract's names, in the order in
// which they are tried, with the tags that hint at them. Malay, Indonesian and
// Tagalog are read with English: measured on chats, their own models make as
// many mistakes (0 to 1 % of characters), and telling them apart costs a run.
var models = []struct {
	name string
	tags []string
}{
	{"eng", []string{"en"}},
	{"vie", []string{"vi"}},
	{"chi_tra", []string{"zh-Hant", "zh-TW", "zh-HK", "zh-MO", "yue"}},
	{"chi_sim", []string{"zh-Hans", "zh-CN", "zh-SG", "zh-MY", "zh"}},
	{"tha", []string{"th"}},
	{"mya", []string{"my"}},
	{"khm", []string{"km"}},
	{"kor", []string{"ko"}},
	{"hin", []string{"hi"}},
	{"jpn", []string{"ja"}},
	{"lao", []string{"lo"}},
	{"msa", []string{"ms"}},
	{"ind", []string{"id"}},
	{"fil", []string{"fil", "tl"}},
}

// likeEnglish are the models that only stand in where English is missing.
var likeEnglish = []string{"msa", "ind", "fil"}

func readable(name string) bool {
	for _, m := range models {
		if m.name == name {
			return true
		}
	}
	return false
}

// hinted gives the model that a language tag hints at, or "".
func hinted(tag string) string {
	best, length := "", 0
	for _, m := range models {
		for _, t := range m.tags {
			if len(t) > length && (strings.EqualFold(tag, t) || len(tag) > len(t) && strings.EqualFold(tag[:len(t)+1], t+"-")) {
				best, length = m.name, len(t)
			}
		}
	}
	return best
}

// choose reads an excerpt with all languages at once, and gives those whose
// script was seen. Reading all of a picture that way takes three to seven times as
// long, and every language more is one more way to misread.
//
// (Tesseract's own script detection, --psm 0, was measured on the same
// screens: it took mixed Chinese and English, and mixed Thai and English, for
// Latin, and Burmese for Arabic.)
func (t *Tesseract) choose(ctx context.Context, excerpt []byte, langs []string) ([]string, error) {
	all := t.order(langs)
	if len(all) == 1 {
		return all, nil
	}
	p, err := t.page(ctx, excerpt, all, singleBlock)
	if err != nil {
		return nil, err
	}
	counted := p.seen()
	names := counted.models(t.languages)
	if len(names) == 0 {
		return all[:1], nil
	}
	if names[0] != han {
		return names, nil
	}
	if names[0], err = t.chinese(ctx, excerpt, langs); err != nil {
		return nil, err
	}
	// Few kana may be blots in Chinese, or Japanese misread as Chinese.
	if counted.kana*50 < counted.han || !t.has("jpn") {
		return names, nil
	}
	chinese, err := t.page(ctx, excerpt, names[:1], singleBlock)
	if err != nil {
		return nil, err
	}
	japanese, err := t.page(ctx, excerpt, []string{"jpn"}, singleBlock)
	if err != nil {
		return nil, err
	}
	if japanese.sure() > chinese.sure()+0.1 {
		return []string{"jpn", "eng"}, nil
	}
	return names, nil
}

// order gives the installed languages to try, hinted ones first.
func (t *Tesseract) order(langs []string) []string {
	var first, rest []string
	for _, tag := range langs {
		if m := hinted(tag); m != "" && t.has(m) && !slices.Contains(first, m) && !slices.Contains(likeEnglish, m) {
			first = append(first, m)
		}
	}
	for _, m := range models {
		if t.has(m.name) && !slices.Contains(first, m.name) && (!slices.Contains(likeEnglish, m.name) || !t.has("eng")) {
			rest = append(rest, m.name)
		}
	}
	return append(first, rest...)
}

func (t *Tesseract) has(name string) bool { return slices.Contains(t.languages, name) }

// chinese tells traditional from simplified writing. Either model reads both,
// and writes down its own: so both read the excerpt, and where they disagree
// about a character, the one whose writing it is is the surer of it.
func (t *Tesseract) chinese(ctx context.Context, excerpt []byte, langs []string) (string, error) {
	const traditional, simplified = "chi_tra", "chi_sim"
	if !t.has(simplified) {
		return traditional, nil
	}
	if !t.has(traditional) {
		return simplified, nil
	}
	a, err := t.page(ctx, excerpt, []string{traditional}, singleBlock)
	if err != nil {
		return "", err
	}
	b, err := t.page(ctx, excerpt, []string{simplified}, singleBlock)
	if err != nil {
		return "", err
	}
	surer, differing := surerWhereDifferent(a.characters(), b.characters())
	if differing < 2 {
		for _, tag := range langs {
			if m := hinted(tag); m == traditional || m == simplified {
				return m, nil
			}
		}
	}
	if surer >= 0 {
		return traditional, nil
	}
	return simplified, nil
}

// han stands for one of the two Chinese models.
const han = "han"

// tally counts letters by script, each as much as the reader was sure of it.
type tally struct {
	latin, vietnamese, han, kana, hangul, thai, lao, myanmar, khmer, devanagari float64
}

func (c *tally) add(r rune, sure float64) {
	switch {
	case unicode.Is(unicode.Latin, r):
		c.latin += sure
		if strings.ContainsRune("ăđơưĂĐƠƯ", r) || r >= 'Ạ' && r <= 'ỹ' {
			c.vietnamese += sure
		}
	case unicode.Is(unicode.Han, r):
		c.han += 2 * sure // one says as much as two letters
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		c.kana += sure
	case unicode.Is(unicode.Hangul, r):
		c.hangul += 2 * sure
	case unicode.Is(unicode.Thai, r):
		c.thai += sure
	case unicode.Is(unicode.Lao, r):
		c.lao += sure
	case unicode.Is(unicode.Myanmar, r):
		c.myanmar += sure
	case unicode.Is(unicode.Khmer, r):
		c.khmer += sure
	case unicode.Is(unicode.Devanagari, r):
		c.devanagari += sure
	}
}

// models gives the models for what was counted, of those installed; the first
// may be han. A script with less than a seventh of the most used one is noise.
func (c tally) models(installed []string) []string {
	japanese := c.kana * 4
	if c.kana*5 < c.han {
		japanese = 0 // Chinese readers see a kana in many a blot
	}
	type found struct {
		name  string
		count float64
	}
	all := []found{
		{"tha", c.thai},
		{"lao", c.lao},
		{"mya", c.myanmar},
		{"khm", c.khmer},
		{"kor", c.hangul},
		{"hin", c.devanagari},
		{"jpn", japanese},
		{han, c.han},
	}
	if japanese > 0 {
		all[len(all)-1].count = 0 // its characters are Japanese
	}
	most := c.latin
	for _, f := range all {
		most = max(most, f.count)
	}
	all = slices.DeleteFunc(all, func(f found) bool {
		there := slices.Contains(installed, f.name) ||
			f.name == han && (slices.Contains(installed, "chi_tra") || slices.Contains(installed, "chi_sim"))
		return !there || f.count == 0 || f.count*7 < most
	})
	slices.SortStableFunc(all, func(a, b found) int {
		switch {
		case a.name == han, b.name != han && a.count > b.count:
			return -1
		case b.name == han, a.count < b.count:
			return 1
		}
		return 0
	})
	var names []string
	for _, f := range all {
		names = append(names, f.name)
	}
	switch {
	case slices.Equal(names, []string{han}):
		// The Chinese models read English well; with a second model there
		// are more mistakes (measured: 1.8 % of characters instead of 1.2 %).
	case len(names) == 0 && c.vietnamese*20 >= c.latin && c.vietnamese > 0 && slices.Contains(installed, "vie"):
		names = []string{"vie"} // likewise
	case slices.Contains(installed, "eng"):
		names = append(names, "eng")
	}
	return names
}
