package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
)

const (
	readPixels = 6_000_000      // of a picture that is prepared for reading: two phone screens
	maxReading = 2 * readPixels // of what ForReading makes of it
)

// ForReading prepares a picture for a program that reads text, and gives it
// as a greyscale PNG: dark letters on white whatever the colours were, and of
// a height that such programs read best.
//
// A screenshot is taken apart into its plain grounds (wall, bubbles, cards);
// what is written on each is drawn as one block, the blocks in one column
// from top to bottom. So a light letter in a dark bubble, a dark letter in a
// light one and the time beside it no longer disturb each other. A picture
// without plain grounds, such as a photograph, is only inverted where it is
// dark, and scaled.
func ForReading(img image.Image) []byte {
	g := grey(img, readPixels)
	grounds := findGrounds(g)
	if grounds.share() >= 0.35 {
		ink := grounds.ink(g)
		g = layOut(ink, grounds.blocks(ink))
	} else if mean(g) < 110 {
		g = inverted(g)
	}
	room := math.Sqrt(maxReading / float64(max(1, len(g.Pix))))
	return encode(scale(g, min(readingScale(g), room)))
}

// Excerpt cuts at most n lines from a picture made by ForReading, the longest
// of its upper, middle and lower parts. Of any other bytes it gives nil.
func Excerpt(reading []byte, n int) []byte {
	config, err := png.DecodeConfig(bytes.NewReader(reading))
	if err != nil || config.ColorModel != color.GrayModel || config.Width*config.Height > maxReading || n < 1 {
		return nil
	}
	img, err := png.Decode(bytes.NewReader(reading))
	if err != nil {
		return nil
	}
	g, ok := img.(*image.Gray)
	if !ok {
		return nil
	}
	lines := findLines(g)
	if len(lines) == 0 {
		return nil
	}
	n = min(n, len(lines))
	const margin = 12
	var chosen []line
	height := margin
	for part := range n {
		best := line{}
		for _, l := range lines[part*len(lines)/n : (part+1)*len(lines)/n] {
			if l.ink > best.ink {
				best = l
			}
		}
		chosen = append(chosen, best)
		height += best.bottom - best.top + 2*margin
	}
	out := blank(g.Rect.Dx(), height)
	y := margin
	for _, l := range chosen {
		r := image.Rect(0, y, g.Rect.Dx(), y+l.bottom-l.top)
		draw.Draw(out, r, g, image.Pt(0, l.top), draw.Src)
		y = r.Max.Y + 2*margin
	}
	return encode(out)
}

// line is a band of rows that hold ink.
type line struct {
	top, bottom int // rows; bottom is the first below
	ink         int // dark pixels
}

// findLines gives the bands of rows with ink, from top to bottom, leaving out
// specks.
func findLines(g *image.Gray) []line {
	w := g.Rect.Dx()
	var lines []line
	var l line
	for y := range g.Rect.Dy() + 1 {
		n := 0
		if y < g.Rect.Dy() {
			for _, v := range g.Pix[y*w : (y+1)*w] {
				if v < dark {
					n++
				}
			}
		}
		switch {
		case n > 0 && l.ink == 0:
			l = line{y, 0, n}
		case n > 0:
			l.ink += n
		case l.ink > 0:
			l.bottom = y
			if l.bottom-l.top >= 6 {
				lines = append(lines, l)
			}
			l = line{}
		}
	}
	return lines
}

// readingScale chooses by how much to scale a picture so that its lines have
// a height a reading program is used to. Measured with Tesseract 5.3 on lines
// of 45 pixels: scaled by 0.75 and 1.0 they read equally well, by 0.6 and 1.25
// worse.
func readingScale(g *image.Gray) float64 {
	const low, best, high = 26, 38, 100
	lines := findLines(g)
	total := 0
	for _, l := range lines {
		total += l.ink
	}
	// The height below which a third of the ink stands: lines that touch
	// each other count as one tall line, so the median would be too much.
	counts := map[int]int{}
	for _, l := range lines {
		counts[l.bottom-l.top] += l.ink
	}
	height, sum := 0, 0
	for sum*3 < total {
		height++
		sum += counts[height]
	}
	switch {
	case height == 0 || height >= low && height <= high:
		return 1
	default:
		return min(4, max(0.3, best/float64(height)))
	}
}

func mean(g *image.Gray) int {
	sum := 0
	for _, v := range g.Pix {
		sum += int(v)
	}
	return sum / max(1, len(g.Pix))
}

func blank(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	return g
}

// encode writes a PNG quickly: it only goes to a program beside us.
func encode(g *image.Gray) []byte {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := e.Encode(&b, g); err != nil {
		return nil // writing into memory cannot fail
	}
	return b.Bytes()
}
