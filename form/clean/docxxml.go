package clean

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// element is a start tag as it was written: prefixes are not resolved, so
// Name.Space is the prefix.
type element struct{ xml.StartElement }

func (e *element) attr(local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func (e *element) set(local, value string) error {
	for i := range e.Attr {
		if e.Attr[i].Name.Local == local {
			e.Attr[i].Value = value
		}
	}
	return nil
}

// maxDepth of elements in each other.
const maxDepth = 500

// rewrite copies XML tag by tag; change may alter an element, drop it with all
// in it, or refuse the document. XML comments and processing instructions go;
// a document type, which could define entities, is refused.
func rewrite(body []byte, change func(*element) (keep bool, err error), gone *removed) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
	out := bytes.NewBufferString(xml.Header)
	var open []string
	dropping := 0 // depth of what is being dropped
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(open) > 0 || out.Len() == len(xml.Header) {
				return nil, broken("XML")
			}
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, broken("XML")
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, refuse("the XML defines things of its own")
		case xml.Comment:
			gone.add(comment)
		case xml.StartElement:
			if len(open) == 0 && out.Len() > len(xml.Header) || len(open) >= maxDepth {
				return nil, broken("XML")
			}
			open = append(open, qname(t.Name))
			if dropping > 0 {
				continue
			}
			e := &element{t}
			keep, err := change(e)
			if err != nil {
				return nil, err
			}
			if !keep {
				dropping = len(open)
				continue
			}
			writeStart(out, e)
		case xml.EndElement:
			n := len(open)
			if n == 0 || open[n-1] != qname(t.Name) {
				return nil, broken("XML")
			}
			open = open[:n-1]
			if dropping == 0 {
				out.WriteString("</" + qname(t.Name) + ">")
			}
			if dropping == n {
				dropping = 0
			}
		case xml.CharData:
			if dropping == 0 && len(open) > 0 {
				xml.EscapeText(out, t) // a buffer takes all
			}
		}
		if out.Len() > 2*maxFile {
			return nil, refuse("the document is too large")
		}
	}
}

func qname(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func writeStart(out *bytes.Buffer, e *element) {
	out.WriteString("<" + qname(e.Name))
	for _, a := range e.Attr {
		out.WriteString(" " + qname(a.Name) + `="`)
		xml.EscapeText(out, []byte(a.Value)) // a buffer takes all
		out.WriteByte('"')
	}
	out.WriteByte('>')
}

// Attributes and elements of WordprocessingML and DrawingML that say who, when,
// with what, or tie two versions of a document together; by local name, since
// a prefix can be chosen freely.
// Source: ECMA-376 part 1, 17.13 and 17.15; MS-DOCX 2.2–2.7.
var (
	whoAttrs  = []string{"author", "initials", "userId", "providerId"}
	whenAttrs = []string{"date", "dateUtc"}
	idAttrs   = []string{"paraId", "textId", "durableId"}
	dropped   = map[string]string{
		"rsids": "editing history", "docId": "document number", "attachedTemplate": "template", "docVars": unknown,
		"mailMerge": unknown, "dataBinding": unknown, "creationId": "editing history", "proofState": "", "printerSettings": program,
		"writeProtection": unknown, "smartTagPr": unknown, "saveThroughXslt": "template",
	}
)

// wording cleans one element of the text, its styles, comments and settings.
func (d *document) wording(e *element) (bool, error) {
	if word, drop := dropped[e.Name.Local]; drop {
		if word != "" {
			d.gone.add(word)
		}
		return false, nil
	}
	switch e.Name.Local {
	case "OLEObject", "control", "altChunk", "subDoc":
		return false, refuse("the document holds another document or program")
	}
	kept := e.Attr[:0]
	for _, a := range e.Attr {
		local := a.Name.Local
		switch {
		case a.Name.Space == "xmlns" || local == "xmlns":
		case slices.Contains(whoAttrs, local):
			d.told(a.Value, author)
			a.Value = "" // the schema demands an author
		case slices.Contains(whenAttrs, local):
			d.told(a.Value, date)
			continue // no date may be empty
		case strings.HasPrefix(local, "rsid"), slices.Contains(idAttrs, local):
			d.told(a.Value, "editing history")
			continue
		case (e.Name.Local == "docPr" || e.Name.Local == "cNvPr") && (local == "name" || local == "descr" || local == "title"),
			e.Name.Local == "imagedata" && local == "title", a.Name.Space != "" && local == "gfxdata":
			d.told(a.Value, "names of pictures")
			a.Value = ""
		}
		kept = append(kept, a)
	}
	e.Attr = kept
	return true, nil
}

func (d *document) told(value, word string) {
	if value != "" {
		d.gone.add(word)
	}
}
