package exchange

import (
	"strings"
	"unicode/utf8"
)

// delimiters that are looked for, and what they are called.
var delimiters = []struct{ sep, name string }{{",", "commas"}, {";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}}

func readText(b []byte, o Options) (Sheet, error) {
	k := keeper{o: o}
	k.sheet.Format = "csv"
	text, err := decode(b, o.Encoding, &k)
	if err != nil {
		return Sheet{}, err
	}
	p := parser{text: text, line: 1, limits: o.Limits, marks: !o.KeepMarks}
	// Excel may write which delimiter it used into a first line of its own.
	if rest, ok := strings.CutPrefix(text, "sep="); ok && rest != "" {
		sep, size := utf8.DecodeRuneInString(rest)
		if end := lineEnd(rest[size:]); end > 0 && sep != '"' && sep != '\n' && sep != '\r' {
			p.at, p.line = len("sep=")+size+end, 2
			k.note("The first line says what parts the cells: %q.", sep)
			if o.Delimiter == "" {
				o.Delimiter = string(sep)
			}
		}
	}
	if o.Delimiter == "" {
		o.Delimiter = guessDelimiter(p, &k)
	}
	if utf8.RuneCountInString(o.Delimiter) != 1 || strings.ContainsAny(o.Delimiter, "\"\r\n") {
		return Sheet{}, refuse("%q cannot part cells; name one character, such as a comma", o.Delimiter)
	}
	k.sheet.Delimiter, p.sep = o.Delimiter, o.Delimiter

	for {
		cells, where, ok, err := p.record()
		if err != nil {
			return Sheet{}, err
		}
		if !ok {
			break
		}
		if err := k.row(cells, where); err != nil {
			return Sheet{}, err
		}
	}
	if p.stray > 0 {
		k.note("%s hold a quotation mark where it opens or closes nothing (first: line %d). They are kept as written.", count(p.stray, "cell"), p.strayAt)
	}
	if p.unmarked > 0 {
		k.note("An apostrophe was taken off in %s; it stood before = + - or @ to keep spreadsheet programs from running them.", count(p.unmarked, "cell"))
	}
	return k.finish()
}

// lineEnd is how many bytes the line end at the beginning of s takes; 0 if
// there is none.
func lineEnd(s string) int {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2
	case s != "" && (s[0] == '\n' || s[0] == '\r'):
		return 1
	}
	return 0
}

// guessDelimiter tries each on the first records: the one that gives most
// records the same number of cells, and then the most cells.
func guessDelimiter(p parser, k *keeper) string {
	best, bestScore := -1, 0
	for i, d := range delimiters {
		try := p
		try.sep = d.sep
		widths := map[int]int{}
		n := 0
		for n < 50 {
			cells, _, ok, err := try.record()
			if !ok || err != nil {
				break
			}
			if filled(cells) > 0 {
				n++
				widths[len(cells)]++
			}
		}
		score := 0
		for w, times := range widths {
			if w > 1 {
				score = max(score, times*10_000/n*100+min(w, 99))
			}
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	if best < 0 {
		k.note("No comma, semicolon, tab or bar parts the cells: read as one column.")
		return ","
	}
	k.note("Cells are parted by %s (guessed).", delimiters[best].name)
	return delimiters[best].sep
}

// parser reads delimited text as RFC 4180 has it. Unlike encoding/csv it keeps
// line ends inside quotes as they are, knows the line of a record, and takes a
// stray quotation mark as text.
type parser struct {
	text   string
	at     int
	line   int
	sep    string
	limits Limits
	marks  bool // take marks off

	row            []string
	stray, strayAt int // cells with a quotation mark that opens or closes nothing
	unmarked       int
}

// record reads the next record; the slice is good until the next call.
func (p *parser) record() (cells []string, where int, ok bool, err error) {
	if p.at >= len(p.text) {
		return nil, 0, false, nil
	}
	where = p.line
	p.row = p.row[:0]
	for {
		cell, err := p.cell()
		if err != nil {
			return nil, where, false, err
		}
		if len(p.row) == width {
			return nil, where, false, refuse("line %d has more than %d columns, with those that are empty; delete those that are not needed", where, width)
		}
		p.row = append(p.row, cell)
		if strings.HasPrefix(p.text[p.at:], p.sep) {
			p.at += len(p.sep)
			continue
		}
		if n := lineEnd(p.text[p.at:]); n > 0 {
			p.at += n
			p.line++
		}
		return p.row, where, true, nil
	}
}

// cell reads up to the next delimiter, line end or the end of the text.
func (p *parser) cell() (string, error) {
	start, began := p.at, p.line
	var value string
	quoted := strings.HasPrefix(p.text[p.at:], `"`)
	if quoted {
		end, err := p.closing()
		if err != nil {
			return "", err
		}
		value = p.text[start+1 : end]
		p.at = end + 1
		if rest := p.text[p.at:]; rest != "" && !strings.HasPrefix(rest, p.sep) && lineEnd(rest) == 0 {
			// Something follows the closing mark: not a quoted cell after all.
			// What stands between the marks is kept with them; where it spans
			// lines, the mark opened nothing, and the lines are rows.
			quoted = false
			if p.line > began {
				p.at, p.line = start, began
			}
		} else if strings.Contains(value, `""`) {
			value = strings.ReplaceAll(value, `""`, `"`)
		}
	}
	if !quoted {
		for p.at < len(p.text) && p.text[p.at] != '\n' && p.text[p.at] != '\r' && !strings.HasPrefix(p.text[p.at:], p.sep) {
			p.at++
		}
		value = p.text[start:p.at]
		if strings.Contains(value, `"`) {
			if p.stray++; p.stray == 1 {
				p.strayAt = began
			}
		}
	}
	if len(value) > p.limits.Cell {
		return "", refuse("a cell that begins on line %d is longer than %d bytes; if it is not one cell, look for a quotation mark that is never closed", began, p.limits.Cell)
	}
	if p.marks {
		if plain := unmark(value); plain != value {
			value = plain
			p.unmarked++
		}
	}
	return value, nil
}

// closing finds the mark that closes the quotes at p.at and counts lines.
func (p *parser) closing() (int, error) {
	began := p.line
	i := p.at + 1
	for i < len(p.text) {
		if i-p.at > 2*p.limits.Cell+2 {
			break
		}
		switch c := p.text[i]; {
		case c == '"' && i+1 < len(p.text) && p.text[i+1] == '"':
			i++
		case c == '"':
			return i, nil
		case c == '\n', c == '\r' && (i+1 == len(p.text) || p.text[i+1] != '\n'):
			p.line++
		}
		i++
	}
	return 0, refuse("a quotation mark opens on line %d and is not closed within %d bytes; close it, or delete it", began, p.limits.Cell)
}
