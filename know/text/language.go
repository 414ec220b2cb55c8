package text

import (
	_ "embed"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed languages.toml
var languagesFile []byte

// Languages says which languages a message is written in, as BCP 47 tags, most
// used first; nil when nothing can be said. Give it the message as it was
// written: tones and traditional characters tell much that the normal form has
// not. Cantonese counts as zh-Hant. Where only words of both Malay and Indonesian
// appear, both are given.
func Languages(s string) []string {
	main, _ := Survey(s)
	return main
}

// Survey gives what Languages gives, and the other languages that the message
// has words of: one in twenty that its most used language does not share, or a
// letter of a script. People mix languages, and who looks for the words of one needs to
// know whether it is there at all.
func Survey(s string) (main, traces []string) {
	k := known()
	var t tally
	t.read(k, s)
	main = t.languages(k)
	return main, t.traces(k, main)
}

// traces gives the languages that left a trace beside the main ones.
func (t *tally) traces(k *knowledge, main []string) []string {
	var bit [8]uint64 // of the main ones, the most used first
	var mains uint64
	for i, tag := range main[:min(len(main), len(bit))] {
		bit[i] = 1 << slices.Index(k.tags, tag)
		mains |= bit[i]
	}
	var left uint64
	for n, of := range k.writers {
		switch uint8(n) {
		case scriptLatn, scriptHant, scriptHans:
		default:
			if t.letters[n] > 0 {
				left |= of
			}
		}
	}
	// Ideographs in a Japanese text are no Chinese, and one way of writing
	// Chinese is no trace of the other.
	chinese := k.writers[scriptHant] | k.writers[scriptHans]
	if t.letters[scriptHani]+t.letters[scriptHant]+t.letters[scriptHans] > 0 && mains&(chinese|k.writers[scriptHira]) == 0 {
		left |= chinese
	}
	var words [maxLanguages]int
	all := 0
	for _, e := range t.evidence() {
		all += e.words
		if e.set&bit[0] != 0 {
			continue
		}
		for set := e.set; set != 0; set &= set - 1 {
			words[bits.TrailingZeros64(set)] += e.words
		}
	}
	var traces []string
	for i, tag := range k.tags {
		if mains>>i&1 == 0 && (left>>i&1 != 0 || words[i] > 0 && words[i]*20 >= all) {
			traces = append(traces, tag)
		}
	}
	return traces
}

// knowledge is languages.toml made ready.
type knowledge struct {
	tags    []string
	scripts [len(scriptNames) + 2][]int  // languages by script, in the order of the file
	writers [len(scriptNames) + 2]uint64 // the same as sets
	latin   uint64                       // the languages of Latin script
	others  []uint8                      // scripts with languages, but for Latin, Han and Kana
	words   dictionary
	letters [0x2000]uint64 // set of languages that a letter speaks for
}

// A set of languages is a bit for each, in the order of the file.
const maxLanguages = 64

var known = sync.OnceValue(func() *knowledge {
	k, err := readLanguages(languagesFile)
	if err != nil {
		panic("languages.toml: " + err.Error())
	}
	return k
})

func readLanguages(data []byte) (*knowledge, error) {
	var file struct {
		Language []struct {
			Tag     string   `toml:"tag"`
			Scripts []string `toml:"scripts"`
			Letters string   `toml:"letters"`
			Words   string   `toml:"words"`
		} `toml:"language"`
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if len(file.Language) > maxLanguages {
		return nil, fmt.Errorf("%d languages: there is room for %d", len(file.Language), maxLanguages)
	}
	k := &knowledge{}
	spelt, sets := map[uint64]string{}, map[uint64]uint64{}
	for i, l := range file.Language {
		k.tags = append(k.tags, l.Tag)
		for _, name := range l.Scripts {
			n := scriptNumber(name)
			if n == 0 {
				return nil, fmt.Errorf("%s: no script is called %q", l.Tag, name)
			}
			k.scripts[n] = append(k.scripts[n], i)
			k.writers[n] |= 1 << i
			if n == scriptLatn {
				k.latin |= 1 << i
			}
		}
		for _, r := range l.Letters {
			if int(r) >= len(k.letters) {
				return nil, fmt.Errorf("%s: %q is beyond the letters that can be told apart", l.Tag, r)
			}
			k.letters[r] |= 1 << i
		}
		for word := range strings.FieldsSeq(Normalize(l.Words).Text) {
			h := hashStart
			for j := range len(word) {
				h = hashByte(h, word[j])
			}
			if w, ok := spelt[h]; ok && w != word {
				return nil, fmt.Errorf("%s: the words %q and %q have one hash", l.Tag, w, word)
			}
			spelt[h] = word
			sets[h] |= 1 << i
		}
	}
	for n := range uint8(len(k.scripts)) {
		switch n {
		case scriptLatn, scriptHant, scriptHans, scriptHira, scriptKana:
		default:
			if len(k.scripts[n]) > 0 {
				k.others = append(k.others, n)
			}
		}
	}
	k.words = newDictionary(sets)
	return k, nil
}
