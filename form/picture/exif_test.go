package picture

import (
	"image"
	"testing"
)

// The stored picture is dark at its top left. For each orientation, where is
// the dark corner once it stands upright, and what size has it?
func TestDecodeTurnsUpright(t *testing.T) {
	stored := encoded(t, JPEG, sample(64, 32))
	for orientation, want := range map[uint16]struct {
		size  image.Point
		right bool // the dark corner is at the right
		below bool
	}{
		1: {image.Pt(64, 32), false, false},
		2: {image.Pt(64, 32), true, false},
		3: {image.Pt(64, 32), true, true},
		4: {image.Pt(64, 32), false, true},
		5: {image.Pt(32, 64), false, false},
		6: {image.Pt(32, 64), true, false},
		7: {image.Pt(32, 64), true, true},
		8: {image.Pt(32, 64), false, true},
		0: {image.Pt(64, 32), false, false},
		9: {image.Pt(64, 32), false, false},
	} {
		m, err := Decode(withEXIF(t, stored, exifBlock(orientation)))
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds().Size() != want.size {
			t.Errorf("%d: size %v, want %v", orientation, m.Bounds().Size(), want.size)
			continue
		}
		x, y := want.size.X/4, want.size.Y/4
		if want.right {
			x = want.size.X - 1 - x
		}
		if want.below {
			y = want.size.Y - 1 - y
		}
		if g := grey(m, 1<<20); g.GrayAt(x, y).Y > 60 {
			t.Errorf("%d: no dark corner at %d, %d", orientation, x, y)
		}
		if r, _, _, _ := m.At(x, y).RGBA(); r>>8 > 60 {
			t.Errorf("%d: At(%d, %d) is light", orientation, x, y)
		}
	}
}

// Every turn is a rearrangement: no pixel lost, none twice.
func TestTurnsAreRearrangements(t *testing.T) {
	const w, h = 5, 3
	for turn := upright; turn <= lastTurn; turn++ {
		outW, outH := w, h
		if turn.swapsSides() {
			outW, outH = h, w
		}
		seen := map[image.Point]bool{}
		for y := range outH {
			for x := range outW {
				sx, sy := turn.from(x, y, w, h)
				if sx < 0 || sy < 0 || sx >= w || sy >= h {
					t.Fatalf("turn %d leads outside: %d, %d", turn, sx, sy)
				}
				seen[image.Pt(sx, sy)] = true
			}
		}
		if len(seen) != w*h {
			t.Errorf("turn %d reaches %d of %d pixels", turn, len(seen), w*h)
		}
	}
}

func TestEXIFJunkMeansUpright(t *testing.T) {
	good := exifBlock(6)
	if readEXIF(good) != 6 {
		t.Fatal("the good block is not read")
	}
	little := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x08\x00\x00\x00")
	if readEXIF(little) != 8 {
		t.Error("little-endian block is not read")
	}
	change := func(at int, b ...byte) []byte {
		c := append([]byte(nil), good...)
		copy(c[at:], b)
		return c
	}
	for name, b := range map[string][]byte{
		"nothing":                   {},
		"not TIFF":                  change(0, 'X', 'X'),
		"directory before its head": change(4, 0, 0, 0, 0),
		"directory outside":         change(4, 0xff, 0xff, 0xff, 0xff),
		"directory at the end":      change(4, 0, 0, 0, byte(len(good))),
		"65535 entries":             append(change(8, 0xff, 0xff)[:22], "\x00\x00"...),
		"of another type":           change(24, 0, 2),
		"of two values":             change(26, 0, 0, 0, 2),
		"a value of 0":              change(30, 0, 0),
		"a value of 9":              change(30, 0, 9),
		"a value of 65535":          change(30, 0xff, 0xff),
	} {
		if got := readEXIF(b); got != upright {
			t.Errorf("%s: turn %d", name, got)
		}
	}
	for i := range good {
		readEXIF(good[:i]) // must not panic
	}
}

func FuzzEXIF(f *testing.F) {
	f.Add(exifBlock(6))
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := readEXIF(b); got < upright || got > lastTurn {
			t.Fatalf("turn %d", got)
		}
		app1 := append([]byte("Exif\x00\x00"), b...)
		if len(app1) > 60_000 {
			return
		}
		head := jpegHead(0xc0, 64, 48, [3]byte{0x22, 0x11, 0x11}, app1)
		if h := readJPEG(head); h.progressive || h.samples != 384 {
			t.Fatalf("the frame header was lost: %+v", h)
		}
		// As a JPEG from the first byte on, it may be anything.
		if h := readJPEG(append([]byte{0xff, 0xd8}, b...)); h.bytesPerPixel() < 1 || h.bytesPerPixel() > 81 {
			t.Fatalf("%d bytes a pixel", h.bytesPerPixel())
		}
	})
}
