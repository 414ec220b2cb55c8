package person

import (
	"math"
	"slices"

	"homeward/know/name"
)

// facts is what a quick look at a record needs.
type facts struct {
	sketch name.Sketch // of the first name
	sex    byte
	year   uint8     // of birth, as postings keep it; 0 where it is not known or not sure
	birth  uint32    // of the plainest reading: year<<9 | month<<5 | day
	number [2]uint32 // of the first phone and document, 0 for none
	// Of a name that has no sketch there is this: its words, and which letters.
	words   uint32
	letters uint32
}

// moreNames is set in the year of rows with other names: comparison.more. With it in
// a place of its own, facts would no longer be half a line of the processor's memory.
const moreNames = 0x80

func (f *facts) more() bool      { return f.year&moreNames != 0 }
func (f *facts) yearCode() uint8 { return f.year &^ moreNames }

// postings say which rows have a key, for all keys with one first byte: hash,
// year of birth and row, sorted. So the rows with a key whose year is one, or is
// not known, stand together.
type postings struct {
	list   []uint64
	starts []uint32 // where the hashes begin that have these next bits
}

const (
	rowBits   = 27 // maxRows
	yearBits  = 5
	startBits = 12
)

// yearCode is what a posting keeps of a year: rarely the same for another.
func yearCode(year int) uint8 { return uint8(1 + year%(1<<yearBits-1)) }

func posting(hash uint32, year uint8, row int) uint64 {
	return uint64(hash)<<32 | uint64(year)<<rowBits | uint64(row)
}

func (p *postings) sort() {
	slices.Sort(p.list)
	p.starts = make([]uint32, 1<<startBits+1)
	for _, v := range p.list {
		p.starts[v<<8>>(64-startBits)+1]++
	}
	for i := range 1 << startBits {
		p.starts[i+1] += p.starts[i]
	}
}

// near gives the postings among which those of a hash are.
func (p *postings) near(hash uint32) []uint64 {
	part := hash << 8 >> (32 - startBits)
	return p.list[p.starts[part]:p.starts[part+1]]
}

// of gives the postings of a hash out of those near it.
func of(near []uint64, hash uint32) []uint64 {
	from, _ := slices.BinarySearch(near, uint64(hash)<<32)
	near = near[from:]
	to := len(near)
	if hash != math.MaxUint32 {
		to, _ = slices.BinarySearch(near, uint64(hash+1)<<32)
	}
	return near[:to]
}

// inYear gives those of one hash's postings that have this year, from a row on.
func inYear(of []uint64, hash uint32, year uint8, row int) []uint64 {
	from, _ := slices.BinarySearch(of, posting(hash, year, row))
	of = of[from:]
	to, _ := slices.BinarySearch(of, posting(hash, year, 0)+1<<rowBits)
	return of[:to]
}

// Among many records a name alone fits too many, and so does a year: lists are
// searched by both together too.
const (
	byNameYear = roads + iota
	byNameDay
)

// dated marks the hashes of keys that are too usual to look at all who have
// them: only at those who were born in the same year or nobody knows when.
const dated = 1

// listKeys are the hashes of Keys, and of the sound of the name together with
// the year and with the day of birth.
func listKeys(p *Person, search bool) []uint32 {
	keys := p.keys(search)
	out := make([]uint32, 0, len(keys)*2)
	for _, k := range keys {
		h := k.hash() &^ dated
		switch k.Road {
		case ByName, ByCharacters, ByWords, ByPlace:
			h |= dated
		}
		out = append(out, h)
		if k.Road != ByName {
			continue
		}
		for i, d := range p.births {
			if i == 2 {
				break
			}
			out = append(out, Key{byNameYear, k.Value + string(rune(d.Year))}.hash()&^dated)
			if d.Day > 0 {
				out = append(out, Key{byNameDay, k.Value + string([]rune{rune(d.Month), rune(d.Day)})}.hash()&^dated)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// yearKeys are what a row of a large list is looked up by besides its keys: how
// its name sounds in other spellings, together with the year of birth.
func yearKeys(p *Person) []uint32 {
	const most = 12
	var out []uint32
	if len(p.births) == 0 {
		return nil
	}
	year := string(rune(p.births[0].Year))
	for _, n := range p.names {
		if n.Characters() != "" {
			continue // characters have keys for all spellings
		}
		own := n.Keys()
		for _, k := range n.SearchKeys() {
			if len(out) < most && !slices.Contains(own, k) {
				out = append(out, Key{byNameYear, k + year}.hash()&^dated)
			}
		}
	}
	return out
}
