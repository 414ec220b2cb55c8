package public

import (
	"slices"
	"strings"

	"homeward/know/lure"
)

// marks explains each indicator once, in the order of its number; those that
// come from an answer stand last.
func (d *door) marks(s Site, fs []lure.Finding, nums map[string]int) []mark {
	out := make([]mark, len(nums))
	for _, f := range inOrder(fs) {
		m := &out[nums[f.Indicator]-1]
		if m.N == 0 {
			*m = d.mark(s, f)
			m.N = nums[f.Indicator]
		}
		if q := shorten(f.Quote); !slices.Contains(m.Quotes, q) && len(m.Quotes) < timesShown {
			m.Quotes = append(m.Quotes, q)
		}
	}
	for _, f := range fs {
		key, value, ok := strings.Cut(f.Answer, "=")
		if !ok {
			continue
		}
		m := d.mark(s, f)
		m.Asked, m.Answer = d.ask(s, key), value
		out = append(out, m)
	}
	return out
}

func (d *door) mark(s Site, f lure.Finding) mark {
	m := mark{Context: f.Role == lure.Context, Method: f.Role == lure.Method, Says: d.explain(s, f.Indicator)}
	for i, src := range d.Packs.Sources(f.Indicator) {
		if i == 0 {
			m.Source = src
		} else if src.Body != m.Source.Body && !slices.Contains(m.Also, src.Body) {
			m.Also = append(m.Also, src.Body)
		}
	}
	return m
}

func (d *door) questions(v *answerView, a lure.Assessment, given map[string]string) {
	var keys []string
	for _, q := range a.Questions {
		if len(q.Answers) > 0 {
			keys = append(keys, q.ID)
		} else if w := d.ask(v.Site, q.ID); w.Text != "" {
			v.Ask = append(v.Ask, w)
		}
	}
	for _, key := range keys {
		if w := d.ask(v.Site, key); w.Text != "" {
			v.Form = append(v.Form, question{key, w, given[key]})
		}
	}
}

// explain gives an indicator's words, marked as English where the packs have
// none in the reader's language.
func (d *door) explain(s Site, id string) words {
	return inEnglish(s, func(lang string) string { return d.Packs.Explanation(id, lang) })
}

func (d *door) ask(s Site, key string) words {
	return inEnglish(s, func(lang string) string { return d.Packs.QuestionText(key, lang) })
}

func inEnglish(s Site, f func(lang string) string) words {
	w := words{Text: f(s.Voice.Tag)}
	if s.Voice.Tag != "en" && w.Text != "" && w.Text == f("en") {
		w.Lang = "en"
	}
	return w
}

// addSeen adds a quote to what is said of others like it.
func addSeen(list []seen, quote string, says words) []seen {
	quote = shorten(quote)
	for i := range list {
		if list[i].Says == says {
			if !slices.Contains(list[i].Quotes, quote) && len(list[i].Quotes) < quotesShown {
				list[i].Quotes = append(list[i].Quotes, quote)
			}
			return list
		}
	}
	if says.Text == "" {
		return list
	}
	return append(list, seen{[]string{quote}, says})
}

// quotesShown bounds the quotes of one line.
const quotesShown = 8

// oneLanguage gives the language of a text that has one, for the lang
// attribute; a mixed text has none.
func oneLanguage(langs []string) string {
	if len(langs) == 1 {
		return langs[0]
	}
	return ""
}

// shorten keeps a quote to a line or two.
func shorten(q string) string {
	const most = 120
	q = strings.Join(strings.Fields(q), " ")
	if r := []rune(q); len(r) > most {
		return string(r[:most]) + "…"
	}
	return q
}

// share is the short plain text for the family.
func share(v answerView) string {
	var b strings.Builder
	line := func(s string) { b.WriteString(s + "\n") }
	line(v.T("answer.share_open"))
	line(v.T("answer." + v.Level))
	line("")
	line(v.T("answer.share_signs"))
	for _, m := range v.Marks {
		if !m.Context {
			line("– " + m.Says.Text)
		}
	}
	if len(v.Ask) > 0 {
		line("")
		line(v.T("answer.share_ask"))
		for _, q := range v.Ask {
			line("– " + q.Text)
		}
	}
	line("")
	b.WriteString(v.T("answer.share_close"))
	return b.String()
}
