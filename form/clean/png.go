package clean

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// What stays of a PNG, and how long it may be.
// Source: W3C PNG third edition, 11.2 and 11.3.
var pngKeeps = map[string]struct{ least, most int }{
	"IHDR": {13, 13}, "PLTE": {3, 768}, "IEND": {0, 0}, "tRNS": {1, 256},
	"gAMA": {4, 4}, "cHRM": {32, 32}, "sRGB": {1, 1}, "sBIT": {1, 4},
	"acTL": {8, 8}, "fcTL": {26, 26},
	"IDAT": {0, maxFile}, "fdAT": {4, maxFile}, "iCCP": {3, maxFile},
}

// What the other chunks tell.
var pngTells = map[string]string{
	"tEXt": comment, "zTXt": comment, "iTXt": comment, "tIME": date, "pHYs": "size in print", "bKGD": "background colour",
}

// cleanPNG keeps the chunks that make the picture (also a moving one) and its
// colours. Sums are checked; the packed pixels must end where their data end,
// so that nothing hides behind them.
func cleanPNG(data []byte, gone *removed) ([]byte, string, error) {
	const kind = "image/png"
	out := []byte(pngMagic)
	var pixels [][]byte // of the frame being read
	seen := ""
	for at := len(pngMagic); ; {
		if at+12 > len(data) {
			return nil, kind, broken("a PNG cut short")
		}
		n := uint64(binary.BigEndian.Uint32(data[at:]))
		if n > uint64(len(data)-at-12) {
			return nil, kind, broken("a PNG cut short")
		}
		end := at + 12 + int(n)
		name, body, sum := string(data[at+4:at+8]), data[at+8:end-4], data[end-4:end]
		if crc32.ChecksumIEEE(data[at+4:end-4]) != binary.BigEndian.Uint32(sum) {
			return nil, kind, broken("a PNG's checksum")
		}
		at = end
		if seen == "" && name != "IHDR" {
			return nil, kind, broken("a PNG without a header")
		}
		limit, keep := pngKeeps[name]
		if keep && (len(body) < limit.least || len(body) > limit.most || name == "IHDR" && seen != "") {
			return nil, kind, broken("a PNG's " + name)
		}
		if name == "fcTL" || name == "IEND" {
			if err := checkPixels(pixels, gone); err != nil {
				return nil, kind, err
			}
			pixels = nil
		}
		switch {
		case name == "eXIf":
			readEXIF(body, gone)
		case !keep:
			if word := pngTells[name]; word != "" {
				gone.add(word)
			} else {
				gone.add(unknown)
			}
		case name == "iCCP":
			if icc := pngProfile(body, gone); icc != nil {
				out = appendChunk(out, name, icc)
			}
		case name == "IDAT", name == "fdAT":
			pixels = append(pixels, body[limit.least:])
			out = appendChunk(out, name, body)
		default:
			out = appendChunk(out, name, body)
		}
		if name == "IDAT" || seen == "" {
			seen = name
		}
		if name == "IEND" {
			if seen != "IDAT" {
				return nil, kind, broken("a PNG without a picture")
			}
			if at != len(data) {
				return nil, kind, refuse("there are other data after the picture")
			}
			return out, kind, nil
		}
	}
}

// checkPixels unpacks one frame's data to see that they are whole and that
// nothing follows them.
func checkPixels(parts [][]byte, gone *removed) error {
	if parts == nil {
		return nil
	}
	src := bytes.NewReader(bytes.Join(parts, nil))
	z, err := zlib.NewReader(src)
	if err == nil {
		err = gone.unpacked(z, io.Discard)
	}
	switch {
	case errors.Is(err, ErrNoCopy):
		return err
	case err != nil:
		return broken("a PNG's pixels")
	}
	if src.Len() > 0 {
		return refuse("there are other data behind the pixels")
	}
	return nil
}

// pngProfile gives an iCCP chunk anew, its profile without names, or nil.
func pngProfile(body []byte, gone *removed) []byte {
	name, packed, ok := bytes.Cut(body, []byte{0})
	if !ok || len(name) > 79 || len(packed) < 1 || packed[0] != 0 {
		gone.add("colour profile")
		return nil
	}
	var icc []byte
	z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err == nil {
		var b bytes.Buffer
		err = gone.unpacked(io.LimitReader(z, maxProfile+1), &b)
		icc = b.Bytes()
	}
	if err != nil {
		gone.add("colour profile")
		return nil
	}
	if icc = keepProfile(icc, gone); icc == nil {
		return nil
	}
	out := bytes.NewBufferString("icc\x00\x00")
	w := zlib.NewWriter(out)
	w.Write(icc) // a buffer takes all
	w.Close()
	return out.Bytes()
}

func appendChunk(b []byte, name string, body []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	start := len(b)
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
}
