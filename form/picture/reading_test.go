package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// written draws a line of text in letters of 13 pixels, enlarged.
func written(text string, times int, ground, letters uint8) *image.Gray {
	g := paper(7*len(text)+8, 21, ground)
	d := font.Drawer{
		Dst:  g,
		Src:  image.NewUniform(color.Gray{Y: letters}),
		Face: basicfont.Face7x13,
		Dot:  fixed.P(4, 15),
	}
	d.DrawString(text)
	big := image.NewGray(image.Rect(0, 0, g.Rect.Dx()*times, g.Rect.Dy()*times))
	for i := range big.Pix {
		x, y := i%big.Stride/times, i/big.Stride/times
		big.Pix[i] = g.Pix[y*g.Stride+x]
	}
	return big
}

// bubble puts a line into a bubble of its own shade.
func bubble(wall *image.Gray, text string, x, y int, ground, letters uint8) {
	line := written(text, 3, ground, letters)
	r := image.Rect(x, y, x+line.Rect.Dx()+40, y+line.Rect.Dy()+40)
	draw.Draw(wall, r, image.NewUniform(color.Gray{Y: ground}), image.Point{}, draw.Src)
	put(wall, line, x+20, y+20)
}

func chat() *image.Gray {
	wall := paper(1080, 2000, 130)
	bubble(wall, "we are hiring in Cambodia", 40, 200, 245, 10)
	bubble(wall, "which company is it", 500, 500, 30, 240)
	bubble(wall, "free ticket, no visa", 40, 800, 245, 10)
	put(wall, written("21:47", 2, 130, 220), 700, 840)
	return wall
}

func read(t *testing.T, b []byte) *image.Gray {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	g, ok := m.(*image.Gray)
	if !ok {
		t.Fatalf("%T, not grey", m)
	}
	return g
}

func TestForReadingDrawsDarkOnWhite(t *testing.T) {
	g := read(t, ForReading(chat()))
	lines := findLines(g)
	if len(lines) != 4 {
		t.Fatalf("%d lines, want three bubbles and a time", len(lines))
	}
	ink := 0
	for _, l := range lines {
		ink += l.ink
	}
	if share := float64(ink) / float64(len(g.Pix)); share > 0.2 {
		t.Errorf("%.0f %% of the picture is dark: a bubble was drawn as ink", 100*share)
	}
	// Light letters in a dark bubble come out as they would in a light one.
	one, other := paper(1080, 800, 130), paper(1080, 800, 130)
	bubble(one, "which company is it", 100, 300, 30, 240)
	bubble(other, "which company is it", 100, 300, 240, 30)
	if !bytes.Equal(ForReading(one), ForReading(other)) {
		t.Error("dark and light bubbles are prepared differently")
	}
}

// Dark mode is the negative of light mode, and must make no difference.
func TestForReadingIgnoresDarkMode(t *testing.T) {
	if !bytes.Equal(ForReading(chat()), ForReading(inverted(chat()))) {
		t.Error("a picture and its negative are prepared differently")
	}
}

func TestForReadingScalesToReadableLines(t *testing.T) {
	for _, times := range []int{1, 3, 20} {
		page := put(paper(2600, 900, 255), written("a job abroad", times, 255, 0), 20, 20)
		lines := findLines(read(t, ForReading(page)))
		if len(lines) != 1 {
			t.Fatalf("%d times: %d lines", times, len(lines))
		}
		if h := lines[0].bottom - lines[0].top; h < 24 || h > 102 {
			t.Errorf("%d times: the line is %d pixels high", times, h)
		}
	}
}

// A letter drawn as large as a bubble is still a letter.
func TestForReadingKeepsHugeLetters(t *testing.T) {
	poster := paper(1080, 1500, 200)
	put(poster, written("JOBS", 30, 200, 20), 60, 200)
	lines := findLines(read(t, ForReading(poster)))
	if len(lines) != 1 || lines[0].ink < 1000 {
		t.Errorf("lines %+v", lines)
	}
}

func TestForReadingBounds(t *testing.T) {
	skipUnderRace(t)
	checks := paper(3000, 2000, 255) // grounds without number
	for i := range checks.Pix {
		if (i%3000/24+i/3000/24)%2 == 0 {
			checks.Pix[i] = 60
		}
	}
	noise := paper(3000, 2000, 0)
	seed := uint32(1)
	for i := range noise.Pix {
		seed = seed*1664525 + 1013904223
		noise.Pix[i] = byte(seed >> 24)
	}
	for name, m := range map[string]image.Image{
		"checks": checks, "noise": noise, "one pixel": paper(1, 1, 0), "one row": paper(1_000_000, 1, 9),
		"a column": paper(1, 1_000_000, 9), "white": paper(1080, 2340, 255), "black": paper(1080, 2340, 0),
		"a long screen": put(paper(1080, 20_000, 255), written("a job abroad", 3, 255, 0), 20, 19_000),
	} {
		start := time.Now()
		g := read(t, ForReading(m))
		if d := time.Since(start); d > time.Minute {
			t.Errorf("%s took %v", name, d)
		}
		if len(g.Pix) > maxReading+2*(g.Rect.Dx()+g.Rect.Dy()) {
			t.Errorf("%s: %v", name, g.Rect)
		}
	}
}

func TestExcerpt(t *testing.T) {
	g := read(t, Excerpt(ForReading(chat()), 2))
	if lines := findLines(g); len(lines) != 2 {
		t.Errorf("%d lines", len(lines))
	}
	for name, b := range map[string][]byte{
		"a white page": ForReading(paper(500, 500, 255)),
		"a black page": ForReading(paper(500, 500, 0)),
		"nothing":      nil,
		"no picture":   []byte("text"),
		"in colour":    encoded(t, PNG, sample(20, 20)),
	} {
		if Excerpt(b, 3) != nil {
			t.Errorf("%s gives an excerpt", name)
		}
	}
	if Excerpt(ForReading(chat()), 0) != nil {
		t.Error("an excerpt of no lines")
	}
}

func TestScaleKeepsShades(t *testing.T) {
	for _, shade := range []uint8{0, 1, 128, 254, 255} {
		for _, factor := range []float64{0.3, 0.5, 0.77, 1.3, 4} {
			g := scale(paper(37, 23, shade), factor)
			for _, v := range g.Pix {
				if v != shade {
					t.Fatalf("%d became %d at %v", shade, v, factor)
				}
			}
		}
	}
}

// Each way of reading rows agrees with asking for every pixel's colour.
func TestGreyAgreesWithColours(t *testing.T) {
	r := image.Rect(3, 5, 20, 17)
	pictures := []draw.Image{
		image.NewRGBA(r), image.NewNRGBA(r), image.NewGray(r), image.NewRGBA64(r), image.NewCMYK(r),
		image.NewPaletted(r, color.Palette{color.Black, color.White, color.NRGBA{200, 30, 30, 128}, color.Transparent}),
	}
	for _, m := range pictures {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				m.Set(x, y, color.NRGBA{uint8(x * 12), uint8(y * 14), uint8(x * y), uint8(255 - x*3)})
			}
		}
		g := grey(m, 1<<20)
		for y := range r.Dy() {
			for x := range r.Dx() {
				want := int(greyOf(m.At(x+r.Min.X, y+r.Min.Y)))
				if d := want - int(g.GrayAt(x, y).Y); d > 2 || d < -2 {
					t.Fatalf("%T at %d, %d: %d, want %d", m, x, y, g.GrayAt(x, y).Y, want)
				}
			}
		}
	}
}

func BenchmarkForReading(b *testing.B) {
	screen := chat()
	for b.Loop() {
		ForReading(screen)
	}
}

// skipUnderRace skips what only measures time: the race detector watches every
// pixel, and nothing here runs at the same time as anything else.
func skipUnderRace(t *testing.T) {
	t.Helper()
	if slower > 1 {
		t.Skip("slow under the race detector")
	}
}
