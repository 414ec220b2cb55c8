package lure

import (
	"fmt"
	"maps"
	"slices"

	"homeward/know/text"
)

// Check runs every pack's own match and no_match examples and says which fail.
func (p *Packs) Check() []string {
	var faults []string
	for _, l := range p.languages {
		for _, id := range slices.Sorted(maps.Keys(l.Signs)) {
			w := l.Signs[id]
			for _, ex := range w.Match {
				if !p.fires(id, ex, l.Lang) {
					faults = append(faults, fmt.Sprintf("%s.toml: %s does not see its example %q", l.Lang, id, ex))
				}
			}
			for _, ex := range w.NoMatch {
				if p.fires(id, ex, l.Lang) {
					faults = append(faults, fmt.Sprintf("%s.toml: %s sees %q, which it must not", l.Lang, id, ex))
				}
			}
		}
	}
	return faults
}

// fires says whether an indicator is seen in a text of a language, by phrase or
// extractor; of the words taken together, whether they weigh enough to be shown.
func (p *Packs) fires(id, s, lang string) bool {
	if id == wordsID {
		j := judge{p: p}
		j.read(text.Normalize(s).Text)
		return j.odds(0, true) >= p.weighing.Shown
	}
	var sc scratch
	sc.foreign = p.foreign([]string{lang}, nil)
	n := text.Normalize(s)
	sc.st.read(n.Text)
	p.scan(&sc)
	p.extract(&sc, n.Text, text.Languages(s))
	return slices.ContainsFunc(sc.matches, func(m match) bool { return m.concept == p.index[id] })
}
