package picture

import (
	"bytes"
	"unicode/utf8"
)

// Format is what a file's bytes seem to be, whatever its name says.
type Format string

// The formats that are told apart: those Decode reads, and those people send
// by mistake and should be told about by name.
const (
	Unknown Format = ""
	Empty   Format = "empty"

	PNG  Format = "png"
	JPEG Format = "jpeg"
	GIF  Format = "gif"
	WebP Format = "webp"
	BMP  Format = "bmp"

	HEIC      Format = "heic" // what an iPhone's camera writes unless told otherwise
	AVIF      Format = "avif"
	TIFF      Format = "tiff"
	SVG       Format = "svg"
	Animation Format = "animated webp" // a sticker
	PDF       Format = "pdf"
	Video     Format = "video"
	Audio     Format = "audio"
	Archive   Format = "zip" // also the office formats
	HTML      Format = "html"
	Text      Format = "text"
)

// marks are bytes at the beginning of a file. "?" stands for any byte.
var marks = []struct {
	mark   string
	format Format
}{
	{"\x89PNG\r\n\x1a\n", PNG},
	{"\xff\xd8\xff", JPEG},
	{"GIF87a", GIF},
	{"GIF89a", GIF},
	{"RIFF????WEBP", WebP},
	{"RIFF????AVI ", Video},
	{"RIFF????WAVE", Audio},
	{"BM????\x00\x00\x00\x00", BMP},
	{"%PDF-", PDF},
	{"II*\x00", TIFF},
	{"MM\x00*", TIFF},
	{"????ftyphei", HEIC},
	{"????ftyphev", HEIC},
	{"????ftypmif1", HEIC},
	{"????ftypmsf1", HEIC},
	{"????ftypavi", AVIF},
	{"????ftypM4A", Audio},
	{"????ftyp", Video}, // mp4, mov, 3gp
	{"\x1a\x45\xdf\xa3", Video},
	{"OggS", Audio},
	{"ID3", Audio},
	{"#!AMR", Audio},
	{"PK\x03\x04", Archive},
}

// seems tells a file's format from its bytes.
func seems(data []byte) Format {
	if len(data) == 0 {
		return Empty
	}
	for _, m := range marks {
		if hasMark(data, m.mark) {
			if m.format == WebP && animated(data) {
				return Animation
			}
			return m.format
		}
	}
	head := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := bytes.ToLower(head)
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(lower, []byte("<")) && bytes.Contains(lower, []byte("<svg")):
		return SVG
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")):
		return HTML
	case isText(head):
		return Text
	}
	return Unknown
}

func hasMark(data []byte, mark string) bool {
	if len(data) < len(mark) {
		return false
	}
	for i := range len(mark) {
		if mark[i] != '?' && mark[i] != data[i] {
			return false
		}
	}
	return true
}

// animated reports whether a WebP file holds an animation, which our decoder
// cannot read: the flag stands in its first chunk.
func animated(data []byte) bool {
	return len(data) > 20 && string(data[12:16]) == "VP8X" && data[20]&0x02 != 0
}

// isText reports whether b is UTF-8 without control characters; a character
// cut off at its end is allowed.
func isText(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return !utf8.FullRune(b)
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		b = b[n:]
	}
	return true
}

// NotText says whether the bytes are no text to be read as it stands: a picture
// of any kind, or a file that people send by mistake, which Decode names.
func NotText(data []byte) bool {
	switch seems(data) {
	case Unknown, Empty, Text, HTML, SVG:
		return false
	}
	return true
}
