package text

import "unicode/utf8"

// joinSpelled joins words that are spelt out, "f r e e" or "f.r.e.e": four or
// more single Latin letters with the same one separator between them (rule 12).
// Where the separator is a space, more than one of them in the source ends a
// word: "f r e e   j o b" is two.
func (f *folder) joinSpelled() {
	var gone []gap
	for i := 0; i < len(f.out); {
		letters, gaps := f.spelled(i)
		i++
		if letters < 2 {
			continue
		}
		last := gaps[len(gaps)-1]
		i = last.end // the last letter may begin another word
		if letters >= 4 {
			joined := f.withoutWide(gaps)
			gone = append(gone, joined...)
			if len(joined) > 0 && joined[len(joined)-1] == last {
				i++
			}
		}
	}
	if len(gone) > 0 {
		f.cut(gone)
	}
}

// gap is where a separator stands in out.
type gap struct{ start, end int }

func isAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// spelled looks for a word spelt out from i on and gives the number of its
// letters and the gaps between them.
func (f *folder) spelled(i int) (letters int, gaps []gap) {
	if !f.single(i) {
		return 0, nil
	}
	w := f.separator(i + 1)
	if w == 0 || !f.single(i+1+w) {
		return 1, nil
	}
	sep := string(f.out[i+1 : i+1+w])
	for letters = 1; ; letters++ {
		g := gap{i + 1, i + 1 + w}
		if g.end >= len(f.out) || string(f.out[g.start:g.end]) != sep || !f.single(g.end) {
			return letters, gaps
		}
		gaps = append(gaps, g)
		i = g.end
	}
}

// single reports whether a Latin letter stands alone at i.
func (f *folder) single(i int) bool {
	out := f.out
	return i < len(out) && out[i] >= 'a' && out[i] <= 'z' && (i == 0 || !isAlnum(out[i-1])) && (i+1 == len(out) || !isAlnum(out[i+1]))
}

// separator gives the length of the separator at i, 0 if there is none.
func (f *folder) separator(i int) int {
	if i >= len(f.out) {
		return 0
	}
	switch f.out[i] {
	case ' ', '.', '-', '_', '*':
		return 1
	case 0xC2: // ·
		if i+1 < len(f.out) && f.out[i+1] == 0xB7 {
			return 2
		}
	}
	return 0
}

// withoutWide leaves out the gaps that end a word, unless the word would then
// still be spelt out.
func (f *folder) withoutWide(gaps []gap) []gap {
	var narrow []gap
	length, singles := 1, 0
	for _, g := range gaps {
		if !f.wide(g) {
			narrow = append(narrow, g)
			length++
			continue
		}
		if singles++; length > 1 {
			singles = 0
		}
		if singles >= 4 {
			return gaps
		}
		length = 1
	}
	if length == 1 && singles+1 >= 4 {
		return gaps
	}
	return narrow
}

// wide reports whether a space in out was several in the source.
func (f *folder) wide(g gap) bool {
	if f.out[g.start] != ' ' {
		return false
	}
	spaces := 0
	for _, r := range f.src[f.sourceOf(g.start):f.sourceOf(g.end)] {
		if c := lookup(r) & classMask; c == space || r == utf8.RuneError {
			spaces++
		}
	}
	return spaces > 1
}

func (f *folder) sourceOf(i int) int { return (&Norm{runs: f.runs}).source(i) }

// cut takes the gaps, which are in order, out of the normal form.
func (f *folder) cut(gone []gap) {
	runs := f.runs
	f.runs = make([]run, 0, len(runs)+len(gone))
	to, k := 0, 0
	keep := func(from, end int) {
		if from == end {
			return
		}
		for k+1 < len(runs) && int(runs[k+1].out) <= from {
			k++
		}
		f.runs = append(f.runs, run{uint32(to), runs[k].src + uint32(from) - runs[k].out})
		for ; k+1 < len(runs) && int(runs[k+1].out) < end; k++ {
			next := runs[k+1]
			f.runs = append(f.runs, run{uint32(to) + next.out - uint32(from), next.src})
		}
		to += copy(f.out[to:], f.out[from:end])
	}
	from := 0
	for _, g := range gone {
		keep(from, g.start)
		from = g.end
	}
	keep(from, len(f.out))
	f.out = f.out[:to]
}
