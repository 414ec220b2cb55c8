package office

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"homeward/form/parts"
	"homeward/work/desk"
	"homeward/work/intake"
)

const (
	// formMax bounds a form of this house without files, and the words of one with.
	formMax = 1 << 20
	// filesMax bounds a form with files: five of the largest.
	filesMax = 5*intake.MaxFile + formMax
	// fieldsMax is how many fields a form with files has at most.
	fieldsMax = 64
)

// withFiles says whether a request may bring files. Such a form is read part by part;
// ParseMultipartForm would put files on the disk in the clear.
func withFiles(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == "/desk/new" && strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "multipart/")
}

// most is how many bytes a request may bring.
func most(r *http.Request) int64 {
	if withFiles(r) {
		return filesMax
	}
	return formMax
}

var errWords = errors.New("office: the boxes of the form hold more than 1 MB")

// sent is a form that a member sent: the fields up to its first file, and what follows.
type sent struct {
	url.Values
	late  []field // fields that came after a file
	files bool    // files were passed over
	parts *parts.Reader
	next  *multipart.Part // a file, unread
	size  int
	count int
}

// readSent reads a form up to its first file. The error is errWords, parts.ErrForm, or
// that of a body that is too large.
func readSent(r *http.Request) (*sent, error) {
	f := &sent{Values: url.Values{}}
	if !withFiles(r) {
		err := r.ParseForm()
		if e := r.ParseMultipartForm(formMax); !errors.Is(e, http.ErrNotMultipart) { // a script's, as small as the other
			err = errors.Join(err, e)
		}
		if r.PostForm != nil {
			f.Values = r.PostForm
		}
		return f, err
	}
	p, err := parts.New(r.Header.Get("Content-Type"), r.Body)
	if err != nil {
		return f, err
	}
	f.parts = p
	return f, f.advance(func(name, value string) { f.Add(name, value) })
}

// advance reads fields up to the next file, or the end.
func (f *sent) advance(each func(name, value string)) error {
	f.next = nil
	for f.parts != nil {
		p, err := f.parts.Next()
		if err == io.EOF {
			f.parts = nil
			return nil
		}
		if err != nil {
			f.parts = nil
			return err
		}
		if p.FormName() == "file" {
			f.next = p
			return nil
		}
		b, err := io.ReadAll(io.LimitReader(p, formMax+1))
		// Also what broke off: it goes back to who wrote it.
		each(p.FormName(), strings.ToValidUTF8(string(b), "\uFFFD"))
		if err != nil {
			f.parts = nil
			return errors.Join(parts.ErrForm, err)
		}
		f.size += len(b) + len(p.FormName())
		if f.count++; f.size > formMax || f.count > fieldsMax {
			f.parts = nil
			return errWords
		}
	}
	return nil
}

// rest goes on to the end, and hands each file to take. Fields that come now are late.
func (f *sent) rest(take func(name string, r io.Reader)) error {
	for f.next != nil {
		// A box for files that was left empty is a file without name and bytes.
		var first [1]byte
		n, _ := io.ReadFull(f.next, first[:])
		if n > 0 || f.next.FileName() != "" {
			take(f.next.FileName(), io.MultiReader(bytes.NewReader(first[:n]), f.next))
		}
		if err := f.advance(func(name, value string) { f.late = append(f.late, field{name, value}) }); err != nil {
			return err
		}
	}
	return nil
}

// passOver goes on to the end without keeping any file; late fields count as any other.
func (f *sent) passOver() {
	_ = f.rest(func(string, io.Reader) { f.files = true }) // what could be read of the words is there
	for _, l := range f.late {
		f.Add(l.Name, l.Value)
	}
	f.late = nil
}

// typed is the report in a form.
func (f *sent) typed() intake.Report {
	return intake.Report{
		Kind: f.Get("kind"), Relation: f.Get("relation"), Danger: f.Get("danger") == "yes", Text: f.Get("text"), Who: f.Get("who"), Where: f.Get("where"), When: f.Get("when"),
		Contact: f.Get("contact"), Safe: f.Get("safe"), Unsafe: f.Get("unsafe"), First: f.Get("first") == "yes", Duress: f.Get("duress"), Lang: f.Get("lang"),
	}
}

type codeView struct {
	Digits, Words, Hant []string

	Kept   []string // names of files
	Broken []broken // files that were not kept
	Cut    bool     // the form broke off: more files may have been chosen
	Late   []field  // fields that came after a file, and were not taken
}

type broken struct{ Name, Why string }

// attachAll keeps the files of a form whose report has been received. A file that breaks
// costs itself and nothing else.
func (o *office) attachAll(r *http.Request, s *desk.Session, code intake.Receipt, f *sent, v *codeView) {
	err := f.rest(func(name string, body io.Reader) {
		if err := o.Desk.Attach(r.Context(), s, code, name, body); err != nil {
			v.Broken = append(v.Broken, broken{fileName(name), o.whyBroken(err)})
			return
		}
		v.Kept = append(v.Kept, fileName(name))
	})
	v.Cut, v.Late = err != nil, f.late
}

func (o *office) whyBroken(err error) string {
	var tooMuch *http.MaxBytesError
	switch {
	case errors.As(err, &tooMuch):
		return "all files together are more than 250 MB"
	case errors.Is(err, intake.ErrHeavy):
		return "larger than 50 MB, or the report has 40 files already"
	case intake.IsFull(err):
		o.Log.Error("a file could not be kept: the disk is full or read only")
		return "the server's disk is full or cannot be written to"
	case errors.Is(err, intake.ErrFile):
		return "empty, or it did not arrive whole"
	}
	o.Log.Error("a file was not kept", "error", err)
	return "something broke on our side"
}
