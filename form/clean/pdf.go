package clean

import (
	"bytes"
	"fmt"
)

// ErrDraw is what Clean says of every PDF: what a PDF tells can stand in any of
// its objects, in older versions of itself kept inside, and in files within it,
// so its working copy is an Album of its pages, drawn by a program that is not
// ours to run here (see work/evidence). It wraps ErrNoCopy.
var ErrDraw = fmt.Errorf("%w: a PDF gets a copy only where its pages can be drawn", ErrNoCopy)

const pdfType = "application/pdf"

func cleanPDF([]byte, *removed) ([]byte, string, error) { return nil, pdfType, ErrDraw }

// pdfNames are names that a PDF writes where it holds something beside its pages.
// Source: ISO 32000-1, 7.11.4, 8.2, 12.3–12.7, 14.3.
var pdfNames = []struct{ name, word string }{
	{"JavaScript", "script"},
	{"JS", "script"},
	{"Launch", "start of another program"},
	{"EmbeddedFile", "file inside"},
	{"EmbeddedFiles", "file inside"},
	{"AcroForm", "form"},
	{"XFA", "form"},
	{"URI", "link"},
	{"GoToR", "link"},
	{"Outlines", "outline"},
	{"Annot", "notes and marks (what they show on a page stays)"},
	{"RichMedia", "film or sound"},
	{"Movie", "film or sound"},
	{"Sound", "film or sound"},
	{"Metadata", xmpWord},
	{"Info", "properties of the document"},
	{"PieceInfo", unknown},
	{"ID", "number of the file"},
	{"Sig", "signature"},
	{"OCG", "layers (what they show on a page stays)"},
	{"Thumb", thumbnail},
}

// PDFTraces gives words for what a PDF plainly holds beside its pages, each once.
// It only looks for names in the bytes as they are: what is packed is not seen,
// so nothing found means nothing.
func PDFTraces(data []byte) []string {
	var r removed
	for _, n := range pdfNames {
		if hasName(data, n.name) {
			r.add(n.word)
		}
	}
	versions := bytes.Count(data, []byte("startxref"))
	if bytes.Contains(data[:min(len(data), 1024)], []byte("/Linearized")) {
		versions-- // such a file has two tables from the start
	}
	if versions > 1 {
		r.add("earlier version of the document")
	}
	return r.words
}

// hasName finds a name that ends where it should.
func hasName(data []byte, name string) bool {
	want := []byte("/" + name)
	for {
		at := bytes.Index(data, want)
		if at < 0 {
			return false
		}
		data = data[at+len(want):]
		if len(data) == 0 || bytes.IndexByte([]byte("\x00\t\n\f\r ()<>[]{}/%"), data[0]) >= 0 {
			return true
		}
	}
}
