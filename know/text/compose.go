package text

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// isMark tells combining marks from the jamo that compose.
func isMark(r rune, e entry) bool {
	switch e & classMask {
	case mark, diacritic:
		return true
	case compose:
		return r < 0x1100 || r > 0x11FF
	}
	return false
}

// limit is how many marks may stand in a row (rule 8). Myanmar and Tibetan
// writing stacks more than others: လျှို့ has five.
func limit(r rune) int {
	if r >= 0x0F00 && r < 0x10A0 || r >= 0x1780 && r < 0x1800 || r >= 0xA9E0 && r < 0xAA80 {
		return 8
	}
	return 4
}

// mark appends a combining mark of one script.
func (f *folder) mark(r rune, e entry, s, w int) {
	if e&free != 0 {
		f.vanish()
	}
	if f.marks >= limit(r) {
		return
	}
	if c := e & valueMask; c != 0 && f.ccc > c {
		f.compose(r, e, s, w) // out of order
		return
	}
	f.attach(r, e, s, w)
}

// attach appends a mark, or a jamo, behind what it belongs to.
func (f *folder) attach(r rune, e entry, s, w int) {
	f.append(r, s, w)
	f.free = -1
	if e&free != 0 {
		f.free = len(f.out)
	}
	f.marks++
	f.ccc = e & valueMask
	if !isMark(r, e) {
		f.marks = 0
	}
}

// compose appends a character that may melt into the one before it, or has to
// stand before a mark that came earlier, by normalising the end of out: one
// letter and the few marks upon it (rule 2).
func (f *folder) compose(r rune, e entry, s, w int) {
	if e&free != 0 {
		f.vanish()
	}
	if isMark(r, e) && f.marks >= limit(r) {
		return
	}
	n := len(f.out)
	if e&classMask == diacritic && (n == 0 || f.out[n-1] < utf8.RuneSelf) {
		return // Latin letters lose their marks (rule 4), and nothing else in ASCII has any
	}
	start := f.lastStarter()
	if c := e & valueMask; (c == 0 || f.ccc <= c) && !f.headAt(start) {
		f.attachKept(r, e, s, w)
		return
	}
	tail := utf8.AppendRune(append(f.apart[:0], f.out[start:]...), r)
	composed := norm.NFC.Append(f.together[:0], tail...)
	f.apart, f.together = tail, composed
	if !bytes.Equal(composed, tail) {
		f.replace(start, string(composed), s+w)
		return
	}
	f.attachKept(r, e, s, w)
}

// attachKept appends what did not melt into anything.
func (f *folder) attachKept(r rune, e entry, s, w int) {
	if e&classMask != diacritic {
		f.attach(r, e, s, w)
	}
}

// headAt reports whether the character at start composes with any.
func (f *folder) headAt(start int) bool {
	if start == len(f.out) {
		return false
	}
	r, _ := utf8.DecodeRune(f.out[start:])
	return lookup(r)&head != 0 || r >= 0xAC00 && r <= 0xD7A3
}

// lastStarter gives where the last character with combining class 0 begins.
func (f *folder) lastStarter() int {
	i := len(f.out)
	for i > 0 {
		r, n := utf8.DecodeLastRune(f.out[:i])
		i -= n
		e := lookup(r)
		if c := e & classMask; c != mark && c != compose && c != diacritic || e&valueMask == 0 {
			break
		}
	}
	return i
}

// replace puts composed in the place of what stands from start on; it came
// from all the source up to byte end.
func (f *folder) replace(start int, composed string, end int) {
	from := f.source(start)
	f.truncate(start)
	f.free = f.freeEnd()
	f.marks, f.ccc = f.tail()
	for _, r := range composed {
		e := lookup(r)
		if e&classMask == regional {
			f.put(r, 0, from, end-from) // half of a flag that stays, not a letter in a box
			continue
		}
		f.fold(r, e, from, end-from)
	}
	// The last byte leads to the last character that went in.
	if n := len(f.out); n > start+1 && end-1 > from {
		f.runs = append(f.runs, run{uint32(n - 1), uint32(end - 1)})
		f.delta = end - 1 - (n - 1)
	}
}

// tail counts the marks at the end of out, of which there are never many, and
// gives the combining class of the last.
func (f *folder) tail() (marks int, ccc entry) {
	for rest := f.out; len(rest) > 0; marks++ {
		r, n := utf8.DecodeLastRune(rest)
		e := lookup(r)
		if !isMark(r, e) {
			break
		}
		if marks == 0 {
			ccc = e & valueMask
		}
		rest = rest[:len(rest)-n]
	}
	return marks, ccc
}

// freeEnd works out what f.free says, from out.
func (f *folder) freeEnd() int {
	for i := len(f.out); i > 0; {
		r, n := utf8.DecodeLastRune(f.out[:i])
		switch e := lookup(r); {
		case e&free != 0:
			return i
		case r != ' ' && e&classMask != noise:
			return -1
		}
		i -= n
	}
	return -1
}

// source gives where the byte at i of out came from.
func (f *folder) source(i int) int {
	k := len(f.runs) - 1
	for k > 0 && int(f.runs[k].out) > i {
		k--
	}
	return int(f.runs[k].src) + i - int(f.runs[k].out)
}
