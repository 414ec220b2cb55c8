package paper

import (
	"fmt"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	shapelang "github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
)

// maxMarks is how many marks may stand on one letter. More pile up over the
// lines above, where they could hide what is written there.
const maxMarks = 6

// glyph is one shape on the line. All lengths are thousandths of the size of
// the letters: whole numbers, so that every machine breaks lines alike.
type glyph struct {
	face    int // in faces
	id      uint16
	advance int
	dx, dy  int
}

// breaking says whether a line may end before a cluster.
type breaking int

const (
	never    breaking = iota
	ifNeeded          // inside what is longer than a line
	allowed
)

// cluster is what cannot be parted: a letter with its marks, a syllable.
type cluster struct {
	text    string
	glyphs  []glyph
	advance int
	before  breaking
	space   bool
}

// typesetter turns text into glyphs. It belongs to one document: shaping
// fonts keep caches that two documents cannot share.
type typesetter struct {
	lang    shapelang.Language
	fonts   []*harfbuzz.Font
	buffer  *harfbuzz.Buffer
	breaks  segmenter.Segmenter
	missing []Missing
	seen    map[rune]int // where in missing
	silent  bool         // do not count what is missing
}

func newTypesetter(lang string) *typesetter {
	return &typesetter{
		lang:   shapelang.NewLanguage(lang),
		fonts:  make([]*harfbuzz.Font, len(faces)),
		buffer: harfbuzz.NewBuffer(),
		seen:   make(map[rune]int),
	}
}

// font gives a face ready for shaping.
func (t *typesetter) font(i int) (*harfbuzz.Font, error) {
	if t.fonts[i] == nil {
		l, err := faces[i].load()
		if err != nil {
			return nil, err
		}
		f := harfbuzz.NewFont(font.NewFace(l.rules))
		f.XScale, f.YScale = 1000, 1000
		t.fonts[i] = f
	}
	return t.fonts[i], nil
}

func (t *typesetter) has(i int, r rune) (bool, error) {
	if i < 0 || !faces[i].asked(r) {
		return false, nil
	}
	l, err := faces[i].load()
	if err != nil {
		return false, err
	}
	_, ok := l.rules.NominalGlyph(r)
	return ok, nil
}

// run is a stretch of one face and one script.
type run struct {
	from, to int
	face     int
	script   shapelang.Script
	missing  bool
}

const latin = 0 // in faces

// runs cuts text where the face or the script changes. A mark stays with its
// letter and a space with what is before it, so that shaping sees both.
func (t *typesetter) runs(text []rune, breaks []breaking) ([]run, error) {
	var all []run
	marks := 0
	for i, r := range text {
		last := -1
		if len(all) > 0 && !all[len(all)-1].missing {
			last = all[len(all)-1].face
		}
		mark := unicode.In(r, unicode.M)
		if mark {
			marks++
		} else {
			marks = 0
		}
		at := run{i, i + 1, latin, shapelang.LookupScript(r), false}
		ok := false
		var err error
		switch {
		case marks > maxMarks:
		case r == ' ' || isJoiner(r):
			at.face = last
			if ok, err = t.has(last, r); !ok {
				at.face, ok = latin, true
			}
		default:
			if mark {
				at.face = last
				ok, err = t.has(last, r)
			}
			for f := 0; !ok && err == nil && f < len(faces); f++ {
				at.face = f
				ok, err = t.has(f, r)
			}
		}
		if err != nil {
			return nil, err
		}
		if !ok {
			at.face, at.missing = latin, true
			t.miss(r)
		}
		if n := len(all) - 1; n >= 0 && joins(all[n], at) && !long(all[n], breaks[i]) {
			all[n].to = i + 1
			if !isScript(all[n].script) {
				all[n].script = at.script
			}
			continue
		}
		all = append(all, at)
	}
	return all, nil
}

func joins(a, b run) bool {
	return !a.missing && !b.missing && a.face == b.face &&
		(a.script == b.script || !isScript(a.script) || !isScript(b.script))
}

// long says that a run has grown enough to be shaped by itself: at a break,
// or anywhere once no language has words like this. Shaping takes the square
// of the length of what cannot be parted.
func long(r run, next breaking) bool {
	const enough, tooMuch = 500, 1_000
	n := r.to - r.from
	return n >= enough && next != never || n >= tooMuch
}

// isScript tells scripts from what all of them use.
func isScript(s shapelang.Script) bool {
	return s != shapelang.Common && s != shapelang.Inherited && s != shapelang.Unknown
}

func (t *typesetter) miss(r rune) {
	if t.silent {
		return
	}
	i, ok := t.seen[r]
	if !ok {
		i = len(t.missing)
		t.seen[r] = i
		t.missing = append(t.missing, Missing{Rune: r})
	}
	t.missing[i].Times++
}

// set shapes one line's worth of text, however long: clean, without breaks.
func (t *typesetter) set(s string) ([]cluster, error) {
	text := []rune(s)
	if len(text) == 0 {
		return nil, nil
	}
	breaks := t.breaksOf(text)
	runs, err := t.runs(text, breaks)
	if err != nil {
		return nil, err
	}
	var all []cluster
	for _, r := range runs {
		if r.missing {
			all = append(all, t.box(text[r.from], breaks[r.from]))
			continue
		}
		if all, err = t.shape(all, text, r, breaks); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// box stands for a character that no font has: glyph 0, a frame.
func (t *typesetter) box(r rune, before breaking) cluster {
	advance := 600
	if l, err := faces[latin].load(); err == nil {
		advance = perMille(l.outlines.Advance(0), l.outlines.UnitsPerEm)
	}
	return cluster{string(r), []glyph{{face: latin, advance: advance}}, advance, before, false}
}

func (t *typesetter) shape(all []cluster, text []rune, r run, breaks []breaking) ([]cluster, error) {
	f, err := t.font(r.face)
	if err != nil {
		return nil, err
	}
	b := t.buffer
	b.Clear()
	b.AddRunes(text, r.from, r.to-r.from)
	b.Props.Direction = harfbuzz.LeftToRight
	b.Props.Language = t.lang
	b.Props.Script = r.script
	if !isScript(r.script) {
		b.Props.Script = shapelang.Latin
	}
	b.Shape(f, nil)
	for i := 0; i < len(b.Info); {
		from, to := b.Info[i].Cluster, r.to
		c := cluster{before: breaks[from]}
		for ; i < len(b.Info) && b.Info[i].Cluster == from; i++ {
			g, p := b.Info[i].Glyph, b.Pos[i]
			if g > 0xFFFF {
				return nil, fmt.Errorf("font %s gave a glyph %d that it cannot have", faces[r.face].name, g)
			}
			c.glyphs = append(c.glyphs, glyph{r.face, uint16(g), int(p.XAdvance), int(p.XOffset), int(p.YOffset)})
			c.advance += int(p.XAdvance)
		}
		if i < len(b.Info) {
			to = b.Info[i].Cluster
		}
		c.text = string(text[from:to])
		c.space = unicode.IsSpace(text[from]) && to == from+1 || text[from] == 0x200B
		all = append(all, c)
	}
	return all, nil
}

// breaksOf says for every character whether a line may begin with it, by the
// rules of Unicode (UAX 14). Thai, Lao, Khmer and Burmese write spaces between
// phrases only: a line ends there, and inside a phrase, between syllables or
// letters, where the phrase is longer than a line. So names stay whole.
func (t *typesetter) breaksOf(text []rune) []breaking {
	out := make([]breaking, len(text)+1)
	t.breaks.Init(text)
	for it := t.breaks.GraphemeIterator(); it.Next(); {
		out[it.Grapheme().Offset] = ifNeeded
	}
	for i := range text {
		if i > 0 && out[i] == ifNeeded && bound(text[i-1], text[i]) {
			out[i] = never
		}
	}
	for it := t.breaks.LineIterator(); it.Next(); {
		out[it.Line().Offset] = allowed
	}
	for i := 1; i < len(text); i++ {
		if unicode.Is(unicode.Myanmar, text[i]) && unicode.Is(unicode.Myanmar, text[i-1]) {
			if out[i] == ifNeeded && !startsSyllable(text, i) {
				out[i] = never
			}
		}
	}
	out[0] = never
	return out
}

// bound says that b never begins a line after a: parts of a Thai, Lao or
// Khmer syllable, and marks that close or open something.
func bound(a, b rune) bool {
	switch {
	case a >= 0x0E40 && a <= 0x0E44, a >= 0x0EC0 && a <= 0x0EC4: // vowel written before its consonant
		return true
	case a == 0x17D2: // coeng: the next consonant stands below
		return true
	case b == 0x0E2F, b == 0x0E30, b == 0x0E32, b == 0x0E33, b == 0x0E45, b == 0x0E46: // Thai signs that follow
		return true
	case b == 0x0EAF, b == 0x0EB0, b == 0x0EB2, b == 0x0EB3, b == 0x0EC6: // the same in Lao
		return true
	}
	return unicode.In(a, unicode.Ps, unicode.Pi) || unicode.In(b, unicode.Pe, unicode.Pf, unicode.Po)
}

// startsSyllable finds where a Burmese syllable begins: at a consonant that
// is neither killed nor stacked.
func startsSyllable(text []rune, i int) bool {
	r := text[i]
	if !(r >= 0x1000 && r <= 0x102A || r == 0x103F || r >= 0x104C && r <= 0x104F) || text[i-1] == 0x1039 {
		return false
	}
	for j := i + 1; j < len(text) && j <= i+2; j++ {
		switch text[j] {
		case 0x103A, 0x1039:
			return false
		case 0x1037: // a tone between the consonant and its killer
		default:
			return true
		}
	}
	return true
}

// widthOf is how far clusters reach, without the spaces at their end.
func widthOf(line []cluster) int {
	w, upto := 0, 0
	for _, c := range line {
		w += c.advance
		if !c.space {
			upto = w
		}
	}
	return upto
}

// wrap breaks clusters into lines no wider than room, in thousandths.
func wrap(all []cluster, room int) [][]cluster {
	var lines [][]cluster
	for len(all) > 0 {
		n := fit(all, room)
		lines = append(lines, all[:n])
		all = all[n:]
	}
	return lines
}

// fit says how many clusters stand on the next line.
func fit(all []cluster, room int) int {
	w := 0
	good, forced := 0, 0
	for i, c := range all {
		if i > 0 && c.before == allowed {
			good = i
		}
		if i > 0 && c.before != never {
			forced = i
		}
		w += c.advance
		if w > room && !c.space {
			switch {
			case good > 0:
				return good
			case forced > 0:
				return forced
			}
			return max(i, 1)
		}
	}
	return len(all)
}

func perMille(units, perEm int) int { return (2000*units + perEm) / (2 * perEm) }
