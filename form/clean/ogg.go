package clean

import (
	"bytes"
	"encoding/binary"
)

// page is one page of an Ogg stream.
// Source: RFC 3533, 6.
type page struct {
	flags   byte
	granule uint64
	serial  uint32
	lacing  []byte
	body    []byte
}

const (
	oggContinued = 1
	oggFirst     = 2
)

// cleanOGG writes the comment packet anew, with no program and no comments
// (so no picture either), and counts the pages again. One stream of Opus or
// Vorbis alone: a file with several is refused.
// Source: RFC 7845, 3 and 5.2; Vorbis I, 4.2 and 5.2.
func cleanOGG(data []byte, gone *removed) ([]byte, string, error) {
	const kind = "audio/ogg"
	pages, err := oggPages(data)
	if err != nil {
		return nil, kind, err
	}
	first := pages[0]
	if first.flags&oggFirst == 0 || len(first.lacing) == 0 || len(first.body) > 254 || len(first.lacing) != 1 {
		return nil, kind, broken("an Ogg's first page")
	}
	var comments string // its start
	headers := 0        // packets after the first, before the sound
	switch {
	case bytes.HasPrefix(first.body, []byte("OpusHead")) && opusHeadExact(first.body):
		comments, headers = "OpusTags", 1
	case bytes.HasPrefix(first.body, []byte("\x01vorbis")) && len(first.body) == 30:
		comments, headers = "\x03vorbis", 2
	default:
		return nil, kind, refuse("this kind of Ogg is not known here")
	}
	packets, sound, err := oggHeaders(pages[1:], headers)
	if err != nil {
		return nil, kind, err
	}
	if !bytes.HasPrefix(packets[0], []byte(comments)) {
		return nil, kind, broken("an Ogg's comments")
	}
	empty := append([]byte(comments), make([]byte, 8)...)
	if headers == 2 {
		empty = append(empty, 1)
		if !bytes.HasPrefix(packets[1], []byte("\x05vorbis")) {
			return nil, kind, broken("a Vorbis's setup")
		}
	}
	if !bytes.Equal(packets[0], empty) {
		tellComments(packets[0][len(comments):], gone)
	}
	packets[0] = empty
	w := oggWriter{}
	w.write(first)
	w.packets(packets)
	for i, p := range sound {
		if p.flags&oggFirst != 0 || i == 0 && p.flags&oggContinued != 0 {
			return nil, kind, broken("an Ogg's sound")
		}
		w.write(p)
	}
	return w.out, kind, nil
}

// opusHeadExact: 19 bytes, or a table of channels behind them.
func opusHeadExact(b []byte) bool {
	return len(b) == 19 && b[18] == 0 || len(b) > 21 && b[18] != 0 && len(b) == 21+int(b[9])
}

// oggPages reads the file as pages of one stream, from its first byte to its
// last, every sum checked.
func oggPages(data []byte) ([]page, error) {
	le := binary.LittleEndian
	var all []page
	for at := 0; at < len(data); {
		b := data[at:]
		if len(b) < 27 || string(b[:4]) != "OggS" || b[4] != 0 || b[5] > 7 {
			return nil, broken("an Ogg's page, or data behind the last")
		}
		head := 27 + int(b[26])
		if len(b) < head {
			return nil, broken("an Ogg cut short")
		}
		p := page{b[5], le.Uint64(b[6:]), le.Uint32(b[14:]), b[27:head], nil}
		size := head
		for _, n := range p.lacing {
			size += int(n)
		}
		if len(b) < size {
			return nil, broken("an Ogg cut short")
		}
		p.body = b[head:size]
		if oggSum(b[:size]) != le.Uint32(b[22:]) {
			return nil, broken("an Ogg's checksum")
		}
		if len(all) > 0 && p.serial != all[0].serial {
			return nil, refuse("several streams in one file")
		}
		all = append(all, p)
		at += size
	}
	return all, nil
}

// oggHeaders gathers n packets; the sound must begin on a page of its own.
func oggHeaders(pages []page, n int) (packets [][]byte, sound []page, err error) {
	var part []byte
	for i, p := range pages {
		if len(p.lacing) == 0 || p.flags&oggFirst != 0 || (p.flags&oggContinued != 0) != (part != nil) {
			break
		}
		body := p.body
		for _, l := range p.lacing {
			if len(packets) == n {
				return nil, nil, broken("an Ogg's headers")
			}
			part = append(part, body[:l]...)
			body = body[l:]
			if l < 255 {
				packets, part = append(packets, part), nil
			}
		}
		if len(packets) == n {
			return packets, pages[i+1:], nil
		}
	}
	return nil, nil, broken("an Ogg's headers")
}

// tellComments names what a comment packet told; a broken one is gone as well.
func tellComments(b []byte, gone *removed) {
	field := func() []byte {
		if len(b) < 4 {
			return nil
		}
		n := uint64(binary.LittleEndian.Uint32(b))
		if b = b[4:]; n > uint64(len(b)) {
			n = uint64(len(b))
		}
		f := b[:n]
		b = b[n:]
		return f
	}
	if len(field()) > 0 {
		gone.add(program)
	}
	if len(b) >= 4 {
		b = b[4:]
	}
	for len(b) >= 4 {
		name, _, _ := bytes.Cut(field(), []byte("="))
		switch string(bytes.ToUpper(name)) {
		case "ARTIST", "PERFORMER", "COPYRIGHT", "CONTACT":
			gone.add(author)
		case "DATE":
			gone.add(date)
		case "LOCATION":
			gone.add("place")
		case "ENCODER", "ENCODER_OPTIONS":
			gone.add(program)
		case "METADATA_BLOCK_PICTURE":
			gone.add(thumbnail)
		default:
			gone.add(comment)
		}
	}
	if len(gone.words) == 0 {
		gone.add(comment)
	}
}
