package check

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// page is what Tesseract read of one picture, line by line.
type page struct{ lines []textLine }

// textLine is one line: its text from the program's plain output, which has
// the spaces, its frame and words from the program's table, which has not.
type textLine struct {
	text                     string
	left, top, right, bottom int
	words                    []word
}

type word struct {
	text        string
	left, right int
	sure        float64 // 0 to 1
}

// parsePage takes the program's plain text and its table (TSV), which come in
// one stream, apart: a row of the table has twelve fields, the first eleven
// numbers. Where the two do not have the same lines, the text stands alone.
func parsePage(out []byte) page {
	var texts []string
	var lines []textLine
	for raw := range bytes.SplitSeq(out, []byte("\n")) {
		text := strings.ToValidUTF8(strings.Trim(string(raw), "\f\r"), "")
		fields := strings.Split(text, "\t")
		if len(fields) == 12 {
			if fields[0] == "level" {
				continue
			}
			if n, ok := numbers(fields[:11]); ok {
				lines = addRow(lines, n, fields[11])
				continue
			}
		}
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			texts = append(texts, text)
		}
	}
	written := lines[:0:0]
	for _, l := range lines {
		if len(l.words) > 0 {
			written = append(written, l)
		}
	}
	if len(written) != len(texts) {
		written = make([]textLine, len(texts))
	}
	for i := range texts {
		written[i].text = texts[i]
	}
	return page{written}
}

func numbers(fields []string) (n [11]float64, ok bool) {
	for i, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return n, false
		}
		n[i] = v
	}
	return n, true
}

// addRow adds one row of the table: level, page, block, paragraph, line and
// word number, left, top, width, height, confidence.
func addRow(lines []textLine, n [11]float64, text string) []textLine {
	const levelLine, levelWord = 4, 5
	left, top, right, bottom := int(n[6]), int(n[7]), int(n[6]+n[8]), int(n[7]+n[9])
	switch n[0] {
	case levelLine:
		lines = append(lines, textLine{left: left, top: top, right: right, bottom: bottom})
	case levelWord:
		if strings.TrimSpace(text) != "" && len(lines) > 0 {
			l := &lines[len(lines)-1]
			l.words = append(l.words, word{text, left, right, min(1, max(0, n[10]/100))})
		}
	}
	return lines
}

// seen counts the letters of a page by script.
func (p page) seen() tally {
	var c tally
	for _, l := range p.lines {
		for _, w := range l.words {
			for _, r := range w.text {
				c.add(r, w.sure)
			}
		}
	}
	return c
}

// sure is the mean of how sure the program was, over all characters.
func (p page) sure() float64 {
	var sum, n float64
	for _, l := range p.lines {
		for _, w := range l.words {
			c := float64(utf8.RuneCountInString(w.text))
			sum += c * w.sure
			n += c
		}
	}
	return sum / max(1, n)
}

// character is one character of a page, and how sure the program was of it.
type character struct {
	r    rune
	sure float64
}

func (p page) characters() []character {
	var all []character
	for _, l := range p.lines {
		for _, w := range l.words {
			for _, r := range w.text {
				if unicode.Is(unicode.Han, r) {
					all = append(all, character{r, w.sure})
				}
			}
		}
	}
	return all[:min(len(all), 200)]
}

// surerWhereDifferent lays two readings of the same line beside each other and
// adds up, where they differ in single characters, how much surer the first
// was; and says in how many places that was.
func surerWhereDifferent(a, b []character) (surer float64, places int) {
	// common[i][j] is the length of the longest common subsequence of a[i:], b[j:].
	common := make([][]int16, len(a)+1)
	for i := range common {
		common[i] = make([]int16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].r == b[j].r {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	fromI, fromJ := 0, 0 // where the present difference began
	settle := func() {
		if i-fromI == j-fromJ { // as many on both sides: each stands for the other
			for k := range i - fromI {
				surer += a[fromI+k].sure - b[fromJ+k].sure
				places++
			}
		}
	}
	for i < len(a) && j < len(b) {
		switch {
		case a[i].r == b[j].r:
			settle()
			i, j = i+1, j+1
			fromI, fromJ = i, j
		case common[i+1][j] >= common[i][j+1]:
			i++
		default:
			j++
		}
	}
	i, j = len(a), len(b)
	settle()
	return surer, places
}
