package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// maxEntries of the archive and maxSheets of the workbook.
const (
	maxEntries = 10_000
	maxSheets  = 1000
	maxStyles  = 65_536 // Excel has 65,490
)

// workbook reads the parts of an XLSX file that hold text: the list of sheets,
// the shared strings, which styles mean a date, and one sheet. Nothing else is
// unpacked, no formula is computed and no link followed.
// Source: ECMA-376 part 1, sections 12.3, 18.2, 18.3, 18.4, 18.8.
type workbook struct {
	keeper
	parts map[string]*zip.File
	left  int // bytes that may still be unpacked
	texts int // bytes of text kept

	epoch1904 bool
	shared    []string
	styles    []style
	sheets    []sheetEntry

	formulas, errors, bigNumbers, oddDates, hidden, merged int
}

type sheetEntry struct {
	name, rel string
	hidden    bool
}

var errBroken = refuse("the workbook is broken; open it in a spreadsheet program and save it again")

func readXLSX(b []byte, o Options) (Sheet, error) {
	w := workbook{keeper: keeper{o: o}, left: o.Limits.Unpacked}
	w.sheet.Format = "xlsx"
	if err := w.open(b); err != nil {
		return Sheet{}, err
	}
	main, err := w.target("", "officeDocument", "xl/workbook.xml")
	if err != nil {
		return Sheet{}, err
	}
	if err := w.readWorkbook(main); err != nil {
		return Sheet{}, err
	}
	for _, part := range []struct {
		kind, usual string
		read        func(string) error
	}{{"sharedStrings", "xl/sharedStrings.xml", w.readShared}, {"styles", "xl/styles.xml", w.readStyles}} {
		name, err := w.target(main, part.kind, part.usual)
		if err == nil && w.parts[name] != nil {
			err = part.read(name)
		}
		if err != nil {
			return Sheet{}, err
		}
	}
	if err := w.readSheets(main); err != nil {
		return Sheet{}, err
	}
	w.notes()
	return w.finish()
}

// open lists the parts of the archive.
func (w *workbook) open(b []byte) error {
	// Counted before the directory is read: each entry begins so.
	if bytes.Count(b, []byte("PK\x01\x02")) > maxEntries {
		return refuse("it has more than %d parts", maxEntries)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return refuse("it begins as a workbook and is cut off or broken; ask for it again")
	}
	w.parts = make(map[string]*zip.File, len(z.File))
	for _, f := range z.File {
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if w.parts[name] != nil {
			return refuse("it holds the part %s twice; open it in a spreadsheet program and save it again", quote(name))
		}
		w.parts[name] = f
	}
	switch {
	case w.parts["mimetype"] != nil:
		return refuse("it is an OpenDocument file, not XLSX; open it and save it as .xlsx or CSV UTF-8")
	case w.parts["xl/workbook.bin"] != nil:
		return refuse("it is a binary workbook (.xlsb); open it and save it as .xlsx or CSV UTF-8")
	case w.parts["[Content_Types].xml"] == nil:
		return refuse("it is an archive, not a workbook; take the list out of it first")
	}
	return nil
}

// part reads one part tag by tag. tag gets every start tag and what is inside
// it is read by the same reader.
func (w *workbook) part(name string, tag func(*tags, xml.StartElement) error) error {
	f := w.parts[name]
	if f == nil {
		return errBroken
	}
	if f.Flags&1 != 0 {
		return refuse("it is locked with a password; save it without one")
	}
	r, err := f.Open()
	if err != nil {
		return errBroken
	}
	t := newTags(r, w)
	err = t.each(tag)
	if cerr := r.Close(); err == nil && cerr != nil {
		err = errBroken
	}
	return err
}

// tags reads XML. Its memory is bounded: no tag or text is longer than a cell
// may be, nothing nests deeply, and no document defines entities.
type tags struct {
	w     *workbook
	from  io.Reader
	buf   []byte
	at, n int
	token int   // bytes since the last token
	err   error // why reading stopped, where it was us
	d     *xml.Decoder
	depth int
}

const maxDepth = 100

func newTags(r io.Reader, w *workbook) *tags {
	t := &tags{w: w, from: r, buf: make([]byte, 32<<10)}
	t.d = xml.NewDecoder(t)
	return t
}

// ReadByte is what the decoder reads by, so that it never reads ahead.
func (t *tags) ReadByte() (byte, error) {
	if t.token++; t.token > 8*t.w.o.Limits.Cell+4096 { // a letter may be written as &#x10ffff;
		t.err = refuse("it holds a piece longer than a cell may be (%d bytes)", t.w.o.Limits.Cell)
		return 0, t.err
	}
	if t.at == t.n {
		if t.w.left <= 0 {
			t.err = refuse("it unpacks to more than %d MB; save only the list, as CSV UTF-8", t.w.o.Limits.Unpacked>>20)
			return 0, t.err
		}
		n, err := t.from.Read(t.buf[:min(len(t.buf), t.w.left)])
		if n == 0 && err == nil {
			err = io.ErrNoProgress
		}
		if n == 0 {
			return 0, err
		}
		t.at, t.n = 0, n
		t.w.left -= n
	}
	c := t.buf[t.at]
	t.at++
	return c, nil
}

func (t *tags) Read(p []byte) (int, error) {
	for i := range p {
		c, err := t.ReadByte()
		if err != nil {
			return i, err
		}
		p[i] = c
	}
	return len(p), nil
}

// next is the next token that matters, nil at the end.
func (t *tags) next() (xml.Token, error) {
	for {
		t.token = 0
		tok, err := t.d.RawToken()
		switch {
		case t.err != nil:
			return nil, t.err
		case errors.Is(err, io.EOF) && t.depth == 0:
			return nil, nil
		case err != nil:
			return nil, errBroken
		}
		switch tok := tok.(type) {
		case xml.Directive:
			return nil, refuse("its XML defines things of its own (<!%s…>), which no spreadsheet program writes", tok[:min(len(tok), 7)])
		case xml.StartElement:
			if t.depth++; t.depth > maxDepth {
				return nil, refuse("its XML is more than %d levels deep", maxDepth)
			}
			return tok, nil
		case xml.EndElement:
			if t.depth--; t.depth < 0 {
				return nil, errBroken
			}
			return tok, nil
		case xml.CharData:
			return tok, nil
		}
	}
}

func (t *tags) each(tag func(*tags, xml.StartElement) error) error {
	for {
		tok, err := t.next()
		if tok == nil || err != nil {
			return err
		}
		if s, ok := tok.(xml.StartElement); ok {
			if err := tag(t, s); err != nil {
				return err
			}
		}
	}
}

// text reads the rest of the open element and joins the texts of its t
// elements; how words are said (rPh) is left out.
func (t *tags) text() (string, error) {
	var out []byte
	open, silent, speaking := t.depth, 0, 0
	for t.depth >= open {
		tok, err := t.next()
		if err != nil {
			return "", err
		}
		if tok == nil {
			return "", errBroken
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if silent == 0 && tok.Name.Local == "rPh" {
				silent = t.depth
			}
			if speaking == 0 && tok.Name.Local == "t" {
				speaking = t.depth
			}
		case xml.EndElement:
			if t.depth < silent {
				silent = 0
			}
			if t.depth < speaking {
				speaking = 0
			}
		case xml.CharData:
			if silent == 0 && speaking > 0 {
				out = append(out, tok...)
			}
			if len(out) > t.w.o.Limits.Cell {
				return "", refuse("a cell is longer than %d bytes", t.w.o.Limits.Cell)
			}
		}
	}
	return t.w.kept(unescape(string(out)))
}

// kept counts text against the limit.
func (w *workbook) kept(s string) (string, error) {
	if w.texts += len(s); w.texts > w.o.Limits.Text {
		return "", refuse("its texts are longer than %d MB; split it", w.o.Limits.Text>>20)
	}
	return s, nil
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// target is the part of a kind that another part leads to. Where nothing leads
// to one it is the usual name, which may not exist.
func (w *workbook) target(from, kind, usual string) (string, error) {
	found := usual
	err := w.relations(from, func(e xml.StartElement, to string) {
		if strings.HasSuffix(attr(e, "Type"), "/"+kind) {
			found = to
		}
	})
	return found, err
}

// relations gives what a part leads to; nothing if it has no list of them.
func (w *workbook) relations(from string, each func(e xml.StartElement, to string)) error {
	dir, file := path.Split(from)
	name := dir + "_rels/" + file + ".rels"
	if w.parts[name] == nil {
		return nil
	}
	return w.part(name, func(_ *tags, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" {
			to := attr(e, "Target")
			if !strings.HasPrefix(to, "/") {
				to = "/" + dir + to
			}
			each(e, path.Clean(to)[1:])
		}
		return nil
	})
}

func (w *workbook) readWorkbook(name string) error {
	return w.part(name, func(_ *tags, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			w.epoch1904 = v == "1" || v == "true"
		case "sheet":
			if len(w.sheets) == maxSheets {
				return refuse("it has more than %d sheets", maxSheets)
			}
			w.sheets = append(w.sheets, sheetEntry{name: attr(e, "name"), rel: relID(e), hidden: attr(e, "state") != "" && attr(e, "state") != "visible"})
		}
		return nil
	})
}

// relID is r:id; a sheet has no other attribute id, but sheetId is near.
func relID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

func (w *workbook) readShared(name string) error {
	return w.part(name, func(t *tags, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(w.shared) == w.o.Limits.Cells {
			return refuse("it has more than %d texts; split it", w.o.Limits.Cells)
		}
		s, err := t.text()
		w.shared = append(w.shared, s)
		return err
	})
}

// readSheets reads the sheet that was asked for, or the first visible one with
// anything in it (then the first hidden one).
func (w *workbook) readSheets(main string) error {
	where := map[string]string{}
	comments := map[string]bool{}
	if err := w.relations(main, func(e xml.StartElement, to string) {
		if strings.HasSuffix(attr(e, "Type"), "/worksheet") {
			where[attr(e, "Id")] = to
		}
	}); err != nil {
		return err
	}
	var order []sheetEntry
	for _, hidden := range []bool{false, true} {
		for _, s := range w.sheets {
			if s.hidden == hidden && where[s.rel] != "" {
				order = append(order, s)
			}
		}
	}
	for _, s := range w.sheets {
		w.sheet.Names = append(w.sheet.Names, s.name)
	}
	if want := w.o.Sheet; want != "" {
		order = slices.DeleteFunc(order, func(s sheetEntry) bool { return s.name != want })
		if len(order) == 0 {
			return refuse("it has no sheet %s; there are %s", quote(want), quote(strings.Join(w.sheet.Names, ", ")))
		}
	}
	for _, s := range order {
		w.sheet.Name, w.seen, w.empty = s.name, 0, 0
		if err := w.readSheet(where[s.rel]); err != nil {
			return err
		}
		if len(w.sheet.Rows) > 0 {
			if err := w.relations(where[s.rel], func(e xml.StartElement, _ string) {
				kind := attr(e, "Type")
				comments[kind[strings.LastIndexByte(kind, '/')+1:]] = true
			}); err != nil {
				return err
			}
			break
		}
	}
	others := slices.DeleteFunc(slices.Clone(w.sheet.Names), func(n string) bool { return n == w.sheet.Name })
	if len(w.sheet.Rows) > 0 {
		for _, s := range w.sheets {
			if s.name == w.sheet.Name && s.hidden {
				w.note("The sheet %s is hidden in the workbook.", quote(s.name))
			}
		}
	}
	if len(others) > 0 {
		w.note("Read: the sheet %s. Not read: %s.", quote(w.sheet.Name), quote(strings.Join(others, ", ")))
	}
	if comments["comments"] || comments["threadedComment"] {
		w.note("Comments on cells were not read.")
	}
	if comments["drawing"] {
		w.note("Pictures and charts on the sheet were not read.")
	}
	return nil
}

func (w *workbook) notes() {
	for _, n := range []struct {
		n          int
		text, what string
	}{
		{w.hidden, "Hidden in the sheet and read like all others: %s.", "row"},
		{w.merged, "Merged cells in %s: the text stands in the first cell of each, the others are empty.", "place"},
		{w.formulas, "A formula without a kept result in %s: left empty. Open the workbook in a spreadsheet program and save it.", "cell"},
		{w.errors, "An error of the spreadsheet program (such as #N/A) in %s: kept as written.", "cell"},
		{w.bigNumbers, "A number of more than 15 digits in %s: Excel keeps 15, the last ones may be wrong. Compare with the paper.", "cell"},
		{w.oddDates, "A date that no calendar has in %s: kept as the number that stands in the file.", "cell"},
	} {
		if n.n > 0 {
			w.note(n.text, count(n.n, n.what))
		}
	}
	if w.parts["xl/vbaProject.bin"] != nil {
		w.note("Macros were not read.")
	}
}
