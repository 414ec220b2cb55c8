// Package exchange turns what other people's programs write into values, and
// values into what those programs read. Today: spreadsheets. A desk takes in
// the list it kept in Excel; two organisations compare their lists of people.
//
// Nothing is changed in silence. What was guessed (the encoding, what parts one
// cell from the next, where the head of the table is) and what was not read
// (other sheets, pictures, comments) stands in Sheet.Notes, and every guess can
// be overruled in Options. Bytes that do not fit their encoding are an error
// with the line, never a question mark in somebody's name.
//
// docs/spreadsheets.md tells the same to whoever has the list.
package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrSheet is what every error of Read wraps; its text says what to do.
var ErrSheet = errors.New("cannot read this list")

// Sheet is one table as people wrote it: every cell is text.
type Sheet struct {
	// Header holds the names of the columns. It is as wide as the widest row,
	// with empty names where the file gives none.
	Header []string
	// Rows are the rows with anything in them. Empty cells at the end of a row
	// are left out, so that a row may be shorter than Header; never longer.
	Rows [][]string
	// Lines says for each of Rows where it begins in the file: the line of a
	// text file, the row number of a workbook. HeaderLine is the same for
	// Header, 0 where the file has none.
	Lines      []int
	HeaderLine int
	// Format is "csv" (whatever stands between the cells) or "xlsx".
	Format string
	// Encoding and Delimiter are what was used to read a text file; empty for
	// a workbook.
	Encoding, Delimiter string
	// Name is the sheet that was read and Names are all sheets of a workbook.
	Name  string
	Names []string
	// Notes say in plain words what was guessed and what was not read.
	Notes []string
}

// At is the cell of a row, empty where the row is shorter.
func (s Sheet) At(row, column int) string {
	if r := s.Rows[row]; column >= 0 && column < len(r) {
		return r[column]
	}
	return ""
}

// Options overrule what Read guesses. The zero value guesses everything.
type Options struct {
	// Encoding is one of Encodings.
	Encoding string
	// Delimiter is the one character between cells of a text file.
	Delimiter string
	// Sheet is the name of the sheet of a workbook to be read.
	Sheet string
	// HeaderRow is the line (the row number of a workbook) with the names of
	// the columns; what stands above is reported in Notes. NoHeader says that
	// there is none.
	HeaderRow int
	NoHeader  bool
	// KeepMarks leaves the apostrophe that WriteCSV puts before = + - @ where
	// it is.
	KeepMarks bool
	// Limits that are zero are the usual ones.
	Limits Limits
}

// Limits bound the memory and time a file can take.
type Limits struct {
	Bytes    int // of the file
	Unpacked int // of a workbook's parts that are read, together
	Rows     int // in the sheet, with those that are empty
	Columns  int // that hold anything
	Cells    int // that are kept
	Cell     int // bytes of one cell
	Text     int // bytes of all different texts of a workbook
}

// Usual are the limits where Options name none. Rows are as many as Excel has;
// a cell of Excel holds 32,767 characters, which are 98,301 bytes of Chinese.
var Usual = Limits{
	Bytes: 64 << 20, Unpacked: 256 << 20, Rows: 1 << 20, Columns: 1000, Cells: 10_000_000, Cell: 100_000, Text: 128 << 20,
}

// width of a spreadsheet, as Excel has it; with empty cells.
const width = 16384

func (l Limits) orUsual() Limits {
	for _, p := range []struct {
		of    *int
		usual int
	}{
		{&l.Bytes, Usual.Bytes},
		{&l.Unpacked, Usual.Unpacked},
		{&l.Rows, Usual.Rows},
		{&l.Columns, Usual.Columns},
		{&l.Cells, Usual.Cells},
		{&l.Cell, Usual.Cell},
		{&l.Text, Usual.Text},
	} {
		if *p.of <= 0 {
			*p.of = p.usual
		}
	}
	return l
}

// refuse says what is wrong and what to do.
func refuse(why string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrSheet, fmt.Sprintf(why, args...))
}

// Read reads a list from a workbook (XLSX) or a text file (CSV with commas,
// semicolons, tabs or bars), whatever its name says.
func Read(b []byte, o Options) (Sheet, error) {
	o.Limits = o.Limits.orUsual()
	if len(b) > o.Limits.Bytes {
		return Sheet{}, refuse("the file is larger than %d MB; split it", o.Limits.Bytes>>20)
	}
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return readXLSX(b, o)
	case bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return Sheet{}, refuse("it is an empty archive, not a workbook")
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return Sheet{}, refuse("it is an old Excel file (.xls) or one locked with a password; open it in a spreadsheet program and save it as .xlsx without a password, or as CSV UTF-8")
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return Sheet{}, refuse("it is a PDF; ask for the list it was made from, as .xlsx or CSV")
	case seemsPage(b):
		return Sheet{}, refuse("it is a web page or XML, whatever its name says; open it in a spreadsheet program and save it as .xlsx or CSV UTF-8")
	}
	return readText(b, o)
}

// seemsPage: many programs "export to Excel" by writing HTML or XML into a file
// named .xls. As a text file it would make a senseless table.
func seemsPage(b []byte) bool {
	head := strings.ToLower(strings.TrimLeft(string(bytes.TrimPrefix(b[:min(len(b), 1000)], []byte("\xef\xbb\xbf"))), " \t\r\n"))
	return slices.ContainsFunc([]string{"<html", "<!doctype", "<?xml", "<table", "<head", "<meta"}, func(p string) bool {
		return strings.HasPrefix(head, p)
	})
}

// keeper collects rows under the limits and makes the sheet of them.
type keeper struct {
	o      Options
	sheet  Sheet
	widths []int // of sheet.Rows, with the empty cells at their ends
	cells  int
	seen   int // rows
	empty  int // of them, with nothing in them
}

// row keeps a row (a copy of it) unless it is empty. where is its place in the
// file.
func (k *keeper) row(cells []string, where int) error {
	wide := len(cells)
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		k.empty++
	}
	l := k.o.Limits
	if k.seen++; k.seen > l.Rows {
		return refuse("it has more than %d rows; split it", l.Rows)
	}
	if len(cells) == 0 {
		return nil
	}
	if len(cells) > l.Columns {
		return refuse("line %d has more than %d columns; delete those that are not needed", where, l.Columns)
	}
	if k.cells += len(cells); k.cells > l.Cells {
		return refuse("it has more than %d cells; split it", l.Cells)
	}
	k.sheet.Rows = append(k.sheet.Rows, slices.Clone(cells))
	k.sheet.Lines = append(k.sheet.Lines, where)
	k.widths = append(k.widths, wide)
	return nil
}

func (k *keeper) note(format string, args ...any) {
	k.sheet.Notes = append(k.sheet.Notes, fmt.Sprintf(format, args...))
}

// finish finds the head of the table.
func (k *keeper) finish() (Sheet, error) {
	s := &k.sheet
	if len(s.Rows) == 0 {
		return Sheet{}, refuse("there is nothing in it")
	}
	if k.empty > 0 {
		k.note("%s with nothing in them left out.", count(k.empty, "row"))
	}
	named := 0
	if !k.o.NoHeader {
		head, err := k.head()
		if err != nil {
			return Sheet{}, err
		}
		for i, r := range s.Rows[:head] {
			k.note("Line %d stands above the names of the columns and is no row of the list: %s", s.Lines[i], quote(strings.Join(r, " ")))
		}
		s.Header, s.HeaderLine = s.Rows[head], s.Lines[head]
		named = len(s.Header)
		if s.Format == "csv" {
			k.noteRagged(head)
		}
		s.Rows, s.Lines = s.Rows[head+1:], s.Lines[head+1:]
	}
	over, first := 0, 0
	for i, r := range s.Rows {
		for len(s.Header) < len(r) {
			s.Header = append(s.Header, "")
		}
		if len(r) > named {
			if over++; over == 1 {
				first = s.Lines[i]
			}
		}
	}
	if over > 0 && !k.o.NoHeader {
		k.note("More cells than there are names of columns in %s (first: line %d). They are kept, in columns without a name.", count(over, "row"), first)
	}
	return *s, nil
}

// noteRagged says which rows have not as many cells as the head: a cell may
// have been cut in two, or a line broken.
func (k *keeper) noteRagged(head int) {
	ragged, first := 0, 0
	for i := head + 1; i < len(k.widths); i++ {
		if k.widths[i] != k.widths[head] {
			if ragged++; ragged == 1 {
				first = k.sheet.Lines[i]
			}
		}
	}
	if ragged > 0 {
		k.note("More or fewer cells than names of columns in %s (first: line %d). They are kept as they are; see whether a cell was cut in two or a line broken.", count(ragged, "row"), first)
	}
}

// head is the index of the row with the names of the columns: the first, unless
// titles stand above it. A title is a row with one cell in a list whose next
// rows are wide.
func (k *keeper) head() (int, error) {
	rows := k.sheet.Rows
	if want := k.o.HeaderRow; want > 0 {
		if i := slices.Index(k.sheet.Lines, want); i >= 0 {
			return i, nil
		}
		return 0, refuse("there is no row %d to take the names of the columns from", want)
	}
	for i := 0; i < min(10, len(rows)-1); i++ {
		if filled(rows[i]) != 1 {
			return i, nil
		}
		if i+1 < len(rows) && filled(rows[i+1]) >= 3 {
			return i + 1, nil
		}
	}
	return 0, nil
}

func filled(row []string) int {
	n := 0
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// quote makes a stranger's text fit to be read in a note: short, on one line.
func quote(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
