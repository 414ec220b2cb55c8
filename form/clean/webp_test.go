package clean

import (
	"bytes"
	"encoding/binary"
	"testing"

	"golang.org/x/image/webp"
)

// plainWebP is one red pixel of lossless WebP: five codes of one symbol each.
func plainWebP() []byte {
	return riffFile("VP8L", lossless())
}

// lossless writes the bits of a VP8L picture of one pixel.
// Source: RFC 9649, 3.
func lossless() string {
	out := []byte{0x2f}
	var bits uint64
	n := 0
	put := func(v uint64, width int) {
		bits |= v << n
		for n += width; n >= 8; n -= 8 {
			out = append(out, byte(bits))
			bits >>= 8
		}
	}
	put(0, 14)                                           // width less one
	put(0, 14)                                           // height less one
	put(0, 1+3)                                          // no alpha, version 0
	put(0, 1+1+1)                                        // no transform, no colour cache, one set of codes
	for _, symbol := range []uint64{0, 200, 0, 255, 0} { // green, red, blue, alpha, distance
		put(1, 1) // a simple code
		put(0, 1) // of one symbol
		if symbol < 2 {
			put(0, 1)
			put(symbol, 1)
		} else {
			put(1, 1)
			put(symbol, 8)
		}
	}
	put(0, 7)
	return string(out)
}

func riffFile(chunks ...string) []byte {
	b := append([]byte("RIFF\x00\x00\x00\x00"), "WEBP"...)
	for i := 0; i < len(chunks); i += 2 {
		b = appendRIFF(b, chunks[i], []byte(chunks[i+1]))
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

func tellingWebP() []byte {
	return riffFile("VP8X", "\x2c\x00\x00\x00\x00\x00\x00\x00\x00\x00", "ICCP", string(profile()), "VP8L", lossless(),
		"EXIF", string(told(1)), "XMP ", planted+"!", "prVt", planted)
}

func movingWebP() []byte {
	frame := string(appendRIFF(appendRIFF(make([]byte, 16), "VP8L", []byte(lossless())), "prVt", []byte(planted)))
	return riffFile("VP8X", "\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00", "ANIM", "\x00\x00\x00\x00\x00\x00", "ANMF", frame, "ANMF", frame)
}

func webpSamples(testing.TB) []sample {
	return []sample{
		{name: "plain WebP", kind: "image/webp", file: plainWebP(), bare: true},
		{name: "WebP", kind: "image/webp", file: tellingWebP(), gone: []string{"GPS position", camera, author, xmpWord, "names in the colour profile", unknown}},
		{name: "moving WebP", kind: "image/webp", file: movingWebP(), gone: []string{unknown}},
	}
}

func TestWebPPictureStays(t *testing.T) {
	want, err := webp.Decode(bytes.NewReader(plainWebP()))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Clean(tellingWebP())
	if err != nil {
		t.Fatal(err)
	}
	got, err := webp.Decode(bytes.NewReader(r.Copy))
	if err != nil {
		t.Fatal(err)
	}
	samePicture(t, got, want)
	if flags := r.Copy[20]; flags != webpICC {
		t.Errorf("flags %#x", flags)
	}
	if int(binary.LittleEndian.Uint32(r.Copy[4:])) != len(r.Copy)-8 {
		t.Error("the size of the whole is wrong")
	}
}
