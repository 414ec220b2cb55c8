package clean

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Brands, the first of which says what a file wants to be.
// Source: the registry at mp4ra.org; ISO/IEC 23008-12 annex B; AVIF 1.1, 8.
var brands = map[string]string{
	"heic": "image/heic", "heix": "image/heic", "heim": "image/heic", "heis": "image/heic",
	"hevc": "image/heic", "hevx": "image/heic", "mif1": "image/heif", "msf1": "image/heif",
	"avif": "image/avif", "avis": "image/avif",
	"M4A ": "video/mp4", "M4B ": "video/mp4", "M4V ": "video/mp4", "isom": "video/mp4", "iso2": "video/mp4",
	"iso4": "video/mp4", "iso5": "video/mp4", "iso6": "video/mp4", "mp41": "video/mp4", "mp42": "video/mp4",
	"avc1": "video/mp4", "dash": "video/mp4", "MSNV": "video/mp4",
	"3gp4": "video/3gpp", "3gp5": "video/3gpp", "3gp6": "video/3gpp", "3gp7": "video/3gpp", "qt  ": "video/quicktime",
}

func seenFilm(b []byte) bool {
	return len(b) >= 16 && string(b[4:8]) == "ftyp" && brands[string(b[8:12])] != ""
}

// cleanFilm cleans MP4, M4A, 3GP, QuickTime, HEIC, HEIF and AVIF.
func cleanFilm(data []byte, gone *removed) ([]byte, string, error) {
	kind := brands[string(data[8:12])]
	f := &film{data: slices.Clip(slices.Clone(data)), gone: gone, toTell: 16 << 20}
	still := kind == "image/heic" || kind == "image/heif" || kind == "image/avif"
	err := f.each(f.data, func(b box) error { return f.top(b, still) })
	switch {
	case err != nil:
		return nil, kind, err
	case still && !f.meta, !still && f.tracks == 0:
		return nil, kind, broken("neither picture nor sound")
	case f.whole && f.foreign:
		return nil, kind, refuse("a streamed film with a track that is neither picture nor sound")
	}
	if !f.whole {
		if err := f.wipeRest(); err != nil {
			return nil, kind, err
		}
	}
	if kind == "video/mp4" && !f.video {
		kind = "audio/mp4"
	}
	if kind == "video/3gpp" && !f.video {
		kind = "audio/3gpp"
	}
	return f.data, kind, nil
}

// top is for the boxes of the file itself.
func (f *film) top(b box, still bool) error {
	switch {
	case b.kind == "ftyp" || b.kind == "styp":
		if len(b.body)%4 != 0 || len(b.body) > 256 {
			return broken("a list of brands")
		}
	case b.kind == "mdat":
		f.place(b)
	case b.kind == "meta" && still && !f.meta:
		f.meta = true
		return f.picture(b.body)
	case b.kind == "moov":
		if f.movie {
			return broken("a second film")
		}
		f.movie = true
		return f.children(b.body, f.inMovie)
	case b.kind == "moof":
		f.whole = true
		return f.tree(b.body)
	case b.kind == "sidx", b.kind == "mfra":
	default:
		f.free(b, freeWords(b)...)
	}
	return nil
}

func (f *film) inMovie(b box) error {
	switch b.kind {
	case "mvhd":
		return f.times(b)
	case "trak":
		return f.track(b)
	case "mvex":
		f.whole = true
		return f.tree(b.body)
	}
	f.free(b, freeWords(b)...)
	return nil
}

// filmKeeps are the boxes that stay below a track or a fragment; true for
// those that hold others.
// Source: ISO/IEC 14496-12, table 1.
var filmKeeps = map[string]bool{
	"mdia": true, "minf": true, "stbl": true, "edts": true, "traf": true,
	"elst": false, "vmhd": false, "smhd": false, "nmhd": false, "stts": false, "ctts": false, "cslg": false,
	"stss": false, "stsc": false, "stsz": false, "stco": false, "co64": false, "sdtp": false,
	"sbgp": false, "sgpd": false, "mehd": false, "trex": false, "mfhd": false, "tfhd": false, "tfdt": false,
	"trun": false, "saiz": false, "saio": false,
}

// tree goes through what stays and frees the rest.
func (f *film) tree(b []byte) error {
	return f.children(b, func(b box) error {
		holds, keep := filmKeeps[b.kind]
		switch {
		case holds:
			return f.tree(b.body)
		case keep:
			return nil
		case b.kind == "mdhd" || b.kind == "tkhd":
			return f.times(b)
		case b.kind == "hdlr":
			return f.handler(b.body)
		case b.kind == "dinf":
			return f.children(b.body, f.inside)
		case b.kind == "stsd":
			return f.descriptions(b.body)
		}
		f.free(b, freeWords(b)...)
		return nil
	})
}

// freeWords say what a box told, as far as its type gives away.
func freeWords(b box) []string {
	if b.kind == "uuid" {
		return []string{xmpWord}
	}
	if b.kind != "udta" && b.kind != "meta" {
		return []string{unknown}
	}
	for _, place := range []string{"\xa9xyz", "loci", "com.apple.quicktime.location"} {
		if bytes.Contains(b.body, []byte(place)) {
			return []string{"GPS position", description}
		}
	}
	return []string{description}
}

// times clears when a film or track was made and changed.
func (f *film) times(b box) error {
	n := 8
	if len(b.body) > 0 && b.body[0] == 1 {
		n = 16
	}
	if len(b.body) < 4+n+8 {
		return broken("a film's times")
	}
	f.wipe(b.body[4:4+n], date)
	return nil
}

// handler clears the name a program gave itself; its maker and flags too.
func (f *film) handler(b []byte) error {
	if len(b) < 24 {
		return broken("a film's handler")
	}
	f.wipe(b[12:], program)
	return nil
}

// inside lets data references through only if they mean the file itself.
func (f *film) inside(b box) error {
	if b.kind != "dref" {
		f.free(b, unknown)
		return nil
	}
	if len(b.body) < 8 {
		return broken("a film's references")
	}
	return f.children(b.body[8:], func(b box) error {
		if len(b.body) != 4 || binary.BigEndian.Uint32(b.body)&1 == 0 {
			return refuse("the film's data are in another file")
		}
		return nil
	})
}
