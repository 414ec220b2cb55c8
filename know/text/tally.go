package text

import "unicode/utf8"

// tally is what was seen in one message.
type tally struct {
	letters [len(scriptNames) + 2]int // by script
	kinds   [32]evidence              // the first n are in use
	n       int
}

func (t *tally) evidence() []evidence { return t.kinds[:t.n] }

// evidence is how often something spoke for exactly this set of languages.
type evidence struct {
	set    uint64
	words  int
	weight int // letters in those words
}

// add counts a word. Of evidence for more than 32 different sets of languages,
// what comes last is not counted.
func (t *tally) add(set uint64, weight int) {
	i := 0
	for i < t.n && t.kinds[i].set != set {
		i++
	}
	if i == len(t.kinds) {
		return
	}
	t.n = max(t.n, i+1)
	e := &t.kinds[i]
	e.set = set
	e.words++
	e.weight += weight
}

// read walks through the message word by word.
func (t *tally) read(k *knowledge, s string) {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c |= 0x20; c < 'a' || c > 'z' {
				i++
				continue
			}
			i = t.word(k, s, i)
			continue
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		switch e := lookup(r); {
		case e&free != 0:
			t.letters[script(r)]++
			if int(r) < len(k.letters) && k.letters[r] != 0 {
				t.add(k.letters[r], 1)
			}
		case e&letter != 0:
			i = t.word(k, s, i)
			continue
		}
		i += w
	}
}

// word reads the word at i, in normal form, and returns where it ends. A word of
// look-alikes and Latin letters is a Latin word.
func (t *tally) word(k *knowledge, s string, i int) int {
	h, n, digits := hashStart, 0, false
	latin, foreign := false, false // letters that can only be Latin, that cannot
	of := uint8(0)                 // the first other script
	set, spoken := ^uint64(0), false
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if d := c | 0x20; d >= 'a' && d <= 'z' {
				h = hashByte(h, d)
				n++
				latin = true
			} else if c >= '0' && c <= '9' {
				digits = true
			} else {
				break
			}
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		e := lookup(r)
		if e&free != 0 || e&letter == 0 && e&classMask != drop {
			break
		}
		i += w
		if int(r) < len(k.letters) && k.letters[r] != 0 {
			set &= k.letters[r]
			spoken = true
		}
		if e&classMask == drop || e&classMask == diacritic {
			continue
		}
		n++
		sc := script(r)
		if sc == scriptLatn {
			latin = true
		} else if of == 0 {
			of = sc
		}
		switch e & classMask {
		case swap:
			if r = rune(e & valueMask); r >= utf8.RuneSelf {
				foreign = true
			}
			h = hashRune(h, r)
		case expand:
			for _, q := range table.long[e&valueMask] {
				h = hashRune(h, q)
			}
		default:
			foreign = true
			h = hashRune(h, r)
		}
	}
	if of == 0 || latin && !foreign {
		of = scriptLatn
	}
	t.letters[of] += n
	if digits {
		return i
	}
	if words := k.words[k.words.slot(h)].set; !spoken {
		set = words
	} else if set&words != 0 {
		set &= words
	}
	if set != 0 {
		t.add(set, n)
	}
	return i
}
