package exchange

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// style is what a cell's number format means for reading it.
type style struct {
	date, clock bool // shows a day, a time of day
	elapsed     bool // hours beyond 24
	zeros       int  // digits a whole number is filled up to
}

func (w *workbook) readStyles(name string) error {
	custom := map[int]style{}
	inCells := 0
	return w.part(name, func(t *tags, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if len(custom) == maxStyles {
				return refuse("it has more than %d styles", maxStyles)
			}
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				custom[id] = styleOf(attr(e, "formatCode"))
			}
		case "cellXfs":
			inCells = t.depth
		case "xf":
			if inCells == 0 || t.depth != inCells+1 {
				return nil
			}
			if len(w.styles) == maxStyles {
				return refuse("it has more than %d styles", maxStyles)
			}
			id, _ := strconv.Atoi(attr(e, "numFmtId"))
			st, ok := custom[id]
			if !ok {
				st = builtin(id)
			}
			w.styles = append(w.styles, st)
		case "cellStyles", "dxfs", "cellStyleXfs":
			inCells = 0
		}
		return nil
	})
}

// builtin formats have numbers and no code in the file. 27–36 and 50–58 are
// dates in Chinese, Japanese and Korean editions, 71–81 in Thai ones; 52 and 53
// are dates in simplified and times in traditional Chinese, which dateOf tells
// by the value.
// Source: ECMA-376 part 1, section 18.8.30.
func builtin(id int) style {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58, id >= 71 && id <= 74, id == 81:
		return style{date: true}
	case id == 22, id == 77:
		return style{date: true, clock: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56, id >= 75 && id <= 76, id == 78, id == 80:
		return style{clock: true}
	case id == 46, id == 79:
		return style{clock: true, elapsed: true}
	}
	return style{}
}

// styleOf reads a format code such as yyyy"年"m"月"d"日", [h]:mm or 0000000000.
func styleOf(code string) style {
	var st style
	code, _, _ = strings.Cut(code, ";") // how positive numbers are shown
	var bare strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '\\', '_', '*': // the next character stands for itself or for space
			i++
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				end = len(code) - i - 1
			}
			i += end + 1
		case '[': // a colour, a condition, a language; or hours beyond 24
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				end = len(code) - i
			}
			switch strings.ToLower(code[i+1 : i+end]) {
			case "h", "hh", "m", "mm", "s", "ss":
				st.elapsed, st.clock = true, true
			}
			i += end
		default:
			bare.WriteByte(c)
		}
	}
	plain := strings.ToLower(bare.String())
	if strings.Contains(plain, "general") {
		return style{}
	}
	if len(plain) > 1 && strings.Trim(plain, "0") == "" {
		return style{zeros: min(len(plain), 30)}
	}
	if strings.ContainsAny(plain, "#0?") && !strings.ContainsAny(plain, "ydhs") { // a number; E is its power of ten
		return st
	}
	hours := strings.ContainsAny(plain, "hs") || strings.Contains(plain, "am/pm")
	if hours {
		st.clock = true
	}
	if strings.ContainsAny(plain, "yd") || strings.ContainsAny(plain, "be") || strings.Contains(plain, "m") && !hours && !st.elapsed {
		st.date = true
	}
	return st
}
