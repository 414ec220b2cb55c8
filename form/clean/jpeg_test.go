package clean

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// scene is a picture with something in it.
func scene(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(7 * x), uint8(5 * y), uint8(x * y), 255})
		}
	}
	return m
}

func plainJPEG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, scene(40, 24), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSegment puts one segment behind a JPEG's first marker.
func withSegment(file []byte, marker byte, body string) []byte {
	out := appendSegment([]byte{0xff, 0xd8}, marker, []byte(body))
	return append(out, file[2:]...)
}

// told is an EXIF block of little-endian order with an orientation, maker,
// artist, date, position and thumbnail.
func told(orientation uint16) []byte {
	le := binary.LittleEndian
	var values []byte
	const ifd0, entries = 8, 7
	valuesAt := ifd0 + 2 + 12*entries + 4
	b := append([]byte("II*\x00"), 8, 0, 0, 0, entries, 0)
	entry := func(tag, kind uint16, count, value uint32) {
		b = le.AppendUint16(b, tag)
		b = le.AppendUint16(b, kind)
		b = le.AppendUint32(b, count)
		b = le.AppendUint32(b, value)
	}
	text := func(tag uint16, s string) {
		entry(tag, 2, uint32(len(s)+1), uint32(valuesAt+len(values)))
		values = append(append(values, s...), 0)
		values = append(values, make([]byte, len(values)%2)...)
	}
	text(0x010f, planted+" Optics")
	text(0x0110, planted+" 3000")
	entry(0x0112, 3, 1, uint32(orientation))
	text(0x0131, planted+" Studio")
	text(0x0132, "2024:03:05 06:07:08")
	text(0x013b, planted)
	gps := valuesAt + len(values)
	entry(0x8825, 4, 1, uint32(gps))
	ifd1 := gps + 2 + 2*12 + 4 + 24
	b = le.AppendUint32(b, uint32(ifd1))
	b = append(b, values...)
	b = append(b, 2, 0)
	entry(1, 2, 2, 'N')
	entry(2, 5, 3, uint32(gps+2+24+4))
	b = append(b, 0, 0, 0, 0)
	for _, n := range []uint32{14, 1, 30, 1, 0, 1} {
		b = le.AppendUint32(b, n)
	}
	b = append(b, 2, 0)
	small := "\xff\xd8" + planted + "\xff\xd9"
	entry(0x0201, 4, 1, uint32(ifd1+2+24+4))
	entry(0x0202, 4, 1, uint32(len(small)))
	b = append(b, 0, 0, 0, 0)
	return append(b, small...)
}

// profile is a colour profile with a text and a maker's own tag.
func profile() []byte {
	be := binary.BigEndian
	b := make([]byte, 128)
	copy(b[36:], "acsp")
	copy(b[8:], "\x04\x30\x00\x00mntrRGB XYZ ")
	copy(b[48:], "PLNT")
	tags := []struct{ name, body string }{
		{"desc", "mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS\x00\x00\x00\x16\x00\x00\x00\x1c" + planted},
		{"rXYZ", "XYZ \x00\x00\x00\x00\x00\x00\x6f\xa2\x00\x00\x38\xf5\x00\x00\x03\x90"},
		{"mmod", "mmod\x00\x00\x00\x00" + planted},
	}
	b = be.AppendUint32(b, uint32(len(tags)))
	at := 128 + 4 + 12*len(tags)
	for _, t := range tags {
		b = append(b, t.name...)
		b = be.AppendUint32(b, uint32(at))
		b = be.AppendUint32(b, uint32(len(t.body)))
		at += len(t.body)
	}
	for _, t := range tags {
		b = append(b, t.body...)
	}
	be.PutUint32(b, uint32(len(b)))
	return b
}

func tellingJPEG(t testing.TB) []byte {
	b := plainJPEG(t)
	for _, s := range []struct {
		marker byte
		body   string
	}{
		{0xfe, planted},
		{0xed, "Photoshop 3.0\x008BIM" + planted},
		{0xe2, "MPF\x00" + planted},
		{0xe2, iccName + "\x01\x01" + string(profile())},
		{0xec, "Ducky" + planted},
		{0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + planted},
		{0xe1, exifName + string(told(6))},
		{0xe0, "JFXX\x00\x10" + planted},
		{0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x03\x03" + planted + planted},
	} {
		b = withSegment(b, s.marker, s.body)
	}
	return append(b, append(plainJPEG(t), planted...)...)
}

func jpegSamples(t testing.TB) []sample {
	return []sample{
		{name: "plain JPEG", kind: "image/jpeg", file: plainJPEG(t), bare: true},
		{name: "JPEG", kind: "image/jpeg", file: tellingJPEG(t), gone: []string{
			"GPS position", camera, program, date, author, thumbnail, comment, xmpWord, trailing,
			"further pictures", "caption and keywords", "names in the colour profile",
		}},
	}
}

func TestJPEGPictureStays(t *testing.T) {
	want, err := jpeg.Decode(bytes.NewReader(plainJPEG(t)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Clean(tellingJPEG(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(bytes.NewReader(r.Copy))
	if err != nil {
		t.Fatal(err)
	}
	samePicture(t, got, want)
	if !bytes.Contains(r.Copy, []byte("\x6f\xa2\x00\x00\x38\xf5")) {
		t.Error("the colours of the profile are gone")
	}
}

func samePicture(t *testing.T, got, want image.Image) {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Fatalf("%v, want %v", got.Bounds(), want.Bounds())
	}
	for y := want.Bounds().Min.Y; y < want.Bounds().Max.Y; y++ {
		for x := want.Bounds().Min.X; x < want.Bounds().Max.X; x++ {
			r, g, b, a := got.At(x, y).RGBA()
			r2, g2, b2, a2 := want.At(x, y).RGBA()
			if r != r2 || g != g2 || b != b2 || a != a2 {
				t.Fatalf("another pixel at %d, %d", x, y)
			}
		}
	}
}

func TestJPEGStaysTurned(t *testing.T) {
	for o := range uint16(12) {
		r, err := Clean(withSegment(plainJPEG(t), 0xe1, exifName+string(told(o))))
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(r.Copy, []byte(exifName))
		if !turned(o) {
			if at >= 0 {
				t.Errorf("orientation %d: an EXIF block was written", o)
			}
			continue
		}
		var none removed
		if at < 0 || readEXIF(r.Copy[at+len(exifName):], &none) != o {
			t.Errorf("orientation %d is not in the copy", o)
		}
	}
}

func TestBrokenEXIFGoes(t *testing.T) {
	whole := told(6)
	for i := range whole {
		r, err := Clean(withSegment(plainJPEG(t), 0xe1, exifName+string(whole[:i])))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Removed) == 0 || bytes.Contains(r.Copy, []byte("PLANTED")) {
			t.Fatalf("cut at %d: removed %q", i, r.Removed)
		}
	}
}
