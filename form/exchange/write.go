package exchange

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// WriteCSV writes a list that spreadsheet programs open with a double click:
// UTF-8 with the mark Excel needs to show Chinese, commas, and lines that end
// as RFC 4180 has it.
//
// A cell that a spreadsheet program would run as a formula gets an apostrophe
// in front; so does one that already looks so guarded. Read takes one off
// again, so that what comes back is what was written. See mark.
func WriteCSV(w io.Writer, header []string, rows [][]string) error {
	if err := writable(header, rows); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	out.WriteString("\ufeff") // errors stay with the writer until Flush
	writeRecord(out, header)
	for _, r := range rows {
		writeRecord(out, r)
	}
	return out.Flush()
}

// CSV writes a list row by row, as WriteCSV does, for who has more rows than fit
// into memory.
type CSV struct {
	out *bufio.Writer
	row int
}

// NewCSV begins a list with the names of its columns.
func NewCSV(w io.Writer, header []string) (*CSV, error) {
	if err := writable(header, nil); err != nil {
		return nil, err
	}
	c := &CSV{out: bufio.NewWriter(w)}
	c.out.WriteString("\ufeff") // errors stay with the writer until Flush
	writeRecord(c.out, header)
	return c, nil
}

// Row writes a row.
func (c *CSV) Row(cells []string) error {
	c.row++
	for column, s := range cells {
		if !utf8.ValidString(s) {
			return fmt.Errorf("%w: row %d, column %d is not UTF-8", ErrCell, c.row, column+1)
		}
	}
	writeRecord(c.out, cells)
	return nil
}

// Flush ends the list.
func (c *CSV) Flush() error { return c.out.Flush() }

// ErrCell is a cell that cannot be written without changing it.
var ErrCell = errors.New("cannot write this cell")

func writable(header []string, rows [][]string) error {
	for column, c := range header {
		if !utf8.ValidString(c) {
			return fmt.Errorf("%w: the name of column %d is not UTF-8", ErrCell, column+1)
		}
	}
	for i, r := range rows {
		for column, c := range r {
			if !utf8.ValidString(c) {
				return fmt.Errorf("%w: row %d, column %d is not UTF-8", ErrCell, i+1, column+1)
			}
		}
	}
	return nil
}

func writeRecord(w *bufio.Writer, cells []string) {
	for i, c := range cells {
		if i > 0 {
			w.WriteByte(',')
		}
		c = mark(c)
		// Also where only another program's delimiter, a space or a mark asks
		// for it: quotes never hurt.
		if strings.ContainsAny(c, "\",;\t|\r\n'") || strings.TrimSpace(c) != c || strings.HasPrefix(c, "sep=") || strings.HasPrefix(c, "<") {
			w.WriteByte('"')
			w.WriteString(strings.ReplaceAll(c, `"`, `""`))
			w.WriteByte('"')
		} else {
			w.WriteString(c)
		}
	}
	w.WriteString("\r\n")
}

// breaks end a cell in some program: where the semicolon is the delimiter (as
// in Indonesia and Vietnam), quotes inside our line mean nothing to Excel, and
// what follows a semicolon or line end becomes a cell of its own.
const breaks = ";\t\r\n"

// mark puts an apostrophe before whatever would be run, at the beginning of a
// cell and after every break in it. unmark takes one off: unmark(mark(s)) is s
// for every s, since what is marked still looks dangerous behind its mark.
func mark(s string) string {
	return pieces(s, func(piece string, dangerous bool) string {
		if dangerous {
			return "'" + piece
		}
		return piece
	})
}

func unmark(s string) string {
	if !strings.Contains(s, "'") {
		return s
	}
	return pieces(s, func(piece string, dangerous bool) string {
		if dangerous {
			return strings.TrimPrefix(piece, "'")
		}
		return piece
	})
}

// pieces changes what stands between breaks.
func pieces(s string, change func(piece string, dangerous bool) string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return starter(r) || r == '\t' || r == '\r' || r == '\n' }) {
		return s
	}
	var out strings.Builder
	for first := true; ; first = false {
		piece, rest, more := s, "", false
		if i := strings.IndexAny(s, breaks); i >= 0 {
			piece, rest, more = s[:i], s[i:], true
		}
		// Of a cell that begins with white space which breaks lines or cells,
		// some programs take that away and run what is left.
		blank := first && more && rest[0] != ';' && strings.Trim(piece, "'") == ""
		out.WriteString(change(piece, blank || dangerous(piece)))
		if !more {
			return out.String()
		}
		out.WriteByte(rest[0])
		s = rest[1:]
	}
}

// starter is a character with which a formula or a command begins.
// Source: OWASP, CSV Injection, for the ASCII and full-width ones, tab and
// carriage return; the others are their small forms and the minus sign.
func starter(r rune) bool {
	switch r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−':
		return true
	}
	return false
}

// dangerous: a starter comes first, whatever is not seen (or is a quotation
// mark, which another program may take for its own) set aside.
func dangerous(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '\'' || r == '"' || unicode.IsSpace(r) || unicode.IsControl(r) ||
			unicode.In(r, unicode.Cf, unicode.M, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
	})
	r, _ := utf8.DecodeRuneInString(s)
	return starter(r)
}
