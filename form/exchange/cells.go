package exchange

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// readSheet reads the rows of one sheet.
func (w *workbook) readSheet(name string) error {
	var row []string
	line, column, inData, inRow := 0, 0, 0, 0
	flush := func() error {
		if inRow == 0 {
			return nil
		}
		inRow = 0
		return w.row(row, line)
	}
	last := 0
	err := w.part(name, func(t *tags, e xml.StartElement) error {
		switch e.Name.Local {
		case "sheetData":
			inData = t.depth
		case "row":
			if inData == 0 || t.depth != inData+1 {
				return nil // where a button is anchored
			}
			if err := flush(); err != nil {
				return err
			}
			row, column, inRow = row[:0], 0, t.depth
			line = last + 1
			if r := attr(e, "r"); r != "" {
				n, err := strconv.Atoi(r)
				if err != nil || n < 1 {
					return errBroken
				}
				line = n
			}
			if line > w.o.Limits.Rows {
				return refuse("it has a row %d, more than %d; split it", line, w.o.Limits.Rows)
			}
			last = line
			if h := attr(e, "hidden"); h == "1" || h == "true" {
				w.hidden++
			}
		case "c":
			if inRow == 0 || t.depth != inRow+1 {
				return nil
			}
			at := column
			if r := attr(e, "r"); r != "" {
				if at = columnOf(r); at < 0 {
					return errBroken
				}
			}
			column = at + 1
			if at >= width {
				return refuse("row %d has more than %d columns", line, width)
			}
			text, err := w.cell(t, e)
			if err != nil || text == "" {
				return err
			}
			if at >= w.o.Limits.Columns {
				return refuse("row %d has more than %d columns; delete those that are not needed", line, w.o.Limits.Columns)
			}
			for len(row) <= at {
				row = append(row, "")
			}
			if row[at] != "" {
				return refuse("row %d has the cell %s twice; open the workbook in a spreadsheet program and save it again", line, quote(attr(e, "r")))
			}
			row[at] = text
		case "mergeCell":
			w.merged++
		}
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// columnOf reads the letters of a reference such as AB12; -1 if there are none
// or too many.
func columnOf(ref string) int {
	n := 0
	for i, c := range []byte(ref) {
		switch {
		case c >= 'A' && c <= 'Z' && i < 5:
			n = n*26 + int(c-'A') + 1
		case c >= '0' && c <= '9' && i > 0:
			return n - 1
		default:
			return -1
		}
	}
	return -1
}

// cell reads one cell to its end.
func (w *workbook) cell(t *tags, e xml.StartElement) (string, error) {
	kind := attr(e, "t")
	var value []byte
	formula, hadV, inV := false, false, false
	for open := t.depth; t.depth >= open; {
		tok, err := t.next()
		if err != nil {
			return "", err
		}
		if tok == nil {
			return "", errBroken
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "is":
				s, err := t.text()
				if err != nil {
					return "", err
				}
				if kind == "inlineStr" {
					value = append(value, s...)
				}
			case "f":
				formula = true
			case "v":
				hadV, inV = true, kind != "inlineStr"
			}
		case xml.EndElement:
			inV = false
		case xml.CharData:
			if inV {
				value = append(value, tok...)
			}
			if len(value) > w.o.Limits.Cell {
				return "", refuse("a cell is longer than %d bytes", w.o.Limits.Cell)
			}
		}
	}
	if len(value) == 0 {
		if formula && !(hadV && kind == "str") {
			w.formulas++
		}
		return "", nil
	}
	s := string(value)
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || i < 0 || i >= len(w.shared) {
			return "", errBroken
		}
		return w.shared[i], nil
	case "b":
		if s == "1" || s == "true" {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "e":
		w.errors++
		return w.kept(s)
	case "inlineStr":
		return s, nil // counted and unescaped by text
	case "str":
		return w.kept(unescape(s))
	case "d":
		return w.kept(s)
	}
	var st style
	if i, err := strconv.Atoi(attr(e, "s")); err == nil && i >= 0 && i < len(w.styles) {
		st = w.styles[i]
	}
	return w.kept(w.number(strings.TrimSpace(s), st))
}

// unescape undoes _x000D_, by which a workbook writes what XML cannot hold.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			return out.String() + s
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' || n >= 0xd800 && n <= 0xdfff {
			out.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		out.WriteString(s[:i])
		out.WriteRune(rune(n))
		s = s[i+7:]
	}
}

// number gives a number as people see it, as far as that loses nothing: dates
// as dates, leading zeros where the style has them, no powers of ten.
func (w *workbook) number(s string, st style) string {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return s
	}
	if st.date || st.clock {
		if d, ok := dateOf(v, w.epoch1904, st); ok {
			return d
		}
		w.oddDates++
		return s
	}
	if math.Abs(v) >= 1e15 {
		w.bigNumbers++
		if !strings.ContainsAny(s, "eE") {
			return s
		}
	}
	if math.Abs(v) >= 1e21 || v != 0 && math.Abs(v) < 1e-9 {
		return s
	}
	// A workbook holds 0.1+0.2 as 0.30000000000000004 and shows 15 digits.
	if short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64); err == nil && math.Abs(v) < 1e15 {
		v = short
	}
	out := strconv.FormatFloat(v, 'f', -1, 64)
	if v >= 0 && v == math.Trunc(v) && len(out) < st.zeros {
		out = strings.Repeat("0", st.zeros-len(out)) + out
	}
	return out
}

// dateOf turns a count of days into a date, a time of day, or both.
//
// Days are counted from 1 January 1904, or from 1 January 1900 as day 1 with a
// 29 February 1900 that never was as day 60.
// Source: ECMA-376 part 1, section 18.17.4.
func dateOf(v float64, from1904 bool, st style) (string, bool) {
	const lastDay = 2958465 // 31 December 9999
	if v < 0 || v >= lastDay+1 {
		return "", false
	}
	ms := int64(math.Round(v * 86_400_000))
	days, rest := ms/86_400_000, ms%86_400_000
	at := time.UnixMilli(rest).UTC()
	clock := at.Format("15:04:05")
	if rest%1000 != 0 {
		clock = at.Format("15:04:05.000")
	}
	if st.elapsed {
		return fmt.Sprintf("%d:%s", ms/3_600_000, clock[3:]), true
	}
	if days == 0 && (!st.date || rest > 0 && !from1904) {
		return clock, true
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 0, days == 60:
		return "", false
	case days < 60:
		base = base.AddDate(0, 0, 1)
	}
	day := base.AddDate(0, 0, int(days))
	if day.Year() > 9999 {
		return "", false
	}
	if rest == 0 && !st.clock {
		return day.Format(time.DateOnly), true
	}
	return day.Format(time.DateOnly) + "T" + clock, true
}
