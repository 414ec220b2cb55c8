package lure

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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
// It is compiled to slots. A slot is a set of literals; it follows the slot
// before it at once, or after a gap, and some may be left out or come again.

const (
	maxGap     = 28  // symbols a "~" may cover
	maxMerged  = 6   // spellings up to which neighbours are written out as one slot
	maxGlued   = 48  // the same where no space parts them
	maxChoices = 600 // spellings of one slot
	maxOrders  = 64  // phrases that one phrase may stand for
	maxSlots   = 24
)

type slot struct {
	literals []string
	gap      bool // a gap may stand before it
	optional bool
	repeats  bool
}

// node is a piece of a phrase: words, a gap, or a bracket of alternatives.
type node struct {
	lit      string
	gap      bool
	plain    []string // a bracket of nothing but words, as nearly all are
	alts     [][]node // any other
	optional bool
	repeats  bool
}

func (n *node) bracket() bool { return n.plain != nil || n.alts != nil }

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
			if len(list) == 0 {
				return nil, fmt.Errorf("list %q is empty", name)
			}
			seq = append(seq, node{plain: list})
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
	if j := strings.IndexAny(r.s[r.i:], "()[]<~"); j >= 0 && r.s[r.i+j] == closing {
		n.plain = strings.Split(r.s[r.i:r.i+j], "|")
		r.i += j + 1
	}
	for n.plain == nil {
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
	n.optional = open == '['
	for r.i < len(r.s) {
		switch r.s[r.i] {
		case '?':
			n.optional = true
		case '*':
			n.repeats = true
			n.optional = n.optional || open == '['
		case '+':
			n.repeats, n.optional = true, false
		default:
			return n, nil
		}
		r.i++
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
	if !slices.ContainsFunc(seq, func(n node) bool { return slices.ContainsFunc(n.alts, gapped) }) {
		return [][]node{seq}
	}
	out := [][]node{nil}
	for _, n := range seq {
		var options [][]node
		if !slices.ContainsFunc(n.alts, gapped) {
			options = [][]node{{n}}
		} else {
			for _, alt := range n.alts {
				options = append(options, spread(alt)...)
			}
			if n.optional {
				options = append(options, nil)
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

// spellings gives every way to write a sequence without gaps. A bracket inside
// a bracket is written out; what may be left out is.
func spellings(seq []node) []string {
	out := []string{""}
	for _, n := range seq {
		choices := n.choices()
		if n.optional {
			choices = append(slices.Clip(choices), "")
		}
		if out = times(out, choices); len(out) > maxChoices {
			return out
		}
	}
	return out
}

// choices gives the spellings of one piece when it is there.
func (n *node) choices() []string {
	switch {
	case n.plain != nil:
		return n.plain
	case n.alts == nil:
		return []string{n.lit}
	}
	var out []string
	for _, alt := range n.alts {
		out = append(out, spellings(alt)...)
	}
	return out
}

func times(a, b []string) []string {
	if len(a) == 1 && a[0] == "" {
		return b
	}
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

// slotsOf makes the slots of a sequence. Neighbours that no space parts, such
// as "flight[s]", are one slot; so are those with few spellings together.
func slotsOf(seq []node) ([]slot, error) {
	if err := wordless(seq); err != nil {
		return nil, err
	}
	var slots []slot
	gap := false
	for _, n := range seq {
		if n.gap {
			gap = true
			continue
		}
		if !n.bracket() && blank(n.lit) && (gap || len(slots) == 0) {
			continue // a space beside a gap
		}
		next := slot{literals: n.choices(), gap: gap, optional: n.optional, repeats: n.repeats}
		last := len(slots) - 1
		switch {
		case last < 0 || gap:
			slots = append(slots, next)
		case !n.bracket() && blank(n.lit): // a space behind a bracket stays with it
			slots[last].literals = times(slots[last].literals, next.literals)
		case !parted(slots[last].literals, next.literals) && len(slots[last].literals)*len(next.literals) <= maxGlued:
			slots[last] = merge(slots[last], next)
		case !slots[last].loose() && !next.loose() && len(slots[last].literals)*len(next.literals) <= room(slots[last], next):
			slots[last] = merge(slots[last], next)
		default:
			slots = append(slots, next)
		}
		gap = false
		if n := len(slots[len(slots)-1].literals); n > maxChoices {
			return nil, fmt.Errorf("a part of it has %d spellings, more than %d", n, maxChoices)
		}
	}
	for i := range slots {
		s := &slots[i]
		if slices.ContainsFunc(s.literals, blank) {
			s.literals = slices.DeleteFunc(slices.Clone(s.literals), blank)
			s.optional = true
		}
	}
	slots = slices.DeleteFunc(slots, func(s slot) bool { return len(s.literals) == 0 })
	// What may be left out at either end decides nothing.
	for len(slots) > 0 && slots[0].optional {
		slots = slots[1:]
	}
	for len(slots) > 0 && slots[len(slots)-1].optional {
		slots = slots[:len(slots)-1]
	}
	switch {
	case len(slots) == 0:
		return nil, fmt.Errorf("every part of it may be left out")
	case len(slots) > maxSlots:
		return nil, fmt.Errorf("more than %d parts", maxSlots)
	}
	return slots, nil
}

// wordless refuses a first or last bracket with a choice of nothing but marks.
// Marks are not matched, so the bracket could be left out, and the phrase would
// say more than was meant.
func wordless(seq []node) error {
	for _, i := range []int{0, len(seq) - 1} { // an empty phrase has neither
		if i < 0 || i >= len(seq) || seq[i].optional || !seq[i].bracket() {
			continue
		}
		choices := seq[i].choices()
		if marks := slices.IndexFunc(choices, onlyMarks); marks >= 0 {
			return fmt.Errorf("its first or last bracket holds %q: marks are not matched, so the bracket would decide nothing", choices[marks])
		}
	}
	return nil
}

// room is how many spellings two neighbours may have together to be written
// out as one. Numbers stand in so many texts that a slot of nothing else is
// worth more spellings to avoid.
func room(a, b slot) int {
	if a.numeric() || b.numeric() {
		return maxGlued
	}
	return maxMerged
}

func (s slot) numeric() bool {
	return !slices.ContainsFunc(s.literals, func(l string) bool { return strings.Trim(l, "#0123456789., ") != "" })
}

func (s slot) loose() bool { return s.optional || s.repeats }

// merge writes two neighbours out as one slot.
func merge(a, b slot) slot {
	left, right := a.literals, b.literals
	if a.optional {
		left = append(slices.Clone(left), "")
	}
	if b.optional {
		right = append(slices.Clone(right), "")
	}
	return slot{literals: times(left, right), gap: a.gap}
}

// parted says that a space, or a script without spaces, always parts the two:
// they can then be found one after the other.
func parted(left, right []string) bool {
	ends := func(s string) bool {
		r, _ := utf8.DecodeLastRuneInString(s)
		return s != "" && apart(r)
	}
	begins := func(s string) bool {
		r, _ := utf8.DecodeRuneInString(s)
		return s != "" && apart(r)
	}
	every := func(list []string, ok func(string) bool) bool {
		return !slices.ContainsFunc(list, func(s string) bool { return !ok(s) })
	}
	return every(left, ends) || every(right, begins)
}

func apart(r rune) bool { return r == ' ' || r == '#' || kindOf(r) != runeWord }

// blank says that a spelling holds nothing to match: marks part words, and need
// no mention.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r == '#' || kindOf(r) >= runeWord })
}

func onlyMarks(s string) bool { return blank(s) && strings.TrimSpace(s) != "" }

// literal is one spelling in the alphabet of the matcher.
type literal struct {
	syms  []rune   // until the next is folded
	open  bool     // anything may follow inside the word ("word*")
	exact []string // for each number in it: its digits, or "" where any will do
}

// folder turns spellings into the matcher's alphabet.
type folder struct{ st stream }

func (f *folder) fold(s string) literal {
	s = strings.TrimSpace(s)
	l := literal{open: strings.HasSuffix(s, "*")}
	s = strings.TrimSuffix(s, "*")
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '#':
			l.exact = append(l.exact, "")
		case digit(rune(s[i])):
			j := i
			for j < len(s) && (digit(rune(s[j])) || (s[j] == ',' || s[j] == '.') && j+1 < len(s) && digit(rune(s[j+1]))) {
				j++
			}
			l.exact = append(l.exact, s[i:j])
			i = j - 1
		}
	}
	if !slices.ContainsFunc(l.exact, func(d string) bool { return d != "" }) {
		l.exact = nil
	}
	if !normal(s) {
		s = text.Normalize(strings.ReplaceAll(s, "#", "0")).Text
	}
	f.st.read(s)
	l.syms = f.st.syms
	return l
}

// normal says that a spelling is surely in the normal form: words of two or more
// letters a-z with one space between them. Half of all are, and need no work.
func normal(s string) bool {
	n := 0
	for i := range len(s) {
		switch {
		case latin(s[i]):
			n++
		case s[i] == ' ' && n > 1:
			n = 0
		default:
			return false
		}
	}
	return n > 1
}

// bare says that a literal is nothing but numbers: too little for a sign.
func bare(syms []rune) bool {
	return !slices.ContainsFunc(syms, func(r rune) bool { return r != sep && r != number })
}
