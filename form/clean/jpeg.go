package clean

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// cleanJPEG keeps the segments a decoder needs (frame, tables, scans), JFIF
// without its thumbnail, Adobe's colour transform, the colour profile and the
// way the picture is turned. Comments, EXIF, XMP, IPTC, depth maps, further
// pictures and everything after the end go.
// Source: ITU-T T.81 annex B; T.871 (JFIF) clause 10; ICC.1:2022 annex B.4.
func cleanJPEG(data []byte, gone *removed) ([]byte, string, error) {
	const kind = "image/jpeg"
	head := jpegHead{gone: gone}
	var body []byte
	frames, scans := 0, 0
	at := 2
	for {
		marker, seg, next, err := jpegSegment(data, at)
		if err != nil {
			return nil, kind, err
		}
		at = next
		switch {
		case marker == 0xd9: // end
			if frames != 1 || scans == 0 {
				return nil, kind, broken("a JPEG without a picture")
			}
			if at < len(data) {
				gone.add(trailing)
			}
			out := append([]byte{0xff, 0xd8}, head.write()...)
			return append(append(out, body...), 0xff, 0xd9), kind, nil
		case marker >= 0xe0 && marker <= 0xef:
			head.app(marker, seg)
		case marker == 0xfe:
			gone.add(comment)
		case marker == 0xda:
			if !jpegExact(marker, seg) || frames != 1 {
				return nil, kind, broken("a JPEG's scan")
			}
			scans++
			body = appendSegment(body, marker, seg)
			end := scanEnd(data, at)
			body = append(body, data[at:end]...)
			at = end
		case jpegExact(marker, seg):
			if marker>>4 == 0xc && marker != 0xc4 && marker != 0xcc {
				frames++
			}
			body = appendSegment(body, marker, seg)
		default:
			return nil, kind, broken(fmt.Sprintf("a JPEG's segment %#x", marker))
		}
	}
}

// jpegSegment reads the marker at a place, after any fill bytes, and what
// belongs to it.
func jpegSegment(data []byte, at int) (marker byte, seg []byte, next int, err error) {
	start := at
	for at < len(data) && data[at] == 0xff {
		at++
	}
	if at == start || at >= len(data) {
		return 0, nil, 0, broken("a JPEG without an end")
	}
	marker = data[at]
	at++
	if marker == 0xd9 {
		return marker, nil, at, nil
	}
	if at+2 > len(data) {
		return 0, nil, 0, broken("a JPEG cut short")
	}
	n := int(binary.BigEndian.Uint16(data[at:]))
	if n < 2 || at+n > len(data) {
		return 0, nil, 0, broken("a JPEG cut short")
	}
	return marker, data[at+2 : at+n], at + n, nil
}

// jpegExact tells whether a segment that stays holds what it must and not a
// byte more.
func jpegExact(marker byte, s []byte) bool {
	switch marker {
	case 0xc4: // Huffman tables
		for len(s) >= 17 {
			n := 17
			for _, c := range s[1:17] {
				n += int(c)
			}
			if n > len(s) {
				return false
			}
			s = s[n:]
		}
		return len(s) == 0
	case 0xdb: // quantisation tables
		for len(s) > 0 {
			n := 1 + 64*(1+int(s[0]>>4))
			if s[0]>>4 > 1 || n > len(s) {
				return false
			}
			s = s[n:]
		}
		return true
	case 0xcc: // arithmetic coding conditions
		return len(s) <= 16 && len(s)%2 == 0
	case 0xdd, 0xdc: // restart interval, number of lines
		return len(s) == 2
	case 0xda:
		return len(s) > 0 && s[0] >= 1 && s[0] <= 4 && len(s) == 4+2*int(s[0])
	case 0xc8:
		return false
	}
	return marker>>4 == 0xc && len(s) > 6 && s[5] >= 1 && s[5] <= 4 && len(s) == 6+3*int(s[5])
}

// scanEnd is where the coded picture stops: at a marker that is neither a
// stuffed byte nor a restart.
func scanEnd(data []byte, at int) int {
	for {
		i := bytes.IndexByte(data[at:], 0xff)
		if i < 0 || at+i+1 >= len(data) {
			return len(data)
		}
		at += i
		if next := data[at+1]; next != 0 && (next < 0xd0 || next > 0xd7) {
			return at
		}
		at += 2
	}
}

func appendSegment(b []byte, marker byte, seg []byte) []byte {
	b = append(b, 0xff, marker)
	b = binary.BigEndian.AppendUint16(b, uint16(len(seg)+2))
	return append(b, seg...)
}
