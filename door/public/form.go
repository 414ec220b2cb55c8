package public

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

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
func (d *door) readForm(w http.ResponseWriter, r *http.Request) (*asked, error) {
	a := d.newAsked(w, r)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return a, errForm
	}
	body := io.LimitReader(r.Body, drainMax)
	switch kind {
	case "application/x-www-form-urlencoded":
		err = a.urlencoded(body)
	case "multipart/form-data":
		err = a.multipart(body, r.Header.Get("Content-Type"))
	default:
		return a, errForm
	}
	if errors.Is(err, check.ErrTooLong) || errors.Is(err, errHeavy) {
		_, _ = io.Copy(io.Discard, body)
	}
	// Browsers send line ends as CRLF, whatever was typed.
	a.text = strings.ReplaceAll(a.text, "\r\n", "\n")
	return a, err
}

func (a *asked) urlencoded(body io.Reader) error {
	// One byte of text takes up to three in this encoding.
	b, err := a.read(a.heldText, body, 3*textMax+fieldsMax*fieldMax, check.ErrTooLong)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(string(b))
	if err != nil || len(values) > fieldsMax {
		return errForm
	}
	for name, v := range values {
		if err := a.set(name, v[len(v)-1]); err != nil {
			return err
		}
	}
	return nil
}

func (a *asked) multipart(body io.Reader, contentType string) error {
	all, err := parts.New(contentType, body)
	if err != nil {
		return errForm
	}
	for n := 0; ; n++ {
		p, err := all.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || n >= fieldsMax {
			return errForm
		}
		limit, tooMuch, held := mostOf(p.FormName()), errForm, a.heldText
		switch p.FormName() {
		case "p":
			limit, tooMuch, held = pictureMax, errHeavy, a.held
		case "t":
			// Twice, since a line end comes as two bytes and is stored as one.
			limit, tooMuch = 2*textMax, check.ErrTooLong
		}
		b, err := a.read(held, p, limit, tooMuch)
		if err != nil {
			return err
		}
		if p.FormName() == "p" {
			a.picture = b
			continue
		}
		if err := a.set(p.FormName(), string(b)); err != nil {
			return err
		}
	}
}

// mostOf is how many bytes a field may have. What people tell is longer than what
// they choose; that it is too long in characters is said in words, later.
func mostOf(name string) int {
	switch name {
	case "text", "lure", "who", "where", "when", "contact", "safe", "unsafe", "duress":
		return textMax
	case "code", "v":
		return 8 * intake.MaxField
	}
	return fieldMax
}

func (a *asked) set(name, value string) error {
	if name == "t" {
		if len(value)-strings.Count(value, "\r\n") > textMax {
			return check.ErrTooLong
		}
		a.text = value
		return nil
	}
	if len(name) > fieldMax || len(value) > mostOf(name) {
		return errForm
	}
	a.fields[name] = strings.ToValidUTF8(strings.ReplaceAll(value, "\r\n", "\n"), "\uFFFD")
	return nil
}

// read takes in at most limit bytes, and notes them as held.
func (a *asked) read(h *held, r io.Reader, limit int, tooMuch error) ([]byte, error) {
	var buf bytes.Buffer
	for {
		before := buf.Len()
		a.more()
		_, err := io.CopyN(&buf, r, 64<<10)
		if buf.Len() > limit {
			return nil, tooMuch
		}
		if !h.take(buf.Len() - before) {
			return nil, errCrowd
		}
		if errors.Is(err, io.EOF) {
			return buf.Bytes(), nil
		}
		if err != nil {
			return nil, errForm
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
