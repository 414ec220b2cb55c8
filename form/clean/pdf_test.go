package clean

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestPDFIsToBeDrawn(t *testing.T) {
	r, err := Clean([]byte("%PDF-1.7\n" + planted))
	if !errors.Is(err, ErrDraw) || !errors.Is(err, ErrNoCopy) || r.Copy != nil || r.Type != "application/pdf" {
		t.Errorf("%v %+v", err, r)
	}
}

func TestPDFTraces(t *testing.T) {
	for _, c := range []struct {
		name, pdf string
		want      []string
	}{
		{"nothing", "%PDF-1.4 1 0 obj<</Type/Catalog>>endobj startxref 9 %%EOF", nil},
		{"a script", "<</S/JavaScript/JS(app.alert(1))>>", []string{"script"}},
		{"at the very end", "/JS", []string{"script"}},
		{"the beginning of a longer name", "/InfoBox /JSON /Signal", nil},
		{"a longer name first", "/InfoBox /Info 3 0 R", []string{"properties of the document"}},
		{"a link and a file", "/URI(http://a.invalid) /EmbeddedFiles[] /EmbeddedFile ", []string{"file inside", "link"}},
		{"two versions", "startxref 1 %%EOF startxref 2 %%EOF", []string{"earlier version of the document"}},
		{"two tables from the start", "%PDF-1.4 <</Linearized 1>> startxref 1 %%EOF startxref 2 %%EOF", nil},
		{"the same with a version", "%PDF-1.4 <</Linearized 1>> startxref 1 startxref 2 startxref 3", []string{"earlier version of the document"}},
	} {
		if got := PDFTraces([]byte(c.pdf)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func ppm(w, h int, pixels string) string { return fmt.Sprintf("P6\n%d %d\n255\n%s", w, h, pixels) }

func TestReadPPM(t *testing.T) {
	r := bufio.NewReader(strings.NewReader(ppm(2, 1, "abcdef") + ppm(1, 2, "aaabbb")))
	first, err := ReadPPM(r, 2)
	if err != nil || first.Bounds() != image.Rect(0, 0, 2, 1) || first.At(1, 0) != (color.RGBA{'d', 'e', 'f', 255}) {
		t.Fatalf("%v %v", first, err)
	}
	second, err := ReadPPM(r, 2)
	if g, ok := second.(*image.Gray); err != nil || !ok || string(g.Pix) != "ab" {
		t.Fatalf("a picture without colour: %v %v", second, err)
	}
	if _, err := ReadPPM(r, 2); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
	for name, bad := range map[string]string{
		"another kind": "P5\n1 1\n255\na", "too early": ppm(2, 2, "abc"), "half a head": "P6\n1", "only a kind": "P6", "half a kind": "P",
		"too many pixels": ppm(3, 1, "123456789"), "none": ppm(0, 1, ""), "too long": ppm(1, maxSide+1, ""), "a huge number": "P6\n99999999999999999999 1\n255\n",
		"negative": "P6\n-1 1\n255\nabc", "two bytes a colour": "P6\n1 1\n65535\nabcdef",
	} {
		if img, err := ReadPPM(bufio.NewReader(strings.NewReader(bad)), 2); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%s: %v %v", name, img, err)
		}
	}
}

func FuzzReadPPM(f *testing.F) {
	f.Add([]byte(ppm(2, 1, "abcdef")))
	f.Add([]byte("P6 1\t1\r255 abcP6"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bufio.NewReader(bytes.NewReader(b))
		for {
			img, err := ReadPPM(r, 1000)
			if err != nil {
				return
			}
			if s := img.Bounds().Size(); s.X < 1 || s.Y < 1 || s.X*s.Y > 1000 {
				t.Fatalf("a picture of %v", s)
			}
		}
	})
}

func FuzzPDFTraces(f *testing.F) {
	f.Add([]byte("%PDF-1.4 /JS /Linearized startxref /Info"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got := PDFTraces(b)
		if more := PDFTraces(append(bytes.Clone(b), "\n/JavaScript"...)); len(more) < len(got) || !slices.Contains(more, "script") {
			t.Errorf("%q, and with a script %q", got, more)
		}
	})
}

func album(t *testing.T) *Album {
	t.Helper()
	var a Album
	coloured := image.NewRGBA(image.Rect(0, 0, 20, 30))
	coloured.Set(3, 3, color.RGBA{200, 10, 10, 255})
	for _, err := range []error{a.Add(coloured, 100.256, 150), a.Add(image.NewGray(image.Rect(0, 0, 5, 4)), 28_800, 1)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	a.Note(`Ends here (1\2)`)
	return &a
}

// TestAlbum reads the album as a program would: from its end, by its table.
func TestAlbum(t *testing.T) {
	pdf := album(t).PDF()
	if !bytes.Equal(pdf, album(t).PDF()) {
		t.Error("the same pictures make another album")
	}
	end := regexp.MustCompile(`trailer\n<</Size (\d+)/Root 1 0 R>>\nstartxref\n(\d+)\n%%EOF\n$`).FindSubmatch(pdf)
	if end == nil {
		t.Fatalf("no end: %q", pdf[len(pdf)-80:])
	}
	size, _ := strconv.Atoi(string(end[1]))
	at, _ := strconv.Atoi(string(end[2]))
	lines := bytes.SplitAfter(pdf[at:], []byte("\n"))
	if string(lines[0]) != "xref\n" || string(lines[1]) != fmt.Sprintf("0 %d\n", size) {
		t.Fatalf("no table: %q %q", lines[0], lines[1])
	}
	for n := 1; n < size; n++ {
		row := lines[2+n]
		where, err := strconv.Atoi(string(row[:10]))
		if want := fmt.Sprintf("%d 0 obj\n", n); err != nil || len(row) != 20 || !bytes.HasPrefix(pdf[where:], []byte(want)) {
			t.Errorf("object %d is not where the table says: %q", n, row)
		}
	}
	for _, want := range []string{"/MediaBox[0 0 100.26 150]", "/MediaBox[0 0 14400 3]", "/Count 3", `(Ends here \(1\\2\)) Tj`, "/DeviceGray", "/DeviceRGB"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
	streams := regexp.MustCompile(`(?s)/DCTDecode/Length (\d+)>>stream\n`).FindAllSubmatchIndex(pdf, -1)
	if len(streams) != 2 {
		t.Fatalf("%d pictures", len(streams))
	}
	for _, s := range streams {
		n, _ := strconv.Atoi(string(pdf[s[2]:s[3]]))
		packed := pdf[s[1] : s[1]+n]
		if _, err := jpeg.Decode(bytes.NewReader(packed)); err != nil || !bytes.HasPrefix(pdf[s[1]+n:], []byte("\nendstream")) {
			t.Errorf("a picture does not open or has another length: %v", err)
		}
		if r, err := Clean(packed); err != nil || len(r.Removed) > 0 {
			t.Errorf("a picture tells %q (%v)", r.Removed, err)
		}
	}
	if got := PDFTraces(pdf); len(got) > 0 {
		t.Errorf("the album holds %q", got)
	}
}

func TestAlbumRefusesNoSize(t *testing.T) {
	for _, s := range [][2]float64{{0, 1}, {1, -1}, {math.NaN(), 1}, {1, math.Inf(1)}} {
		var a Album
		if err := a.Add(image.NewGray(image.Rect(0, 0, 1, 1)), s[0], s[1]); err == nil {
			t.Errorf("a page of %v was added", s)
		}
	}
	var none Album
	if !bytes.Contains(none.PDF(), []byte("/Count 0")) {
		t.Error("an empty album is none")
	}
}
