package text

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// dictionary holds the set of languages of each word, by the word's hash, which
// is good enough to be a place in the table as it stands.
type dictionary []struct{ hash, set uint64 }

func newDictionary(sets map[uint64]uint64) dictionary {
	size := 1
	for size < 2*len(sets) {
		size *= 2
	}
	d := make(dictionary, size)
	for _, h := range slices.Sorted(maps.Keys(sets)) {
		d[d.slot(h)] = struct{ hash, set uint64 }{h, sets[h]}
	}
	return d
}

// slot gives where the word with hash h is, or would be.
func (d dictionary) slot(h uint64) int {
	i := int(h) & (len(d) - 1)
	for d[i].set != 0 && d[i].hash != h {
		i = (i + 1) & (len(d) - 1)
	}
	return i
}

// The hash of a word is FNV-1a (Fowler, Noll, Vo), taken while reading.
const hashStart uint64 = 14695981039346656037

func hashByte(h uint64, c byte) uint64 { return (h ^ uint64(c)) * 1099511628211 }

func hashRune(h uint64, r rune) uint64 {
	if r < utf8.RuneSelf {
		return hashByte(h, byte(r))
	}
	var b [utf8.UTFMax]byte
	for _, c := range b[:utf8.EncodeRune(b[:], r)] {
		h = hashByte(h, c)
	}
	return h
}
