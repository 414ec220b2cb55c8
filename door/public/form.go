package public

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"homeward/form/parts"
	"homeward/form/picture"
	"homeward/work/check"
	"homeward/work/intake"
)

// What a visitor may send.
const (
	textMax    = check.MaxText    // bytes of text
	pictureMax = picture.MaxBytes // bytes of a picture
	fieldMax   = 256              // bytes of any other field
	fieldsMax  = 64               // fields of a form
	// drainMax is how much of a body that is too large is read and dropped, so
	// that a phone gets to see the answer instead of a broken connection.
	drainMax = 64 << 20
	// heldMax bounds the bytes of all bodies that are in memory at one moment:
	// of pictures and of programs, and again as much for texts, so that who
	// sends a few words is not kept out by pictures.
	heldMax = 32 << 20
	// heldBySource bounds what one source may have of the pictures' share, so
	// that who lets a few pictures trickle in does not keep out everybody else.
	// It is no less than the largest body, and still serves a crowd behind one
	// address of a carrier. Texts have no such bound: words go through from
	// everywhere.
	heldBySource = 20 << 20
	// readWithin is the time a body may take: 12 MB at 64 kbit/s. A body that
	// brings less than 64 KB in chunkWithin (9 kbit/s) is cut.
	readWithin  = 26 * time.Minute
	chunkWithin = time.Minute
	// writeWithin is the time that the answer may take: 1 MB of text comes back.
	writeWithin = 4 * time.Minute
)

// What can be wrong before anything is checked.
var (
	errForm  = errors.New("the form did not arrive whole")
	errHeavy = errors.New("the picture is larger than 12 MB")
)

// asked is what a visitor sent. It lives as long as the request.
type asked struct {
	text     string
	picture  []byte
	fields   map[string]string // the small fields; the last one of a name counts
	held     *held             // of the picture, or of a program's body
	heldText *held             // of everything else in a form
	more     func()            // gives the sender time for the next 64 KB
	cut      bool              // something typed was longer than fits; its beginning is here
	file     bool              // a picture or file came, which no page gives back
	away     bool              // the sender is turned away: only the words are read
}

// free gives back what was held.
func (a *asked) free() {
	a.held.free()
	a.heldText.free()
}

// newAsked sets the times within which a body must arrive. A slow line gets its
// time, whatever the server allows elsewhere; a line that says nothing does
// not. Where no deadline can be set, the server's own hold.
func (d *door) newAsked(w http.ResponseWriter, r *http.Request) *asked {
	c := http.NewResponseController(w)
	last := d.Now().Add(readWithin)
	_ = c.SetWriteDeadline(last.Add(writeWithin))
	pictures := &held{all: &d.bytes}
	if key, ok := d.slow.key(r.RemoteAddr); ok {
		pictures.slow, pictures.key = d.slow, key
	}
	a := &asked{
		fields: map[string]string{}, held: pictures, heldText: &held{all: &d.textBytes},
		more: func() {
			next := d.Now().Add(chunkWithin)
			if next.After(last) {
				next = last
			}
			_ = c.SetReadDeadline(next)
		},
	}
	a.more()
	return a
}

// held counts the bytes of bodies in memory.
type held struct {
	all  *atomic.Int64
	mine int64
	slow *slow  // nil where a source has no bound of its own
	key  uint64 // the source
}

// take notes n more bytes; false when memory for bodies is used up, or the
// source's part of it.
func (h *held) take(n int) bool {
	if h.slow != nil && !h.slow.takePicture(h.key, int64(n)) {
		return false
	}
	if h.all.Add(int64(n)) > heldMax {
		h.all.Add(int64(-n))
		if h.slow != nil {
			h.slow.givePicture(h.key, int64(n))
		}
		return false
	}
	h.mine += int64(n)
	return true
}

func (h *held) free() {
	h.all.Add(-h.mine)
	if h.slow != nil {
		h.slow.givePicture(h.key, h.mine)
	}
	h.mine = 0
}

// readForm reads a form of either encoding into memory, never to disk. The
// caller frees what it gives, also after an error.
//
// After an error it still gives what could be read: nobody types twice.
func (d *door) readForm(w http.ResponseWriter, r *http.Request) (*asked, error) {
	a := d.newAsked(w, r)
	return a, d.readInto(a, r)
}

// readWords reads the words of a form whose sender is turned away.
func (d *door) readWords(w http.ResponseWriter, r *http.Request) *asked {
	a := d.newAsked(w, r)
	a.away = true
	_ = d.readInto(a, r) // what was wrong with it besides is said when it comes again
	return a
}

func (d *door) readInto(a *asked, r *http.Request) error {
	remember(r, a)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return errForm
	}
	body := io.LimitReader(r.Body, drainMax)
	switch kind {
	case "application/x-www-form-urlencoded":
		err = a.urlencoded(body)
	case "multipart/form-data":
		err = a.multipart(body, r.Header.Get("Content-Type"))
	default:
		return errForm
	}
	if errors.Is(err, check.ErrTooLong) || errors.Is(err, errHeavy) || errors.Is(err, errCrowd) {
		a.skip(body)
	}
	// Browsers send line ends as CRLF, whatever was typed.
	a.text = strings.ReplaceAll(a.text, "\r\n", "\n")
	return err
}

// urlencoded reads a form of this encoding. It goes on after a field that is wrong, and
// gives the first thing that was.
func (a *asked) urlencoded(body io.Reader) error {
	// One byte of text takes up to three in this encoding.
	b, err := a.read(a.heldText, body, 3*textMax+fieldsMax*fieldMax, check.ErrTooLong)
	if errors.Is(err, check.ErrTooLong) {
		a.cut = true
		for i := len(b) - 1; i >= 0 && i >= len(b)-2; i-- { // no half of a %E5
			if b[i] == '%' {
				b = b[:i]
			}
		}
	}
	n := 0
	for pair := range strings.SplitSeq(string(b), "&") {
		if n++; n > fieldsMax {
			return cmp.Or(err, errForm)
		}
		name, value, _ := strings.Cut(pair, "=")
		name, nerr := url.QueryUnescape(name)
		if nerr != nil {
			err = cmp.Or(err, errForm)
			continue
		}
		if name == "" {
			continue
		}
		plain, verr := url.QueryUnescape(value)
		if verr != nil { // no browser sends this; the words are still words
			plain, err = value, cmp.Or(err, errForm)
		}
		err = cmp.Or(err, a.set(name, plain))
	}
	return err
}

// multipart reads a form of the other encoding, and goes on in the same way.
func (a *asked) multipart(body io.Reader, contentType string) error {
	all, err := parts.New(contentType, body)
	if err != nil {
		return errForm
	}
	var wrong error
	for n := 0; ; n++ {
		p, err := all.Next()
		if errors.Is(err, io.EOF) && n > 0 { // a form of nothing is a broken one
			return wrong
		}
		if err != nil || n >= fieldsMax {
			return cmp.Or(wrong, errForm)
		}
		// Twice, since a line end comes as two bytes and is stored as one.
		limit, tooMuch, held := 2*mostOf(p.FormName()), check.ErrTooLong, a.heldText
		a.file = a.file || p.FileName() != ""
		switch {
		case p.FormName() == "p" && !a.away:
			limit, tooMuch, held = pictureMax, errHeavy, a.held
		case p.FormName() == "p" || p.FileName() != "":
			a.skip(p)
			continue
		}
		b, err := a.read(held, p, limit, tooMuch)
		if limit == 2*fieldMax && errors.Is(err, check.ErrTooLong) {
			err = nil // set says what is wrong with it
		}
		wrong = cmp.Or(wrong, err)
		if p.FormName() != "p" {
			wrong = cmp.Or(wrong, a.set(p.FormName(), string(b)))
		} else if err == nil {
			a.picture = b
		}
		if errors.Is(err, errForm) { // it broke off
			return wrong
		}
	}
}

// mostOf is how many bytes a field may have. What people tell is longer than what
// they choose; that it is too long in characters is said in words, later.
func mostOf(name string) int {
	switch name {
	case "t", "text", "lure", "who", "where", "when", "contact", "safe", "unsafe", "duress":
		return textMax
	case "code", "v":
		return 8 * intake.MaxField
	}
	return fieldMax
}

// set takes a field in. Of one that is too long the beginning is kept.
func (a *asked) set(name, value string) error {
	if len(name) > fieldMax {
		return errForm
	}
	var err error
	value = strings.ReplaceAll(value, "\r\n", "\n")
	if most := mostOf(name); len(value) > most {
		value, err = beginning(value, most), check.ErrTooLong
		if most == fieldMax {
			err = errForm // no page of ours sends that
		}
		a.cut = true
	}
	if name == "t" {
		a.text = value
		return err
	}
	a.fields[name] = strings.ToValidUTF8(value, "\uFFFD")
	return err
}

// beginning cuts a text to so many bytes, not inside a character.
func beginning(s string, n int) string {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// read takes in at most limit bytes, and notes them as held. With an error it gives
// what it has.
func (a *asked) read(h *held, r io.Reader, limit int, tooMuch error) ([]byte, error) {
	var buf bytes.Buffer
	for {
		before := buf.Len()
		a.more()
		_, err := io.CopyN(&buf, r, 64<<10)
		if buf.Len() > limit {
			return buf.Bytes()[:limit], tooMuch
		}
		if !h.take(buf.Len() - before) {
			return buf.Bytes()[:before], errCrowd
		}
		if errors.Is(err, io.EOF) {
			return buf.Bytes(), nil
		}
		if err != nil {
			return buf.Bytes(), errForm
		}
	}
}

// skip reads what nobody wants, so that a phone gets to see the answer.
func (a *asked) skip(r io.Reader) {
	for {
		a.more()
		if _, err := io.CopyN(io.Discard, r, 64<<10); err != nil {
			return
		}
	}
}

// answers picks the questionnaire's fields: "a-" and the key of the question.
func (a *asked) answers() map[string]string {
	out := map[string]string{}
	for name, v := range a.fields {
		key, ok := strings.CutPrefix(name, "a-")
		if !ok || key == "" {
			continue
		}
		switch v {
		case "yes", "no", "unknown":
			out[key] = v
		}
	}
	return out
}
