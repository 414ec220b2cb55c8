package public

import (
	"slices"

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
	Method  bool // no published sign: the words taken together
	Says    words
	Source  lure.Source // where it has been published
	Also    []string    // who else has published it
}

// seen is something shown that is not a counted sign, at one or more places.
type seen struct {
	Quotes []string
	Says   words
}

// words is text in the reader's language, or with Lang set in another.
type words struct{ Text, Lang string }

// question is one of the questionnaire, with the answer given so far.
type question struct {
	Key string
	words
	Value string
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
		v.Kinds = s.add(v.Kinds, "kind."+k)
	}
	for _, f := range a.Counter {
		v.Counter = addSeen(v.Counter, f.Quote, d.explain(s, f.Indicator))
	}
	for _, n := range a.NotCounted {
		for _, why := range s.add(nil, "reason."+n.Reason) {
			v.NotCounted = addSeen(v.NotCounted, n.Quote, words{Text: why})
		}
	}
	for _, key := range a.Missing {
		v.Missing = s.add(v.Missing, "missing."+key)
	}
	d.questions(&v, a, given)
	if a.Level >= lure.Some {
		v.Share = share(v)
	}
	return v
}

// lead is the three sentences under the heading.
func lead(s Site, a lure.Assessment, ms []mark) []string {
	level := a.Level.String()
	out := []string{s.T("answer." + level + "_2"), s.T("answer." + level + "_3")}
	signs := len(slices.DeleteFunc(slices.Clone(ms), func(m mark) bool { return m.Context || m.Method }))
	first := "answer." + level + "_1"
	switch {
	case a.Level == lure.Strong && len(a.Kinds) > 0 && slices.Contains(moneyKinds, a.Kinds[0]):
		return append([]string{s.T("answer.signs_money", "N", signs)}, out...)
	case a.Level == lure.Strong:
		return append([]string{s.T("answer.signs", "N", signs)}, out...)
	case a.Level == lure.Some && signs == 0:
		return out // what kind it is says it all
	case a.Level == lure.Unclear && notCounted(a, "warning"):
		return []string{s.T("answer.unclear_warns"), out[0]}
	case a.Level == lure.Unclear && (notCounted(a, "alone") || notCounted(a, "honest_offer")):
		first = "answer.unclear_few"
	}
	return append([]string{s.T(first)}, out...)
}

func notCounted(a lure.Assessment, reason string) bool {
	return slices.ContainsFunc(a.NotCounted, func(n lure.NotCounted) bool { return n.Reason == reason })
}
