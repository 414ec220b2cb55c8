package cli

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"
	"sync"

	"homeward/form/say"
	"homeward/know/name"
	"homeward/know/person"
)

//go:embed match.html
var matchHTML string

var matchTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("match").Parse(matchHTML)) })

const usualPage = 500

// pairPage is what the page to print is made of.
type pairPage struct {
	say.Phrases
	Lang, Lists, More, Versions string
	Said                        []string
	Pairs                       []pagePair
}

type pagePair struct {
	Number              int
	Verdict, Bits, A, B string
	Rows                []pageRow
	Why                 []string
}

type pageRow struct{ Field, A, B string }

// writePage writes the pairs as one page to print and tick.
func (m *matching) writePage(w io.Writer, got person.Compared) error {
	words := say.Desk(m.lang)
	limit := m.limit
	if limit <= 0 {
		limit = usualPage
	}
	pairs := m.kept
	more := max(0, len(pairs)-limit)
	pairs = pairs[:len(pairs)-more]
	p := pairPage{
		Phrases: words, Lang: m.lang, Said: m.summaryLines(got, words, false),
		Lists:    fmt.Sprintf("A: %s", shorten(oneLine(clean(m.a.file)), 80)),
		Versions: words.T("Tables %s, weights %s, Homeward %s.", name.Version, m.weights.Version, Version),
	}
	if m.b != m.a {
		p.Lists += fmt.Sprintf(" · B: %s", shorten(oneLine(clean(m.b.file)), 80))
	}
	if more > 0 {
		p.More = words.T("Pairs that are not on this page: %d. --limit puts more on it.", more)
	}
	for i, k := range pairs {
		p.Pairs = append(p.Pairs, m.pagePair(i+1, k, words))
	}
	if err := matchTemplate().Execute(w, p); err != nil {
		return fmt.Errorf("%s could not be written: %w", m.html, err)
	}
	return nil
}

func (m *matching) pagePair(number int, k person.Pair, words say.Phrases) pagePair {
	a, b := m.a.record(k.A), m.b.record(k.B)
	out := pagePair{
		Number: number, Verdict: label(words, "verdict: "+string(k.Kind)), Bits: words.T("%+.1f bits", k.Bits),
		A: cell(m.a.id(k.A)), B: cell(m.b.id(k.B)),
	}
	for _, f := range []struct{ name, a, b string }{
		{"name", a.Name, b.Name},
		{"other names", a.OtherNames, b.OtherNames},
		{"born", a.BirthDate, b.BirthDate},
		{"sex", a.Sex, b.Sex},
		{"nationality", a.Nationality, b.Nationality},
		{"phone", a.Phone, b.Phone},
		{"document", a.Document, b.Document},
		{"place", a.Place, b.Place},
	} {
		if strings.TrimSpace(f.a) != "" || strings.TrimSpace(f.b) != "" {
			out.Rows = append(out.Rows, pageRow{label(words, "field: "+f.name), cell(f.a), cell(f.b)})
		}
	}
	v := k.Verdict
	if v.Reading != "" {
		out.Why = append(out.Why, saidIn(words, v.Reading))
	}
	for _, f := range v.Factors {
		line := fmt.Sprintf("%s %+.1f", label(words, "field: "+f.Field), f.Bits)
		if f.Says != "" {
			line += words.T(" (%s)", saidIn(words, f.Says))
		}
		out.Why = append(out.Why, line)
	}
	for _, n := range v.NotCounted {
		out.Why = append(out.Why, saidIn(words, n))
	}
	if len(v.Would) > 0 && k.Kind != person.IsSame {
		var would []string
		for _, x := range v.Would {
			would = append(would, saidIn(words, x))
		}
		out.Why = append(out.Why, words.T("What would tell: %s", strings.Join(would, words.T("; "))))
	}
	for i, w := range out.Why {
		out.Why[i] = clean(w)
	}
	return out
}

// label says one word, whose key says what kind of word it is.
func label(words say.Phrases, key string) string {
	if words.Has(key) && words.Tag != "en" {
		return words.T(key)
	}
	_, word, _ := strings.Cut(key, ": ")
	return word
}

// cell keeps one field to a few lines of the page; the list has all of it.
func cell(s string) string { return shorten(clean(oneLine(s)), 200) }

// verdictPhrases are the sentences of know/name and know/person that have
// something in them; the longer come first.
var verdictPhrases = []string{
	"%s and %s as spellings of one Chinese name (%s): %s",
	"%s and %s are the same characters, counting traditional, simplified and variant forms as one",
	"%s and %s: no reading of the characters gives these letters",
	"%s and %s are different characters",
	"%s and %s share a part of the given name",
	"%s is a nickname that fits a part of %s",
	"%s is a nickname that is not heard in %s",
	"%s and %s have different surnames",
	"%s and %s: hardly one Chinese name",
	"%s and %s share no word",
	"%s and %s share: %s",
	"%s and %s sound alike",
	"%s read as %s: %s",
	"%s is not read %s in any table, it only sounds like it",
	"%s is not read %s in any table",
	"%s is near to %s, a spelling of %s",
	"%s (surname) and %s (given name)",
	"Buddhist year %s = %s",
	"born in %s: hardly a living person",
	"shared: %s",
	"%s records have it",
	"%s begins like %s",
	"initial %s for %s",
	"%s near %s",
	"name: %s",
	"the same document number (%s)",
	"the same phone (%s)",
	"the same day of birth (%s)",
	"the same year of birth (%s)",
}

var verdictForms = sync.OnceValue(func() []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, p := range verdictPhrases {
		out = append(out, regexp.MustCompile("^"+strings.ReplaceAll(regexp.QuoteMeta(p), "%s", "(.+?)")+"$"))
	}
	return out
})

// saidIn says a sentence of a verdict in another language. Verdicts are values in
// plain English, the same everywhere; what has no translation stays English.
func saidIn(words say.Phrases, s string) string {
	if words.Tag == "en" {
		return s
	}
	if words.Has(s) {
		return words.T(s)
	}
	for _, sep := range []string{"; ", ", "} {
		if parts := strings.Split(s, sep); len(parts) > 1 && sep == "; " || len(parts) > 1 && dateSays(words, parts) {
			for i := range parts {
				parts[i] = saidIn(words, parts[i])
			}
			return strings.Join(parts, words.T(between[sep]))
		}
	}
	for i, re := range verdictForms() {
		if got := re.FindStringSubmatch(s); got != nil {
			values := make([]any, len(got)-1)
			for k, v := range got[1:] {
				values[k] = v
				if v != s {
					values[k] = saidIn(words, v)
				}
			}
			return words.T(verdictPhrases[i], values...)
		}
	}
	return s
}

// between are the names of the marks between parts of a verdict: a list has another
// comma in some languages.
var between = map[string]string{"; ": "between sentences: ; ", ", ": "between clauses: , "}

// dateSays: "民國87 = 1998, the same day" ends in a sentence of its own.
func dateSays(words say.Phrases, parts []string) bool { return words.Has(parts[len(parts)-1]) }
