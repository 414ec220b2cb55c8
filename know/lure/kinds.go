package lure

import (
	"fmt"
	"slices"
)

// kind is a kind of lure and the rules by which its signs add up.
type kind struct {
	ID        string    `toml:"id"`
	Questions []string  `toml:"questions"` // questionnaire, in order
	Missing   []missing `toml:"missing"`
	Rules     []rule    `toml:"rule"`
	// ByAnswers: wording tells nothing of this kind, and is not weighed.
	ByAnswers bool `toml:"by_answers"`
	index     int
}

// missing is something an honest offer says; Without lists the concepts any of
// which says it.
type missing struct {
	Key     string   `toml:"key"`
	Without []string `toml:"without"`
	without []int
}

// rule is met when all it asks for is there. Points are the weights of
// distinct concepts, not of the number of times they were seen.
type rule struct {
	Level    string   `toml:"level"`
	All      []string `toml:"all"`      // concepts or groups, each present
	Points   int      `toml:"points"`   // of counted signs of this kind
	Distinct int      `toml:"distinct"` // signs of this kind
	Hard     int      `toml:"hard"`     // of them with weight 2 or more
	Of       string   `toml:"of"`       // count only signs of this group
	// Yields: gives way to honest wording, that is two counter-signs (of HONEST,
	// and all of CLAIMED together for one) beside soft signs only, or three
	// beside one hard sign. Every rule for "some" gives way to three good answers
	// and no bad one; no rule for "strong" ever does.
	Yields bool   `toml:"yields"`
	Why    string `toml:"why"` // source of the rule, for readers of the file
	level  Level
	all    [][]int
	of     []int
}

// question is one of the questionnaire: the answer that is a sign, and the
// concepts that the two answers stand for.
type question struct {
	Key  string `toml:"key"`
	Bad  string `toml:"bad"` // "yes" or "no"
	Sign string `toml:"sign"`
	sign int
}

func (p *Packs) loadKinds(raw map[string][]byte) error {
	var qs struct {
		Questions []question `toml:"question"`
	}
	if err := strict("questions.toml", raw["questions.toml"], &qs); err != nil {
		return err
	}
	for _, q := range qs.Questions {
		i, ok := p.index[q.Sign]
		if !ok || (q.Bad != "yes" && q.Bad != "no") {
			return fmt.Errorf("questions.toml: %s: needs bad = yes or no, and a sign from concepts.toml", q.Key)
		}
		q.sign = i
		p.questions = append(p.questions, q)
	}
	var ks struct {
		General  []string `toml:"general"`
		Weighing weighing `toml:"weighing"`
		Kinds    []kind   `toml:"kind"`
	}
	if err := strict("kinds.toml", raw["kinds.toml"], &ks); err != nil {
		return err
	}
	if err := p.asked("general", ks.General); err != nil {
		return err
	}
	p.general = ks.General
	if err := ks.Weighing.check(); err != nil {
		return err
	}
	p.weighing = ks.Weighing
	for ki, k := range ks.Kinds {
		k.index = ki
		for i := range k.Missing {
			for _, name := range k.Missing[i].Without {
				ids, err := p.named(name)
				if err != nil {
					return fmt.Errorf("kinds.toml: %s: missing: %w", k.ID, err)
				}
				k.Missing[i].without = append(k.Missing[i].without, ids...)
			}
		}
		for i := range k.Rules {
			r := &k.Rules[i]
			switch r.Level {
			case "strong":
				r.level = Strong
			case "some":
				r.level = Some
			default:
				return fmt.Errorf("kinds.toml: %s: level is strong or some, not %q", k.ID, r.Level)
			}
			if r.Of != "" {
				ids, err := p.named(r.Of)
				if err != nil {
					return fmt.Errorf("kinds.toml: %s: %w", k.ID, err)
				}
				r.of = ids
			}
			for _, name := range r.All {
				ids, err := p.named(name)
				if err != nil {
					return fmt.Errorf("kinds.toml: %s: %w", k.ID, err)
				}
				r.all = append(r.all, ids)
			}
		}
		if err := p.asked(k.ID, k.Questions); err != nil {
			return err
		}
		p.kinds = append(p.kinds, k)
	}
	for _, c := range p.concepts {
		for _, k := range c.Kinds {
			if !slices.ContainsFunc(p.kinds, func(x kind) bool { return x.ID == k }) {
				return fmt.Errorf("concepts.toml: %s: no kind %q in kinds.toml", c.ID, k)
			}
		}
	}
	return nil
}

// asked checks that questions.toml has these questions.
func (p *Packs) asked(where string, keys []string) error {
	for _, key := range keys {
		if !slices.ContainsFunc(p.questions, func(q question) bool { return q.Key == key }) {
			return fmt.Errorf("kinds.toml: %s: no question %q in questions.toml", where, key)
		}
	}
	return nil
}

// named gives the concepts a name in a rule stands for.
func (p *Packs) named(name string) ([]int, error) {
	if g, ok := p.groups[name]; ok {
		return g, nil
	}
	if i, ok := p.index[name]; ok {
		return []int{i}, nil
	}
	return nil, fmt.Errorf("no concept or group %q", name)
}

// Questionnaire gives the keys asked for these kinds, in order, each once;
// without a kind those whose answers speak for themselves.
func (p *Packs) Questionnaire(kinds []string) []string {
	if len(kinds) == 0 {
		return p.general
	}
	var keys []string
	for _, k := range p.kinds {
		if !slices.Contains(kinds, k.ID) {
			continue
		}
		for _, q := range k.Questions {
			if !slices.Contains(keys, q) {
				keys = append(keys, q)
			}
		}
	}
	return keys
}
