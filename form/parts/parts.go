// Package parts reads a form with files as it arrives, part by part. Nothing of it is
// kept: neither in memory beyond what the caller takes, nor in a temporary file.
package parts

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// ErrForm says that this is no such form, or that it did not arrive whole.
var ErrForm = errors.New("parts: the form did not arrive whole")

// headMax bounds what stands before a part.
const headMax = 16 << 10

// Reader gives the parts of one form.
type Reader struct {
	head *headReader
	mr   *multipart.Reader
	part *multipart.Part
}

// New reads a body by the header Content-Type it came with.
func New(contentType string, body io.Reader) (*Reader, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, ErrForm
	}
	h := &headReader{r: body}
	return &Reader{head: h, mr: multipart.NewReader(h, params["boundary"])}, nil
}

// Next gives the next part, of which the caller reads as much as it wants; the rest is
// passed over. io.EOF after the last, ErrForm if it did not arrive.
func (r *Reader) Next() (*multipart.Part, error) {
	if r.part != nil {
		if _, err := io.Copy(io.Discard, r.part); err != nil {
			return nil, errors.Join(ErrForm, err)
		}
	}
	r.head.left = headMax
	p, err := r.mr.NextRawPart()
	r.head.left = -1
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, errors.Join(ErrForm, err)
	}
	r.part = p
	return p, nil
}

// headReader breaks off when more than left bytes are asked of it; less than 0 is no
// limit. Where the body ends it says that it broke off: package multipart takes a body
// that ends in a head for a whole form, and then only the last boundary ends one. That
// boundary may come without an end of line, so one is added.
type headReader struct {
	r    io.Reader
	left int
	end  bool
}

func (h *headReader) Read(b []byte) (int, error) {
	if h.left == 0 {
		return 0, ErrForm
	}
	if h.left > 0 && len(b) > h.left {
		b = b[:h.left]
	}
	n, err := h.r.Read(b)
	if errors.Is(err, io.EOF) {
		if err = nil; h.end && n == 0 {
			return 0, io.ErrUnexpectedEOF
		}
		if n == 0 {
			h.r, h.end = strings.NewReader("\r\n"), true
			return h.Read(b)
		}
	}
	if h.left > 0 {
		h.left -= n
	}
	return n, err
}
