package say

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// DeskLanguages are those the members' rooms speak, English first.
var DeskLanguages = []string{"en", "zh-Hant"}

// Phrases are the words of the members' rooms in one language. The English sentence
// is its own key, so that a page of the desk reads like what it shows; what has no
// translation stays English. The zero Phrases is English.
type Phrases struct {
	Tag   string
	words map[string]string
}

var deskBooks = sync.OnceValue(func() map[string]map[string]string {
	books := map[string]map[string]string{}
	for _, tag := range DeskLanguages[1:] {
		raw, err := embeddedDesk.ReadFile("desk/" + tag + ".toml")
		if err != nil {
			panic(err)
		}
		words := map[string]string{}
		if err := toml.Unmarshal(raw, &words); err != nil {
			panic(fmt.Sprintf("say: desk/%s.toml: %v", tag, err))
		}
		books[tag] = words
	}
	return books
})

// Desk gives the words of the members' rooms in a language of DeskLanguages, or in
// English. It panics if a catalogue is broken, which a test rules out.
func Desk(tag string) Phrases {
	if words, ok := deskBooks()[tag]; ok {
		return Phrases{tag, words}
	}
	return Phrases{Tag: "en"}
}

// T says an English sentence in this language. With values it is a format for them;
// a translation may change their order (%[2]s).
func (p Phrases) T(english string, values ...any) string {
	s, ok := p.words[english]
	if !ok {
		s = english
	}
	if len(values) == 0 {
		return s
	}
	return fmt.Sprintf(s, values...)
}

// Has says whether there are words for an English sentence; English always has.
func (p Phrases) Has(english string) bool {
	_, ok := p.words[english]
	return ok || p.words == nil
}

// Sentences lists the English sentences that have a translation, sorted.
func (p Phrases) Sentences() []string { return slices.Sorted(maps.Keys(p.words)) }
