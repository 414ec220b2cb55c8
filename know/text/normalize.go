package text

//go:generate go run ./gen -unicode /usr/share/unicode -confusables $UNHOMOGLYPH/data.json

import (
	"math"
	"sync"
	"unicode/utf8"
)

// Norm is a message in normal form, with the way back to the characters its
// writer used. It does not change after Normalize and may be shared.
type Norm struct {
	// Text is the normal form: valid UTF-8, and its own normal form.
	Text string

	src  string
	runs []run

	once     sync.Once
	clusters []uint32 // starts of the grapheme clusters of src, made on demand
}

// run says that from byte out of the normal form on, byte out+k came from byte
// src+k of the source, until the next run begins.
type run struct{ out, src uint32 }

// Normalize brings a message to the form that patterns are matched in. It never
// fails: bytes that are not UTF-8 count as spaces. It takes time and memory in
// proportion to the length of s, whatever s holds. Of a text longer than
// 4 GiB only that much is read.
func Normalize(s string) *Norm {
	if uint64(len(s)) > math.MaxUint32 {
		s = s[:math.MaxUint32]
	}
	f := folder{src: s, out: make([]byte, 0, len(s)+len(s)/16+8), runs: make([]run, 1, min(4+len(s)/16, 64)), free: -1}
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i = f.ascii(i)
			continue
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		switch e := lookup(r); {
		case r == utf8.RuneError && w == 1:
			f.space(' ', i)
		case e&classMask == 0:
			f.put(r, e, i, w)
		case e&classMask == regional:
			i = f.region(r, i, w)
			continue
		default:
			f.fold(r, e, i, w)
		}
		i += w
	}
	if f.lone >= 2 {
		f.joinSpelled()
	}
	return &Norm{Text: string(f.out), src: s, runs: f.runs}
}

// folder is a message on its way to the normal form. What is already in out is
// in normal form, but for words that are spelt out.
type folder struct {
	src   string
	out   []byte
	runs  []run
	delta int // source minus output position in the last run

	// free is the length out had after its last letter of a script without
	// spaces, while nothing but spaces and noise came since; otherwise -1.
	free int
	// marks counts the combining marks at the end of out; ccc is the canonical
	// combining class of the last.
	marks int
	ccc   entry
	// lone counts Latin letters that may stand alone; without two of them no
	// word can be spelt out.
	lone int

	apart, together []byte // scratch space of compose
}

// asciiFold gives letters, digits and ordinary punctuation of ASCII in their
// normal form, and 0 for spaces, control characters and noise.
var asciiFold = func() (t [256]byte) {
	for c := byte(' ') + 1; c < 0x7F; c++ {
		switch {
		case lookup(rune(c))&classMask == noise:
		case c >= 'A' && c <= 'Z':
			t[c] = c + 'a' - 'A'
		default:
			t[c] = c
		}
	}
	return t
}()

// ascii folds the ASCII characters from i on and returns where they end.
func (f *folder) ascii(i int) int {
	s, out := f.src, f.out
	for i < len(s) && s[i] < utf8.RuneSelf {
		c := s[i]
		if b := asciiFold[c]; b != 0 {
			if i-len(out) != f.delta {
				f.out = out
				f.at(i)
			}
			start := i
			for {
				out = append(out, b)
				i++
				if i == len(s) {
					break
				}
				if b = asciiFold[s[i]]; b == 0 {
					break
				}
			}
			if b := asciiFold[c]; i == start+1 && b >= 'a' && b <= 'z' {
				f.lone++
			}
			f.free, f.marks, f.ccc = -1, 0, 0
			continue
		}
		f.out = out
		switch {
		case c == '\n':
			f.space('\n', i)
		case c <= ' ' || c == 0x7F:
			f.space(' ', i)
		default:
			f.noise(rune(c), i, 1)
		}
		out = f.out
		i++
	}
	f.out = out
	return i
}
