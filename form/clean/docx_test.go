package clean

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	wordNS  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relsNS  = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// wordParts are the parts of a small document of Word's making.
func wordParts(t testing.TB) map[string]string {
	override := func(part, kind string) string {
		return `<Override PartName="/` + part + `" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.` + kind + `+xml"/>`
	}
	return map[string]string{
		contentTypes: xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>` +
			override("word/document.xml", "document.main") + override("word/settings.xml", "settings") + override("word/comments.xml", "comments") + override("word/people.xml", "people") + override("docProps/core.xml", "core") + `</Types>`,
		"_rels/.rels": xmlHead + `<Relationships ` + relsNS + `><Relationship Id="rId1" Type="` + relType + `officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="x/core-properties" Target="docProps/core.xml"/></Relationships>`,
		"word/_rels/document.xml.rels": xmlHead + `<Relationships ` + relsNS + `><Relationship Id="rId1" Type="` + relType + `settings" Target="settings.xml"/><Relationship Id="rId2" Type="` + relType + `image" Target="media/image1.jpeg"/><Relationship Id="rId3" Type="` + relType + `hyperlink" Target="https://example.org/a?b=1&amp;c=2" TargetMode="External"/><Relationship Id="rId4" Type="` + relType + `hyperlink" Target="file:///C:/Users/` + planted + `/a.docx" TargetMode="External"/>` +
			`<Relationship Id="rId5" Type="` + relType + `comments" Target="comments.xml"/><Relationship Id="rId6" Type="x/people" Target="people.xml"/><Relationship Id="rId7" Type="` + relType + `customXml" Target="../customXml/item1.xml"/></Relationships>`,
		"word/_rels/settings.xml.rels": xmlHead + `<Relationships ` + relsNS + `><Relationship Id="rId1" Type="` + relType + `attachedTemplate" Target="file:///C:/Users/` + planted + `/letter.dotx" TargetMode="External"/></Relationships>`,
		"word/document.xml": xmlHead + `<!-- ` + planted + ` --><w:document ` + wordNS + `><w:body><w:p w:rsidR="00PLANTED" w14:paraId="PLANTED1"><w:r><w:t xml:space="preserve">They took my passport &amp; said &lt;work&gt; </w:t></w:r>` +
			`<w:ins w:id="1" w:author="` + planted + `" w:date="2024-03-05T06:07:08Z"><w:r><w:t>added later</w:t></w:r></w:ins><w:drawing><wp:docPr id="1" name="` + planted + `.jpg" descr="C:\` + planted + `"/></w:drawing></w:p></w:body></w:document>`,
		"word/settings.xml":       xmlHead + `<w:settings ` + wordNS + `><w:attachedTemplate r:id="rId1"/><w:rsids><w:rsidRoot w:val="00PLANTED"/></w:rsids><w:zoom w:percent="100"/><w14:docId w14:val="PLANTED9"/></w:settings>`,
		"word/comments.xml":       xmlHead + `<w:comments ` + wordNS + `><w:comment w:id="0" w:author="` + planted + `" w:initials="PLANTED" w:date="2024-03-05T06:07:08Z"><w:p><w:r><w:t>ask her again</w:t></w:r></w:p></w:comment></w:comments>`,
		"word/people.xml":         xmlHead + `<people>` + planted + `</people>`,
		"word/media/image1.jpeg":  string(tellingJPEG(t)),
		"docProps/core.xml":       xmlHead + `<creator>` + planted + `</creator>`,
		"docProps/app.xml":        xmlHead + `<Company>` + planted + `</Company>`,
		"docProps/thumbnail.jpeg": string(tellingJPEG(t)),
		"customXml/item1.xml":     xmlHead + `<x>` + planted + `</x>`,
	}
}

func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2024, 3, 5, 6, 7, 8, 0, time.UTC), Comment: planted})
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func docxSamples(t testing.TB) []sample {
	return []sample{{name: "DOCX", kind: docxKind, file: zipped(t, wordParts(t)), gone: []string{
		author, date, comment, program, thumbnail, "template", "link to a file", "editing history", "document number", "names of pictures", "GPS position",
	}}}
}

func TestDOCXTextStays(t *testing.T) {
	r, err := Clean(zipped(t, wordParts(t)))
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(r.Copy), int64(len(r.Copy)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		if f.Modified.Year() > 1980 || len(f.Extra) > 0 || f.Comment != "" {
			t.Errorf("%s tells a time", f.Name)
		}
	}
	want := []string{contentTypes, "_rels/.rels", "word/_rels/document.xml.rels", "word/_rels/settings.xml.rels", "word/comments.xml", "word/document.xml", "word/media/image1.jpeg", "word/settings.xml"}
	if !slices.Equal(names, want) {
		t.Errorf("parts %q, want %q", names, want)
	}
	text := string(everything(r.Copy))
	for _, s := range []string{
		`<w:t xml:space="preserve">They took my passport &amp; said &lt;work&gt; </w:t>`, `<w:ins w:id="1" w:author=""><w:r><w:t>added later</w:t>`,
		`<w:comment w:id="0" w:author="" w:initials="">`, "ask her again", `https://example.org/a?b=1&amp;c=2`, wordNS, `Target="comments.xml"`,
	} {
		if !strings.Contains(text, s) {
			t.Errorf("gone: %s", s)
		}
	}
	for _, s := range []string{"PLANTED", "docProps", "people", "customXml", "2024-03-05", "rsid", "<!--"} {
		if strings.Contains(text, s) {
			t.Errorf("stays: %s", s)
		}
	}
}

func TestDOCXRefused(t *testing.T) {
	with := func(name, body string) []byte {
		p := wordParts(t)
		p[name] = body
		return zipped(t, p)
	}
	for name, file := range map[string][]byte{
		"no document":     zipped(t, map[string]string{"a.txt": "x"}),
		"macros":          with("word/vbaProject.bin", "x"),
		"macro type":      with(contentTypes, xmlHead+`<Types><Override ContentType="`+docxKind+`.main+xml"/><Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>`),
		"another inside":  with("word/embeddings/oleObject1.bin", "x"),
		"a strange part":  with("other/x.xml", "<a/>"),
		"a bomb":          bomb(t),
		"too many":        crowd(t),
		"entities":        with("word/document.xml", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`),
		"broken XML":      with("word/document.xml", `<a><b></a>`),
		"deep XML":        with("word/document.xml", strings.Repeat("<a>", 9000)),
		"a drawing":       with("word/media/image2.emf", "\x01\x00\x00\x00"),
		"itself inside":   with("word/media/image2.jpeg", string(zipped(t, wordParts(t)))),
		"bombs inside":    with("word/media/image2.png", string(hugePNG(t))),
		"odd names":       with("word/../../x", "x"),
		"loaded":          with("word/_rels/document.xml.rels", `<Relationships `+relsNS+`><Relationship Id="a" Type="`+relType+`image" Target="http://example.org/x.png" TargetMode="External"/></Relationships>`),
		"a page in front": append([]byte("<html>"), with("word/people.xml", "x")...),
		"cut":             with("word/people.xml", "x")[:900],
	} {
		if r, err := Clean(file); !errors.Is(err, ErrNoCopy) || r.Copy != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// bomb is an archive of a few hundred kilobytes that unpacks to more than
// allowed.
func bomb(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	packed := deflatedZeros(t, maxInflated>>20+1)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "docProps/app.xml", Method: zip.Deflate, CompressedSize64: uint64(len(packed)), UncompressedSize64: 100})
	if err == nil {
		_, err = w.Write(packed)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// crowd is an archive of too many entries, all empty.
func crowd(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range maxEntries + 1 {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprint("docProps/", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
