package clean

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"image/png"
	"testing"
)

func plainPNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, scene(31, 17)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// afterHeader is where chunks may be put into a PNG.
const afterHeader = len(pngMagic) + 12 + 13

// withChunks puts chunks behind a PNG's header.
func withChunks(file []byte, chunks ...string) []byte {
	out := bytes.Clone(file[:afterHeader])
	for i := 0; i < len(chunks); i += 2 {
		out = appendChunk(out, chunks[i], []byte(chunks[i+1]))
	}
	return append(out, file[afterHeader:]...)
}

func tellingPNG(t testing.TB) []byte {
	return withChunks(plainPNG(t),
		"gAMA", "\x00\x00\xb1\x8f",
		"iCCP", planted+"\x00\x00"+string(packed(profile())),
		"tEXt", "Author\x00"+planted,
		"zTXt", "Comment\x00\x00"+planted,
		"iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+planted,
		"eXIf", string(told(3)),
		"tIME", "\x07\xe8\x03\x05\x06\x07\x08",
		"pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01",
		"prVt", planted,
	)
}

func packed(parts ...[]byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	for _, p := range parts {
		z.Write(p)
	}
	z.Close()
	return b.Bytes()
}

// hiddenPNG has data behind the end of its packed pixels, as a picture has
// that was cut smaller in place.
func hiddenPNG(t testing.TB) []byte {
	b := plainPNG(t)
	end := len(b) - 12
	out := appendChunk(bytes.Clone(b[:end]), "IDAT", []byte(planted))
	return append(out, b[end:]...)
}

func hugePNG(t testing.TB) []byte {
	out := bytes.Clone(plainPNG(t)[:afterHeader])
	out = appendChunk(out, "IDAT", append([]byte("\x78\x01"), deflatedZeros(t, maxInflated>>20+1)...))
	return appendChunk(out, "IEND", nil)
}

// deflatedZeros packs so many megabytes of zeros: one is packed, the others
// repeat it.
func deflatedZeros(t testing.TB, megabytes int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(make([]byte, 1<<20))
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Repeat(b.Bytes(), megabytes), 3, 0)
}

// movingPNG has a second frame.
func movingPNG(t testing.TB) []byte {
	frame := "\x00\x00\x00\x1f\x00\x00\x00\x11\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x0a\x00\x00"
	b := withChunks(plainPNG(t), "acTL", "\x00\x00\x00\x02\x00\x00\x00\x00", "fcTL", "\x00\x00\x00\x00"+frame)
	end := len(b) - 12
	out := appendChunk(bytes.Clone(b[:end]), "fcTL", []byte("\x00\x00\x00\x01"+frame))
	out = appendChunk(out, "fdAT", append([]byte("\x00\x00\x00\x02"), packed(make([]byte, 17*(1+3*31)))...))
	return append(out, b[end:]...)
}

func pngSamples(t testing.TB) []sample {
	return []sample{
		{name: "plain PNG", kind: "image/png", file: plainPNG(t), bare: true},
		{name: "moving PNG", kind: "image/png", file: movingPNG(t), bare: true},
		{name: "PNG", kind: "image/png", file: tellingPNG(t), gone: []string{
			"GPS position", camera, date, comment, author, "size in print", "names in the colour profile",
		}},
	}
}

func TestPNGPictureStays(t *testing.T) {
	want, err := png.Decode(bytes.NewReader(plainPNG(t)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Clean(tellingPNG(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(r.Copy))
	if err != nil {
		t.Fatal(err)
	}
	samePicture(t, got, want)
	for name, want := range map[string]bool{"gAMA": true, "iCCP": true, "pHYs": false} {
		if bytes.Contains(r.Copy, []byte(name)) != want {
			t.Errorf("%s stays: %v, want %v", name, !want, want)
		}
	}
}
