package text

import (
	_ "embed"
	"fmt"
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
	for i, tag := range k.tags {
		if !slices.Contains(main, tag) && t.holds(k, i, main) {
			traces = append(traces, tag)
		}
	}
	return main, traces
}

// holds says whether a language left a trace beside the main ones.
func (t *tally) holds(k *knowledge, language int, main []string) bool {
	japanese := k.tags[k.scripts[scriptHira][0]]
	for n, of := range k.scripts {
		if uint8(n) == scriptLatn || t.letters[n] == 0 || !slices.Contains(of, language) {
			continue
		}
		// Japanese is written in ideographs too, and they are no Chinese.
		return density(uint8(n)) < 3 || !slices.Contains(main, japanese)
	}
	words, all := 0, 0
	for _, e := range t.evidence() {
		all += e.words
		if e.set&(1<<language) != 0 && (len(main) == 0 || e.set&k.bit(main[0]) == 0) {
			words += e.words
		}
	}
	return words > 0 && words*20 >= all
}

// bit is the set that holds one language only.
func (k *knowledge) bit(tag string) uint64 { return 1 << slices.Index(k.tags, tag) }

// knowledge is languages.toml made ready.
type knowledge struct {
	tags    []string
	scripts [len(scriptNames) + 2][]int // languages by script, in the order of the file
	latin   uint64                      // the languages of Latin script
	others  []uint8                     // scripts with languages, but for Latin, Han and Kana
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
