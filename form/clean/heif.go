package clean

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Items that are pictures, or say how pictures make one; and the properties
// that change how a picture looks.
// Source: ISO/IEC 23008-12, 6.5, 6.6 and annexes B–L; AVIF 1.1, 2.
var (
	pictureItems = []string{"hvc1", "hev1", "lhv1", "av01", "avc1", "grid", "iovl", "iden", "tmap"}
	pictureKeeps = []string{
		"hvcC", "lhvC", "av1C", "avcC", "ispe", "pixi", "irot", "imir", "clap", "pasp", "auxC", "clli", "mdcv", "cclv", "amve",
		"a1op", "a1lx", "lsel", "rloc", "oinf", "tols", "ccst", "free",
	}
)

// picture cleans the meta box of a still picture.
func (f *film) picture(b []byte) error {
	_, _, b, err := full(b)
	if err != nil {
		return err
	}
	var items map[uint32]string
	var locations, idat *box
	primary := uint32(0)
	err = f.each(b, func(b box) error {
		switch b.kind {
		case "hdlr":
			return f.handler(b.body)
		case "dinf":
			return f.children(b.body, f.inside)
		case "iinf":
			items, err = f.items(b.body)
			return err
		case "iprp":
			return f.properties(b.body)
		case "iloc":
			locations = &b
		case "idat":
			idat = &b
			f.place(b)
		case "pitm":
			v, _, rest, err := full(b.body)
			if err != nil || len(rest) < 2 || v > 0 && len(rest) < 4 {
				return broken("a picture's first item")
			}
			if primary = uint32(binary.BigEndian.Uint16(rest)); v > 0 {
				primary = binary.BigEndian.Uint32(rest)
			}
		case "iref", "grpl":
		default:
			f.free(b, freeWords(b)...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !slices.Contains(pictureItems, items[primary]) || locations == nil {
		return refuse("this kind of picture is not known here")
	}
	return f.locate(locations.body, items, idat)
}

// items reads what kinds of items there are, and clears their names.
// Source: ISO/IEC 14496-12, 8.11.6.
func (f *film) items(b []byte) (map[uint32]string, error) {
	be := binary.BigEndian
	v, _, b, err := full(b)
	if err != nil {
		return nil, err
	}
	n := 2
	if v > 0 {
		n = 4
	}
	if len(b) < n {
		return nil, broken("a picture's items")
	}
	all := make(map[uint32]string)
	err = f.each(b[n:], func(b box) error {
		v, _, rest, err := full(b.body)
		if b.kind != "infe" || err != nil || v < 2 || v > 3 || len(rest) < 8+2*int(v-2) {
			return broken("a picture's items")
		}
		id := uint32(be.Uint16(rest))
		rest = rest[2:]
		if v == 3 {
			id = id<<16 | uint32(be.Uint16(rest))
			rest = rest[2:]
		}
		if be.Uint16(rest) != 0 {
			return refuse("the picture is locked")
		}
		if _, twice := all[id]; twice {
			return broken("a picture's items")
		}
		kind := string(rest[2:6])
		all[id] = kind
		if name := bytes.IndexByte(rest[6:], 0); kind == "mime" && name >= 0 {
			f.wipe(rest[6:6+name], comment)
			clear(rest[6+name:]) // its media type, so that nobody tries to read the zeros
		} else {
			f.wipe(rest[6:], comment)
		}
		return nil
	})
	return all, err
}

// properties frees what does not change how a picture looks. A property is
// known by its number, so its place stays.
func (f *film) properties(b []byte) error {
	return f.each(b, func(b box) error {
		switch b.kind {
		case "ipma":
			return nil
		case "ipco":
			return f.each(b.body, func(b box) error {
				if b.kind == "colr" {
					f.colour(b)
				} else if !slices.Contains(pictureKeeps, b.kind) || b.kind == "free" {
					f.free(b, comment)
				}
				return nil
			})
		}
		f.free(b, unknown)
		return nil
	})
}

// locate goes through where the items' data are: pictures are kept, what the
// rest tells is named; it is cleared with all that is not kept.
// Source: ISO/IEC 14496-12, 8.11.3.
func (f *film) locate(b []byte, items map[uint32]string, idat *box) error {
	v, _, b, err := full(b)
	if err != nil || v > 2 || len(b) < 2 {
		return broken("a picture's places")
	}
	r := reader{b: b[2:]}
	offsetSize, lengthSize, baseSize, indexSize := int(b[0]>>4), int(b[0]&15), int(b[1]>>4), int(b[1]&15)
	if v == 0 {
		indexSize = 0
	}
	idSize := 2
	if v == 2 {
		idSize = 4
	}
	for n := r.number(idSize); n > 0 && !r.short; n-- {
		id := uint32(r.number(idSize))
		method := uint64(0)
		if v > 0 {
			method = r.number(2) & 15
		}
		reference := r.number(2)
		base := r.number(baseSize)
		var tells []byte
		for extents := r.number(2); extents > 0 && !r.short; extents-- {
			r.number(indexSize)
			at, size := base+r.number(offsetSize), r.number(lengthSize)
			if method == 1 && idat != nil {
				if at > uint64(len(idat.body)) {
					return broken("a picture's places")
				}
				at += f.at(idat.body)
			} else if method != 0 {
				return refuse("the picture's data are kept in a rare way")
			}
			switch {
			case reference != 0:
				return refuse("the picture's data are in another file")
			case size == 0 || at > uint64(len(f.data)) || size > uint64(len(f.data))-at:
				return broken("a picture's places")
			case slices.Contains(pictureItems, items[id]):
				err = f.keep(at, size)
			case items[id] == "Exif" || items[id] == "mime":
				n := min(size, f.toTell)
				tells = append(tells, f.data[at:at+n]...)
				f.toTell -= n
			}
			if err != nil || len(f.kept) > maxChunks {
				return broken("a picture's places")
			}
		}
		f.tellItem(items[id], tells)
	}
	if r.short {
		return broken("a picture's places")
	}
	return nil
}

// tellItem names what an item of something else than a picture told.
func (f *film) tellItem(kind string, b []byte) {
	switch {
	case len(bytes.Trim(b, "\x00")) == 0:
	case kind == "Exif" && len(b) > 4:
		if skip := uint64(binary.BigEndian.Uint32(b)); skip < uint64(len(b)-4) {
			readEXIF(b[4+skip:], f.gone)
		}
	case kind == "mime":
		f.gone.add(xmpWord)
	}
}

// reader takes numbers of any width; short says there were too few bytes.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) number(size int) (n uint64) {
	if len(r.b) < size || size > 8 {
		r.short = true
		return 0
	}
	for _, c := range r.b[:size] {
		n = n<<8 | uint64(c)
	}
	r.b = r.b[size:]
	return n
}
