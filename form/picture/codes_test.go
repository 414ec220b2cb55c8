package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

const invite = "https://line.example/ti/p/abc123"

// qr draws a code of the given side in pixels.
func qr(t testing.TB, text string, side int) *image.Gray {
	t.Helper()
	m, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, side, side, nil)
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

func page(w, h int, y uint8) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = y
	}
	return g
}

func put(page, g *image.Gray, x, y int) *image.Gray {
	draw.Draw(page, g.Rect.Add(image.Pt(x, y)), g, image.Point{}, draw.Src)
	return page
}

// rotate turns by degrees about the middle, onto a page of the given shade.
func rotate(g *image.Gray, degrees float64, shade uint8) *image.Gray {
	w := g.Rect.Dx()
	side := int(float64(w)*1.5) + 2
	out := page(side, side, shade)
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

func TestTmpAngles(t *testing.T) {
	for _, neg := range []bool{false, true} {
		for d := 0.0; d < 360; d += 7.5 {
			g := rotate(qr(t, invite, 150), d, 255)
			p := put(page(1080, 2340, 255), g, 300, 900)
			if neg {
				p = inverted(p)
			}
			if got := Codes(p); len(got) != 1 || got[0] != invite {
				t.Log(neg, d, got)
			}
		}
	}
}

func BenchmarkCodes(b *testing.B) {
	p := put(page(1080, 2340, 255), qr(b, invite, 150), 300, 900)
	for b.Loop() {
		Codes(p)
	}
}
