package paper

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Chart is a few counts as bars, for a page, beside its Table. It is drawn in
// the ink of the page with patterns for colours, so it prints, and it holds
// no script and no style, so that the strictest page may carry it.
type Chart struct {
	ID          string   // lower-case letters, digits, hyphens; no two alike on a page
	Title       string   // what is counted, of whom, since when
	Description string   // what there is to see, for who does not see it
	Over        string   // what the groups are: "Month", "Country"
	Groups      []string // from top to bottom
	Series      []Series // one bar of each in every group
	Withheld    string   // how a withheld count is said: "fewer than 11"
}

// Series is a kind of what is counted, with one count for each group.
type Series struct {
	Name   string
	Counts []Count
}

// Count is a number, or one that is not told because it is small enough to
// point at somebody. A withheld count is drawn and written as withheld,
// whatever N says: it is never zero, and N is never looked at.
type Count struct {
	N        int
	Withheld bool
}

// What one chart may hold and still be read.
const (
	MaxGroups = 60
	MaxSeries = 4
	MaxLabel  = 120
	maxCount  = 1_000_000_000
)

var chartID = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)

// Table is the chart to read: the same counts in words and digits.
func (c Chart) Table() (Table, error) {
	if err := c.check(); err != nil {
		return Table{}, err
	}
	t := Table{Head: []string{oneLine(c.Over)}}
	for _, s := range c.Series {
		t.Head = append(t.Head, oneLine(s.Name))
	}
	for i, g := range c.Groups {
		row := []string{oneLine(g)}
		for _, s := range c.Series {
			row = append(row, c.say(s.Counts[i]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

func (c Chart) say(n Count) string {
	if n.Withheld {
		return oneLine(c.Withheld)
	}
	return strconv.Itoa(n.N)
}

// SVG draws the chart, to be put into a page as it is.
func (c Chart) SVG() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	d := drawing{id: c.ID}
	y := c.key(&d)
	for i, g := range c.Groups {
		y += 14
		y = d.words(9, y, g) + 4
		for j, s := range c.Series {
			c.bar(&d, y, j, s.Counts[i])
			y += barHeight + 4
		}
	}
	d.f(`<line x1="0.5" y1="%d" x2="0.5" y2="%d" stroke="currentColor" stroke-width="1"/>`, c.keyHeight(), y)
	return d.file(c, y+4), nil
}

const (
	chartWidth = 400
	barHeight  = 18
	barRoom    = 270 // the longest bar; its number stands beside it
	textSize   = 16
	textLine   = 21
)

// key says which pattern is what. One series needs none.
func (c Chart) key(d *drawing) int {
	y := 0
	if len(c.Series) > 1 {
		for j, s := range c.Series {
			d.f(`<rect x="1" y="%d" width="28" height="14" fill="%s" stroke="currentColor"/>`, y+2, d.fill(j))
			y = d.words(38, y, s.Name) + 4
		}
	}
	if c.withholds() {
		d.f(`<rect x="1" y="%d" width="28" height="14" fill="none" stroke="currentColor" stroke-dasharray="3 3"/>`, y+2)
		y = d.words(38, y, c.Withheld) + 4
	}
	return y
}

func (c Chart) keyHeight() int { return c.key(&drawing{}) + 14 }

// bar draws one count. A withheld one has a dashed frame of one length,
// whatever the number, and its words instead of digits.
func (c Chart) bar(d *drawing, y, series int, n Count) {
	long := 0
	switch most := c.most(); {
	case n.Withheld:
		d.f(`<rect x="1" y="%d" width="14" height="%d" fill="none" stroke="currentColor" stroke-dasharray="3 3"/>`, y, barHeight)
		long = 14
	case n.N > 0:
		long = max(n.N*barRoom/most, 2)
		d.f(`<rect x="1" y="%d" width="%d" height="%d" fill="%s" stroke="currentColor"/>`, y, long, barHeight, d.fill(series))
	}
	said := c.say(n)
	if n.Withheld && estimate(said) > chartWidth-60 {
		said = "–" // the key says it in full
	}
	d.f(`<text x="%d" y="%d" font-size="%d" fill="currentColor">%s</text>`, long+9, y+barHeight-4, textSize, escape(said))
}

func (c Chart) most() int {
	most := 1
	for _, s := range c.Series {
		for _, n := range s.Counts {
			if !n.Withheld {
				most = max(most, n.N)
			}
		}
	}
	return most
}

func (c Chart) withholds() bool {
	for _, s := range c.Series {
		for _, n := range s.Counts {
			if n.Withheld {
				return true
			}
		}
	}
	return false
}

func (c Chart) check() error {
	switch {
	case !chartID.MatchString(c.ID):
		return fmt.Errorf("the chart's id %q must be lower-case letters, digits and hyphens, and begin with a letter", c.ID)
	case oneLine(c.Title) == "" || oneLine(c.Description) == "":
		return errors.New("a chart needs a title and a description, for who cannot see it")
	case len(c.Groups) == 0 || len(c.Groups) > MaxGroups:
		return fmt.Errorf("a chart shows 1 to %d groups, this one has %d", MaxGroups, len(c.Groups))
	case len(c.Series) == 0 || len(c.Series) > MaxSeries:
		return fmt.Errorf("a chart shows 1 to %d kinds, this one has %d", MaxSeries, len(c.Series))
	case c.withholds() && oneLine(c.Withheld) == "":
		return errors.New("the chart withholds a count but has no words for it: say how many it is fewer than")
	}
	for _, label := range append([]string{c.Over, c.Withheld}, c.Groups...) {
		if utf8.RuneCountInString(label) > MaxLabel {
			return fmt.Errorf("the label %.40q… is longer than %d characters", label, MaxLabel)
		}
	}
	for _, s := range c.Series {
		if utf8.RuneCountInString(s.Name) > MaxLabel {
			return fmt.Errorf("the label %.40q… is longer than %d characters", s.Name, MaxLabel)
		}
		if len(s.Counts) != len(c.Groups) {
			return fmt.Errorf("%q has %d counts for %d groups", s.Name, len(s.Counts), len(c.Groups))
		}
		for _, n := range s.Counts {
			if !n.Withheld && (n.N < 0 || n.N > maxCount) {
				return fmt.Errorf("%q has the count %d, which cannot be", s.Name, n.N)
			}
		}
	}
	return nil
}

// drawing collects the parts of an SVG.
type drawing struct {
	id string
	b  strings.Builder
}

func (d *drawing) f(format string, args ...any) {
	fmt.Fprintf(&d.b, format+"\n", args...)
}

// fill is how a series is filled: full, empty, and two patterns.
func (d *drawing) fill(series int) string {
	switch series {
	case 0:
		return "currentColor"
	case 1:
		return "none"
	}
	return fmt.Sprintf("url(#%s-p%d)", d.id, series)
}

// words writes a label, in as many lines as it needs, and gives where they end.
func (d *drawing) words(x, y int, label string) int {
	for _, l := range wrapLabel(oneLine(label), chartWidth-x) {
		d.f(`<text x="%d" y="%d" font-size="%d" fill="currentColor">%s</text>`, x, y+16, textSize, escape(l))
		y += textLine
	}
	return y
}

func (d *drawing) file(c Chart, height int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="%[1]s-t %[1]s-d" viewBox="0 0 %[2]d %[3]d" width="%[2]d" height="%[3]d">
<title id="%[1]s-t">%[4]s</title>
<desc id="%[1]s-d">%[5]s</desc>
`, c.ID, chartWidth, height, escape(oneLine(c.Title)), escape(oneLine(c.Description)))
	if len(c.Series) > 2 {
		fmt.Fprintf(&b, `<defs>
<pattern id="%[1]s-p2" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="1" y1="0" x2="1" y2="6" stroke="currentColor" stroke-width="2"/></pattern>
<pattern id="%[1]s-p3" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="3" cy="3" r="1.5" fill="currentColor"/></pattern>
</defs>
`, c.ID)
	}
	b.WriteString(d.b.String())
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// escape makes text safe inside an element of XML and of HTML.
func escape(s string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r >= 0xFFFE && r&0xFFFE == 0xFFFE {
			return utf8.RuneError // what XML cannot hold
		}
		return r
	}, s))
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// wrapLabel breaks a label by an estimate of how wide it is: the page's own
// font is not known here.
func wrapLabel(s string, room int) []string {
	var lines []string
	for s != "" {
		w, at, cut := 0, 0, len(s)
		for i, r := range s {
			if r == ' ' {
				at = i
			}
			if w += estimateRune(r); w > room && i > 0 {
				cut = i
				if at > 0 {
					cut = at
				}
				break
			}
		}
		lines = append(lines, s[:cut])
		s = strings.TrimPrefix(s[cut:], " ")
	}
	return lines
}

func estimate(s string) int {
	w := 0
	for _, r := range s {
		w += estimateRune(r)
	}
	return w
}

func estimateRune(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return textSize
	}
	return textSize * 6 / 10
}
