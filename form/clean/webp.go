package clean

import (
	"encoding/binary"
)

// Flags of a WebP's VP8X chunk.
// Source: RFC 9649, 2.7.
const (
	webpMoves = 0x02
	webpXMP   = 0x04
	webpEXIF  = 0x08
	webpAlpha = 0x10
	webpICC   = 0x20
)

func seenWebP(b []byte) bool {
	return len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP"
}

// cleanWebP keeps the picture's chunks (also of a moving one) and its colour
// profile; the flags and sizes around them are made anew.
func cleanWebP(data []byte, gone *removed) ([]byte, string, error) {
	const kind = "image/webp"
	if size := uint64(binary.LittleEndian.Uint32(data[4:])) + 8; size != uint64(len(data)) {
		return nil, kind, broken("a WebP's size, or data behind it")
	}
	out := append([]byte("RIFF\x00\x00\x00\x00"), "WEBP"...)
	header, profile := -1, false
	pictures := 0
	err := riff(data[12:], func(name string, body []byte) error {
		switch name {
		case "VP8X":
			if len(body) != 10 || len(out) > 12 {
				return broken("a WebP's header")
			}
			header = len(out) + 8
			body = append([]byte{body[0], 0, 0, 0}, body[4:]...)
		case "VP8 ", "VP8L":
			pictures++
		case "ALPH":
		case "ANIM":
			if len(body) != 6 {
				return broken("a WebP's animation")
			}
		case "ANMF":
			frame, err := webpFrame(body, gone)
			if err != nil {
				return err
			}
			body = frame
			pictures++
		case "ICCP":
			if body = keepProfile(body, gone); body == nil {
				return nil
			}
			profile = true
		case "EXIF":
			if len(body) > 6 && string(body[:6]) == exifName {
				body = body[6:]
			}
			readEXIF(body, gone)
			if len(gone.words) == 0 {
				gone.add("orientation")
			}
			return nil
		case "XMP ":
			gone.add(xmpWord)
			return nil
		default:
			gone.add(unknown)
			return nil
		}
		out = appendRIFF(out, name, body)
		return nil
	})
	if err != nil {
		return nil, kind, err
	}
	if pictures == 0 {
		return nil, kind, broken("a WebP without a picture")
	}
	if header >= 0 {
		out[header] &= webpMoves | webpAlpha
		if profile {
			out[header] |= webpICC
		}
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, kind, nil
}

// webpFrame is one frame of a moving WebP with nothing but its picture.
func webpFrame(body []byte, gone *removed) ([]byte, error) {
	const fixed = 16
	if len(body) < fixed {
		return nil, broken("a WebP's frame")
	}
	out := append([]byte(nil), body[:fixed]...)
	pictures := 0
	err := riff(body[fixed:], func(name string, body []byte) error {
		switch name {
		case "VP8 ", "VP8L":
			pictures++
		case "ALPH":
		default:
			gone.add(unknown)
			return nil
		}
		out = appendRIFF(out, name, body)
		return nil
	})
	if err == nil && pictures != 1 {
		err = broken("a WebP's frame")
	}
	return out, err
}

// riff hands out each chunk; they must fill the bytes to the end.
func riff(b []byte, each func(name string, body []byte) error) error {
	for len(b) > 0 {
		if len(b) < 8 {
			return broken("a chunk cut short")
		}
		n := uint64(binary.LittleEndian.Uint32(b[4:]))
		if padded := n + n%2; padded > uint64(len(b)-8) {
			return broken("a chunk cut short")
		}
		if err := each(string(b[:4]), b[8:8+n]); err != nil {
			return err
		}
		b = b[8+n+n%2:]
	}
	return nil
}

func appendRIFF(b []byte, name string, body []byte) []byte {
	b = append(b, name...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(body)))
	b = append(b, body...)
	return append(b, make([]byte, len(body)%2)...)
}
