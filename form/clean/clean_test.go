package clean

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"slices"
	"testing"
)

// planted is what no copy may hold. All of it is invented.
const planted = "PLANTED-Tomas-Invented"

// sample is a file made by the tests: what it is, what it tells.
type sample struct {
	name, kind string
	file       []byte
	gone       []string // what must be said to be removed; others may be
	bare       bool     // tells nothing
}

func samples(t testing.TB) []sample {
	var all []sample
	for _, of := range []func(testing.TB) []sample{jpegSamples, pngSamples, webpSamples, soundSamples, filmSamples, docxSamples} {
		all = append(all, of(t)...)
	}
	return all
}

func TestNothingPlantedStays(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			before := bytes.Clone(s.file)
			r, err := Clean(s.file)
			if err != nil {
				t.Fatal(err)
			}
			if r.Type != s.kind {
				t.Errorf("type %q, want %q", r.Type, s.kind)
			}
			if !bytes.Equal(before, s.file) {
				t.Error("the original was changed")
			}
			if !s.bare && !bytes.Contains(everything(s.file), []byte(planted)) {
				t.Fatal("the test plants nothing")
			}
			if bytes.Contains(everything(r.Copy), []byte(planted)) {
				t.Error("what was planted is in the copy")
			}
			for _, w := range s.gone {
				if !slices.Contains(r.Removed, w) {
					t.Errorf("not said to be removed: %s; only %q", w, r.Removed)
				}
			}
			if s.bare && len(r.Removed) > 0 {
				t.Errorf("said to be removed from a bare file: %q", r.Removed)
			}
			again, err := Clean(r.Copy)
			if err != nil {
				t.Fatalf("the copy itself: %v", err)
			}
			if !bytes.Equal(again.Copy, r.Copy) || len(again.Removed) > 0 {
				t.Errorf("the copy of the copy is another, without %q", again.Removed)
			}
		})
	}
}

// everything is a file with what is packed inside it: an archive's entries, a
// PNG's colour profile.
func everything(b []byte) []byte {
	all := bytes.Clone(b)
	if z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err == nil {
		for _, f := range z.File {
			all = append(all, f.Name...)
			if r, err := f.Open(); err == nil {
				body, _ := io.ReadAll(r)
				all = append(all, body...)
			}
		}
	}
	if _, rest, ok := bytes.Cut(b, []byte("iCCP")); ok {
		if _, rest, ok := bytes.Cut(rest, []byte{0, 0}); ok {
			if z, err := zlib.NewReader(bytes.NewReader(rest)); err == nil {
				body, _ := io.ReadAll(z)
				all = append(all, body...)
			}
		}
	}
	return all
}

func TestRefused(t *testing.T) {
	picture := plainJPEG(t)
	dot := plainPNG(t)
	zipEndRecord := append([]byte("PK\x05\x06"), make([]byte, 18)...)
	for name, file := range map[string][]byte{
		"nothing":                 nil,
		"text":                    []byte("An offer: call me."),
		"a page":                  []byte("<html><body>x</body></html>"),
		"a program":               []byte("MZ\x90\x00\x03"),
		"an animation":            []byte("GIF89a\x01\x00\x01\x00"),
		"half a JPEG":             picture[:len(picture)/2],
		"a JPEG's start":          picture[:3],
		"a JPEG and an archive":   slices.Concat(picture, zipEndRecord),
		"a JPEG and a page":       withSegment(picture, 0xfe, "<!DOCTYPE HTML><script>1</script>"),
		"a JPEG and a PDF":        withSegment(picture, 0xfe, "%PDF-1.4"),
		"half a PNG":              dot[:len(dot)/2],
		"a PNG with a wrong sum":  flip(dot, len(dot)/2),
		"a PNG and more":          append(bytes.Clone(dot), "x"...),
		"a PNG and an archive":    slices.Concat(dot, zipEndRecord),
		"a PNG with hidden data":  hiddenPNG(t),
		"a PNG that unpacks huge": hugePNG(t),
		"too large":               append(bytes.Clone(picture), make([]byte, maxFile)...),
	} {
		r, err := Clean(file)
		if !errors.Is(err, ErrNoCopy) || r.Copy != nil || r.Removed != nil {
			t.Errorf("%s: %v, %d bytes", name, err, len(r.Copy))
		}
	}
}

func TestTypeOfWhatIsRefused(t *testing.T) {
	for want, file := range map[string][]byte{
		"application/pdf": []byte("%PDF-1.7\n"),
		"application/zip": zipped(t, map[string]string{"a.txt": "x"}),
		"image/jpeg":      plainJPEG(t)[:40],
		"":                []byte("text"),
	} {
		if r, err := Clean(file); !errors.Is(err, ErrNoCopy) || r.Type != want {
			t.Errorf("type %q, want %q (%v)", r.Type, want, err)
		}
	}
}

func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 0x10
	return b
}

func FuzzClean(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := Clean(file)
		if err != nil {
			if !errors.Is(err, ErrNoCopy) || r.Copy != nil {
				t.Fatalf("%v with %d bytes", err, len(r.Copy))
			}
			return
		}
		again, err := Clean(r.Copy)
		if err != nil {
			t.Fatalf("the copy of a %s has no copy: %v", r.Type, err)
		}
		if again.Type != r.Type || !bytes.Equal(again.Copy, r.Copy) || len(again.Removed) > 0 {
			t.Fatalf("the copy of a %s is not its own copy: %q", r.Type, again.Removed)
		}
	})
}
