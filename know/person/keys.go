package person

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"

	"homeward/know/name"
)

// Road is a kind of key: one way by which two records of a person may meet, so
// that a single wrong field loses nothing.
type Road uint8

// The roads.
const (
	ByName       Road = iota // the sound of a Chinese name
	ByCharacters             // the same characters
	ByWords                  // two words of a name
	ByWordYear               // a word of a name and the year of birth
	ByBirth                  // the day of birth
	ByPhone                  // the last seven digits
	ByDocument               // half of a document's number
	ByPlace                  // a word of the name and a word of the place
	roads
)

var roadNames = [roads]string{"sound of the name", "characters of the name", "two words of the name", "word of the name and year of birth", "day of birth", "phone", "document", "word of the name and place"}

// String says what a road goes by.
func (r Road) String() string { return roadNames[r] }

// Key is one value by which records meet.
type Key struct {
	Road  Road
	Value string
}

// hash is what the index keeps of a key.
func (k Key) hash() uint32 {
	h := fnv.New64a()
	_, _ = h.Write([]byte{byte(k.Road)})
	_, _ = h.Write([]byte(k.Value))
	x := h.Sum64()
	return uint32(x ^ x>>32)
}

const maxRoadKeys = 48

// Keys are the keys a record is put under.
func (p *Person) Keys() []Key { return p.keys(false) }

// SearchKeys are the keys to look a record up by: Keys, and how its name would
// sound in other spellings, and its birth date with day and month changed.
func (p *Person) SearchKeys() []Key { return p.keys(true) }

func (p *Person) keys(search bool) []Key {
	var out []Key
	var count [roads]int
	add := func(r Road, v string) {
		k := Key{r, v}
		if v != "" && count[r] < maxRoadKeys && !slices.Contains(out, k) {
			count[r]++
			out = append(out, k)
		}
	}
	var words []string
	for _, n := range p.names {
		ks := n.Keys()
		if search {
			ks = n.SearchKeys()
		}
		for _, k := range ks {
			add(ByName, k)
		}
		add(ByCharacters, n.Characters())
		w := n.Words()
		for i := range w {
			for j := i + 1; j < len(w) && j < i+4; j++ {
				a, b := w[i], w[j]
				if b < a {
					a, b = b, a
				}
				add(ByWords, a+" "+b)
			}
		}
		words = append(words, w...)
	}
	years := map[int]bool{}
	for _, d := range p.births {
		if d.Cost <= 3 {
			years[d.Year] = true
		}
		if d.Day > 0 {
			add(ByBirth, d.text())
			if search && d.Day <= 12 {
				add(ByBirth, Date{Year: d.Year, Month: d.Day, Day: d.Month}.text())
			}
		}
	}
	for _, d := range p.births {
		if !years[d.Year] {
			continue
		}
		delete(years, d.Year)
		for _, w := range words {
			add(ByWordYear, w+" "+strconv.Itoa(d.Year))
		}
	}
	for _, x := range p.phones {
		add(ByPhone, x[len(x)-7:])
	}
	for _, x := range p.documents {
		half := (len(x) + 1) / 2
		add(ByDocument, "<"+x[:half])
		add(ByDocument, ">"+x[len(x)-half:])
	}
	for i, w := range words {
		if i < 3 {
			for j, x := range p.place {
				if j < 3 {
					add(ByPlace, w+" "+x)
				}
			}
		}
	}
	return out
}

// Token is a value that may be turned into a keyed fingerprint (keep/vault), so
// that two sealed records can be found to share it without being opened. Only
// values that nobody can list are given: a number, or a name together with a
// date.
type Token struct {
	Field string
	Value string
}

// Tokens are the values of a record to make fingerprints of. They depend on the
// version of the name tables, which is part of each value with a name in it.
func (p *Person) Tokens() []Token {
	var out []Token
	seen := map[Token]bool{}
	add := func(field, value string) {
		t := Token{field, value}
		if !seen[t] && len(out) < 200 {
			seen[t] = true
			out = append(out, t)
		}
	}
	for _, x := range p.phones {
		if len(x) >= 8 {
			add("person/phone", x[len(x)-8:])
		}
	}
	for _, x := range p.documents {
		add("person/document", x)
		for i := range len(x) { // one character left out: a slip of one meets here
			add("person/document-slip", fmt.Sprintf("%d %s", len(x), x[:i]+x[i+1:]))
		}
	}
	for _, d := range p.births {
		for _, n := range p.names {
			for _, k := range n.SearchKeys() {
				add("person/name+year", name.Version+" "+k+" "+strconv.Itoa(d.Year))
				if d.Day > 0 {
					add("person/name+birth", name.Version+" "+k+" "+d.text())
				}
			}
			if d.Day > 0 {
				for _, w := range n.Words() {
					add("person/word+birth", name.Version+" "+w+" "+d.text())
				}
			}
		}
	}
	return out
}
