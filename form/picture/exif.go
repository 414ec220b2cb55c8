package picture

import "encoding/binary"

// readEXIF finds the orientation in an EXIF block, which is a TIFF file of
// tags. Only the first directory is read, and of it only tag 0x0112; all
// offsets are checked. Whatever is missing or wrong means upright.
//
// The layout is that of the TIFF 6.0 specification (Adobe, 1992), section 2;
// the tag is described in EXIF 2.32 (CIPA DC-008), 4.6.4 A.
func readEXIF(tiff []byte) turn {
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := int64(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > int64(len(tiff)) {
		return upright
	}
	const tagOrientation, typeShort, entrySize = 0x0112, 3, 12
	count := int(order.Uint16(tiff[at:]))
	entries := tiff[at+2:]
	for range count {
		if len(entries) < entrySize {
			return upright
		}
		if order.Uint16(entries) == tagOrientation {
			if order.Uint16(entries[2:]) != typeShort || order.Uint32(entries[4:]) != 1 {
				return upright
			}
			t := turn(order.Uint16(entries[8:]))
			if t < upright || t > lastTurn {
				return upright
			}
			return t
		}
		entries = entries[entrySize:]
	}
	return upright
}
