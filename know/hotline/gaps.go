package hotline

import "slices"

// homeGaps says what of home's own lines is missing. For money lost that is
// moneyGaps' to say; beside a line for lost money, "no number" would read wrong.
func (b *Book) homeGaps(q question, steps *[nowhere][]*Number) []Gap {
	for i := range b.numbers {
		n := &b.numbers[i]
		if n.Show == ShowAsk && n.Territory == q.home && !q.chose && b.step(n, q) != nowhere {
			return []Gap{{q.home, ChooseNationality}}
		}
	}
	everywhere := len(steps[homeConsular]) + len(steps[homeHelp])
	missions := len(steps[homeEmbassyHere]) + len(steps[homeEmbassy])
	switch {
	case q.situation == Paid || everywhere > 0:
		return nil
	case missions > 0 && q.family():
		return []Gap{{q.home, OnlyThesePlaces}}
	case missions > 0:
		return nil
	default:
		return []Gap{{q.home, NoHomeLine}}
	}
}

// moneyGaps says where there is no line for lost money. A country that was not
// named is mentioned only if nothing else can be said.
func moneyGaps(q question, steps *[nowhere][]*Number) []Gap {
	if q.situation != Paid {
		return nil
	}
	var gaps []Gap
	if q.home != Elsewhere && len(steps[moneyHome]) == 0 {
		gaps = append(gaps, Gap{q.home, NoMoneyLine})
	}
	if q.here != Elsewhere && q.here != q.home && len(steps[moneyHere]) == 0 {
		gaps = append(gaps, Gap{q.here, NoMoneyLine})
	}
	if q.home == Elsewhere && q.here == Elsewhere {
		gaps = append(gaps, Gap{Elsewhere, NoMoneyLine})
	}
	return gaps
}

// policeAtHome is clause 8. Police at home are not those of the place where
// somebody is held, unless the person is held at home.
func (b *Book) policeAtHome(q question, a Answer) bool {
	if q.home == q.here && q.home != Elsewhere && (q.situation == There || b.withholds(q.home)) {
		return false
	}
	return len(a.Numbers) == 0 || slices.ContainsFunc(a.Gaps, func(g Gap) bool {
		return g.Territory == q.home && (g.Reason == NoHomeLine || g.Reason == OnlyThesePlaces || g.Reason == NoMoneyLine)
	})
}

// policeGaps says that police were left out on purpose.
func (b *Book) policeGaps(q question, steps *[nowhere][]*Number) []Gap {
	switch {
	case q.leavingOrThere() && b.withholds(q.here):
		return []Gap{{q.here, PoliceWithheld}}
	case q.situation == There && len(steps[danger]) > 0 && !homeLine(steps):
		return []Gap{{q.here, PoliceNotFirst}}
	default:
		return nil
	}
}
