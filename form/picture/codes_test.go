package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

const (
	invite = "https://line.example/ti/p/abc123"
	second = "微信号 aqiang_2025"
)

// qr draws a code of the given side in pixels.
func qr(t testing.TB, text string, side int) *image.Gray {
	t.Helper()
	hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	m, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, side, side, hints)
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !m.Get(x, y) {
				g.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return g
}

// paper is an empty picture of one shade.
func paper(w, h int, shade uint8) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = shade
	}
	return g
}

func put(paper, g *image.Gray, x, y int) *image.Gray {
	draw.Draw(paper, g.Rect.Add(image.Pt(x, y)), g, image.Point{}, draw.Src)
	return paper
}

// rotated turns a square by degrees about its middle, onto white paper.
func rotated(g *image.Gray, degrees float64) *image.Gray {
	w := g.Rect.Dx()
	side := w*3/2 + 2
	out := paper(side, side, 255)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for y := range side {
		for x := range side {
			dx, dy := float64(x-side/2), float64(y-side/2)
			sx, sy := dx*cos+dy*sin+float64(w)/2, dy*cos-dx*sin+float64(w)/2
			if sx >= 0 && sy >= 0 && sx < float64(w-1) && sy < float64(w-1) {
				out.Pix[y*side+x] = between(g, sx, sy)
			}
		}
	}
	return out
}

func asJPEG(t testing.TB, g *image.Gray, quality int) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	m, err := Decode(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func expectCodes(t *testing.T, name string, m image.Image, want ...string) {
	t.Helper()
	if got := Codes(m); !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", name, got, want)
	}
}

func TestCodesInAScreenshot(t *testing.T) {
	screen := func(code *image.Gray) *image.Gray { return put(paper(1080, 2340, 255), code, 300, 900) }
	expectCodes(t, "as drawn", screen(qr(t, invite, 150)), invite)
	expectCodes(t, "in a JPEG", asJPEG(t, screen(qr(t, invite, 150)), 60), invite)
	expectCodes(t, "negative", inverted(screen(qr(t, invite, 150))), invite)
	expectCodes(t, "a negative code on white", screen(inverted(qr(t, invite, 180))), invite)
	for _, degrees := range []float64{20, 45, 90} {
		expectCodes(t, fmt.Sprint("turned by ", degrees), screen(rotated(qr(t, invite, 160), degrees)), invite)
	}
	for _, degrees := range []float64{20, 33, 45, 70, 90, 135, 180, 230} {
		code := inverted(put(paper(500, 500, 255), rotated(qr(t, invite, 160), degrees), 100, 100))
		expectCodes(t, fmt.Sprint("negative, turned by ", degrees), code, invite)
	}
	expectCodes(t, "none", paper(1080, 2340, 255))
}

func TestCodesSeveral(t *testing.T) {
	two := put(put(paper(1080, 2340, 255), qr(t, second, 220), 60, 1500), qr(t, invite, 220), 500, 300)
	expectCodes(t, "two, from top to bottom", two, invite, second)
	beside := put(put(paper(1080, 800, 255), qr(t, second, 220), 60, 310), qr(t, invite, 220), 500, 300)
	expectCodes(t, "two side by side, from left to right", beside, second, invite)
	mixed := put(put(paper(1080, 1200, 255), inverted(qr(t, second, 220)), 60, 60), qr(t, invite, 220), 500, 600)
	expectCodes(t, "one of them negative", mixed, second, invite)
	twice := put(put(paper(1080, 1200, 255), qr(t, invite, 220), 60, 60), qr(t, invite, 220), 500, 600)
	expectCodes(t, "the same twice", twice, invite)
}

func TestCodesInLargePictures(t *testing.T) {
	skipUnderRace(t)
	long := put(put(paper(1080, 12_000, 255), qr(t, invite, 150), 400, 9_000), qr(t, second, 200), 100, 200)
	expectCodes(t, "several screens stitched together", long, second, invite)
	photograph := put(paper(5000, 4000, 230), qr(t, invite, 160), 2100, 1700)
	expectCodes(t, "a small code in a photograph", photograph, invite)
}

func TestCodesAreClean(t *testing.T) {
	expectCodes(t, "control characters", qr(t, "a\x00b\x1b[31m\r\nc\x7f ", 300), "a b [31m\nc")
	for in, want := range map[string]string{
		"  x ":                  "x",
		"a\xffb":                "a\uFFFDb",
		"\u0085":                "",
		"行一\r\n行二":              "行一\n行二",
		string(make([]byte, 5)): "",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := clean(string(bytes.Repeat([]byte("字"), 2000))); len(got) != maxContents {
		t.Errorf("%d bytes left", len(got))
	}
}

// A wall of corner marks, drawn to keep the library comparing them.
func TestCodesTimeIsBounded(t *testing.T) {
	skipUnderRace(t)
	mark := paper(9, 9, 255)
	for y := 1; y < 8; y++ {
		for x := 1; x < 8; x++ {
			if ring := max(abs(x-4), abs(y-4)); ring != 2 {
				mark.SetGray(x, y, color.Gray{})
			}
		}
	}
	mark = scale(mark, 3)
	wall := paper(1600, 1600, 255)
	for y := 0; y < 1600; y += 27 {
		for x := 0; x < 1600; x += 27 {
			put(wall, mark, x, y)
		}
	}
	few := paper(1600, 1600, 255) // as many as are still compared
	for i := range 140 {
		put(few, mark, 100+i%12*110, 100+i/12*110)
	}
	stripes := paper(1600, 1600, 255)
	for i := range stripes.Pix {
		if i%7 < 3 {
			stripes.Pix[i] = 0
		}
	}
	for name, m := range map[string]image.Image{
		"wall": wall, "few": few, "stripes": stripes,
		"one row": paper(2_000_000, 1, 0), "a strip": paper(30, 1_000_000, 0), "one pixel": paper(1, 1, 0),
	} {
		start := time.Now()
		Codes(m)
		if d := time.Since(start); d > time.Minute {
			t.Errorf("%s took %v", name, d)
		} else {
			t.Logf("%s took %v", name, d)
		}
	}
}

func abs(n int) int { return max(n, -n) }

func BenchmarkCodes(b *testing.B) {
	for name, m := range map[string]image.Image{
		"none": paper(1080, 2340, 255),
		"one":  put(paper(1080, 2340, 255), qr(b, invite, 150), 300, 900),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Codes(m)
			}
		})
	}
}
