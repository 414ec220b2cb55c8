package public

import (
	"slices"
	"strings"

	"homeward/know/hotline"
	"homeward/know/lure"
)

// answerView is the answer to one message.
type answerView struct {
	Site
	Message    string // what went wrong in part
	Level      string // strong, some, unclear, plea
	Lead       []string
	Kinds      []string
	Pieces     []piece
	TextLang   string
	Marks      []mark
	Counter    []seen
	NotCounted []seen
	Missing    []string
	Ask        []words
	Form       []question
	Text       string
	Read       bool
	Share      string
	Packs      string
	Picker     picker
}

// mark explains one numbered sign, or one that comes from an answer (N is 0).
type mark struct {
	N       int
	Quotes  []string
	Asked   words  // the question whose answer is the sign
	Answer  string // yes or no
	Context bool
	Says    words
	Sources []lure.Source
}

// seen is something shown that is not a counted sign.
type seen struct {
	Quote string
	Says  words
}

// words is text in the reader's language, or with Lang set in another.
type words struct{ Text, Lang string }

// question is one of the questionnaire, with the answer given so far.
type question struct {
	Key string
	words
	Value string
}

// whenUnclear are the questions for a text that shows nothing: the ones whose
// answers speak for themselves in every kind of lure.
var whenUnclear = []string{
	"contract", "organiser_checked", "met_in_person", "passport_asked", "place_changed",
	"told_to_lie", "owes_money", "asked_money", "money_talk",
}

// moneyKinds are the kinds that take money without taking the person away.
var moneyKinds = []string{"task_job", "romance_investment", "recovery_expert"}

// answer makes the view. It decides nothing: level and findings are the
// checker's.
func (d *door) answer(s Site, a lure.Assessment, text string, given map[string]string, read bool) answerView {
	v := answerView{Site: s, Level: a.Level.String(), Text: text, Read: read, Packs: a.Packs, TextLang: oneLanguage(a.Languages)}
	if a.Level == lure.Plea {
		v.Lead = []string{s.T("answer.plea_1"), s.T("answer.plea_2"), s.T("answer.plea_3")}
		v.Picker = d.picker(s, hotline.There, false)
		return v
	}
	nums := numbered(a.Findings)
	v.Pieces = pieces(text, a.Findings, nums)
	v.Marks = d.marks(s, a.Findings, nums)
	v.Lead = lead(s, a, v.Marks)
	for _, k := range a.Kinds {
		v.Kinds = append(v.Kinds, s.T("kind."+k))
	}
	for _, f := range a.Counter {
		v.Counter = addSeen(v.Counter, seen{f.Quote, d.explain(s, f.Indicator)})
	}
	for _, n := range a.NotCounted {
		v.NotCounted = addSeen(v.NotCounted, seen{n.Quote, words{s.T("reason." + n.Reason), ""}})
	}
	for _, key := range a.Missing {
		v.Missing = append(v.Missing, s.T("missing."+key))
	}
	d.questions(&v, a, given)
	if a.Level >= lure.Some {
		v.Share = share(v)
	}
	return v
}

func lead(s Site, a lure.Assessment, ms []mark) []string {
	level := a.Level.String()
	first := s.T("answer." + level + "_1")
	if a.Level == lure.Strong {
		key := "answer.signs"
		if len(a.Kinds) > 0 && slices.Contains(moneyKinds, a.Kinds[0]) {
			key = "answer.signs_money"
		}
		n := 0
		for _, m := range ms {
			if !m.Context {
				n++
			}
		}
		first = s.T(key, "N", n)
	}
	return []string{first, s.T("answer." + level + "_2"), s.T("answer." + level + "_3")}
}

// marks explains each indicator once, in the order of its number; those that
// come from an answer stand last.
func (d *door) marks(s Site, fs []lure.Finding, nums map[string]int) []mark {
	out := make([]mark, len(nums))
	for _, f := range inOrder(fs) {
		m := &out[nums[f.Indicator]-1]
		if m.N == 0 {
			*m = mark{N: nums[f.Indicator], Context: f.Role == lure.Context, Says: d.explain(s, f.Indicator), Sources: d.Packs.Sources(f.Indicator)}
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
		out = append(out, mark{
			Asked: d.ask(s, key), Answer: value, Context: f.Role == lure.Context,
			Says: d.explain(s, f.Indicator), Sources: d.Packs.Sources(f.Indicator),
		})
	}
	return out
}

func (d *door) questions(v *answerView, a lure.Assessment, given map[string]string) {
	warns := slices.ContainsFunc(a.NotCounted, func(n lure.NotCounted) bool { return n.Reason == "warning" })
	var keys []string
	for _, q := range a.Questions {
		if len(q.Answers) > 0 {
			keys = append(keys, q.ID)
		} else if w := d.ask(v.Site, q.ID); w.Text != "" {
			v.Ask = append(v.Ask, w)
		}
	}
	if len(keys) == 0 {
		keys = d.Packs.Questionnaire(a.Kinds)
	}
	if len(keys) == 0 && !warns {
		keys = whenUnclear
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

func addSeen(list []seen, n seen) []seen {
	n.Quote = shorten(n.Quote)
	if n.Says.Text == "" || slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}

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
