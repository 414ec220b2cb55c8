package text

import "unicode/utf8"

// fold appends what the character r, with the entry e, becomes. It stands at
// byte s of the source and is w bytes long there.
func (f *folder) fold(r rune, e entry, s, w int) {
	switch e & classMask {
	case 0:
		f.put(r, e, s, w)
	case swap:
		to := rune(e & valueMask)
		f.fold(to, lookup(to), s, w)
	case expand:
		for _, to := range table.long[e&valueMask] {
			f.fold(to, lookup(to), s, w)
		}
	case space:
		f.space(' ', s)
	case newline:
		f.space('\n', s)
	case noise:
		f.noise(r, s, w)
	case mark:
		f.mark(r, e, s, w)
	case compose, diacritic:
		f.compose(r, e, s, w)
	case regional:
		f.put('a'+r-0x1F1E6, plain|letter, s, w)
	}
}

// at notes that what is appended next comes from byte s of the source.
func (f *folder) at(s int) {
	if d := s - len(f.out); d != f.delta {
		f.runs = append(f.runs, run{uint32(len(f.out)), uint32(s)})
		f.delta = d
	}
}

// append adds one rune and its way back.
func (f *folder) append(r rune, s, w int) {
	f.at(s)
	start := len(f.out)
	f.out = utf8.AppendRune(f.out, r)
	// Where the source is shorter, its last byte stands for the rest.
	for x := start + w; x < len(f.out); x++ {
		f.runs = append(f.runs, run{uint32(x), uint32(s + w - 1)})
		f.delta = s + w - 1 - x
	}
}

// put appends a letter, digit or sign that stays. Rule 11: spaces and noise
// between two letters of scripts without spaces go.
func (f *folder) put(r rune, e entry, s, w int) {
	if e&free != 0 {
		f.vanish()
		f.append(r, s, w)
		f.free = len(f.out)
	} else {
		f.append(r, s, w)
		f.free = -1
		if r >= 'a' && r <= 'z' {
			f.lone++
		}
	}
	f.marks, f.ccc = 0, 0
}

// vanish drops the spaces and noise that came since the last letter of a script
// without spaces, if nothing else did.
func (f *folder) vanish() {
	if f.free >= 0 && f.free < len(f.out) {
		f.truncate(f.free)
		f.marks, f.ccc = f.tail()
	}
}

// truncate takes back what was appended beyond length n.
func (f *folder) truncate(n int) {
	f.out = f.out[:n]
	k := len(f.runs)
	for k > 1 && int(f.runs[k-1].out) >= n {
		k--
	}
	f.runs = f.runs[:k]
	f.delta = int(f.runs[k-1].src) - int(f.runs[k-1].out)
}

// space appends white space, of which only one stands in a row: a newline if
// there was any (rule 10).
func (f *folder) space(c byte, s int) {
	f.marks, f.ccc = 0, 0
	if c == '\n' {
		f.free = -1
	}
	if n := len(f.out); n > 0 && (f.out[n-1] == ' ' || f.out[n-1] == '\n') {
		if c == '\n' {
			f.out[n-1] = c
		}
		return
	}
	f.at(s)
	f.out = append(f.out, c)
}

func (f *folder) noise(r rune, s, w int) {
	f.append(r, s, w)
	f.marks, f.ccc = 0, 0
}

// region handles a regional indicator (rule 9): two are a flag and stay, one is
// a letter in a box. It returns where the source goes on.
func (f *folder) region(r rune, i, w int) int {
	for j := i + w; j < len(f.src); {
		q, n := utf8.DecodeRuneInString(f.src[j:])
		e := lookup(q)
		if e&classMask == regional {
			f.put(r, 0, i, w)
			f.put(q, 0, j, n)
			return j + n
		}
		if e&classMask != drop {
			break
		}
		j += n
	}
	f.fold(r, regional, i, w)
	return i + w
}
