package clean

import "encoding/binary"

// What EXIF tells, by tag. Only names are read here, never values: the block
// itself goes as a whole.
// Source: CIPA DC-008-2024 (Exif 3.0), tables 4–8 and 15.
var exifWords = map[uint16]string{
	0x010e: comment, // ImageDescription
	0x010f: camera,  // Make
	0x0110: camera,  // Model
	0x0131: program, // Software
	0x0132: date,    // DateTime
	0x013b: author,  // Artist
	0x8298: author,  // Copyright
	0x9003: date,    // DateTimeOriginal
	0x9004: date,    // DateTimeDigitized
	0x927c: camera,  // MakerNote
	0x9286: comment, // UserComment
	0x9c9b: comment, // XPTitle
	0x9c9c: comment, // XPComment
	0x9c9d: author,  // XPAuthor
	0x9c9e: comment, // XPKeywords
	0x9c9f: comment, // XPSubject
	0xa420: "picture number",
	0xa430: author, // CameraOwnerName
	0xa431: "serial number",
	0xa433: camera, // LensMake
	0xa434: camera, // LensModel
	0xa435: "serial number",
	0xa436: comment, // ImageTitle
	0xa437: author,  // Photographer
	0xa438: author,  // ImageEditor
}

const (
	tagOrientation = 0x0112
	tagExif        = 0x8769
	tagGPS         = 0x8825
)

// orientations other than upright, which a viewer has to undo.
func turned(o uint16) bool { return o >= 2 && o <= 8 }

// readEXIF adds to gone what a TIFF block tells and gives its orientation, 0
// where it has none. A block that cannot be read is gone too.
func readEXIF(b []byte, gone *removed) uint16 {
	told := len(gone.words)
	orientation := walkEXIF(b, gone)
	if len(gone.words) == told && !isOrientation(b) {
		gone.add("camera settings")
	}
	return orientation
}

func walkEXIF(b []byte, gone *removed) (orientation uint16) {
	if len(b) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(b[:2]) {
	case "MM":
	case "II":
		order = binary.LittleEndian
	default:
		return 0
	}
	type directory struct {
		at   uint32
		kind uint16
	}
	todo := []directory{{order.Uint32(b[4:]), 0}}
	for steps := 0; len(todo) > 0 && steps < 8; steps++ {
		d := todo[0]
		todo = todo[1:]
		if uint64(d.at)+2 > uint64(len(b)) {
			continue
		}
		n := int(order.Uint16(b[d.at:]))
		rest := b[d.at+2:]
		if d.kind == tagGPS && n > 0 {
			gone.add("GPS position")
		}
		for ; n > 0 && len(rest) >= 12; n, rest = n-1, rest[12:] {
			tag, value := order.Uint16(rest), order.Uint32(rest[8:])
			switch {
			case tag == tagExif || tag == tagGPS:
				todo = append(todo, directory{value, tag})
			case d.kind == tagGPS:
			case tag == tagOrientation && d.kind == 0 && order.Uint16(rest[2:]) == 3:
				if orientation == 0 {
					orientation = order.Uint16(rest[8:])
				}
			case exifWords[tag] != "":
				gone.add(exifWords[tag])
			}
		}
		if d.kind == 0 && n == 0 && len(rest) >= 4 && order.Uint32(rest) != 0 {
			gone.add(thumbnail) // IFD1 is the thumbnail's
		}
	}
	return orientation
}

// orientationBlock is the least EXIF there is: how the picture is turned.
func orientationBlock(o uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	b = binary.BigEndian.AppendUint16(b, o)
	return append(b, 0, 0, 0, 0, 0, 0)
}

// isOrientation tells whether a block is the one written here.
func isOrientation(b []byte) bool {
	if len(b) != 26 {
		return false
	}
	o := binary.BigEndian.Uint16(b[18:])
	return turned(o) && string(b) == string(orientationBlock(o))
}
