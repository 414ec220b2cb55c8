package lure

import (
	"cmp"
	"slices"
	"strings"

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

func (p *Packs) screen(r Request) Assessment {
	sc := scratches.Get().(*scratch)
	defer func() {
		if cap(sc.st.syms) <= maxKept { // what one huge text needed is not held for ever
			scratches.Put(sc)
		}
	}()
	n := text.Normalize(r.Text)
	langs, traces := text.Survey(r.Text)
	sc.foreign = p.foreign(langs, traces)
	sc.st.read(n.Text)
	p.scan(sc)
	p.extract(sc, n.Text, slices.Concat(langs, traces))
	j := &sc.judge
	*j = judge{
		p: p, matches: sc.matches, answers: r.Answers,
		seen: j.seen, shown: j.shown, levels: j.levels, here: j.here, bins: j.bins,
	}
	j.read(n.Text)
	j.run()
	if j.wordy && !j.muted {
		j.matches = append(j.matches, j.telling()...)
	}
	return j.assessment(r, n, langs)
}

// foreign gives the languages, by number, whose phrases are not looked for in a
// text of these: in Latin letters, or in ideographs, they would only be found
// by mistake. English is borrowed everywhere, and where no language shows,
// every one is looked for.
func (p *Packs) foreign(main, traces []string) uint64 {
	if len(main) == 0 {
		return 0
	}
	away := uint64(1)<<len(p.numbers) - 1
	for _, l := range append(slices.Concat(main, traces), "en") {
		if n, ok := p.numbers[tagOf(l)]; ok {
			away &^= 1 << n
		}
	}
	return away
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
	offered := p.offersAbroad(sc.matches)
	for _, m := range p.pays(s, langs) {
		if m.bare && (!offered || m.times > maxBare) {
			continue
		}
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

// maxBare is up to how many times the reference an amount is taken for a
// month's pay where nothing beside it says so.
const maxBare = 12

// offersAbroad says that a text advertises work abroad, and speaks of no other
// money than pay.
func (p *Packs) offersAbroad(ms []match) bool {
	var job, away, advert, other bool
	for _, m := range ms {
		switch p.concepts[m.concept].ID {
		case "JOB_OFFER", "ROLE_ONLINE", "ROLE_SCAMROOM":
			job = true
		case "DEST_SEA", "DEST_ABROAD":
			away = true
		case "LOW_BAR", "FREE_TRAVEL", "FREE_BOARD", "URGENCY", "OFF_PLATFORM":
			advert = true
		case "FEE_OR_DEPOSIT", "TOP_UP", "ADVANCE_DEBT", "DEBT_LURE", "LOAN_OFFER", "PERSON_SALE", "REFERRAL_PAY", "RECOVERY", "INVEST_TALK", "PLEA_HELD", "WARN":
			other = true
		}
	}
	return job && away && advert && !other
}

func seen(ms []match, concept int) bool {
	return slices.ContainsFunc(ms, func(m match) bool { return m.concept == concept })
}

// extractors gives the concepts an extractor speaks for.
func (p *Packs) extractors(name string) []int { return p.byExtractor[name] }

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
	j.room(&a)
	j.shown = zeroed(j.shown, len(p.concepts))
	for i := range j.matches {
		m := &j.matches[i]
		c := &p.concepts[m.concept]
		if j.shown[m.concept]++; j.shown[m.concept] > maxFindings {
			continue
		}
		start, end := n.Span(int(m.start), int(m.end))
		f := Finding{Indicator: c.ID, Role: c.Role, Start: start, End: end, Quote: strings.ToValidUTF8(r.Text[start:end], "\uFFFD"), Value: m.value, Source: c.cited}
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
			a.Findings = append(a.Findings, Finding{Indicator: c.ID, Role: c.Role, Answer: q.Key + "=" + v, Source: c.cited})
		}
	}
	j.ask(&a, cmp.Or(r.Lang, first1(langs)))
	return a
}

// room makes room for what is shown.
func (j *judge) room(a *Assessment) {
	findings, counter, not := 0, 0, 0
	j.shown = zeroed(j.shown, len(j.p.concepts))
	for i := range j.matches {
		c := j.matches[i].concept
		if j.shown[c]++; j.shown[c] > maxFindings {
			continue
		}
		switch {
		case j.p.concepts[c].Role == Counter:
			counter++
		case j.reason(c) != "":
			not++
		default:
			findings++
		}
	}
	a.Findings = slices.Grow(a.Findings, findings)
	a.Counter = slices.Grow(a.Counter, counter)
	a.NotCounted = slices.Grow(a.NotCounted, not)
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
	case j.level == Unclear && j.weak:
		return "wording"
	case j.level == Unclear && j.yields:
		return "honest_offer"
	case j.level == Unclear:
		return "alone"
	}
	return ""
}

// answers is what a question of the questionnaire may be answered with.
var answers = []string{"yes", "no", "unknown"}

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
	speaking := p.speaking(lang)
	keys := p.Questionnaire(kinds)
	a.Questions = slices.Grow(a.Questions, len(keys)+len(a.Findings))
	for _, key := range keys {
		a.Questions = append(a.Questions, Question{ID: key, Answers: slices.Clip(answers), Text: p.question(key, speaking)})
	}
	for _, f := range a.Findings {
		if slices.ContainsFunc(a.Questions[len(keys):], func(q Question) bool { return q.ID == f.Indicator }) {
			continue
		}
		if q := p.question(f.Indicator, speaking); q != "" {
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
