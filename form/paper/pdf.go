package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
)

// tree says what each text on the page is, for voices that read it out.
type tree struct{ elements []element }

type element struct {
	kind   string
	parent int
	kids   []kid
}

// kid is another element or a marked text on a page.
type kid struct {
	element int // or
	page    int
	mark    int
	isMark  bool
}

const root = 0

func (t *tree) add(kind string, parent int) int {
	if len(t.elements) == 0 {
		t.elements = []element{{kind: "Document"}}
	}
	t.elements = append(t.elements, element{kind: kind, parent: parent})
	e := len(t.elements) - 1
	t.elements[parent].kids = append(t.elements[parent].kids, kid{element: e})
	return e
}

// writer collects the objects of a PDF. Number 1 is the first.
type writer struct{ objects [][]byte }

func (w *writer) reserve() int {
	w.objects = append(w.objects, nil)
	return len(w.objects)
}

func (w *writer) set(n int, format string, args ...any) {
	w.objects[n-1] = fmt.Appendf(nil, format, args...)
}

func (w *writer) add(format string, args ...any) int {
	n := w.reserve()
	w.set(n, format, args...)
	return n
}

// stream adds packed bytes. more are further entries of its dictionary.
func (w *writer) stream(b []byte, more string) (int, error) {
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := z.Write(b); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return w.add("<< /Length %d /Filter /FlateDecode%s >>\nstream\n%s\nendstream", packed.Len(), more, packed.Bytes()), nil
}

func (w *writer) file(catalog, info int) []byte {
	out := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	at := make([]int, len(w.objects))
	for i, o := range w.objects {
		at[i] = len(out)
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := len(out)
	out = fmt.Appendf(out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		out = fmt.Appendf(out, "%010d 00000 n \n", a)
	}
	return fmt.Appendf(out, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, catalog, info, xref)
}

// embedded is one face as far as this document uses it. A character code
// stands for a glyph *with the text it was written for*, so that what is
// copied out of the PDF is what was put in, though one glyph serves many.
type embedded struct {
	face   int
	object int
	codes  map[use]int
	uses   []use // by code; 0 is the glyph of what is missing
}

type use struct {
	glyph uint16
	text  string
}

func (e *embedded) code(u use) int {
	c, ok := e.codes[u]
	if !ok {
		c = len(e.uses)
		e.codes[u] = c
		e.uses = append(e.uses, u)
	}
	return c
}

// write makes the file.
func (s *sheet) write() ([]byte, error) {
	pages := s.pages()
	if len(pages) > maxPages {
		return nil, fmt.Errorf("the paper would have %d pages, at most %d can be printed: make two papers of it", len(pages), maxPages)
	}
	w := &writer{}
	catalog, pagesAt, treeAt := w.reserve(), w.reserve(), w.reserve()
	reference, err := s.setter.set(oneLine(s.doc.Reference))
	if err != nil {
		return nil, err
	}
	p := &printer{sheet: s, fonts: make([]*embedded, len(faces)), w: w, reference: reference}
	contents := make([]int, len(pages))
	for i, rows := range pages {
		content, err := p.page(i, len(pages), rows)
		if err != nil {
			return nil, err
		}
		if contents[i], err = w.stream(content, ""); err != nil {
			return nil, err
		}
	}
	fonts, err := p.embed()
	if err != nil {
		return nil, err
	}
	pageAt := make([]int, len(pages))
	var kids bytes.Buffer
	for i := range pages {
		pageAt[i] = w.add("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Resources << /Font << %s>> >> /Contents %d 0 R /StructParents %d /Tabs /S >>",
			pagesAt, points(pageWidth), points(pageHeight), fonts, contents[i], i)
		fmt.Fprintf(&kids, "%d 0 R ", pageAt[i])
	}
	w.set(pagesAt, "<< /Type /Pages /Count %d /Kids [%s] >>", len(pages), bytes.TrimSpace(kids.Bytes()))
	p.writeTree(treeAt, pageAt)
	w.set(catalog, "<< /Type /Catalog /Pages %d 0 R /Lang %s /MarkInfo << /Marked true >> /StructTreeRoot %d 0 R /ViewerPreferences << /DisplayDocTitle true >> >>",
		pagesAt, hexText(s.doc.Lang), treeAt)
	info := w.add("<< /Title %s >>", hexText(oneLine(s.doc.Title)))
	return w.file(catalog, info), nil
}

// printer writes pages and remembers what they use.
type printer struct {
	sheet *sheet
	fonts []*embedded
	w     *writer
	marks [][]int // by page: the element of each mark

	reference []cluster
}

func (p *printer) page(i, of int, rows []placed) ([]byte, error) {
	p.marks = append(p.marks, nil)
	var b bytes.Buffer
	for _, r := range rows {
		top := pageHeight - topMargin - r.top
		if r.rule {
			fmt.Fprintf(&b, "/Artifact BMC %s %s %s 0.5 re f EMC\n", points(sideMargin), points(top), points(roomWidth))
		}
		if r.bar {
			fmt.Fprintf(&b, "/Artifact BMC %s %s 2 %s re f EMC\n", points(sideMargin), points(top-r.height()), points(r.height()))
		}
		for _, t := range r.pieces {
			if t.element < 0 {
				b.WriteString("/Artifact BMC\n")
			} else {
				kind, mark := p.mark(i, t.element)
				fmt.Fprintf(&b, "/%s << /MCID %d >> BDC\n", kind, mark)
			}
			if err := p.text(&b, t, sideMargin+t.x, top-r.above); err != nil {
				return nil, err
			}
			b.WriteString("EMC\n")
		}
	}
	if err := p.foot(&b, i, of); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// mark gives a text of an element its number on the page.
func (p *printer) mark(page, e int) (string, int) {
	m := len(p.marks[page])
	p.marks[page] = append(p.marks[page], e)
	el := &p.sheet.tree.elements[e]
	el.kids = append(el.kids, kid{page: page, mark: m, isMark: true})
	return el.kind, m
}

// foot writes the reference and which page of how many this is.
func (p *printer) foot(b *bytes.Buffer, i, of int) error {
	number, err := p.sheet.setter.set(strconv.Itoa(i+1) + " / " + strconv.Itoa(of))
	if err != nil {
		return err
	}
	wide := widthOf(number) * smallSize / 1000
	size := smallSize
	if w := widthOf(p.reference); w > 0 { // a long one is written smaller, never cut
		size = min(size, (roomWidth-wide-columnGap)*1000/w)
	}
	fmt.Fprintf(b, "/Artifact BMC %s %s %s 0.5 re f\n", points(sideMargin), points(footLine+16_000), points(roomWidth))
	if err := p.text(b, piece{size: size, clusters: p.reference}, sideMargin, footLine); err != nil {
		return err
	}
	if err := p.text(b, piece{size: smallSize, clusters: number}, pageWidth-sideMargin-wide, footLine); err != nil {
		return err
	}
	b.WriteString("EMC\n")
	return nil
}

// text writes clusters from a point on.
func (p *printer) text(b *bytes.Buffer, t piece, x, y int) error {
	if len(t.clusters) == 0 {
		return nil
	}
	l := line{p: p, b: b, size: t.size, face: -1}
	if t.bold { // no second font: a pen that goes round the letters, in every script
		fmt.Fprintf(b, "q 2 Tr %s w\n", points(t.size*28/1000))
	}
	fmt.Fprintf(b, "BT 1 0 0 1 %s %s Tm\n", points(x), points(y))
	for _, c := range t.clusters {
		if err := l.cluster(c); err != nil {
			return err
		}
	}
	l.flush()
	b.WriteString("ET\n")
	if t.bold {
		b.WriteString("Q\n")
	}
	return nil
}

// line writes the glyphs of one line.
type line struct {
	p    *printer
	b    *bytes.Buffer
	size int
	face int
	rise int
	move int // still to go to the right before the next glyph
	tj   []byte
}

func (l *line) flush() {
	if len(l.tj) > 0 {
		fmt.Fprintf(l.b, "[%s] TJ\n", l.tj)
		l.tj = l.tj[:0]
	}
}

// cluster writes one cluster. Where several glyphs are one text, the text is
// said beside them, since the order of glyphs is not that of letters.
func (l *line) cluster(c cluster) error {
	many := len(c.glyphs) > 1
	if many {
		l.flush()
		fmt.Fprintf(l.b, "/Span << /ActualText %s >> BDC\n", hexText(c.text))
	}
	texts := share(c.text, len(c.glyphs))
	for i, g := range c.glyphs {
		if err := l.glyph(g, texts[i]); err != nil {
			return err
		}
	}
	if many {
		l.flush()
		l.b.WriteString("EMC\n")
	}
	return nil
}

// share gives each glyph of a cluster a part of its text, for readers that do
// not know ActualText: a letter each, and the last one what is left. A glyph
// too many says a space of no width, which those readers pass over; with
// nothing they would show that something cannot be read.
func share(text string, n int) []string {
	parts := make([]string, n)
	runes := []rune(text)
	for i := range parts {
		switch {
		case i >= len(runes):
			parts[i] = "\u200B"
		case i == n-1:
			parts[i] = string(runes[i:])
		default:
			parts[i] = string(runes[i : i+1])
		}
	}
	return parts
}

func (l *line) glyph(g glyph, text string) error {
	e, err := l.p.font(g.face)
	if err != nil {
		return err
	}
	code := e.code(use{g.id, text})
	if code > 0xFFFF {
		return fmt.Errorf("the paper uses more than %d different letters with marks: make two papers of it", 0xFFFF)
	}
	loaded, err := faces[g.face].load()
	if err != nil {
		return err
	}
	if l.face != g.face {
		l.flush()
		l.face = g.face
		fmt.Fprintf(l.b, "/F%d %s Tf\n", g.face, points(l.size))
	}
	if l.rise != g.dy {
		l.flush()
		l.rise = g.dy
		fmt.Fprintf(l.b, "%s Ts\n", points(g.dy*l.size/1000))
	}
	if l.move += g.dx; l.move != 0 {
		l.tj = strconv.AppendInt(l.tj, int64(-l.move), 10)
	}
	l.tj = fmt.Appendf(l.tj, "<%04X>", code)
	l.move = g.advance - perMille(loaded.outlines.Advance(g.id), loaded.outlines.UnitsPerEm) - g.dx
	return nil
}

// font gives what is used of a face, and a number for it on first use.
func (p *printer) font(i int) (*embedded, error) {
	if p.fonts[i] == nil {
		p.fonts[i] = &embedded{face: i, object: p.w.reserve(), codes: make(map[use]int), uses: []use{{}}}
	}
	return p.fonts[i], nil
}

// embed writes the used parts of the used fonts and lists them.
func (p *printer) embed() (string, error) {
	var list bytes.Buffer
	for i, e := range p.fonts {
		if e == nil {
			continue
		}
		if err := e.write(p.w); err != nil {
			return "", err
		}
		fmt.Fprintf(&list, "/F%d %d 0 R ", i, e.object)
	}
	return list.String(), nil
}

func (e *embedded) write(w *writer) error {
	l, err := faces[e.face].load()
	if err != nil {
		return err
	}
	f := l.outlines
	glyphs := make([]uint16, 0, len(e.uses))
	var widths, toGlyph bytes.Buffer
	for _, u := range e.uses {
		glyphs = append(glyphs, u.glyph)
		fmt.Fprintf(&widths, "%d ", perMille(f.Advance(u.glyph), f.UnitsPerEm))
		toGlyph.Write(binary.BigEndian.AppendUint16(nil, u.glyph))
	}
	part, err := f.Subset(glyphs, nil, nil)
	if err != nil {
		return fmt.Errorf("font %s: %w", faces[e.face].name, err)
	}
	fileAt, err := w.stream(part, fmt.Sprintf(" /Length1 %d", len(part)))
	if err != nil {
		return err
	}
	mapAt, err := w.stream(toGlyph.Bytes(), "")
	if err != nil {
		return err
	}
	unicodeAt, err := w.stream(e.toUnicode(), "")
	if err != nil {
		return err
	}
	name := "AAAAAA+" + faces[e.face].name
	scale := func(v int) int { return v * 1000 / f.UnitsPerEm }
	descriptor := w.add("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R >>",
		name, scale(f.Box[0]), scale(f.Box[1]), scale(f.Box[2]), scale(f.Box[3]), scale(f.Ascent), scale(f.Descent), scale(f.Ascent)*7/10, fileAt)
	child := w.add("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /DW 1000 /W [0 [%s]] /CIDToGIDMap %d 0 R >>",
		name, descriptor, bytes.TrimSpace(widths.Bytes()), mapAt)
	w.set(e.object, "<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", name, child, unicodeAt)
	return nil
}

// toUnicode leads from codes back to text, so that a PDF can be searched.
func (e *embedded) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	var entries []string
	for c, u := range e.uses {
		if u.text != "" {
			entries = append(entries, fmt.Sprintf("<%04X> <%s>\n", c, hexUTF16(u.text)))
		}
	}
	for part := range slices.Chunk(entries, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, x := range part {
			b.WriteString(x)
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// writeTree writes what the texts are.
func (p *printer) writeTree(at int, pages []int) {
	t := &p.sheet.tree
	if len(t.elements) == 0 {
		t.elements = []element{{kind: "Document"}}
	}
	objects := make([]int, len(t.elements))
	for i := range t.elements {
		objects[i] = p.w.reserve()
	}
	for i, e := range t.elements {
		parent := at
		if i != root {
			parent = objects[e.parent]
		}
		var kids bytes.Buffer
		for _, k := range e.kids {
			if k.isMark {
				fmt.Fprintf(&kids, "<< /Type /MCR /Pg %d 0 R /MCID %d >> ", pages[k.page], k.mark)
			} else {
				fmt.Fprintf(&kids, "%d 0 R ", objects[k.element])
			}
		}
		more := ""
		if e.kind == "TH" {
			more = " /A << /O /Table /Scope /Column >>"
		}
		p.w.set(objects[i], "<< /Type /StructElem /S /%s /P %d 0 R /K [%s]%s >>", e.kind, parent, bytes.TrimSpace(kids.Bytes()), more)
	}
	var parents bytes.Buffer
	for page, marks := range p.marks {
		fmt.Fprintf(&parents, "%d [", page)
		for _, e := range marks {
			fmt.Fprintf(&parents, "%d 0 R ", objects[e])
		}
		parents.WriteString("] ")
	}
	p.w.set(at, "<< /Type /StructTreeRoot /K %d 0 R /ParentTree << /Nums [%s] >> >>", objects[root], parents.Bytes())
}

// points writes thousandths of a point.
func points(v int) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	v = (v + 5) / 10
	if v%100 == 0 {
		return sign + strconv.Itoa(v/100)
	}
	return fmt.Sprintf("%s%d.%02d", sign, v/100, v%100)
}

// hexText writes a string of the PDF.
func hexText(s string) string { return "<FEFF" + hexUTF16(s) + ">" }

func hexUTF16(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04X", u)
	}
	return string(b)
}
