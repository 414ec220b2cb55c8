package hotline

import "slices"

// step is a number's place in the answer; a lower step comes first.
type step int

const (
	homeConsular step = iota
	homeEmbassyHere
	homeEmbassy
	homeHelp // other lines of home for people held
	moneyHome
	moneyHere
	helpHere // lines for people held, of the country one is in
	danger   // emergency numbers and local police: last
	nowhere  // not shown
)

// question is what the person chose.
type question struct {
	home, here string
	situation  Situation
	chose      bool // said themselves that they hold home's nationality
}

// family reports whether somebody asks for a person who is elsewhere.
func (q question) family() bool { return q.situation == Ransom || q.situation == Missing }

// leavingOrThere reports whether the country one is in is part of the danger.
func (q question) leavingOrThere() bool { return q.situation == Leaving || q.situation == There }

// For answers with the embedded list; see [Book.For].
func For(home, here string, situation Situation, choseNationality bool) Answer {
	return Default().For(home, here, situation, choseNationality)
}

// For decides which numbers are shown, by the rule in the package comment.
//
// home is where the person is from; for a family (Ransom, Missing) it is where
// the person they look for is from. here is where whoever asks is now. Both are
// ISO 3166-1 codes that the person picked; a code not in [Book.Countries], or
// "", counts as Elsewhere. choseNationality is true only if the person said in so
// many words that they hold home's nationality; picking home is not enough.
// An unknown situation is answered like There, the most careful.
func (b *Book) For(home, here string, situation Situation, choseNationality bool) Answer {
	q := question{home: b.code(home), here: b.code(here), situation: situation, chose: choseNationality}
	if !slices.Contains(Situations, situation) {
		q.situation = There
	}
	var steps [nowhere][]*Number
	for i := range b.numbers {
		n := &b.numbers[i]
		if s := b.step(n, q); s != nowhere && released(n, q) {
			steps[s] = append(steps[s], n)
		}
	}
	var a Answer
	a.Gaps = b.homeGaps(q, &steps)
	a.Gaps = append(a.Gaps, moneyGaps(q, &steps)...)
	a.Gaps = append(a.Gaps, b.policeGaps(q, &steps)...)
	if q.situation == There && !homeLine(&steps) {
		steps[danger] = nil // never the first step for someone held
	}
	for _, numbers := range steps {
		for _, n := range numbers {
			a.Numbers = append(a.Numbers, show(n, q))
		}
	}
	a.PoliceAtHome = b.policeAtHome(q, a)
	return a
}

// released is clause 1: may this row be shown to this person at all?
func released(n *Number, q question) bool {
	switch n.Show {
	case ShowYes:
		return true
	case ShowAfterCheck:
		return n.CheckedOn != ""
	case ShowAsk:
		return q.chose && n.Territory == q.home
	case ShowNo:
		return false
	default:
		return false
	}
}

// step is clauses 2 to 6: where in the answer would this row stand?
func (b *Book) step(n *Number, q question) step {
	if b.withholds(n.Territory) && n.byState() {
		return nowhere
	}
	s := nowhere
	switch n.Purpose {
	case Captive, Consular:
		s = helpStep(n, q)
	case Scam:
		s = moneyStep(n, q)
	case Emergency:
		if n.Territory == q.here && q.leavingOrThere() {
			s = danger
		}
	}
	if n.Reach == ReachNo && n.At != q.here && q.situation != Paid && !q.family() {
		return nowhere // nobody who is elsewhere could use it
	}
	return s
}

func helpStep(n *Number, q question) step {
	local := n.Territory == q.here && n.maybePolice() && q.situation == There
	switch {
	case n.Territory != q.home:
		// Of other states only lines on trafficking, and only of where one is:
		// their consular lines are for their own people.
		if n.Territory != q.here || n.Kind != "trafficking_line" || !q.leavingOrThere() {
			return nowhere
		}
		if local {
			return danger
		}
		return helpHere
	case q.situation == Paid && q.home == q.here:
		return nowhere // money lost at home is no consular matter
	case n.embassy() && n.At == q.here:
		return homeEmbassyHere
	case n.embassy() && q.family():
		return homeEmbassy
	case n.embassy():
		return nowhere
	case local:
		return danger
	case n.Kind == "consular_line":
		return homeConsular
	case q.situation == Paid:
		return nowhere
	default:
		return homeHelp
	}
}

func moneyStep(n *Number, q question) step {
	switch {
	case q.situation != Paid:
		return nowhere
	case n.Territory == q.home:
		return moneyHome
	case n.Territory == q.here:
		return moneyHere
	default:
		return nowhere
	}
}

// homeLine reports whether anything of home stands above the local police.
func homeLine(steps *[nowhere][]*Number) bool {
	for _, s := range steps[:moneyHome] {
		if len(s) > 0 {
			return true
		}
	}
	return false
}

// show turns a row into what this person sees of it.
func show(n *Number, q question) Shown {
	s := Shown{Number: *n, Print: n.Written}
	inside := n.At == q.here
	dial := n.Number
	if inside && n.Local != "" {
		s.Print, dial = n.Local, n.Local
	}
	if n.Account != "" {
		s.Print = messengers[n.Ways[0]] + ": " + n.Account
	} else if slices.Contains(n.Ways, "phone") {
		s.Link = telURI(dial)
	}
	if n.embassy() {
		s.Notes = append(s.Notes, Note{Key: "for_people_in", Place: n.At})
	}
	if n.Purpose == Emergency {
		s.Notes = append(s.Notes, Note{Key: "danger_now"})
	}
	for _, w := range n.Warnings {
		s.Notes = append(s.Notes, Note{Key: w, Place: n.At, Date: n.SourceDate})
	}
	switch {
	case inside || n.Reach == ReachYes:
	case n.Reach == ReachNo:
		s.OnlyInside = n.At
		s.Notes = append(s.Notes, Note{Key: "only_inside", Place: n.At})
	default:
		s.Notes = append(s.Notes, Note{Key: "reach_unsure", Place: n.At})
	}
	return s
}
