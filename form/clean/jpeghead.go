package clean

import "bytes"

// jpegHead gathers what stays of a JPEG's application segments.
type jpegHead struct {
	gone        *removed
	jfif, adobe []byte
	orientation uint16
	profile     map[byte][]byte // colour profile, by number of the part
	parts       byte
}

const (
	exifName = "Exif\x00\x00"
	iccName  = "ICC_PROFILE\x00"
)

// app keeps or names one application segment.
func (h *jpegHead) app(marker byte, seg []byte) {
	is := func(m byte, name string) bool { return marker == m && bytes.HasPrefix(seg, []byte(name)) }
	switch {
	case is(0xe0, "JFIF\x00") && len(seg) >= 14:
		if len(seg) > 14 {
			h.gone.add(thumbnail)
		}
		if h.jfif == nil {
			h.jfif = append(bytes.Clone(seg[:12]), 0, 0)
		}
	case is(0xe0, "JFXX\x00"):
		h.gone.add(thumbnail)
	case is(0xe1, exifName):
		if o := readEXIF(seg[len(exifName):], h.gone); h.orientation == 0 {
			h.orientation = o
		}
	case is(0xe1, "http://ns.adobe.com/"):
		h.gone.add(xmpWord)
	case is(0xe2, iccName) && len(seg) >= len(iccName)+2:
		if h.profile == nil {
			h.profile = make(map[byte][]byte)
		}
		n := len(iccName)
		h.profile[seg[n]], h.parts = seg[n+2:], seg[n+1]
	case is(0xe2, "MPF\x00"):
		h.gone.add("further pictures")
	case is(0xed, ""):
		h.gone.add("caption and keywords")
	case is(0xee, "Adobe") && len(seg) >= 12:
		h.adobe = bytes.Clone(seg[:12])
		clear(h.adobe[7:11]) // flags of an encoder; only the colour transform matters
	default:
		h.gone.add(unknown)
	}
}

// write gives the segments that stay, in the order readers expect.
func (h *jpegHead) write() []byte {
	var out []byte
	if h.jfif != nil {
		out = appendSegment(out, 0xe0, h.jfif)
	}
	if turned(h.orientation) {
		out = appendSegment(out, 0xe1, append([]byte(exifName), orientationBlock(h.orientation)...))
	}
	out = append(out, h.writeProfile()...)
	if h.adobe != nil {
		out = appendSegment(out, 0xee, h.adobe)
	}
	return out
}

func (h *jpegHead) writeProfile() []byte {
	if h.profile == nil {
		return nil
	}
	var whole []byte
	for i := 1; i <= int(h.parts); i++ {
		whole = append(whole, h.profile[byte(i)]...)
	}
	icc := keepProfile(whole, h.gone)
	const most = 65533 - len(iccName) - 2
	n := (len(icc) + most - 1) / most
	var out []byte
	for i := 1; i <= n; i++ {
		part := icc[:min(most, len(icc))]
		icc = icc[len(part):]
		out = appendSegment(out, 0xe2, append(append([]byte(iccName), byte(i), byte(n)), part...))
	}
	return out
}

// keepProfile is colourProfile, telling what went.
func keepProfile(b []byte, gone *removed) []byte {
	icc, ok := colourProfile(b)
	switch {
	case !ok:
		gone.add("colour profile")
		return nil
	case !bytes.Equal(icc, b):
		gone.add("names in the colour profile")
	}
	return icc
}
