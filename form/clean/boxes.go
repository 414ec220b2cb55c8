package clean

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// box is one box of an ISO base media file, in place.
// Source: ISO/IEC 14496-12, 4.2.
type box struct {
	kind string
	head []byte // size and type, and the long size if there is one
	body []byte
}

// maxBoxes and maxChunks bound the work on a file made of nothing but heads.
const (
	maxBoxes  = 200_000
	maxChunks = 1_000_000
)

// film is an ISO base media file being cleaned in place: nothing moves, so
// that every offset in it stays true. What goes becomes a free box of zeros.
type film struct {
	data    []byte // the copy
	gone    *removed
	boxes   int
	kept    []span // bytes of the file that belong to sound or pictures
	places  []span // where data belong: mdat and idat boxes
	whole   bool   // fragments: their data stay as they are
	video   bool
	sound   bool // the track at hand is sound
	foreign bool // a track of something else was taken out
	tracks  int
	toTell  uint64 // bytes that may still be read only to say what they told
	meta    bool
	movie   bool
}

// span is a range of bytes in the file.
type span struct{ from, to uint64 }

// at tells where in the file a part of it begins: every part is cut from the
// copy's one slice, and none gives up the room behind it.
func (f *film) at(part []byte) uint64 {
	return uint64(cap(f.data) - cap(part))
}

// each hands out the boxes that fill b to its last byte.
func (f *film) each(b []byte, do func(box) error) error {
	for len(b) > 0 {
		if f.boxes++; f.boxes > maxBoxes {
			return refuse("the file has too many parts")
		}
		if len(b) < 8 {
			return broken("a box cut short")
		}
		size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		switch size {
		case 0: // to the end of the file
			if f.at(b)+uint64(len(b)) != uint64(len(f.data)) {
				return broken("a box without an end")
			}
			size = uint64(len(b))
		case 1:
			if len(b) < 16 {
				return broken("a box cut short")
			}
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size < head || size > uint64(len(b)) {
			return broken("a box's size, or data behind the last")
		}
		if err := do(box{string(b[4:8]), b[:head], b[head:size]}); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}

// children is each for a box that may end in four zero bytes, as QuickTime
// writes them.
func (f *film) children(b []byte, do func(box) error) error {
	if n := len(b); n >= 4 && n < 8 && binary.BigEndian.Uint32(b) == 0 {
		return nil
	}
	return f.each(b, do)
}

// free makes a box nothing.
func (f *film) free(b box, words ...string) {
	if b.kind == "free" || b.kind == "skip" || b.kind == "wide" {
		if len(bytes.Trim(b.body, "\x00")) > 0 {
			f.gone.add(words...)
		}
	} else {
		f.gone.add(words...)
	}
	copy(b.head[4:8], "free")
	clear(b.body)
}

// wipe clears bytes inside a box that stays, and says what they told.
func (f *film) wipe(b []byte, word string) {
	if len(bytes.Trim(b, "\x00")) > 0 {
		f.gone.add(word)
		clear(b)
	}
}

// place notes that a box is there to hold data.
func (f *film) place(b box) {
	from := f.at(b.body)
	f.places = append(f.places, span{from, from + uint64(len(b.body))})
}

// keep notes that bytes of the file are sound or picture.
func (f *film) keep(from, size uint64) error {
	if from > uint64(len(f.data)) || size > uint64(len(f.data))-from {
		return broken("data outside the file")
	}
	if size > 0 {
		f.kept = append(f.kept, span{from, from + size})
	}
	return nil
}

// wipeRest clears what no kept track or picture uses. It fails if one uses
// bytes outside the places where data belong, since those may be cleared.
func (f *film) wipeRest() error {
	byStart := func(a, b span) int { return cmp.Compare(a.from, b.from) }
	slices.SortFunc(f.kept, byStart)
	slices.SortFunc(f.places, byStart)
	const word = "data outside picture and sound"
	kept := f.kept
	for _, p := range f.places {
		from := p.from
		for len(kept) > 0 && kept[0].from < p.to {
			k := kept[0]
			if k.from < p.from || k.to > p.to {
				return broken("data where none belong")
			}
			if k.from > from {
				f.wipe(f.data[from:k.from], word)
			}
			from = max(from, k.to)
			kept = kept[1:]
		}
		f.wipe(f.data[from:p.to], word)
	}
	if len(kept) > 0 {
		return broken("data where none belong")
	}
	return nil
}

// full gives a full box's version and what follows its flags.
func full(b []byte) (version byte, flags uint32, rest []byte, err error) {
	if len(b) < 4 {
		return 0, 0, nil, broken("a box cut short")
	}
	return b[0], binary.BigEndian.Uint32(b) & 0xffffff, b[4:], nil
}
