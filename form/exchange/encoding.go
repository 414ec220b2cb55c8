package exchange

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Encodings are the names that Options.Encoding takes and Sheet.Encoding gives.
// "mixed" reads every line in its own, for files that were pasted together.
var Encodings = []string{"UTF-8", "UTF-16LE", "UTF-16BE", "Big5", "GB18030", "Windows-874", "Windows-1252", mixed}

const (
	utf8Name = "UTF-8"
	mixed    = "mixed"
)

// old are the encodings without a mark of their own that lists of the region
// come in. Windows-874 holds TIS-620. most is how many bits of surprise a
// character may have on average for the text to be of this encoding at all.
var old = []oldEncoding{
	{"Big5", traditionalchinese.Big5, ofBig5, 17},
	{"GB18030", simplifiedchinese.GB18030, ofGB, 18},
	{"Windows-874", charmap.Windows874, ofThai, 9},
	{"Windows-1252", charmap.Windows1252, ofWestern, 10.5},
}

type oldEncoding struct {
	name string
	enc  encoding.Encoding
	of   func([]byte) surprise
	most float64
}

func oldNamed(name string) oldEncoding {
	return old[slices.IndexFunc(old, func(e oldEncoding) bool { return e.name == name })]
}

// margin is by how many bits the likeliest encoding must beat the next: 64 to 1.
const margin = 6

// sampled bytes of a file are looked at to guess its encoding; all of it is
// then decoded strictly.
const sampled = 256 << 10

// guessOld says in which of the old encodings b is, or "" where nobody can tell.
func guessOld(b []byte) string {
	b = sample(b)
	best, second, name := math.Inf(1), math.Inf(1), ""
	for _, e := range old {
		text, ok := e.decode(b)
		if !ok {
			continue
		}
		s := e.of(b)
		s.bits -= everyday(text)
		if s.bits >= best {
			second = min(second, s.bits)
			continue
		}
		best, second, name = s.bits, best, e.name
		if s.bits-plainBits*float64(s.plain) > e.most*float64(s.chars) {
			name = ""
		}
	}
	if second-best < margin {
		return ""
	}
	return name
}

// sample takes whole lines with something beside ASCII, until it has enough.
func sample(b []byte) []byte {
	var out []byte
	for len(b) > 0 && len(out) < sampled {
		line := b
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line = b[:i+1]
		}
		b = b[len(line):]
		if !ascii(line) {
			out = append(out, line...)
		}
	}
	return out
}

func ascii(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c >= 0x80 })
}

// decode brings a text file to UTF-8 and notes in what it was written. Nothing
// is replaced: what cannot be decoded is an error with its line.
func decode(b []byte, want string, k *keeper) (string, error) {
	marked, body := byteOrderMark(b)
	name := marked
	switch {
	case marked == "UTF-32":
		return "", refuse("its encoding is UTF-32; save it as CSV UTF-8")
	case want != "":
		i := slices.IndexFunc(Encodings, func(e string) bool { return strings.EqualFold(e, want) })
		if i < 0 {
			return "", refuse("the encoding %q is not known; one of %s", want, strings.Join(Encodings, ", "))
		}
		if name = Encodings[i]; name != marked {
			body = b
		}
	case marked == "":
		var err error
		if name, err = guess(b); err != nil {
			return "", err
		}
		if !ascii(b) || name != utf8Name {
			k.note("The encoding was guessed: %s. If names look wrong, choose another.", name)
		}
	}
	k.sheet.Encoding = name
	switch name {
	case utf8Name:
		if !utf8.Valid(body) {
			return "", broken(body, name, func(line []byte) bool { return utf8.Valid(line) })
		}
		return string(body), nil
	case mixed:
		return decodeMixed(body, k)
	case "UTF-16LE", "UTF-16BE":
		return decodeWide(body, name)
	}
	e := oldNamed(name)
	s, ok := e.decode(body)
	if !ok {
		return "", broken(body, name, func(line []byte) bool { _, ok := e.decode(line); return ok })
	}
	return s, nil
}

func (e oldEncoding) decode(b []byte) (string, bool) {
	s, err := e.enc.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(s, utf8.RuneError) {
		return "", false
	}
	return string(s), true
}

// broken names the first line that is not in the encoding.
func broken(b []byte, name string, fits func(line []byte) bool) error {
	for i, line := range bytes.Split(b, []byte("\n")) {
		if !fits(line) {
			return refuse("line %d has bytes that are not %s; choose another encoding, or %q if the file was pasted together from several", i+1, name, mixed)
		}
	}
	return refuse("it has bytes that are not %s; choose another encoding", name)
}

// byteOrderMark finds the mark some programs begin a file with, and what
// follows it.
func byteOrderMark(b []byte) (string, []byte) {
	for _, m := range []struct{ mark, name string }{
		{"\xef\xbb\xbf", utf8Name},
		{"\xff\xfe\x00\x00", "UTF-32"},
		{"\x00\x00\xfe\xff", "UTF-32"},
		{"\xff\xfe", "UTF-16LE"},
		{"\xfe\xff", "UTF-16BE"},
	} {
		if rest, ok := bytes.CutPrefix(b, []byte(m.mark)); ok {
			return m.name, rest
		}
	}
	return "", b
}

// guess says in what b is written, where no mark says it.
func guess(b []byte) (string, error) {
	if w := wide(b); w != "" {
		return w, nil
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return "", refuse("it holds zero bytes and is no text; save the list as .xlsx or CSV UTF-8")
	}
	if utf8.Valid(b) {
		return utf8Name, nil
	}
	// Lines that are UTF-8 beside lines that are not: pasted together, or
	// chance? Chance writes what nobody writes, and has little of it.
	first8, firstOld := 0, 0
	var in8, inOld []byte
	for i, line := range bytes.Split(b, []byte("\n")) {
		switch {
		case ascii(line):
		case utf8.Valid(line):
			if len(in8) < sampled {
				in8 = append(append(in8, line...), '\n')
			}
			if first8 == 0 {
				first8 = i + 1
			}
		default:
			if len(inOld) < sampled {
				inOld = append(append(inOld, line...), '\n')
			}
			if firstOld == 0 {
				firstOld = i + 1
			}
		}
	}
	name := guessOld(inOld)
	if name == "" {
		return "", refuse("nobody can tell its encoding (first such line: %d)%s; choose one: %s", firstOld, tries(inOld), strings.Join(Encodings[:len(Encodings)-1], ", "))
	}
	if first8 > 0 {
		e := oldNamed(name)
		if text, ok := e.decode(in8); !ok || of8(in8).bits-everyday(string(in8)) < e.of(in8).bits-everyday(text) {
			return "", refuse("its lines are not in one encoding: line %d is UTF-8 and line %d is %s. Save both lists anew as CSV UTF-8, or choose the encoding %q to have each line read in its own", first8, firstOld, name, mixed)
		}
	}
	return name, nil
}

// tries shows how the first line would read, so that a person can choose.
func tries(b []byte) string {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	var out strings.Builder
	for _, e := range old {
		if s, ok := e.decode(line); ok {
			fmt.Fprintf(&out, "; as %s it reads %s", e.name, quote(strings.TrimSpace(s)))
		}
	}
	return out.String()
}

// decodeMixed reads each line in its own encoding: UTF-8 where it can be, the
// old encoding of all other lines else.
func decodeMixed(b []byte, k *keeper) (string, error) {
	lines := bytes.SplitAfter(b, []byte("\n"))
	var others []byte
	for _, line := range lines {
		if !utf8.Valid(line) && len(others) < sampled {
			others = append(others, line...)
		}
	}
	if len(others) == 0 {
		k.sheet.Encoding = utf8Name
		return string(b), nil
	}
	name := guessOld(others)
	if name == "" {
		return "", refuse("nobody can tell the encoding of the lines that are not UTF-8%s", tries(others))
	}
	e := oldNamed(name)
	var out strings.Builder
	n, first := 0, 0
	for i, line := range lines {
		if utf8.Valid(line) {
			out.Write(line)
			continue
		}
		s, ok := e.decode(line)
		if !ok {
			return "", refuse("line %d is neither UTF-8 nor %s", i+1, name)
		}
		if n++; n == 1 {
			first = i + 1
		}
		out.WriteString(s)
	}
	k.note("Read as %s: %s (first: line %d); all others as UTF-8. Compare the names.", name, count(n, "line"), first)
	return out.String(), nil
}

// wide says whether b is UTF-16 without a mark: ASCII characters (and every
// list has line ends) have a zero byte, always on the same side.
func wide(b []byte) string {
	if len(b)%2 != 0 {
		return ""
	}
	head := b[:min(len(b), sampled)]
	var zero [2]int
	for i, c := range head {
		if c == 0 {
			zero[i%2]++
		}
	}
	switch pairs := len(head) / 2; {
	case zero[1]*20 > pairs && zero[0]*20 < zero[1]:
		return "UTF-16LE"
	case zero[0]*20 > pairs && zero[1]*20 < zero[0]:
		return "UTF-16BE"
	}
	return ""
}

func decodeWide(b []byte, name string) (string, error) {
	if len(b)%2 != 0 {
		return "", refuse("it is %s with half a character at its end; it was cut off, ask for it again", name)
	}
	order := unicode.LittleEndian
	if name == "UTF-16BE" {
		order = unicode.BigEndian
	}
	s, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(b)
	if err != nil {
		return "", refuse("it is not %s", name)
	}
	if i := bytes.IndexRune(s, utf8.RuneError); i >= 0 {
		return "", refuse("line %d has bytes that are not %s; choose another encoding", bytes.Count(s[:i], []byte("\n"))+1, name)
	}
	return string(s), nil
}
