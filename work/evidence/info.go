package evidence

import (
	"math"
	"strconv"
	"strings"
)

// size is a page as it is seen, turned, in points.
type size struct{ width, height float64 }

// document is what Poppler's pdfinfo says of a PDF.
type document struct {
	pages int    // of the whole document
	sizes []size // of the first pages, as many as were asked for
	tells []string
}

// infoWords are lines of pdfinfo that say that a PDF holds something, and what
// they say where it does not.
var infoWords = []struct{ key, not, word string }{
	{"Title", "", "title"},
	{"Subject", "", "subject"},
	{"Keywords", "", "keywords"},
	{"Author", "", "author"},
	{"Creator", "", "program"},
	{"Producer", "", "program"},
	{"CreationDate", "", "date"},
	{"ModDate", "", "date"},
	{"Custom Metadata", "no", "properties of the document"},
	{"Metadata Stream", "no", "XMP description"},
	{"Tagged", "no", "text for screen readers"},
	{"Form", "none", "form"},
	{"JavaScript", "no", "script"},
	{"Encrypted", "no", "lock"},
}

// parseInfo reads what pdfinfo writes for the first pages up to the last asked
// for. The properties of a document are in it as a stranger wrote them, line
// breaks too, but they stand before what is counted and measured: of two lines
// the later one holds. A size that is wrong all the same makes a page of the wrong
// size, no more: what is drawn has limits of its own.
func parseInfo(out string, last int) (document, bool) {
	var d document
	lines := map[string]string{}
	for line := range strings.Lines(out) {
		if key, value, ok := strings.Cut(line, ":"); ok {
			lines[strings.Join(strings.Fields(key), " ")] = strings.TrimSpace(value)
		}
	}
	var err error
	if d.pages, err = strconv.Atoi(lines["Pages"]); err != nil || d.pages < 1 {
		return document{}, false
	}
	for n := 1; n <= min(d.pages, last); n++ {
		s, ok := parseSize(lines["Page "+strconv.Itoa(n)+" size"])
		if !ok {
			return document{}, false
		}
		if turn, _ := strconv.Atoi(lines["Page "+strconv.Itoa(n)+" rot"]); turn%180 != 0 {
			s.width, s.height = s.height, s.width
		}
		d.sizes = append(d.sizes, s)
	}
	for _, w := range infoWords {
		if v := lines[w.key]; v != "" && v != w.not {
			d.tells = append(d.tells, w.word)
		}
	}
	return d, true
}

// parseSize reads such as 595.2 x 841.8 pts (A4).
func parseSize(s string) (size, bool) {
	f := strings.Fields(s)
	if len(f) < 3 || f[1] != "x" {
		return size{}, false
	}
	w, errW := strconv.ParseFloat(f[0], 64)
	h, errH := strconv.ParseFloat(f[2], 64)
	good := func(v float64) bool { return v > 0 && !math.IsInf(v, 0) }
	return size{w, h}, errW == nil && errH == nil && good(w) && good(h)
}
