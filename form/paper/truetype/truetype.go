// Package truetype cuts TrueType fonts down to the glyphs that are needed.
//
// A glyph keeps its number, so that what a shaper said about the whole font
// stays true for the part. Hinting is left out: it makes letters crisp on
// coarse screens and does nothing on paper.
package truetype

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// maxSize is more than any font we carry and less than would hurt.
const maxSize = 32 << 20

// Font is a font file taken apart.
type Font struct {
	UnitsPerEm int
	Glyphs     int // how many there are
	Ascent     int // above the baseline, in units
	Descent    int // below it, negative
	Box        [4]int

	tables   map[string][]byte
	offsets  []uint32 // of each glyph in the table glyf, and the end
	advances []uint16
}

var be = binary.BigEndian

// Parse takes a font file apart.
func Parse(file []byte) (*Font, error) {
	if len(file) < 12 || len(file) > maxSize {
		return nil, errors.New("this is no font file: its size cannot be")
	}
	if v := be.Uint32(file); v != 0x00010000 && v != 0x74727565 {
		return nil, errors.New("this font has no TrueType outlines")
	}
	f := &Font{tables: make(map[string][]byte)}
	n := int(be.Uint16(file[4:]))
	if len(file) < 12+16*n {
		return nil, errors.New("this font file ends in its directory")
	}
	for i := range n {
		d := file[12+16*i:]
		off, size := int64(be.Uint32(d[8:])), int64(be.Uint32(d[12:]))
		if off+size > int64(len(file)) {
			return nil, fmt.Errorf("the table %q of this font reaches beyond the file", d[:4])
		}
		f.tables[string(d[:4])] = file[off : off+size]
	}
	for name, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 32, "hmtx": 4, "loca": 4, "glyf": 0} {
		if t, ok := f.tables[name]; !ok || len(t) < least {
			return nil, fmt.Errorf("the table %q of this font is missing or too short", name)
		}
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.UnitsPerEm = int(be.Uint16(head[18:]))
	if f.UnitsPerEm == 0 {
		return nil, errors.New("this font has no size")
	}
	for i := range f.Box {
		f.Box[i] = int(int16(be.Uint16(head[36+2*i:])))
	}
	f.Ascent = int(int16(be.Uint16(hhea[4:])))
	f.Descent = int(int16(be.Uint16(hhea[6:])))
	f.Glyphs = int(be.Uint16(f.tables["maxp"][4:]))
	if f.Glyphs == 0 {
		return nil, errors.New("this font has no glyphs")
	}
	if err := f.readOffsets(be.Uint16(head[50:]) == 1); err != nil {
		return nil, err
	}
	return f, f.readAdvances(int(be.Uint16(hhea[34:])))
}

func (f *Font) readOffsets(long bool) error {
	loca, width := f.tables["loca"], 2
	if long {
		width = 4
	}
	if len(loca) < width*(f.Glyphs+1) {
		return errors.New("the table loca of this font is too short")
	}
	f.offsets = make([]uint32, f.Glyphs+1)
	for i := range f.offsets {
		if long {
			f.offsets[i] = be.Uint32(loca[4*i:])
		} else {
			f.offsets[i] = 2 * uint32(be.Uint16(loca[2*i:]))
		}
		if int64(f.offsets[i]) > int64(len(f.tables["glyf"])) || i > 0 && f.offsets[i] < f.offsets[i-1] {
			return fmt.Errorf("glyph %d of this font lies outside its table", i)
		}
	}
	return nil
}

func (f *Font) readAdvances(n int) error {
	hmtx := f.tables["hmtx"]
	if n < 1 || n > f.Glyphs || len(hmtx) < 4*n {
		return errors.New("the table hmtx of this font is too short")
	}
	f.advances = make([]uint16, f.Glyphs)
	for i := range f.advances {
		f.advances[i] = be.Uint16(hmtx[4*min(i, n-1):])
	}
	return nil
}

// Advance is how far the pen moves for a glyph, in units.
func (f *Font) Advance(glyph uint16) int {
	if int(glyph) >= f.Glyphs {
		return 0
	}
	return int(f.advances[glyph])
}

// Subset gives a font file with the wanted glyphs, those they are made of,
// and glyph 0. The tables named in whole are taken over as they are; extra
// are further tables to put in.
func (f *Font) Subset(want []uint16, whole []string, extra map[string][]byte) ([]byte, error) {
	keep, err := f.closure(want)
	if err != nil {
		return nil, err
	}
	last := 0
	for g, in := range keep {
		if in {
			last = g
		}
	}
	count := last + 1
	var glyf, loca, hmtx []byte
	for g := range count {
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		if !keep[g] {
			hmtx = be.AppendUint32(hmtx, 0)
			continue
		}
		bare, err := withoutHints(f.glyph(g))
		if err != nil {
			return nil, fmt.Errorf("glyph %d: %w", g, err)
		}
		hmtx = be.AppendUint16(hmtx, f.advances[g])
		bearing := uint16(0)
		if len(bare) >= 4 {
			bearing = be.Uint16(bare[2:]) // its left edge
		}
		hmtx = be.AppendUint16(hmtx, bearing)
		glyf = append(glyf, bare...)
		for len(glyf)%2 != 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = be.AppendUint32(loca, uint32(len(glyf)))

	head := slices.Clone(f.tables["head"])
	clear(head[8:12])                      // checksum, below
	clear(head[20:36])                     // when it was made and changed
	be.PutUint16(head[16:], 0x0003)        // baseline and left edge at 0
	be.PutUint16(head[50:], 1)             // long offsets
	hhea := slices.Clone(f.tables["hhea"]) //
	be.PutUint16(hhea[34:], uint16(count)) // a width for each glyph
	maxp := slices.Clone(f.tables["maxp"]) //
	be.PutUint16(maxp[4:], uint16(count))  //
	be.PutUint16(maxp[26:], 0)             // no instructions
	out := map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": loca, "glyf": glyf}
	for _, name := range whole {
		if t, ok := f.tables[name]; ok {
			out[name] = t
		}
	}
	for name, t := range extra {
		out[name] = t
	}
	return write(out), nil
}

func (f *Font) glyph(g int) []byte {
	return f.tables["glyf"][f.offsets[g]:f.offsets[g+1]]
}

// closure marks the wanted glyphs and all they are made of.
func (f *Font) closure(want []uint16) ([]bool, error) {
	keep := make([]bool, f.Glyphs)
	todo := append([]uint16{0}, want...)
	for len(todo) > 0 {
		g := int(todo[len(todo)-1])
		todo = todo[:len(todo)-1]
		if g >= f.Glyphs || keep[g] {
			continue
		}
		keep[g] = true
		_, err := components(f.glyph(g), func(part uint16) { todo = append(todo, part) })
		if err != nil {
			return nil, fmt.Errorf("glyph %d: %w", g, err)
		}
	}
	return keep, nil
}

var errGlyph = errors.New("the outline ends too early")

// Flags of a part of a composed glyph.
const (
	argsAreWords = 0x0001
	haveScale    = 0x0008
	moreParts    = 0x0020
	haveXYScale  = 0x0040
	haveTwoByTwo = 0x0080
	haveHints    = 0x0100
)

// components calls part for each glyph a composed glyph is made of and gives
// the offsets of their flags and where the parts end. A simple glyph has none.
func components(g []byte, part func(uint16)) ([]int, error) {
	if len(g) < 10 || int16(be.Uint16(g)) >= 0 {
		return nil, nil
	}
	var at []int
	for p := 10; ; {
		if p+4 > len(g) {
			return nil, errGlyph
		}
		flags := be.Uint16(g[p:])
		at = append(at, p)
		part(be.Uint16(g[p+2:]))
		p += 6
		if flags&argsAreWords != 0 {
			p += 2
		}
		switch {
		case flags&haveScale != 0:
			p += 2
		case flags&haveXYScale != 0:
			p += 4
		case flags&haveTwoByTwo != 0:
			p += 8
		}
		if p > len(g) {
			return nil, errGlyph
		}
		if flags&moreParts == 0 {
			return append(at, p), nil
		}
	}
}

// withoutHints gives a glyph without its instructions.
func withoutHints(g []byte) ([]byte, error) {
	if len(g) == 0 {
		return nil, nil
	}
	if len(g) < 10 {
		return nil, errGlyph
	}
	contours := int(int16(be.Uint16(g)))
	if contours < 0 {
		at, err := components(g, func(uint16) {})
		if err != nil {
			return nil, err
		}
		end := at[len(at)-1]
		bare := slices.Clone(g[:end])
		for _, p := range at[:len(at)-1] {
			be.PutUint16(bare[p:], be.Uint16(bare[p:])&^haveHints)
		}
		return bare, nil
	}
	p := 10 + 2*contours
	if p+2 > len(g) {
		return nil, errGlyph
	}
	hints := p + 2 + int(be.Uint16(g[p:]))
	if hints > len(g) {
		return nil, errGlyph
	}
	bare := append(slices.Clone(g[:p]), 0, 0)
	return append(bare, g[hints:]...), nil
}

// write puts tables together as a font file.
func write(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	n := len(names)
	pow, log := 1, 0
	for pow*2 <= n {
		pow, log = pow*2, log+1
	}
	file := be.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, pow * 16, log, (n - pow) * 16} {
		file = be.AppendUint16(file, uint16(v))
	}
	at := len(file) + 16*n
	var body []byte
	for _, name := range names {
		t := tables[name]
		file = append(file, name...)
		file = be.AppendUint32(file, sum(t))
		file = be.AppendUint32(file, uint32(at+len(body)))
		file = be.AppendUint32(file, uint32(len(t)))
		body = append(body, t...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	file = append(file, body...)
	whole := 0xB1B0AFBA - sum(file)
	for i := range n {
		d := file[12+16*i:]
		if string(d[:4]) == "head" {
			be.PutUint32(file[be.Uint32(d[8:])+8:], whole)
		}
	}
	return file
}

func sum(b []byte) uint32 {
	var s uint32
	for ; len(b) >= 4; b = b[4:] {
		s += be.Uint32(b)
	}
	var rest [4]byte
	copy(rest[:], b)
	return s + be.Uint32(rest[:])
}

// Cmap builds the table that leads from characters to glyphs.
func Cmap(glyphs map[rune]uint16) []byte {
	runes := make([]rune, 0, len(glyphs))
	for r := range glyphs {
		runes = append(runes, r)
	}
	slices.Sort(runes)
	var groups []byte
	n := uint32(0)
	for i := 0; i < len(runes); {
		j := i + 1
		for j < len(runes) && runes[j] == runes[j-1]+1 && glyphs[runes[j]] == glyphs[runes[j-1]]+1 {
			j++
		}
		groups = be.AppendUint32(groups, uint32(runes[i]))
		groups = be.AppendUint32(groups, uint32(runes[j-1]))
		groups = be.AppendUint32(groups, uint32(glyphs[runes[i]]))
		n++
		i = j
	}
	t := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12} // one table: Windows, all of Unicode
	t = append(t, 0, 12, 0, 0)
	t = be.AppendUint32(t, 16+uint32(len(groups)))
	t = be.AppendUint32(t, 0)
	t = be.AppendUint32(t, n)
	return append(t, groups...)
}

// WithoutOutlines gives the font file without its shapes: all that a shaper
// needs, in a fraction of the memory.
func (f *Font) WithoutOutlines() []byte {
	out := make(map[string][]byte, len(f.tables))
	for name, t := range f.tables {
		if name != "glyf" && name != "loca" {
			out[name] = t
		}
	}
	return write(out)
}
