package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// Makers of damaged and hostile files.

func chunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// rechunk gives a PNG another header; its data stay as they are.
func rechunk(file []byte, w, h uint32, depth, kind byte) []byte {
	const headerEnd = 8 + 12 + 13
	body := binary.BigEndian.AppendUint32(nil, w)
	body = binary.BigEndian.AppendUint32(body, h)
	body = append(body, depth, kind, 0, 0, 0)
	out := append([]byte(nil), file[:8]...)
	return append(append(out, chunk("IHDR", body)...), file[headerEnd:]...)
}

// overfull is a PNG of 100 by 100 whose data unpack to 200 MB.
func overfull(t testing.TB) []byte {
	t.Helper()
	var data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 200 {
		if _, err := z.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	body := binary.BigEndian.AppendUint32(nil, 100)
	body = binary.BigEndian.AppendUint32(body, 100)
	out := []byte("\x89PNG\r\n\x1a\n")
	out = append(out, chunk("IHDR", append(body, 8, 0, 0, 0, 0))...)
	out = append(out, chunk("IDAT", data.Bytes())...)
	return append(out, chunk("IEND", nil)...)
}

func bmpHeader(w, h uint32) []byte {
	b := make([]byte, 54)
	copy(b, "BM")
	binary.LittleEndian.PutUint32(b[10:], 54)
	binary.LittleEndian.PutUint32(b[14:], 40)
	binary.LittleEndian.PutUint32(b[18:], w)
	binary.LittleEndian.PutUint32(b[22:], h)
	binary.LittleEndian.PutUint16(b[26:], 1)
	binary.LittleEndian.PutUint16(b[28:], 24)
	return b
}

// jpegHead is a JPEG up to where its pixels begin.
func jpegHead(frame byte, w, h int, sampling [3]byte, app1 []byte) []byte {
	b := []byte{0xff, 0xd8}
	if app1 != nil {
		b = append(b, 0xff, 0xe1)
		b = binary.BigEndian.AppendUint16(b, uint16(len(app1)+2))
		b = append(b, app1...)
	}
	b = append(b, 0xff, frame, 0, 17, 8)
	b = binary.BigEndian.AppendUint16(b, uint16(h))
	b = binary.BigEndian.AppendUint16(b, uint16(w))
	b = append(b, 3)
	for i, s := range sampling {
		b = append(b, byte(i+1), s, 0)
	}
	return append(b, 0xff, 0xda, 0, 12)
}

// exifBlock is an EXIF block that says this orientation, in big-endian order,
// with a tag before it.
func exifBlock(orientation uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x02")
	b = append(b, "\x01\x0f\x00\x02\x00\x00\x00\x04ABC\x00"...)
	b = append(b, "\x01\x12\x00\x03\x00\x00\x00\x01"...)
	b = binary.BigEndian.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0)
}

// withEXIF puts an EXIF block into a JPEG.
func withEXIF(t testing.TB, file, exif []byte) []byte {
	t.Helper()
	if len(file) < 2 {
		t.Fatal("no JPEG")
	}
	app1 := append([]byte("Exif\x00\x00"), exif...)
	b := []byte{0xff, 0xd8, 0xff, 0xe1}
	b = binary.BigEndian.AppendUint16(b, uint16(len(app1)+2))
	return append(append(b, app1...), file[2:]...)
}
