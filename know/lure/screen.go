package lure

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"homeward/know/text"
)

// Screen assesses one message. It reads nothing but its arguments and the
// packs, keeps nothing, and never fails: a text it can say nothing of is Unclear.
func (p *Packs) Screen(r Request) Assessment {
	a := p.screen(r)
	if a.Level < Strong && narrow(r.Text) {
		// The lines are those of a narrow bubble, not of the writer. A space is as
		// long as a line's end, so the places of what is found hold.
		joined := r
		joined.Text = strings.ReplaceAll(r.Text, "\n", " ")
		if b := p.screen(joined); b.Level > a.Level {
			return b.over(r.Text)
		}
	}
	return a
}

// narrow says that half of the lines of a text hold hardly anything: three
// words, or six characters of a script without spaces.
func narrow(s string) bool {
	lines, short := 0, 0
	for line := range strings.Lines(s) {
		n := 0
		for _, w := range strings.Fields(line) {
			n += 2
			if r, _ := utf8.DecodeRuneInString(w); apart(r) {
				n += utf8.RuneCountInString(w) - 2
			}
		}
		if n == 0 {
			continue
		}
		lines++
		if n <= 6 {
			short++
		}
	}
	return lines >= 3 && 2*short >= lines
}

// over gives the assessment with quotes of another text of the same places.
func (a Assessment) over(s string) Assessment {
	for _, fs := range [][]Finding{a.Findings, a.Counter} {
		for i := range fs {
			if fs[i].End > 0 {
				fs[i].Quote = strings.ToValidUTF8(s[fs[i].Start:fs[i].End], "\uFFFD")
			}
		}
	}
	for i := range a.NotCounted {
		n := &a.NotCounted[i]
		n.Quote = strings.ToValidUTF8(s[n.Start:n.End], "\uFFFD")
	}
	return a
}

func (p *Packs) screen(r Request) Assessment {
	sc := scratches.Get().(*scratch)
	defer func() {
		if cap(sc.st.syms) <= maxKept { // what one huge text needed is not held for ever
			scratches.Put(sc)
		}
	}()
	n := text.Normalize(r.Text)
	langs := text.Languages(r.Text)
	sc.st.read(n.Text)
	p.scan(sc)
	p.extract(sc, n.Text, langs)
	j := judge{p: p, matches: sc.matches, answers: r.Answers}
	j.run()
	return j.assessment(r, n, langs)
}

// extract adds what the structured extractors read to the matches.
func (p *Packs) extract(sc *scratch, s string, langs []string) {
	add := func(name string, start, end int32, value string) {
		for _, c := range p.extractors(name) {
			sc.matches = append(sc.matches, match{concept: c, start: start, end: end, pattern: -1, value: value})
		}
	}
	// Where a qualification is asked for, good pay is no sign until it is absurd.
	skilled := seen(sc.matches, p.index["QUALIF"])
	share := 1.0
	if seen(sc.matches, p.index["DEST_SEA"]) {
		share = p.pay.ThereShare
	}
	for _, m := range p.pays(s, langs) {
		if m.times >= m.limit*share && (!skilled || m.times >= p.pay.SkilledTimes) {
			add("pay_high", m.start, m.end, m.String())
		}
	}
	for _, c := range p.contacts(s) {
		add(c.kind, c.start, c.end, "")
	}
	for _, a := range p.ages(s) {
		add("age", a.start, a.end, "")
		if a.from < 18 && a.to > 0 {
			add("minor", a.start, a.end, "")
		}
	}
}

func seen(ms []match, concept int) bool {
	return slices.ContainsFunc(ms, func(m match) bool { return m.concept == concept })
}

// extractors gives the concepts an extractor speaks for.
func (p *Packs) extractors(name string) []int { return p.byExtractor[name] }

// judge adds the signs of one message up.
type judge struct {
	p       *Packs
	matches []match
	answers map[string]string

	seen   []int // per concept: how many distinct places
	bad    int   // answers that are signs
	good   int   // answers that speak for the offer
	level  Level
	kinds  []string
	muted  bool // everything seen is told as a warning
	yields bool // soft signs gave way to honest wording
}

func (j *judge) run() {
	p := j.p
	j.seen = make([]int, len(p.concepts))
	for _, m := range j.matches {
		j.seen[m.concept]++
	}
	for _, q := range p.questions {
		switch a := j.answers[q.Key]; {
		case a == q.Bad:
			j.seen[q.sign]++
			if p.concepts[q.sign].Weight >= 2 {
				j.bad++
			}
		case a == "yes" || a == "no":
			j.good++
		}
	}
	if j.plea() {
		j.level = Plea
		return
	}
	// One phrase of warning is not enough to set a strong lure aside
	// ("please note: few places left"); it only makes the answer more careful.
	warns := j.warns()
	if warns && j.mode("warning") > 1 {
		j.muted = true
		return
	}
	levels := make([]Level, len(p.kinds))
	j.passages(func() {
		for ki := range p.kinds {
			levels[ki] = max(levels[ki], j.reach(&p.kinds[ki]))
		}
	})
	for _, l := range []Level{Strong, Some} {
		for ki := range p.kinds {
			if levels[ki] == l {
				j.level = max(j.level, l)
				j.kinds = append(j.kinds, p.kinds[ki].ID)
			}
		}
	}
	if warns {
		j.muted = j.level < Strong
		if j.level = min(j.level, Some); j.muted {
			j.level, j.kinds = Unclear, nil
		}
	}
}

// passage is how much of a long text is judged together, in bytes of the
// normal form: about 200 words, or 400 characters of Chinese. A lure says what
// it says in one breath; signs scattered over a long text do not add up.
const passage = 1200

// passages calls f with j.seen for each passage: once for a text of chat
// length, otherwise for windows that overlap by half. Answers count in each.
func (j *judge) passages(f func()) {
	var end int32
	for _, m := range j.matches {
		end = max(end, m.end)
	}
	if end <= passage*3/2 {
		f()
		return
	}
	whole := slices.Clone(j.seen)
	answers := slices.Clone(j.seen)
	for _, m := range j.matches {
		answers[m.concept]--
	}
	byStart := slices.Clone(j.matches)
	slices.SortFunc(byStart, func(a, b match) int { return cmp.Compare(a.start, b.start) })
	copy(j.seen, answers)
	next, first := 0, 0 // the window holds byStart[first:next]
	for from := int32(0); from < end; from += passage / 2 {
		for ; first < next && byStart[first].start < from; first++ {
			j.seen[byStart[first].concept]--
		}
		for ; next < len(byStart) && byStart[next].start < from+passage; next++ {
			j.seen[byStart[next].concept]++
		}
		f()
	}
	copy(j.seen, whole)
}

// mode says whether any concept of this mode was seen, and at how many places.
func (j *judge) mode(m string) (places int) {
	for _, c := range j.p.modes[m] {
		places += j.seen[c]
	}
	return places
}

// plea: somebody held or missing, in the first person or by their family. A
// news text or a warning that tells of such people is not one.
func (j *judge) plea() bool {
	n := j.mode("plea")
	if n == 1 && j.hints() == 0 && j.has("PAY_HIGH") && j.has("JOB_OFFER") && j.passportOffered() {
		n = 0
	}
	if j.has("KIN_AWAY") && j.has("OUT_OF_REACH") {
		n += 2 // two things said, and told of one's own
	}
	hints := j.hints()
	if hints >= 3 || hints >= 2 && j.has("DEST_SEA") {
		n++
	}
	// As many words of warning as of need: who needs help writes little, or
	// says more than one thing of it.
	w := j.mode("warning")
	return n > 0 && (w < n || w == n && (hints > 0 || j.short()) || n >= 3 && w == n+1)
}

// passportOffered says that what reads like a plea is a term of an offer: "pay
// 3000, the company keeps the passport".
func (j *judge) passportOffered() bool {
	now := j.p.index["PASSPORT_NOW"]
	pleas := j.p.modes["plea"]
	return slices.ContainsFunc(j.matches, func(m match) bool {
		return m.concept == now && slices.ContainsFunc(j.matches, func(x match) bool {
			return slices.Contains(pleas, x.concept) && x.start < m.end && m.start < x.end
		})
	})
}

// short says that all that was seen stands in the first 80 characters or so.
func (j *judge) short() bool {
	return !slices.ContainsFunc(j.matches, func(m match) bool { return m.end > 240 })
}

// hints counts the different weak phrases of a plea in a text of chat length:
// one alone ("help me", "guards") is in many an ordinary text.
func (j *judge) hints() int {
	hint := j.p.index["PLEA_HINT"]
	var phrases []int32
	for _, m := range j.matches {
		if m.end > passage {
			return 0
		}
		if m.concept == hint && !slices.Contains(phrases, m.pattern) {
			phrases = append(phrases, m.pattern)
		}
	}
	return len(phrases)
}

// warns: the text tells of lures rather than being one. A text that gives a
// contact to write to does not become a warning by wearing its words; the more
// of them there are, the plainer the contact must be. Those who offer to
// recover lost money always speak of scams.
func (j *judge) warns() bool {
	n := j.mode("warning")
	switch {
	case n == 0:
		return false
	case j.has("MESSENGER"), n < 3 && j.has("PHONE"), n < 2 && j.has("OFF_PLATFORM"):
		return false
	case j.has("RECOVERY"):
		return !j.has("PHONE") && !j.has("OFF_PLATFORM")
	}
	return true
}

func (j *judge) has(id string) bool {
	i, ok := j.p.index[id]
	return ok && j.seen[i] > 0
}

// reach gives the highest level whose rule is met.
func (j *judge) reach(k *kind) Level {
	all := j.count(j.p.signsOf[k.index])
	honest := j.count(j.p.groups["HONEST"]).distinct
	best := Unclear
	for i := range k.Rules {
		r := &k.Rules[i]
		n := all
		if r.of != nil {
			n = j.count(r.of)
		}
		if r.level <= best || n.points < r.Points || n.distinct < r.Distinct || n.hard < r.Hard || !j.all(r.all) {
			continue
		}
		answered := j.good >= 3 && j.bad == 0
		if r.level == Some && (answered || r.Yields && (all.hard == 0 && honest >= 2 || all.hard == 1 && honest >= 3)) {
			j.yields = true
			continue
		}
		best = r.level
	}
	return best
}

// counted is what a set of concepts adds up to.
type counted struct{ points, distinct, hard int }

func (j *judge) count(concepts []int) (n counted) {
	for _, c := range concepts {
		if j.seen[c] == 0 {
			continue
		}
		w := j.p.concepts[c].Weight
		n.points += w
		n.distinct++
		if w >= 2 {
			n.hard++
		}
	}
	return n
}

func (j *judge) all(groups [][]int) bool {
	for _, g := range groups {
		if !slices.ContainsFunc(g, func(c int) bool { return j.seen[c] > 0 }) {
			return false
		}
	}
	return true
}

// maxFindings bounds what is shown of one concept, so that a text of one
// phrase ten thousand times stays readable.
const maxFindings = 8

func (j *judge) assessment(r Request, n *text.Norm, langs []string) Assessment {
	p := j.p
	a := Assessment{
		Level: j.level, Kinds: j.kinds, Packs: p.version, Languages: langs,
		Findings: []Finding{}, Counter: []Finding{}, Missing: []string{}, NotCounted: []NotCounted{}, Questions: []Question{},
	}
	if a.Kinds == nil {
		a.Kinds = []string{}
	}
	if a.Languages == nil {
		a.Languages = []string{}
	}
	shown := make([]int, len(p.concepts))
	for _, m := range j.matches {
		c := &p.concepts[m.concept]
		if shown[m.concept]++; shown[m.concept] > maxFindings {
			continue
		}
		start, end := n.Span(int(m.start), int(m.end))
		f := Finding{Indicator: c.ID, Role: c.Role, Start: start, End: end, Quote: strings.ToValidUTF8(r.Text[start:end], "\uFFFD"), Value: m.value, Source: c.cite()}
		if m.pattern >= 0 {
			f.Phrase = p.patterns[m.pattern].phrase
		}
		switch reason := j.reason(m.concept); {
		case c.Role == Counter:
			a.Counter = append(a.Counter, f)
		case reason != "":
			a.NotCounted = append(a.NotCounted, NotCounted{c.ID, start, end, f.Quote, reason, f.Phrase})
		default:
			a.Findings = append(a.Findings, f)
		}
	}
	byPlace := func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End), cmp.Compare(x.Indicator, y.Indicator))
	}
	slices.SortFunc(a.Findings, byPlace)
	slices.SortFunc(a.Counter, byPlace)
	slices.SortFunc(a.NotCounted, func(x, y NotCounted) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End), cmp.Compare(x.Indicator, y.Indicator))
	})
	if j.level == Plea {
		return a
	}
	for _, q := range p.questions {
		if v, ok := j.answers[q.Key]; ok && v == q.Bad && !j.muted {
			c := &p.concepts[q.sign]
			a.Findings = append(a.Findings, Finding{Indicator: c.ID, Role: c.Role, Answer: q.Key + "=" + v, Source: c.cite()})
		}
	}
	j.ask(&a, cmp.Or(r.Lang, first1(langs)))
	return a
}

// reason says why a match of this concept did not count, or "".
func (j *judge) reason(c int) string {
	switch con := &j.p.concepts[c]; {
	case j.level == Plea:
		if con.Mode == "plea" {
			return ""
		}
		return "plea"
	case j.muted:
		return "warning"
	case con.Mode == "plea":
		return "warning"
	case con.Role == Context:
		return "context"
	case j.level == Unclear && j.yields:
		return "honest_offer"
	case j.level == Unclear:
		return "alone"
	}
	return ""
}

// ask fills in the questionnaire, the questions of the signs and what is missing.
func (j *judge) ask(a *Assessment, lang string) {
	p := j.p
	if j.muted {
		return
	}
	kinds := a.Kinds
	for i := range p.kinds {
		k := &p.kinds[i]
		if !slices.Contains(kinds, k.ID) {
			continue
		}
		for _, m := range k.Missing {
			if !j.all([][]int{m.without}) && !slices.Contains(a.Missing, m.Key) {
				a.Missing = append(a.Missing, m.Key)
			}
		}
	}
	for _, key := range p.Questionnaire(kinds) {
		a.Questions = append(a.Questions, Question{ID: key, Answers: []string{"yes", "no", "unknown"}, Text: p.QuestionText(key, lang)})
	}
	asked := map[string]bool{}
	for _, f := range a.Findings {
		if q := p.QuestionText(f.Indicator, lang); q != "" && !asked[f.Indicator] {
			asked[f.Indicator] = true
			a.Questions = append(a.Questions, Question{ID: f.Indicator, Text: q})
		}
	}
}

// cite names a concept's first source in one line.
func (c *concept) cite() string {
	if len(c.Sources) == 0 {
		return ""
	}
	s := c.Sources[0]
	out := s.Body + ", " + s.Document
	if s.Date != "" {
		out += " (" + s.Date + ")"
	}
	return out
}

func first1(s []string) string {
	if len(s) == 0 {
		return "en"
	}
	return s[0]
}
