package picture

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/bmp"
)

// sample is a picture with one dark corner, at the top left.
func sample(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for y := range h / 2 {
		for x := range w / 2 {
			m.Set(x, y, color.RGBA{20, 40, 60, 255})
		}
	}
	return m
}

func encoded(t testing.TB, format Format, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case PNG:
		err = png.Encode(&b, m)
	case JPEG:
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 90})
	case GIF:
		err = gif.Encode(&b, m, nil)
	case BMP:
		err = bmp.Encode(&b, m)
	default:
		t.Fatalf("no encoder for %s", format)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Two WebP pictures of one pixel, lossy and lossless.
const (
	webpLossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	webpLossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func unbase64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeReadsTheFiveFormats(t *testing.T) {
	for _, format := range []Format{PNG, JPEG, GIF, BMP} {
		m, err := Decode(encoded(t, format, sample(40, 20)))
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if m.Bounds().Dx() != 40 || m.Bounds().Dy() != 20 {
			t.Errorf("%s: size %v", format, m.Bounds())
		}
		g := grey(m, 1<<20)
		if g.GrayAt(5, 5).Y > 60 || g.GrayAt(35, 15).Y < 230 {
			t.Errorf("%s: dark corner is %d, light one %d", format, g.GrayAt(5, 5).Y, g.GrayAt(35, 15).Y)
		}
	}
	for _, s := range []string{webpLossy, webpLossless} {
		if m, err := Decode(unbase64(t, s)); err != nil || m.Bounds().Dx() != 1 {
			t.Errorf("webp: %v", err)
		}
	}
}

func TestDecodeGivesTheFirstFrame(t *testing.T) {
	frame := func(c color.Color) *image.Paletted {
		p := image.NewPaletted(image.Rect(0, 0, 30, 30), color.Palette{c})
		return p
	}
	g := &gif.GIF{}
	for range 200 {
		g.Image = append(g.Image, frame(color.Gray{Y: uint8(10 * len(g.Image))}))
		g.Delay = append(g.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	m, err := Decode(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if y := grey(m, 1000).GrayAt(3, 3).Y; y != 0 {
		t.Errorf("first frame is black, got %d", y)
	}
}

// header changes the size that a PNG says it has.
func header(pngFile []byte, w, h uint32, depth, kind byte) []byte {
	return rechunk(pngFile, w, h, depth, kind)
}

func TestDecodeRefuses(t *testing.T) {
	whole := encoded(t, PNG, sample(200, 200))
	wholeJPEG := encoded(t, JPEG, sample(200, 200))
	for name, c := range map[string]struct {
		data  []byte
		kind  error
		seems Format
	}{
		"nothing":                  {nil, ErrNotPicture, Empty},
		"a text":                   {[]byte("高薪誠徵客服，包吃包住"), ErrNotPicture, Text},
		"a PDF named .png":         {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), ErrNotPicture, PDF},
		"a page":                   {[]byte("\n<!DOCTYPE html><html>"), ErrNotPicture, HTML},
		"an SVG":                   {[]byte(`<?xml version="1.0"?><svg xmlns="x">`), ErrNotPicture, SVG},
		"an iPhone's photograph":   {[]byte("\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1"), ErrNotPicture, HEIC},
		"a video":                  {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"), ErrNotPicture, Video},
		"a video for the web":      {[]byte("\x1a\x45\xdf\xa3\x01\x00\x00\x00"), ErrNotPicture, Video},
		"an office document":       {[]byte("PK\x03\x04\x14\x00\x06\x00"), ErrNotPicture, Archive},
		"a sticker":                {[]byte("RIFF\x20\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x01\x00\x00"), ErrNotPicture, Animation},
		"noise":                    {[]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, ErrNotPicture, Unknown},
		"a PNG cut off":            {whole[:len(whole)/2], ErrBroken, PNG},
		"a PNG cut in its header":  {whole[:12], ErrBroken, PNG},
		"a JPEG cut off":           {wholeJPEG[:len(wholeJPEG)/2], ErrBroken, JPEG},
		"a JPEG of two bytes more": {[]byte("\xff\xd8\xff\xe0"), ErrBroken, JPEG},
		"50 megapixels":            {header(whole, 10_000, 5_000, 8, 2), ErrTooLarge, PNG},
		"a PNG bomb":               {header(whole, 60_000, 60_000, 8, 6), ErrTooLarge, PNG},
		"no width":                 {header(whole, 0, 5, 8, 6), ErrBroken, PNG},
		"30 megapixels of 16 bits": {header(whole, 6_000, 5_000, 16, 6), ErrTooLarge, PNG},
		"a GIF of 65535 by 65535":  {[]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), ErrTooLarge, GIF},
		"a BMP of 30000 by 30000":  {bmpHeader(30_000, 30_000), ErrTooLarge, BMP},
		"a WebP of 16384 by 16384": {[]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\x3f\x00\xff\x3f\x00"), ErrTooLarge, WebP},
		"more data than its size":  {overfull(t), ErrBroken, PNG},
		"13 MB":                    {bytes.Repeat([]byte{0xff}, 13<<20), ErrTooLarge, Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := Decode(c.data)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, c.kind) {
				t.Fatalf("got %v, want %v", err, c.kind)
			}
			var e *Error
			if !errors.As(err, &e) || e.Seems != c.seems {
				t.Errorf("seems %q, want %q", e.Seems, c.seems)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 4 {
				t.Errorf("allocated %d MB to refuse it", mb)
			}
			if d := time.Since(start); d > 30*time.Second {
				t.Errorf("took %v to refuse it", d)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("message is not one line: %q", err)
			}
		})
	}
}

// A progressive JPEG is held as coefficients: 20 megapixels in full colour
// need 300 MB, and are refused; plain ones need 60 MB, and are not.
func TestDecodeReckonsJPEGMemory(t *testing.T) {
	for _, c := range []struct {
		frame byte
		w, h  int
		cost  int64 // bytes a pixel
	}{{0xc0, 5000, 4000, 3}, {0xc2, 5000, 4000, 15}} {
		data := jpegHead(c.frame, c.w, c.h, [3]byte{0x11, 0x11, 0x11}, nil)
		if got := readJPEG(data).bytesPerPixel(); got != c.cost {
			t.Errorf("frame %#x: %d bytes a pixel, want %d", c.frame, got, c.cost)
		}
	}
	data := jpegHead(0xc0, 4000, 3000, [3]byte{0x22, 0x11, 0x11}, nil)
	if got := readJPEG(data).bytesPerPixel(); got != 2 { // 1.5, rounded up
		t.Errorf("half colour: %d bytes a pixel", got)
	}
	_, err := Decode(jpegHead(0xc2, 5000, 4000, [3]byte{0x11, 0x11, 0x11}, nil))
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("20 progressive megapixels: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	small := sample(16, 12)
	for _, format := range []Format{PNG, JPEG, GIF, BMP} {
		f.Add(encoded(f, format, small))
	}
	f.Add(unbase64(f, webpLossy))
	f.Add(unbase64(f, webpLossless))
	f.Add(withEXIF(f, encoded(f, JPEG, small), exifBlock(6)))
	f.Add([]byte("%PDF-1.7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		b := m.Bounds()
		if b.Empty() || b.Dx()*b.Dy() > MaxPixels {
			t.Fatalf("bounds %v", b)
		}
		if b.Dx()*b.Dy() < 10_000 {
			Codes(m)
			if Excerpt(ForReading(m), 3) != nil && len(data) == 0 {
				t.Fatal("text in nothing")
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	screen := sample(1080, 2340)
	for _, format := range []Format{PNG, JPEG} {
		data := encoded(b, format, screen)
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				if _, err := Decode(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
