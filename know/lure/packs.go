package lure

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"homeward/know/wording"
)

//go:embed packs
var embedded embed.FS

// Default is the packs the program ships with. It panics if they do not load,
// which a test rules out.
var Default = sync.OnceValue(func() *Packs {
	p, err := Load(packsFS())
	if err != nil {
		panic(err)
	}
	return p
})

func packsFS() fs.FS {
	sub, err := fs.Sub(embedded, "packs")
	if err != nil {
		panic(err) // the name is valid
	}
	return sub
}

// Packs is everything screening knows, made ready. It is read only, and safe
// for use by many at once.
type Packs struct {
	concepts  []concept
	index     map[string]int
	groups    map[string][]int
	kinds     []kind
	general   []string // questions where no kind was recognised
	questions []question
	languages []language
	pay       payTable
	words     extractorWords
	auto      *automaton
	patterns  []pattern
	numbers   map[string]int32 // of the languages, by the first part of their tag
	slots     []step           // of all patterns
	version   string

	byExtractor map[string][]int // concepts each extractor speaks for
	modes       map[string][]int // concepts with a mode
	signsOf     [][]int          // signs that count for each kind
	signs       []int            // that count for any
	wording     *wording.Model
	weighing    weighing
}

// concept is an indicator as concepts.toml gives it.
type concept struct {
	ID      string   `toml:"id"`
	Version int      `toml:"version"`
	Role    Role     `toml:"role"`
	Weight  int      `toml:"weight"` // 1 soft (honest offers say it too), 2 hard, 4 enough by itself
	Kinds   []string `toml:"kinds"`
	Mode    string   `toml:"mode"` // "", "warning", "plea": how Screen treats it
	Extract []string `toml:"extractors"`
	Sources []Source `toml:"source"`

	cited string // the first source in one line
}

// language is one pack: <tag>.toml.
type language struct {
	Lang       string               `toml:"lang"`
	Name       string               `toml:"name"`
	Depth      string               `toml:"depth"` // "full" or "few"
	ReviewedBy string               `toml:"reviewed_by"`
	Lists      map[string][]string  `toml:"lists"`
	Signs      map[string]signWords `toml:"sign"`
	Ask        map[string]string    `toml:"ask"`

	asked map[string]string // all questions, of the questionnaire and of signs
}

// signWords is what one language says of one concept.
type signWords struct {
	Explanation string   `toml:"explanation"`
	Question    string   `toml:"question"`
	Phrases     []string `toml:"phrases"`
	Except      []string `toml:"except"` // voids what it overlaps
	Unless      []string `toml:"unless"` // voids what stands in the same clause
	Match       []string `toml:"match"`
	NoMatch     []string `toml:"no_match"`
}

// Load reads packs from a folder: concepts.toml, kinds.toml, questions.toml,
// pay.toml, words.toml and one file per language. Unknown keys, unknown
// concepts and broken phrases are errors that name the file.
func Load(fsys fs.FS) (*Packs, error) {
	files, err := fs.Glob(fsys, "*.toml")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no packs: the folder holds no .toml file")
	}
	slices.Sort(files)
	p := &Packs{index: map[string]int{}, groups: map[string][]int{}, wording: wording.Default()}
	sum := sha256.New()
	raw := map[string][]byte{}
	for _, f := range files {
		b, err := fs.ReadFile(fsys, f)
		if err != nil {
			return nil, err
		}
		raw[f] = b
		fmt.Fprintf(sum, "%s %d\n", f, len(b))
		sum.Write(b)
	}
	words := wording.Version()
	sum.Write(words[:])
	p.version = hex.EncodeToString(sum.Sum(nil))[:12]
	if err := p.loadConcepts(raw); err != nil {
		return nil, err
	}
	if err := p.loadKinds(raw); err != nil {
		return nil, err
	}
	if err := strict("pay.toml", raw["pay.toml"], &p.pay); err != nil {
		return nil, err
	}
	if err := p.pay.check(); err != nil {
		return nil, fmt.Errorf("pay.toml: %w", err)
	}
	if err := strict("words.toml", raw["words.toml"], &p.words); err != nil {
		return nil, err
	}
	p.words.prepare()
	for _, f := range files {
		switch f {
		case "concepts.toml", "kinds.toml", "questions.toml", "pay.toml", "words.toml":
			continue
		}
		var l language
		if err := strict(f, raw[f], &l); err != nil {
			return nil, err
		}
		if l.Lang+".toml" != path.Base(f) {
			return nil, fmt.Errorf("%s: lang is %q, the file's name says otherwise", f, l.Lang)
		}
		l.asked = make(map[string]string, len(l.Ask)+len(l.Signs))
		for id, w := range l.Signs {
			l.asked[id] = w.Question
		}
		for key, q := range l.Ask {
			if q != "" {
				l.asked[key] = q
			}
		}
		p.languages = append(p.languages, l)
	}
	if err := p.compile(); err != nil {
		return nil, err
	}
	return p, nil
}

func strict(file string, b []byte, into any) error {
	if b == nil {
		return fmt.Errorf("%s: missing; the folder must be a whole copy of know/lure/packs", file)
	}
	d := toml.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		var unknown *toml.StrictMissingError
		if errors.As(err, &unknown) {
			return fmt.Errorf("%s: a key that means nothing here (is it misspelt?):\n%s", file, unknown.String())
		}
		var broken *toml.DecodeError
		if errors.As(err, &broken) {
			return fmt.Errorf("%s: %w\n%s", file, err, broken.String())
		}
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func (p *Packs) loadConcepts(raw map[string][]byte) error {
	var file struct {
		Group    map[string][]string `toml:"group"`
		Concepts []concept           `toml:"concept"`
	}
	if err := strict("concepts.toml", raw["concepts.toml"], &file); err != nil {
		return err
	}
	for i, c := range file.Concepts {
		if _, twice := p.index[c.ID]; twice || c.ID == "" {
			return fmt.Errorf("concepts.toml: concept %q: empty or there twice", c.ID)
		}
		switch c.Role {
		case Sign, Context, Counter:
		case Method:
			if c.Weight != 0 || len(c.Kinds) > 0 || len(c.Extract) > 0 || len(c.Sources) == 0 {
				return fmt.Errorf("concepts.toml: %s: a method has a description as its source, and no weight, kinds or extractors: [weighing] in kinds.toml says how it counts", c.ID)
			}
		default:
			return fmt.Errorf("concepts.toml: %s: role is sign, context or counter, not %q", c.ID, c.Role)
		}
		if (c.Role == Method) != (c.ID == wordsID) {
			return fmt.Errorf("concepts.toml: %s: %s has the role method, and nothing else has", c.ID, wordsID)
		}
		if c.Role == Sign && len(c.Sources) == 0 {
			return fmt.Errorf("concepts.toml: %s: a sign needs a published source, or it is context", c.ID)
		}
		for _, s := range c.Sources {
			if s.Body == "" || s.Document == "" || s.CheckedOn == "" {
				return fmt.Errorf("concepts.toml: %s: a source needs body, document and checked_on", c.ID)
			}
		}
		p.index[c.ID] = i
		file.Concepts[i].cited = c.cite()
	}
	p.concepts = file.Concepts
	for name, ids := range file.Group {
		for _, id := range ids {
			i, ok := p.index[id]
			if !ok {
				return fmt.Errorf("concepts.toml: group %s: no concept %q", name, id)
			}
			p.groups[name] = append(p.groups[name], i)
		}
		slices.Sort(p.groups[name])
	}
	return nil
}

// compile makes the automaton of every language's phrases.
func (p *Packs) compile() error {
	b := newBuilder(1<<16, 1<<18)
	var errs []error
	numbers := map[string]int32{}
	p.numbers = numbers
	for _, l := range p.languages {
		tag := tagOf(l.Lang)
		if _, ok := numbers[tag]; !ok {
			numbers[tag] = int32(len(numbers))
		}
		if len(numbers) > anyLang {
			return fmt.Errorf("%s.toml: more than %d languages", l.Lang, anyLang)
		}
		ids := make([]string, 0, len(l.Signs))
		for id := range l.Signs {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			c, ok := p.index[id]
			if !ok {
				errs = append(errs, fmt.Errorf("%s.toml: no concept %q in concepts.toml", l.Lang, id))
				continue
			}
			w := l.Signs[id]
			if n := len(w.Phrases) + len(w.Except) + len(w.Unless); p.concepts[c].Role == Method && n > 0 {
				errs = append(errs, fmt.Errorf("%s.toml: %s weighs all words and has no phrases of its own", l.Lang, id))
				continue
			}
			for _, list := range []struct {
				name    string
				phrases []string
				voids   scope
			}{{"phrases", w.Phrases, nothing}, {"except", w.Except, overlap}, {"unless", w.Unless, clause}} {
				for _, ph := range list.phrases {
					if err := p.addPhrase(b, ph, c, numbers[tag], list.voids, l.Lists); err != nil {
						errs = append(errs, fmt.Errorf("%s.toml: %s: %s: %w", l.Lang, id, list.name, err))
					}
				}
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	p.auto = b.build()
	p.byExtractor, p.modes = map[string][]int{}, map[string][]int{}
	p.signsOf = make([][]int, len(p.kinds))
	for i, c := range p.concepts {
		for _, x := range c.Extract {
			p.byExtractor[x] = append(p.byExtractor[x], i)
		}
		if c.Mode != "" {
			p.modes[c.Mode] = append(p.modes[c.Mode], i)
		}
		if c.Role == Sign && c.Mode == "" {
			p.signs = append(p.signs, i)
		}
		for k := range p.kinds {
			if c.Role == Sign && slices.Contains(c.Kinds, p.kinds[k].ID) {
				p.signsOf[k] = append(p.signsOf[k], i)
			}
		}
	}
	return nil
}

// tagOf is the part of a language's tag that the matcher tells apart: zh-Hant
// and zh-Hans match both scripts.
func tagOf(lang string) string {
	tag, _, _ := strings.Cut(lang, "-")
	return tag
}

func (p *Packs) addPhrase(b *builder, phrase string, c int, lang int32, voids scope, lists map[string][]string) error {
	orders, err := parsePhrase(phrase, lists)
	if err != nil {
		return err
	}
	at := int8(lang)
	if voids == clause {
		at = anyLang
	}
	for _, slots := range orders {
		base := len(p.slots)
		for k, s := range slots {
			p.slots = append(p.slots, step{gap: s.gap, optional: s.optional, repeats: s.repeats})
			h := hit{pattern: int32(len(p.patterns)), record: int32(base + k), slot: int8(k), reach: reachOf(slots, k), lang: at, last: k == len(slots)-1, repeats: s.repeats}
			for _, lit := range s.literals {
				f := b.fold(lit)
				if len(b.of(f)) == 0 {
					return fmt.Errorf("phrase %q: %q has no letter", phrase, lit)
				}
				if len(slots) == 1 && voids == nothing && bare(b.of(f)) {
					return fmt.Errorf("phrase %q: %q is only a number", phrase, lit)
				}
				if len(b.exact) > math.MaxUint16 {
					return fmt.Errorf("phrase %q: more different numbers in phrases than can be told apart", phrase)
				}
				b.add(f, h)
			}
		}
		p.patterns = append(p.patterns, pattern{phrase: phrase, concept: int32(c), lang: lang, voids: voids})
	}
	return nil
}

// reachOf says how far behind slot k one that follows may begin, in symbols.
func reachOf(slots []slot, k int) int8 {
	for _, next := range slots[k+1:] {
		if next.gap {
			return maxGap
		}
		if !next.optional {
			break
		}
	}
	return 1 // a space
}

// Version identifies the packs and the weights of words: the first 12 hexadecimal
// digits of the SHA-256 of all their files.
func (p *Packs) Version() string { return p.version }

// Sources gives where an indicator has been published.
func (p *Packs) Sources(id string) []Source {
	if i, ok := p.index[id]; ok {
		return p.concepts[i].Sources
	}
	return nil
}

// Explanation says in a language what an indicator is and why it matters; in
// English where the language has no words for it.
func (p *Packs) Explanation(id, lang string) string {
	return p.say(lang, func(l *language) string { return l.Signs[id].Explanation })
}

// QuestionText gives the question of the questionnaire, or of an indicator.
func (p *Packs) QuestionText(id, lang string) string {
	return p.question(id, p.speaking(lang))
}

// question gives it in the first of these languages that has it.
func (p *Packs) question(id string, speaking []*language) string {
	for _, l := range speaking {
		if q := l.asked[id]; q != "" {
			return q
		}
	}
	return ""
}

func (p *Packs) say(lang string, f func(*language) string) string {
	for _, l := range p.speaking(lang) {
		if s := f(l); s != "" {
			return s
		}
	}
	return ""
}

// speaking gives the packs in which a language is answered: its own first, English last.
func (p *Packs) speaking(lang string) (out []*language) {
	short, _, _ := strings.Cut(lang, "-")
	for _, tag := range [...]string{lang, short, "en"} {
		for i := range p.languages {
			if p.languages[i].Lang == tag {
				out = append(out, &p.languages[i])
			}
		}
	}
	return out
}
