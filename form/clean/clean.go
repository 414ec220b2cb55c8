// Package clean makes a working copy of a file: the same content, without what
// the file tells beside it (where a picture was taken, with which camera, who
// wrote a document, which program). The original is somebody else's to keep;
// nothing here changes it.
//
// What a person sees, hears or reads in the file is content and stays: a street
// sign in a picture, a voice, a name in a letter, the pixels themselves (a
// sensor's noise can be tied to its camera). So does what a codec needs or
// writes inside its own stream. docs/cleaning.md says for each format what
// goes, what stays, and what is refused.
//
// Every format works by a list of what may stay; whatever is not on the list
// goes. A file that is not fully understood gets no copy at all.
package clean

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ErrNoCopy is what every error of Clean wraps: the type is not known, or the
// file is broken, locked with a password, too large, or several things at
// once (a picture that is also an archive or a page), so that nobody can say
// what a copy would tell.
var ErrNoCopy = errors.New("no safe copy made")

// Result is a working copy and what was left out of it.
type Result struct {
	// Type is the media type by content, never by name; also set beside an
	// error where the type was seen.
	Type string
	// Copy is new memory and shares nothing with the original.
	Copy []byte
	// Removed says in plain words what was left out, each once: "GPS
	// position", "camera", "author", "comment", "thumbnail", "date" …
	// Empty means nothing was found that told of anything; it is no promise
	// about the content.
	Removed []string
	// Missing says what of the content itself the copy may lack, such as the
	// pages of a long PDF after the hundredth. Mostly empty.
	Missing []string
}

// Limits hold for any input, so that a few kilobytes cannot fill the memory.
const (
	maxFile     = 50 << 20
	maxInflated = 200 << 20
	maxEntries  = 5000
)

// format is one kind of file: how it is seen, and who makes the copy and says
// the media type.
type format struct {
	seen func([]byte) bool
	copy func([]byte, *removed) ([]byte, string, error)
	// alone: the file must not also read as an archive, a page or a PDF
	alone bool
}

// pictures may also stand inside a document.
var pictures = []format{
	{begins("\xff\xd8\xff"), cleanJPEG, true},
	{begins(pngMagic), cleanPNG, true},
	{seenWebP, cleanWebP, true},
}

var formats = append(pictures[:len(pictures):len(pictures)],
	format{seenFilm, cleanFilm, true},
	format{begins("OggS"), cleanOGG, true},
	format{begins(amrMagic), cleanAMR, true},
	format{begins(amrWBMagic), cleanAMRWB, true},
	format{begins("%PDF-"), cleanPDF, false},
	format{begins("PK\x03\x04"), cleanDOCX, false},
)

// Clean makes the working copy. Any error wraps ErrNoCopy and comes without a
// copy; that of a PDF is ErrDraw. Time and memory are bounded for any input: 50 MB of file, 200 MB
// unpacked, 5,000 entries of an archive. The same bytes give the same copy,
// and the copy of a copy is itself.
func Clean(data []byte) (Result, error) {
	if len(data) > maxFile {
		return Result{}, refuse("the file is larger than %d MB", maxFile>>20)
	}
	gone := removed{left: maxInflated}
	out, kind, err := cleanAs(formats, data, &gone)
	if err != nil {
		return Result{Type: kind}, err
	}
	return Result{Type: kind, Copy: out, Removed: gone.words}, nil
}

// cleanAs makes the copy of a file that must be one of these formats.
func cleanAs(these []format, data []byte, gone *removed) ([]byte, string, error) {
	for _, f := range these {
		if !f.seen(data) {
			continue
		}
		if other := alsoReads(data); f.alone && other != "" {
			return nil, "", refuse("the file is also %s", other)
		}
		return f.copy(data, gone)
	}
	return nil, "", refuse("the type of the file is not known here")
}

// refuse says why there is no copy.
func refuse(why string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrNoCopy, fmt.Sprintf(why, args...))
}

// broken is for a file that is not what it begins as.
func broken(what string) error {
	return refuse("the file is broken (%s)", what)
}

// removed collects what went, each word once, in the order it was met; and
// counts what may still be unpacked, over all parts of one file.
type removed struct {
	words []string
	left  int64
}

func (r *removed) add(words ...string) {
	for _, w := range words {
		if !slices.Contains(r.words, w) {
			r.words = append(r.words, w)
		}
	}
}

// unpacked reads r to its end and counts it. A file that unpacks to more than
// is left is refused.
func (r *removed) unpacked(from io.Reader, to io.Writer) error {
	n, err := io.Copy(to, io.LimitReader(from, r.left+1))
	if r.left -= n; r.left < 0 {
		return refuse("the file unpacks to more than %d MB", maxInflated>>20)
	}
	return err
}

// Words for what is removed, where several formats share them.
const (
	camera      = "camera"
	date        = "date"
	program     = "program"
	comment     = "comment"
	author      = "author"
	thumbnail   = "thumbnail"
	xmpWord     = "XMP description"
	description = "description (author, place, program and the like)"
	trailing    = "data after the end"
	unknown     = "data of a program"
)

func begins(magic string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(magic)) }
}

// alsoReads tells whether another program would read the file as something
// else: an archive is found by its end, a PDF within its first kilobyte, a page
// wherever a browser is talked into looking.
func alsoReads(data []byte) string {
	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return "a PDF"
	}
	if zipEnd(data) >= 0 {
		return "an archive"
	}
	for i := 0; ; {
		at := bytes.IndexByte(data[i:], '<')
		if at < 0 {
			return ""
		}
		i += at + 1
		for _, tag := range pageTags {
			if len(data)-i >= len(tag) && bytes.EqualFold(data[i:i+len(tag)], tag) {
				return "a web page"
			}
		}
	}
}

var pageTags = [][]byte{[]byte("html"), []byte("script"), []byte("!doctype html"), []byte("iframe"), []byte("?php")}

// zipEnd gives where an archive's end record stands, or -1: its directory and
// its comment must fit where they are said to be.
// Source: PKWARE APPNOTE 6.3.10, 4.3.16.
func zipEnd(data []byte) int {
	const size, longest = 22, 1<<16 - 1
	floor := max(0, len(data)-size-longest)
	for at := len(data); ; {
		at = floor + bytes.LastIndex(data[floor:at], []byte("PK\x05\x06"))
		if at < floor {
			return -1
		}
		if at+size > len(data) {
			continue
		}
		r := data[at:]
		le := binary.LittleEndian
		directory := uint64(le.Uint32(r[12:])) // its size; where it starts may be counted from anywhere
		if directory <= uint64(at) && at+size+int(le.Uint16(r[20:])) <= len(data) {
			return at
		}
	}
}
