package truetype

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/go-text/typesetting/font"
	"pgregory.net/rapid"
)

func unpack(t testing.TB, name string) []byte {
	t.Helper()
	packed, err := os.Open(filepath.Join("..", "fonts", name+".ttf.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// The part draws what the whole draws, in the eyes of another reader, and
// nothing that was not wanted.
func TestSubset(t *testing.T) {
	for _, name := range []string{"khmer", "myanmar", "han"} {
		file := unpack(t, name)
		whole, err := Parse(file)
		if err != nil {
			t.Fatal(name, err)
		}
		face := parse(t, file)
		rapid.Check(t, func(r *rapid.T) {
			want := rapid.SliceOfN(rapid.Uint16Range(0, uint16(whole.Glyphs-1)), 1, 20).Draw(r, "glyphs")
			part, err := whole.Subset(want, nil, map[string][]byte{"cmap": Cmap(map[rune]uint16{'a': want[0]})})
			if err != nil {
				r.Fatal(err)
			}
			small, err := Parse(part)
			if err != nil {
				r.Fatal(err)
			}
			other := parse(t, part)
			if g, ok := other.NominalGlyph('a'); !ok || uint16(g) != want[0] {
				r.Fatalf("a leads to %d", g)
			}
			for _, g := range want {
				if small.Advance(g) != whole.Advance(g) {
					r.Fatalf("glyph %d is %d wide, was %d", g, small.Advance(g), whole.Advance(g))
				}
				if !reflect.DeepEqual(face.GlyphData(font.GID(g)), other.GlyphData(font.GID(g))) {
					r.Fatalf("glyph %d is drawn otherwise", g)
				}
			}
			if len(part) > len(file)/4+60_000 && name == "han" {
				r.Fatalf("%d bytes for %d glyphs", len(part), len(want))
			}
		})
	}
}

func parse(t testing.TB, file []byte) *font.Face {
	t.Helper()
	f, err := font.ParseTTF(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCmap(t *testing.T) {
	chars := map[rune]uint16{'a': 3, 'b': 4, 'c': 9, 0x1F600: 2}
	whole, err := Parse(unpack(t, "thai"))
	if err != nil {
		t.Fatal(err)
	}
	part, err := whole.Subset([]uint16{2, 3, 4, 9}, nil, map[string][]byte{"cmap": Cmap(chars)})
	if err != nil {
		t.Fatal(err)
	}
	face := parse(t, part)
	for r, want := range chars {
		if g, ok := face.NominalGlyph(r); !ok || uint16(g) != want {
			t.Errorf("%c leads to %d, want %d", r, g, want)
		}
	}
	if _, ok := face.NominalGlyph('d'); ok {
		t.Error("d leads somewhere")
	}
}

func TestWithoutOutlines(t *testing.T) {
	file := unpack(t, "khmer")
	f, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	small := f.WithoutOutlines()
	if len(small) >= len(file) || len(parse(t, small).GSUB.Lookups) == 0 {
		t.Errorf("%d of %d bytes", len(small), len(file))
	}
	if _, err := Parse(small); err == nil {
		t.Error("a font without outlines was taken for one with")
	}
}

func FuzzParse(f *testing.F) {
	file := unpack(f, "lao")
	f.Add(file[:400], uint32(0), byte(0))
	f.Add(file, uint32(50), byte(1))
	f.Add(file, uint32(5000), byte(255))
	f.Fuzz(func(t *testing.T, file []byte, at uint32, v byte) {
		file = bytes.Clone(file)
		if len(file) > 0 {
			file[int(at)%len(file)] = v
		}
		font, err := Parse(file)
		if err != nil {
			return
		}
		for g := range uint16(200) {
			font.Advance(g)
		}
		if part, err := font.Subset([]uint16{1, 50, 65535}, []string{"GSUB"}, nil); err == nil {
			if _, err := Parse(part); err != nil {
				t.Error(err)
			}
		}
	})
}
