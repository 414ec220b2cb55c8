package paper

import (
	"sort"
	"strconv"
	"strings"
)

// Lengths on the page are thousandths of a point.
const (
	pageWidth  = 595_280 // A4
	pageHeight = 841_890
	sideMargin = 62_000
	topMargin  = 62_000
	footMargin = 78_000 // where the text ends
	footLine   = 46_000 // baseline of the reference and the page's number
	roomWidth  = pageWidth - 2*sideMargin
	roomHeight = pageHeight - topMargin - footMargin

	bodySize    = 11_000
	smallSize   = 9_000
	headingSize = 13_500
	titleSize   = 18_000
	columnGap   = 10_000

	maxPages = 1_000
)

// piece is text at one place of a row.
type piece struct {
	x        int
	size     int
	bold     bool
	element  int // in the tree of what the text is; -1 for none
	clusters []cluster
}

// row is what stands on one baseline, over the width of the page.
type row struct {
	gap          int // above it; nothing at the top of a page
	above, below int // the baseline
	pieces       []piece
	rule         bool // a line over it
	bar          bool // a line at its left
	tied         bool // never the last of a page: stays with the row after it
	head         []row
}

func (r row) height() int { return r.above + r.below }

// sheet collects rows and then cuts them into pages.
type sheet struct {
	doc    Document
	setter *typesetter
	tree   tree
	rows   []row
	err    error
}

func newSheet(d Document) *sheet {
	return &sheet{doc: d, setter: newTypesetter(d.Lang)}
}

// style says how a text is set.
type style struct {
	size    int
	bold    bool
	element int
}

// lines sets a text in a column and gives its rows, without a gap.
func (s *sheet) lines(text string, x, room int, st style) []row {
	var rows []row
	for line := range strings.SplitSeq(clean(text), "\n") {
		set, err := s.setter.set(line)
		if err != nil {
			s.err = err
			return nil
		}
		wrapped := wrap(set, room*1000/st.size)
		if len(wrapped) == 0 {
			wrapped = [][]cluster{nil}
		}
		for _, l := range wrapped {
			r := row{}
			r.above, r.below = extent(l)
			r.above, r.below = r.above*st.size/1000, r.below*st.size/1000
			if len(l) > 0 {
				r.pieces = []piece{{x, st.size, st.bold, st.element, l}}
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// extent is the room a line needs above and below its baseline.
func extent(l []cluster) (above, below int) {
	above, below = faces[latin].above, faces[latin].below
	for _, c := range l {
		for _, g := range c.glyphs {
			above, below = max(above, faces[g.face].above), max(below, faces[g.face].below)
		}
	}
	return above, below
}

// put adds rows that belong together as one text: a first or last line does
// not stand alone on a page.
func (s *sheet) put(gap int, rows []row) {
	for i := range rows {
		if i == 0 {
			rows[i].gap = gap
		}
		if i == 0 && len(rows) > 1 || i == len(rows)-2 {
			rows[i].tied = true
		}
	}
	s.rows = append(s.rows, rows...)
}

// beside lays columns side by side: the first line of each on one baseline.
func beside(columns ...[]row) []row {
	n := 0
	for _, c := range columns {
		n = max(n, len(c))
	}
	all := make([]row, n)
	for _, c := range columns {
		for i, r := range c {
			all[i].above, all[i].below = max(all[i].above, r.above), max(all[i].below, r.below)
			all[i].pieces = append(all[i].pieces, r.pieces...)
		}
	}
	return all
}

func (s *sheet) title(text string) {
	if text = oneLine(text); text != "" {
		e := s.tree.add("H1", root)
		s.heading(0, s.lines(text, 0, roomWidth, style{titleSize, true, e}))
	}
}

func (s *sheet) heading(gap int, rows []row) {
	for i := range rows {
		rows[i].tied = true
	}
	if len(rows) > 0 {
		rows[0].gap = gap
	}
	s.rows = append(s.rows, rows...)
}

func (h Heading) print(s *sheet) {
	e := s.tree.add("H2", root)
	s.heading(14_000, s.lines(oneLine(h.Text), 0, roomWidth, style{headingSize, true, e}))
}

func (p Paragraph) print(s *sheet) {
	e := s.tree.add("P", root)
	s.put(7_000, s.lines(p.Text, 0, roomWidth, style{bodySize, false, e}))
}

func (n Note) print(s *sheet) {
	const indent = 12_000
	e := s.tree.add("P", root)
	rows := s.lines(n.Text, indent, roomWidth-indent, style{bodySize, false, e})
	for i := range rows {
		rows[i].bar = true
	}
	s.put(10_000, rows)
}

func (Rule) print(s *sheet) {
	s.rows = append(s.rows, row{gap: 10_000, above: 1_000, rule: true})
}

func (l List) print(s *sheet) {
	list := s.tree.add("L", root)
	indent := 0
	labels := make([]string, len(l.Items))
	for i := range l.Items {
		labels[i] = strconv.Itoa(i+1) + "."
	}
	if n := len(labels); n > 0 {
		indent = s.natural(labels[n-1], bodySize, false) + 7_000
	}
	for i, text := range l.Items {
		item := s.tree.add("LI", list)
		label := s.lines(labels[i], 0, indent, style{bodySize, false, s.tree.add("Lbl", item)})
		body := s.lines(text, indent, roomWidth-indent, style{bodySize, false, s.tree.add("LBody", item)})
		s.put(first(i, 7_000, 4_000), beside(label, body))
	}
}

func (p Pairs) print(s *sheet) {
	keys := 0
	for _, x := range p.Pairs {
		keys = max(keys, s.natural(oneLine(x.Key), bodySize, true))
	}
	keys = min(keys, roomWidth*36/100)
	list := s.tree.add("L", root)
	for i, x := range p.Pairs {
		s.put(first(i, 7_000, 4_000), s.pair(list, x, keys))
	}
}

// pair sets a name and, beside it, its value.
func (s *sheet) pair(list int, x Pair, keys int) []row {
	item := s.tree.add("LI", list)
	key := s.lines(oneLine(x.Key), 0, keys, style{bodySize, true, s.tree.add("Lbl", item)})
	at := keys + columnGap
	value := s.lines(x.Value, at, roomWidth-at, style{bodySize, false, s.tree.add("LBody", item)})
	return beside(key, value)
}

func first(i, a, b int) int {
	if i == 0 {
		return a
	}
	return b
}

// natural is how wide the widest line of a text is, unbroken. Letters set
// bold by a thicker pen need a little more.
func (s *sheet) natural(text string, size int, bold bool) int {
	widest := 0
	s.measure(text, func(set []cluster) { widest = max(widest, widthOf(set)) })
	if bold {
		widest += 40
	}
	return (widest*size + 999) / 1000
}

// least is how wide a column must be so that no word is cut, within reason.
func (s *sheet) least(text string, size int) int {
	const reason = 9_000 // nine letters' heights; a longer word may be cut
	widest := 0
	s.measure(text, func(set []cluster) {
		from := 0
		for i := range set {
			if i+1 == len(set) || set[i+1].before == allowed {
				widest = max(widest, widthOf(set[from:i+1]))
				from = i + 1
			}
		}
	})
	return (min(widest, reason)*size + 999) / 1000
}

// measure sets a text only to look at it; what is missing is counted when it
// is printed.
func (s *sheet) measure(text string, look func([]cluster)) {
	s.setter.silent = true
	defer func() { s.setter.silent = false }()
	for line := range strings.SplitSeq(clean(text), "\n") {
		set, err := s.setter.set(line)
		if err != nil {
			s.err = err
			return
		}
		look(set)
	}
}

const cellPad = 4_000

func (t Table) print(s *sheet) {
	widths, ok := s.columns(t)
	if !ok {
		t.printAsPairs(s)
		return
	}
	table := s.tree.add("Table", root)
	head := s.tableRow(table, "TH", t.Head, widths)
	for i := range head {
		head[i].tied = true
	}
	if len(head) > 0 {
		head[0].gap = 10_000
	}
	s.rows = append(s.rows, head...)
	var repeat []row
	if heightOf(head) < roomHeight/3 {
		repeat = artifacts(head)
	}
	for _, r := range t.Rows {
		rows := s.tableRow(table, "TD", r, widths)
		for i := range rows {
			rows[i].head = repeat
			rows[i].tied = i < len(rows)-1 && len(rows) <= 12
		}
		s.rows = append(s.rows, rows...)
	}
	s.rows = append(s.rows, row{gap: cellPad, above: 1_000, rule: true})
	if n := len(s.rows); n > 1 {
		s.rows[n-2].tied = true
	}
}

func heightOf(rows []row) int {
	h := 0
	for _, r := range rows {
		h += r.gap + r.height()
	}
	return h
}

// artifacts are rows that say again what was said before: a head on the next
// page, which a voice that reads the paper out need not repeat.
func artifacts(rows []row) []row {
	again := make([]row, len(rows))
	for i, r := range rows {
		again[i] = r
		again[i].pieces = make([]piece, len(r.pieces))
		for j, p := range r.pieces {
			p.element = -1
			again[i].pieces[j] = p
		}
	}
	return again
}

func (s *sheet) tableRow(table int, kind string, cells []string, widths []int) []row {
	e := s.tree.add("TR", table)
	columns := make([][]row, len(cells))
	x := 0
	for i, text := range cells {
		columns[i] = s.lines(text, x, widths[i], style{bodySize, kind == "TH", s.tree.add(kind, e)})
		x += widths[i] + columnGap
	}
	rows := beside(columns...)
	if len(rows) > 0 {
		rows[0].gap = cellPad
		rows[0].rule = true
		rows[0].above += cellPad
	}
	return rows
}

// columns shares the width of the page out. It says no where a column would
// be too narrow to read.
func (s *sheet) columns(t Table) ([]int, bool) {
	n := len(t.Head)
	natural, least := make([]int, n), make([]int, n)
	for i, text := range t.Head {
		natural[i], least[i] = s.natural(text, bodySize, true), s.least(text, bodySize)
	}
	for _, r := range t.Rows {
		for i, text := range r {
			natural[i] = max(natural[i], s.natural(text, bodySize, false))
			least[i] = max(least[i], s.least(text, bodySize))
		}
	}
	room, all, need := roomWidth-(n-1)*columnGap, 0, 0
	for i := range n {
		all += natural[i]
		need += min(least[i], natural[i])
	}
	switch {
	case all <= room:
		return natural, true
	case need > room:
		return nil, false
	}
	// No column gets more than the widest level that the page has room for.
	widths := make([]int, n)
	level := sort.Search(room, func(level int) bool {
		sum := 0
		for i := range n {
			sum += max(min(least[i], natural[i]), min(natural[i], level+1))
		}
		return sum > room
	})
	for i := range n {
		widths[i] = max(min(least[i], natural[i]), min(natural[i], level))
	}
	return widths, true
}

// printAsPairs writes a table that is too wide row by row.
func (t Table) printAsPairs(s *sheet) {
	keys := 0
	for _, h := range t.Head {
		keys = max(keys, s.natural(oneLine(h), bodySize, true))
	}
	keys = min(keys, roomWidth*36/100)
	for _, r := range t.Rows {
		s.rows = append(s.rows, row{gap: 8_000, above: 1_000, rule: true, tied: true})
		list := s.tree.add("L", root)
		for i, text := range r {
			s.put(3_000, s.pair(list, Pair{t.Head[i], text}, keys))
		}
	}
	s.rows = append(s.rows, row{gap: 8_000, above: 1_000, rule: true})
}

// placed is a row at its place on a page.
type placed struct {
	row
	top int // from the top of the room
}

// pages cuts the rows into pages. Rows that are tied move together, unless
// they are more than a page.
func (s *sheet) pages() [][]placed {
	pages := [][]placed{nil}
	y := 0
	place := func(r row) {
		if len(pages[len(pages)-1]) > 0 {
			y += r.gap
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], placed{r, y})
		y += r.height()
	}
	turn := func(next row) {
		pages = append(pages, nil)
		y = 0
		for _, h := range next.head {
			place(h)
		}
	}
	for i := 0; i < len(s.rows); {
		j, need := i, 0
		for ; j < len(s.rows); j++ {
			need += s.rows[j].gap + s.rows[j].height()
			if !s.rows[j].tied {
				j++
				break
			}
		}
		if y+need > roomHeight && len(pages[len(pages)-1]) > 0 && need <= roomHeight {
			turn(s.rows[i])
		}
		for ; i < j; i++ {
			if r := s.rows[i]; y+r.gap+r.height() > roomHeight && len(pages[len(pages)-1]) > len(r.head) {
				turn(r)
			}
			place(s.rows[i])
		}
	}
	return pages
}
