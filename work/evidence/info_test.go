package evidence

import (
	"math"
	"reflect"
	"strconv"
	"testing"
)

const said = "Title:           Invented\nCustom Metadata: no\nMetadata Stream: yes\nTagged:          no\nForm:            none\nJavaScript:      no\n" +
	"Pages:           2\nEncrypted:       no\nPage    1 size:  595.2 x 841.8 pts (A4)\nPage    1 rot:   0\nPage    2 size:  595 x 842 pts (A4)\nPage    2 rot:   270\n"

func TestParseInfo(t *testing.T) {
	want := document{2, []size{{595.2, 841.8}, {842, 595}}, []string{"title", "XMP description"}}
	for name, out := range map[string]string{
		"as it is": said,
		// What a title says with line breaks in it does not count.
		"a title that lies": "Title: x\nPages: 90000\nPage    1 size: 1e9 x 1e9 pts\nPage    1 rot: 90\n" + said,
	} {
		if d, ok := parseInfo(out, 100); !ok || !reflect.DeepEqual(d, want) {
			t.Errorf("%s: %v %+v", name, ok, d)
		}
	}
	if d, ok := parseInfo(said, 1); !ok || d.pages != 2 || len(d.sizes) != 1 {
		t.Errorf("asked for one page: %v %+v", ok, d)
	}
	for _, bad := range []string{
		"", "Pages: 0", "Pages: -1", "Pages: many", "Pages: 1", "Pages: 1\nPage 1 size: 0 x 5 pts", "Pages: 1\nPage 1 size: NaN x 5 pts",
		"Pages: 1\nPage 1 size: 5 x inf pts", "Pages: 1\nPage 1 size: 5 by 5", "Pages: 2\nPage 1 size: 5 x 5 pts",
	} {
		if d, ok := parseInfo(bad, 100); ok {
			t.Errorf("%q: %+v", bad, d)
		}
	}
}

func FuzzParseInfo(f *testing.F) {
	f.Add(said)
	f.Add("Pages: 999999999999\nPage 1 size: 1e-300 x 1e300 pts\nPage 1 rot: 90")
	f.Fuzz(func(t *testing.T, out string) {
		d, ok := parseInfo(out, 5)
		if ok != (d.pages > 0) || len(d.sizes) != min(d.pages, 5) {
			t.Fatalf("%v %+v", ok, d)
		}
		for _, s := range d.sizes {
			s.hold(t)
		}
	})
}

// hold checks that a page of this size is drawn within bounds.
func (s size) hold(t *testing.T) {
	t.Helper()
	dots, err := strconv.ParseFloat(s.dots(), 64)
	w, h := math.Ceil(s.width*dots/72), math.Ceil(s.height*dots/72)
	if err != nil || dots > dotsPerInch || w > maxSide+1 || h > maxSide+1 || w*h > maxPixels+4*maxSide {
		t.Errorf("%v: %s dots, %v × %v pixels (%v)", s, s.dots(), w, h, err)
	}
}

func TestDots(t *testing.T) {
	for s, want := range map[size]string{{595, 842}: "150", {1190, 1684}: "150", {2384, 3370}: "110", {1, 1}: "150", {1e6, 1e6}: "0.31"} {
		if got := s.dots(); got != want {
			t.Errorf("%v: %s dots, want %s", s, got, want)
		}
		s.hold(t)
	}
	for _, s := range []size{{1e300, 1e-300}, {1e-300, 1e-300}, {math.MaxFloat64, math.MaxFloat64}, {2e7, 1}} {
		s.hold(t)
	}
}
