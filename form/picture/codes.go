package picture

import (
	"cmp"
	"image"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of Codes. They bound its time, which has no other clock.
const (
	codePixels  = 3_000_000  // one look: a phone's screen
	closePixels = 12_000_000 // a second, closer look at a large picture
	maxPieces   = 12         // of a long picture
	maxCodes    = 16
	maxContents = 3000 // bytes; the largest QR code holds 2,953
	minSide     = 21   // pixels; the smallest QR code has 21 modules
)

// Codes gives what the QR codes in a picture say, from top to bottom, each
// once, at most 16. It looks at the picture as it is, as its negative (in
// dark mode a code is often drawn white on black, which the library does not
// expect), and both turned by 45 degrees (it follows rows, and misses a code
// that stands on its corner). A long picture, such as several screens stitched
// together, is looked at in pieces, at most 12. It never fails: a picture
// without a readable code gives nil.
func Codes(img image.Image) []string {
	g := grey(img, maxPieces*codePixels)
	var found []code
	for _, p := range pieces(g) {
		for _, c := range look(shrink(p.grey, codePixels), true) {
			c.y += p.top
			c.x += p.left
			found = append(found, c)
		}
	}
	if len(found) == 0 && len(g.Pix) > codePixels {
		found = look(shrink(g, closePixels), false)
	}
	slices.SortStableFunc(found, code.compare)
	var texts []string
	for _, c := range found {
		if !slices.Contains(texts, c.text) && len(texts) < maxCodes {
			texts = append(texts, c.text)
		}
	}
	return texts
}

// look looks at a picture and its negative, and at both tilted.
func look(g *image.Gray, tilted bool) []code {
	found := append(codesIn(g), codesIn(inverted(g))...)
	if !tilted {
		return found
	}
	t, back := tilt(g)
	for _, c := range append(codesIn(t), codesIn(inverted(t))...) {
		c.x, c.y = back(c.x, c.y)
		found = append(found, c)
	}
	return found
}

// piece is a part of a long picture.
type piece struct {
	grey      *image.Gray
	left, top float64
}

// pieces cuts a picture that is more than three times as long as it is wide
// into pieces that overlap by half their width.
func pieces(g *image.Gray) []piece {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	short, long := min(w, h), max(w, h)
	switch {
	case short < minSide:
		return nil
	case long <= 3*short:
		return []piece{{grey: g}}
	}
	var all []piece
	for at := 0; at < long && len(all) < maxPieces; at += 2 * short {
		end := min(at+5*short/2, long)
		if h > w {
			all = append(all, piece{cut(g, image.Rect(0, at, w, end)), 0, float64(at)})
		} else {
			all = append(all, piece{cut(g, image.Rect(at, 0, end, h)), float64(at), 0})
		}
	}
	return all
}

func cut(g *image.Gray, r image.Rectangle) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		copy(out.Pix[y*out.Stride:(y+1)*out.Stride], g.Pix[(r.Min.Y+y)*g.Stride+r.Min.X:])
	}
	return out
}

// code is one QR code and the place of its top left corner mark.
type code struct {
	text string
	x, y float64
}

// compare orders codes by place, in bands, so that two codes side by side are
// read from left to right though one stands a little higher.
func (c code) compare(d code) int {
	const band = 64
	return cmp.Or(
		cmp.Compare(math.Floor(c.y/band), math.Floor(d.y/band)),
		cmp.Compare(c.x, d.x),
		cmp.Compare(c.text, d.text),
	)
}

// clean cuts what a code says to whole characters, without control characters
// other than line breaks.
func clean(s string) string {
	for len(s) > maxContents {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r >= ' ' && r != 0x7f {
			return r
		}
		return ' '
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return strings.TrimSpace(s)
}
