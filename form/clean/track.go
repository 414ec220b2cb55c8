package clean

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// sampleTable is where a track's data are.
type sampleTable struct {
	handler string
	sizes   []byte // four bytes each, or none
	size    uint32 // of every sample, if not 0
	count   uint32
	chunks  []byte
	wide    bool // offsets of eight bytes
	runs    []byte
}

// track cleans one track. One that is neither picture nor sound goes whole:
// phones and drones write position and movement as tracks of their own.
func (f *film) track(b box) error {
	var s sampleTable
	if err := f.read(b.body, &s); err != nil {
		return err
	}
	if s.handler != "vide" && s.handler != "soun" && s.handler != "pict" && s.handler != "auxv" {
		f.foreign = true
		f.free(b, "track of positions, movement or text")
		return nil
	}
	f.tracks++
	f.sound = s.handler == "soun"
	f.video = f.video || !f.sound
	if err := f.keepSamples(&s); err != nil {
		return err
	}
	return f.tree(b.body)
}

// read finds the tables of a track without changing it.
func (f *film) read(b []byte, s *sampleTable) error {
	be := binary.BigEndian
	return f.children(b, func(b box) error {
		body := b.body
		switch b.kind {
		case "mdia", "minf", "stbl":
			return f.read(body, s)
		case "hdlr":
			// QuickTime has a second one, for where the data are.
			if len(body) >= 12 && string(body[8:12]) != "alis" && string(body[8:12]) != "url " {
				s.handler = string(body[8:12])
			}
		case "stsz", "stz2":
			if len(body) < 12 {
				return broken("a film's sizes")
			}
			if b.kind == "stz2" {
				return refuse("the film's sizes are written in a rare way")
			}
			s.size, s.count, s.sizes = be.Uint32(body[4:]), be.Uint32(body[8:]), body[12:]
			if s.size == 0 && uint64(len(s.sizes)) < 4*uint64(s.count) {
				return broken("a film's sizes")
			}
		case "stco", "co64", "stsc":
			if len(body) < 8 {
				return broken("a film's places")
			}
			width := map[string]uint64{"stco": 4, "co64": 8, "stsc": 12}[b.kind]
			n := width * uint64(be.Uint32(body[4:]))
			if n > uint64(len(body)-8) {
				return broken("a film's places")
			}
			if b.kind == "stsc" {
				s.runs = body[8 : 8+n]
			} else {
				s.chunks, s.wide = body[8:8+n], b.kind == "co64"
			}
		}
		return nil
	})
}

// keepSamples marks the bytes of the samples: chunk by chunk, as stsc says how
// many samples each chunk has.
// Source: ISO/IEC 14496-12, 8.7.
func (f *film) keepSamples(s *sampleTable) error {
	be := binary.BigEndian
	width := 4
	if s.wide {
		width = 8
	}
	n := len(s.chunks) / width
	if n > maxChunks {
		return refuse("the film has too many parts")
	}
	sample := uint64(0)
	perChunk := uint32(0)
	runs := s.runs
	for i := range n {
		if len(runs) >= 12 && be.Uint32(runs) <= uint32(i+1) {
			perChunk = be.Uint32(runs[4:])
			runs = runs[12:]
		}
		var from uint64
		if s.wide {
			from = be.Uint64(s.chunks[8*i:])
		} else {
			from = uint64(be.Uint32(s.chunks[4*i:]))
		}
		many := min(uint64(perChunk), uint64(s.count)-sample)
		size := many * uint64(s.size)
		if s.size == 0 {
			for j := range many {
				size += uint64(be.Uint32(s.sizes[4*(sample+j):]))
			}
		}
		sample += many
		if err := f.keep(from, size); err != nil {
			return err
		}
	}
	if sample != uint64(s.count) {
		return broken("a film's samples")
	}
	return nil
}

// entryKeeps are the boxes that stay in a sample entry: what a decoder needs,
// and how the picture is to be shown.
var entryKeeps = []string{
	"avcC", "hvcC", "av1C", "vpcC", "lhvC", "dvcC", "dvvC", "esds", "dOps", "dac3", "dec3", "dac4", "dfLa", "alac", "srat", "pcmC", "chnl", "chan",
	"pasp", "clap", "btrt", "fiel", "clli", "mdcv", "ccst", "frma", "enda", "st3d", "sv3d", "mp4a", "auxi",
}

// descriptions cleans the sample entries: the names of maker and encoder, and
// boxes that no decoder needs.
// Source: ISO/IEC 14496-12, 12.1.3 and 12.2.3; QuickTime File Format, sample
// descriptions; 3GPP TS 26.244, 6.5 and 6.7.
func (f *film) descriptions(b []byte) error {
	if len(b) < 8 {
		return broken("a film's descriptions")
	}
	return f.children(b[8:], func(b box) error {
		body := b.body
		fixed := 78 // of a picture's entry
		if f.sound {
			fixed = 28
			if len(body) >= 10 {
				fixed += map[byte]int{1: 16, 2: 36}[body[9]] // QuickTime's versions
			}
		}
		if len(body) < fixed {
			return broken("a film's description")
		}
		f.wipe(body[12:16], program) // maker
		if !f.sound {
			f.wipe(body[42:74], program) // the encoder's name
		}
		return f.children(body[fixed:], f.inEntry)
	})
}

func (f *film) inEntry(b box) error {
	switch {
	case b.kind == "sinf":
		return refuse("the film is locked")
	case b.kind == "colr":
		f.colour(b)
	case b.kind == "wave":
		return f.children(b.body, f.inEntry)
	case b.kind == "damr" || b.kind == "d263":
		f.wipe(b.body[:min(4, len(b.body))], program)
	case b.kind == "\x00\x00\x00\x00": // QuickTime's end of a list
	case !slices.Contains(entryKeeps, b.kind):
		f.free(b, unknown)
	}
	return nil
}

// colour cleans a colour profile inside a box, which keeps its length.
func (f *film) colour(b box) {
	if len(b.body) < 4 || string(b.body[:4]) != "prof" && string(b.body[:4]) != "rICC" {
		return
	}
	icc, ok := colourProfile(b.body[4:])
	if !ok {
		f.free(b, "colour profile")
		return
	}
	icc = append(icc, make([]byte, len(b.body)-4-len(icc))...)
	binary.BigEndian.PutUint32(icc, uint32(len(icc)))
	if !bytes.Equal(icc, b.body[4:]) {
		f.gone.add("names in the colour profile")
		copy(b.body[4:], icc)
	}
}
