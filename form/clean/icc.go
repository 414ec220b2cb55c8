package clean

import (
	"encoding/binary"
	"slices"
)

// Tags of a colour profile that change colours. Others name a screen, its
// serial number, a maker or a licence (Apple's mmod holds the monitor's).
// Source: ICC.1:2022, 9.2.
var colourTags = []string{
	"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC", "kTRC", "wtpt", "bkpt", "chad", "cicp", "lumi",
	"A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2", "D2B0", "D2B1", "D2B2", "D2B3", "B2D0", "B2D1", "B2D2", "B2D3", "gamt",
}

// maxProfile is more than the largest profiles of printing presses.
const maxProfile = 4 << 20

// colourProfile rebuilds an ICC profile from what changes colours: no dates,
// no makers, no names; the two texts the standard demands stay, empty. It is
// never longer than what came. ok is false for a profile that cannot be read:
// the copy then does without it.
func colourProfile(b []byte) (out []byte, ok bool) {
	const header = 128
	be := binary.BigEndian
	if len(b) < header+4 || len(b) > maxProfile || string(b[36:40]) != "acsp" {
		return nil, false
	}
	n := int(be.Uint32(b[header:]))
	if n > 100 || header+4+12*n > len(b) {
		return nil, false
	}
	type tag struct {
		name string
		body []byte
	}
	var kept []tag
	for i := range n {
		e := b[header+4+12*i:]
		name, at, size := string(e[:4]), uint64(be.Uint32(e[4:])), uint64(be.Uint32(e[8:]))
		if at < header || at+size > uint64(len(b)) || size < 8 {
			return nil, false
		}
		body := b[at : at+size]
		if name == "desc" || name == "cprt" {
			body = emptyText(string(body[:4]))
		} else if !slices.Contains(colourTags, name) {
			continue
		}
		if uint64(len(body)) <= size && body != nil {
			kept = append(kept, tag{name, body})
		}
	}
	out = make([]byte, header+4+12*len(kept))
	// Version, class, spaces, magic, platform, intent, illuminant; not the
	// colour program, date, maker, model, creator or fingerprint.
	for _, part := range [][2]int{{8, 24}, {36, 40}, {44, 48}, {56, 80}} {
		copy(out[part[0]:part[1]], b[part[0]:part[1]])
	}
	be.PutUint32(out[header:], uint32(len(kept)))
	for i, t := range kept {
		at := -1
		for j := range i { // tags often share one body
			if string(kept[j].body) == string(t.body) {
				at = int(be.Uint32(out[header+4+12*j+4:]))
				break
			}
		}
		if at < 0 {
			out = append(out, make([]byte, (4-len(out)%4)%4)...)
			at = len(out)
			out = append(out, t.body...)
			if len(out) > len(b) { // bodies that overlap
				return nil, false
			}
		}
		e := out[header+4+12*i:]
		copy(e, t.name)
		be.PutUint32(e[4:], uint32(at))
		be.PutUint32(e[8:], uint32(len(t.body)))
	}
	be.PutUint32(out, uint32(len(out)))
	return out, len(out) <= len(b)
}

// emptyText is the shortest text of one of the types a profile may use.
func emptyText(kind string) []byte {
	switch kind {
	case "desc":
		b := make([]byte, 12+1+4+4+2+1+67)
		copy(b, "desc")
		b[11] = 1
		return b
	case "mluc":
		return []byte("mluc\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0c")
	case "text":
		return []byte("text\x00\x00\x00\x00\x00")
	}
	return nil
}
