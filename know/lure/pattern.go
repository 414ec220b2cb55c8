package lure

import (
	"fmt"
	"slices"
	"strings"

	"homeward/know/text"
)

// A phrase is written as the words themselves, with a few marks:
//
//	(a|b)  one of these                 [a|b] or (a|b)?  one of these, or nothing
//	~      a gap inside one clause      [a|b]*  one or two of these, or nothing
//	(a|b)+  one or two of these
//	word*  the word and what is grown onto it      #  any number
//	a & b  both, in either order        <name>  one of a named list
//
// It is compiled to slots. A slot is a set of literals; a slot after the first
// follows the one before it either at once or after a gap.

const (
	maxGap      = 28    // symbols a "~" may cover
	maxLiterals = 64    // spellings of one slot before it is cut at its brackets
	maxChoices  = 2_000 // spellings of one bracket
	maxOrders   = 64    // phrases that one phrase may stand for
	maxSlots    = 12
)

type slot struct {
	literals []string
	gap      int // symbols allowed between the slot before and this one
}

// node is a piece of a phrase: words, a gap, or a bracket of alternatives.
type node struct {
	lit  string
	gap  bool
	alts [][]node // with an empty one where the bracket may be left out
}

// parsePhrase gives the slots of each phrase that this one stands for.
func parsePhrase(phrase string, lists map[string][]string) ([][]slot, error) {
	parts := strings.Split(phrase, "&")
	if len(parts) > 2 {
		return nil, fmt.Errorf("phrase %q: at most one &", phrase)
	}
	orders := []string{phrase}
	if len(parts) == 2 {
		orders = []string{parts[0] + "~" + parts[1], parts[1] + "~" + parts[0]}
	}
	var all [][]slot
	for _, o := range orders {
		r := phraseReader{s: o, lists: lists}
		seq, err := r.sequence(0)
		if err == nil && r.i < len(r.s) {
			err = fmt.Errorf("%q closes nothing", r.s[r.i])
		}
		if err != nil {
			return nil, fmt.Errorf("phrase %q: %w", phrase, err)
		}
		for _, flat := range spread(seq) {
			slots, err := slotsOf(flat)
			if err != nil {
				return nil, fmt.Errorf("phrase %q: %w", phrase, err)
			}
			all = append(all, slots)
		}
	}
	if len(all) > maxOrders {
		return nil, fmt.Errorf("phrase %q: stands for %d phrases, write it as several", phrase, len(all))
	}
	return all, nil
}

type phraseReader struct {
	s     string
	i     int
	lists map[string][]string
}

// sequence reads up to the end, or to the bracket that closes it or the bar
// that parts it from the next alternative.
func (r *phraseReader) sequence(depth int) ([]node, error) {
	var seq []node
	for r.i < len(r.s) {
		switch c := r.s[r.i]; c {
		case '|', ')', ']':
			return seq, nil
		case '~':
			r.i++
			seq = append(seq, node{gap: true})
		case '<':
			j := strings.IndexByte(r.s[r.i:], '>')
			if j < 0 {
				return nil, fmt.Errorf("< is not closed")
			}
			name := r.s[r.i+1 : r.i+j]
			list, ok := r.lists[name]
			if !ok {
				return nil, fmt.Errorf("no list named %q", name)
			}
			n := node{}
			for _, x := range list {
				n.alts = append(n.alts, []node{{lit: x}})
			}
			seq = append(seq, n)
			r.i += j + 1
		case '(', '[':
			n, err := r.bracket(depth)
			if err != nil {
				return nil, err
			}
			seq = append(seq, n)
		default:
			j := strings.IndexAny(r.s[r.i:], "|()[]<~")
			if j < 0 {
				j = len(r.s) - r.i
			}
			seq = append(seq, node{lit: r.s[r.i : r.i+j]})
			r.i += j
		}
	}
	return seq, nil
}

func (r *phraseReader) bracket(depth int) (node, error) {
	if depth > 4 {
		return node{}, fmt.Errorf("brackets nest too deep")
	}
	open := r.s[r.i]
	closing := byte(')')
	if open == '[' {
		closing = ']'
	}
	r.i++
	n := node{}
	for {
		alt, err := r.sequence(depth + 1)
		if err != nil {
			return node{}, err
		}
		n.alts = append(n.alts, alt)
		if r.i >= len(r.s) {
			return node{}, fmt.Errorf("%q is not closed", open)
		}
		c := r.s[r.i]
		r.i++
		if c == closing {
			break
		}
		if c != '|' {
			return node{}, fmt.Errorf("%q is closed by %q", open, c)
		}
	}
	optional := open == '['
	if r.i < len(r.s) && r.s[r.i] == '?' {
		r.i++
		optional = true
	}
	many := false
	if r.i < len(r.s) && (r.s[r.i] == '*' && optional || r.s[r.i] == '+') {
		many = true
		optional = optional && r.s[r.i] == '*'
		r.i++
	}
	if many {
		once := n.alts
		if len(once) <= 12 {
			for _, a := range once {
				for _, b := range once {
					n.alts = append(n.alts, slices.Concat(a, b))
				}
			}
		}
	}
	if optional {
		n.alts = append(n.alts, nil)
	}
	return n, nil
}

func gapped(seq []node) bool {
	for _, n := range seq {
		if n.gap || slices.ContainsFunc(n.alts, gapped) {
			return true
		}
	}
	return false
}

// spread multiplies out the brackets that hold a gap, so that gaps stand only
// between brackets.
func spread(seq []node) [][]node {
	out := [][]node{nil}
	for _, n := range seq {
		var options [][]node
		if n.alts == nil || !slices.ContainsFunc(n.alts, gapped) {
			options = [][]node{{n}}
		} else {
			for _, alt := range n.alts {
				options = append(options, spread(alt)...)
			}
		}
		var grown [][]node
		for _, o := range out {
			for _, x := range options {
				grown = append(grown, slices.Concat(o, x))
			}
		}
		if out = grown; len(out) > 4*maxOrders {
			return out // refused by the caller
		}
	}
	return out
}

// spellings gives every way to write a sequence without gaps.
func spellings(seq []node) []string {
	out := []string{""}
	for _, n := range seq {
		choices := []string{n.lit}
		if n.alts != nil {
			choices = nil
			for _, alt := range n.alts {
				choices = append(choices, spellings(alt)...)
			}
		}
		grown := make([]string, 0, len(out)*len(choices))
		for _, o := range out {
			for _, c := range choices {
				grown = append(grown, o+c)
			}
		}
		if out = grown; len(out) > maxChoices {
			return out
		}
	}
	return out
}

// slotsOf multiplies neighbouring pieces out to literals while they stay few,
// and starts a new slot where they would not.
func slotsOf(seq []node) ([]slot, error) {
	var slots []slot
	cur := []string{""}
	gap := 0
	flush := func() {
		var lits []string
		blank := false
		for _, c := range cur {
			if strings.TrimSpace(c) == "" {
				blank = true
			} else {
				lits = append(lits, c)
			}
		}
		if len(lits) > 0 && !blank {
			slots = append(slots, slot{literals: lits, gap: gap})
			gap = 0
		}
		cur = []string{""}
	}
	for _, n := range seq {
		if n.gap {
			flush()
			gap = maxGap
			continue
		}
		choices := spellings([]node{n})
		if len(choices) > maxChoices {
			return nil, fmt.Errorf("a bracket has more than %d spellings", maxChoices)
		}
		mayBlank := slices.ContainsFunc(cur, blank)
		if len(cur)*len(choices) > maxLiterals && !mayBlank && !slices.ContainsFunc(choices, blank) {
			flush()
			gap = max(gap, 1)
		}
		grown := make([]string, 0, len(cur)*len(choices))
		for _, c := range cur {
			for _, x := range choices {
				grown = append(grown, c+x)
			}
		}
		if cur = grown; len(cur) > 4*maxChoices {
			return nil, fmt.Errorf("more than %d spellings, use a gap or fewer brackets", 4*maxChoices)
		}
	}
	flush()
	switch {
	case len(slots) == 0:
		return nil, fmt.Errorf("every part of it may be left out")
	case len(slots) > maxSlots:
		return nil, fmt.Errorf("more than %d parts", maxSlots)
	}
	slots[0].gap = 0
	return slots, nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// literal is one spelling in the alphabet of the matcher.
type literal struct {
	syms  []rune
	open  bool     // anything may follow inside the word ("word*")
	exact []string // for each number in it: its digits, or "" where any will do
}

// fold turns one spelling of a phrase into the matcher's alphabet.
func fold(s string) literal {
	s = strings.TrimSpace(s)
	l := literal{open: strings.HasSuffix(s, "*")}
	s = strings.TrimSuffix(s, "*")
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '#':
			l.exact = append(l.exact, "")
		case digit(rune(s[i])):
			j := i
			for j < len(s) && digit(rune(s[j])) {
				j++
			}
			l.exact = append(l.exact, s[i:j])
			i = j - 1
		}
	}
	if !slices.ContainsFunc(l.exact, func(d string) bool { return d != "" }) {
		l.exact = nil
	}
	var st stream
	st.read(text.Normalize(strings.ReplaceAll(s, "#", "0")).Text)
	l.syms = append([]rune(nil), st.syms...)
	return l
}

// bare says that a literal is nothing but numbers: too little for a sign.
func (l literal) bare() bool {
	return !slices.ContainsFunc(l.syms, func(r rune) bool { return r != sep && r != number })
}
