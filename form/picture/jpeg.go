package picture

import (
	"bytes"
	"encoding/binary"
)

// jpegHeader is what must be known of a JPEG before it is decoded.
type jpegHeader struct {
	orientation turn
	progressive bool
	// samples per pixel, times 256: 256 for grey, 384 for colour at half
	// resolution both ways, 768 for full colour.
	samples int64
	// scans is how many passes over the pixels the file holds.
	scans int
}

// bytesPerPixel is what decoding needs. A progressive picture is held as
// coefficients of four bytes beside the pixels.
func (h jpegHeader) bytesPerPixel() int64 {
	per := int64(1)
	if h.progressive {
		per += 4
	}
	return (h.samples*per + 255) / 256
}

// readJPEG walks the segments, over the coded pixels too. What it cannot read it leaves
// at the safe side: upright, full colour, progressive. It never fails; whether
// the picture is whole is for the decoder to say.
func readJPEG(data []byte) jpegHeader {
	h := jpegHeader{orientation: upright, progressive: true, samples: 4 * 256}
	seenEXIF := false
	for i := 2; i+4 <= len(data); {
		if data[i] != 0xff {
			return h
		}
		marker := data[i+1]
		if marker == 0xff { // fill
			i++
			continue
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 { // no length
			i += 2
			continue
		}
		if marker == 0xd9 { // the end
			return h
		}
		length := int(binary.BigEndian.Uint16(data[i+2:]))
		if length < 2 || i+2+length > len(data) {
			return h
		}
		body := data[i+4 : i+2+length]
		switch {
		case marker == 0xe1 && !seenEXIF && len(body) > 6 && string(body[:6]) == "Exif\x00\x00":
			seenEXIF = true
			h.orientation = readEXIF(body[6:])
		case marker >= 0xc0 && marker <= 0xc2:
			h.progressive = marker == 0xc2
			h.samples = jpegSamples(body)
		}
		i += 2 + length
		if marker == 0xda {
			h.scans++
			i = afterScan(data, i)
		}
	}
	return h
}

// afterScan gives where the coded pixels that begin at i end: at the next
// marker that is neither a stuffed byte nor a restart.
func afterScan(data []byte, i int) int {
	for i < len(data) {
		n := bytes.IndexByte(data[i:], 0xff)
		if n < 0 || i+n+1 >= len(data) {
			return len(data)
		}
		i += n
		if m := data[i+1]; m != 0 && m != 0xff && (m < 0xd0 || m > 0xd7) {
			return i
		}
		i++
	}
	return i
}

// jpegSamples reads a frame header's sampling factors.
func jpegSamples(frame []byte) int64 {
	const full = 4 * 256
	if len(frame) < 6 {
		return full
	}
	n := int(frame[5])
	if n == 0 || n > 4 || len(frame) < 6+3*n {
		return full
	}
	var sum, maxH, maxV int64
	for c := range n {
		f := frame[6+3*c+1]
		h, v := int64(f>>4), int64(f&15)
		if h == 0 || h > 4 || v == 0 || v > 4 {
			return full
		}
		sum += h * v
		maxH, maxV = max(maxH, h), max(maxV, v)
	}
	return (sum*256 + maxH*maxV - 1) / (maxH * maxV)
}
