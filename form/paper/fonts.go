package paper

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"sync"

	"github.com/go-text/typesetting/font"

	"homeward/form/paper/truetype"
)

//go:generate go run ./gen -fonts $FONTS

// The fonts are cut from Debian's packages (gen) and stay packed until a
// paper needs them. Their licences lie beside them and travel in the binary.
//
//go:embed fonts/*.ttf.gz fonts/*.txt
var fontFiles embed.FS

// A typeface is one font, and the room its lines need above and below the
// baseline, in thousandths of its size. Burmese and Khmer stack letters.
type typeface struct {
	name         string
	above, below int
	spans        [][2]rune // what it is asked for; none means everything
	load         func() (*loaded, error)
}

// loaded is a font, unpacked.
type loaded struct {
	rules    *font.Font     // for shaping
	outlines *truetype.Font // for the PDF
}

// faces in the order in which they are asked for a character.
var faces = []*typeface{
	face("latin", 1000, 420),
	face("thai", 1200, 480, [2]rune{0x0E00, 0x0E7F}),
	face("lao", 1200, 480, [2]rune{0x0E80, 0x0EFF}),
	face("khmer", 1180, 640, [2]rune{0x1780, 0x17FF}, [2]rune{0x19E0, 0x19FF}),
	face("myanmar", 1280, 740, [2]rune{0x1000, 0x109F}, [2]rune{0xA9E0, 0xA9FF}, [2]rune{0xAA60, 0xAA7F}),
	face("han", 1060, 460, [2]rune{0x2E80, 0x312F}, [2]rune{0x31A0, 0x9FFF}, [2]rune{0xF900, 0xFAFF}, [2]rune{0xFE30, 0xFE6F}, [2]rune{0xFF00, 0xFFEF}),
	face("hangul", 1060, 460, [2]rune{0x2160, 0x217F}, [2]rune{0x3008, 0x3009}, [2]rune{0x3130, 0x318F}, [2]rune{0x3200, 0x33FF}, [2]rune{0xAC00, 0xD7A3}),
	face("arrows", 1000, 420, [2]rune{0x2190, 0x22FF}),
	face("circled", 1000, 420, [2]rune{0x2460, 0x24FF}),
	face("signs", 1000, 420, [2]rune{0x2500, 0x257F}, [2]rune{0x25A0, 0x25FF}, [2]rune{0x2600, 0x2775}),
}

func face(name string, above, below int, spans ...[2]rune) *typeface {
	return &typeface{name, above, below, spans, sync.OnceValues(func() (*loaded, error) { return load(name) })}
}

func load(name string) (*loaded, error) {
	packed, err := fontFiles.ReadFile("fonts/" + name + ".ttf.gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	file, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	outlines, err := truetype.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	rules, err := font.ParseTTF(bytes.NewReader(outlines.WithoutOutlines()))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	return &loaded{rules.Font, outlines}, nil
}

// asked says whether a face is worth asking for a character.
func (f *typeface) asked(r rune) bool {
	if len(f.spans) == 0 {
		return true
	}
	for _, s := range f.spans {
		if r >= s[0] && r <= s[1] {
			return true
		}
	}
	return false
}

// FontLicences gives the licences under which the fonts in this program and
// in its papers are shared, to be shown with its own.
func FontLicences() (string, error) {
	var b bytes.Buffer
	for _, name := range []string{"README.txt", "OFL.txt", "APACHE.txt"} {
		text, err := fontFiles.ReadFile("fonts/" + name)
		if err != nil {
			return "", err
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	return b.String(), nil
}
