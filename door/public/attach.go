package public

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"homeward/form/parts"
	"homeward/work/intake"
)

// attach takes one file under a visit. What was written before is safe whatever
// becomes of the file: it is the whole of this request. The file streams through, a
// sealed chunk at a time, and never touches the disk in the clear.
func (d *door) attach(w http.ResponseWriter, r *http.Request) {
	a := d.newAsked(w, r)
	defer a.free()
	fields, file, err := fileForm(r)
	s := d.siteIn(r, fields["l"], "/b", "box")
	if err != nil {
		a.fields = fields
		d.again(w, r, a, http.StatusBadRequest, "again.part")
		return
	}
	visit, err := d.Intake.Continue(r.Context(), fields["v"])
	// Words that stand in the box beside the file come along, and stay there.
	v := boxView{Site: s, Nonce: intake.Nonce(), Text: strings.ReplaceAll(fields["text"], "\r\n", "\n"), Danger: fields["danger"] == "yes"}
	if err != nil {
		drain(r.Body)
		d.notOpened(w, r, v.back(), err)
		return
	}
	v.Again = "look"
	v.Token = visit.Token
	status := http.StatusOK
	body := &slowReader{Reader: file, more: a.more}
	switch err := d.Intake.Attach(r.Context(), visit, fields["n"], file.FileName(), body); {
	case err == nil:
		v.Message = s.T("box.attached")
	case errors.Is(err, intake.ErrHeavy):
		drain(r.Body)
		status, v.Trouble = http.StatusRequestEntityTooLarge, s.T("box.attach_heavy")
	case body.n == 0 && file.FileName() == "":
		status, v.Trouble = http.StatusUnprocessableEntity, s.T("again.no_file")
	default:
		if intake.IsFull(err) {
			d.Log.Error("a file could not be kept: the disk is full or read only")
		}
		status, v.Trouble = http.StatusUnprocessableEntity, s.T("box.attach_failed")
	}
	d.look(w, r, status, v, visit)
}

// slowReader gives the sender time for each piece. A body that broke off ends in
// errForm: who reads whole pieces takes io.ErrUnexpectedEOF for a last, short one, and
// half a file for a whole one.
type slowReader struct {
	io.Reader
	more func()
	n    int64
}

func (s *slowReader) Read(b []byte) (int, error) {
	s.more()
	n, err := s.Reader.Read(b[:min(len(b), 64<<10)])
	s.n += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errForm
	}
	return n, err
}

// drain reads what still comes, so that a phone gets to see the answer.
func drain(r io.Reader) { _, _ = io.Copy(io.Discard, io.LimitReader(r, drainMax)) }

// fileForm reads the small fields of a form up to its file, which is left to be
// read. The file stands last.
func fileForm(r *http.Request) (map[string]string, *multipart.Part, error) {
	fields := map[string]string{}
	all, err := parts.New(r.Header.Get("Content-Type"), r.Body)
	if err != nil {
		return fields, nil, errForm
	}
	for range 8 {
		p, err := all.Next()
		if err != nil {
			return fields, nil, errForm
		}
		if p.FormName() == "file" {
			return fields, p, nil
		}
		b, err := io.ReadAll(io.LimitReader(p, int64(mostOf(p.FormName()))+1))
		if err != nil || len(b) > mostOf(p.FormName()) {
			return fields, nil, errForm
		}
		fields[p.FormName()] = string(b)
	}
	return fields, nil, errForm
}

func isMultipart(r *http.Request) bool {
	return strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "multipart/")
}
