package lure

import (
	"cmp"
	"slices"

	"homeward/know/wording"
)

// judge adds the signs of one message up.
type judge struct {
	p       *Packs
	matches []match
	answers map[string]string

	seen   []int   // per concept: how many distinct places
	shown  []int   // and how many of them were shown
	levels []Level // per kind: the highest of any passage,
	here   []Level // and that of one
	bad    int     // answers that are signs
	good   int     // answers that speak for the offer
	level  Level
	kinds  []string
	muted  bool  // everything seen is told as a warning
	yields bool  // soft signs gave way to honest wording
	signs  Level // what the signs alone say
	weak   bool  // or to words that honest texts use
	wordy  bool  // the words themselves are a sign
	bins   []wording.Likeness

	top      [tops]heavy // the runs of words that weigh most,
	heaviest int         // so many
}

func (j *judge) run() {
	p := j.p
	j.seen = zeroed(j.seen, len(p.concepts))
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
	j.levels, j.here = zeroed(j.levels, len(p.kinds)), zeroed(j.here, len(p.kinds))
	levels, here := j.levels, j.here
	j.passages(func(from int32, whole bool) {
		signs := Unclear
		for ki := range p.kinds {
			if here[ki] = j.reach(&p.kinds[ki]); !p.kinds[ki].ByAnswers {
				signs = max(signs, here[ki])
			}
		}
		odds := j.odds(from, whole)
		level := j.weigh(signs, odds)
		switch {
		case j.bad > 0:
			level = max(level, signs) // what somebody answered is not outweighed by words
		case j.good >= 3 && level == Some:
			level = Unclear
		}
		if level > Unclear && odds >= p.weighing.Shown {
			j.wordy = true
		}
		if level < signs {
			j.weak = true
		}
		j.signs = max(j.signs, signs)
		if level > j.level {
			j.level = level
		}
		for ki := range p.kinds {
			switch {
			case p.kinds[ki].ByAnswers || here[ki] == Unclear:
			case here[ki] == signs || here[ki] > level:
				here[ki] = level
			}
			levels[ki] = max(levels[ki], here[ki])
		}
		if k := j.nearest(); signs == Unclear && level > Unclear && k >= 0 {
			levels[k] = max(levels[k], level)
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
		j.muted = max(j.level, j.signs) < Strong
		if j.level = min(j.level, Some); j.muted {
			j.level, j.kinds = Unclear, nil
		}
	}
}

// zeroed gives n zeros, in the place of s if that is large enough.
func zeroed[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// passage is how much of a long text is judged together, in bytes of the
// normal form: about 200 words, or 400 characters of Chinese. A lure says what
// it says in one breath; signs scattered over a long text do not add up.
const passage = 1200

// passages calls f with j.seen for each passage: once for a text of chat
// length, otherwise for windows that overlap by half. Answers count in each.
func (j *judge) passages(f func(from int32, whole bool)) {
	end := int32(len(j.bins)) * bin
	for _, m := range j.matches {
		end = max(end, m.end)
	}
	if end <= passage*3/2 {
		f(0, true)
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
		f(from, false)
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
	if n > 0 && j.offers() && j.passportOffered() {
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

// offers says that the text offers work: it speaks of a job and names at least
// two of what comes with one.
func (j *judge) offers() bool {
	terms := 0
	for _, id := range []string{"PAY_HIGH", "FREE_TRAVEL", "FREE_BOARD", "LOW_BAR", "ROLE_ONLINE", "URGENCY", "COMMISSION", "OFF_PLATFORM"} {
		if j.has(id) {
			terms++
		}
	}
	return j.has("JOB_OFFER") && terms >= 2
}

// passportOffered says that all that reads like a plea is a term of an offer:
// "pay 3000, the company keeps the passport".
func (j *judge) passportOffered() bool {
	now := j.p.index["PASSPORT_NOW"]
	pleas := append(slices.Clone(j.p.modes["plea"]), j.p.index["PLEA_HINT"])
	var terms []match // in order of place, and none overlaps another
	for _, m := range j.matches {
		if m.concept == now {
			terms = append(terms, m)
		}
	}
	return !slices.ContainsFunc(j.matches, func(x match) bool {
		if !slices.Contains(pleas, x.concept) {
			return false
		}
		i, _ := slices.BinarySearchFunc(terms, x.start, func(m match, at int32) int { return cmp.Compare(m.end, at+1) })
		return i == len(terms) || terms[i].start >= x.end
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
	// A name, "contract" and "work visa" are cheap to write: together they are
	// one counter-sign beside those that can be looked up or come to.
	honest := j.honest()
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

// honest counts counter-signs: those that can be looked up, and all that are cheap to
// claim together for one.
func (j *judge) honest() int {
	return j.count(j.p.groups["HONEST"]).distinct + min(1, j.count(j.p.groups["CLAIMED"]).distinct)
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
