package clean

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// document is a Word document being copied.
type document struct {
	parts map[string][]byte
	gone  *removed
	xml   int // bytes rewritten so far
}

type place int

const (
	partUnknown place = iota
	partKept
	partDropped
)

// Parts that stay, below word/ or word/glossary/, by the beginning of their
// name and by folder.
var (
	keptParts   = []string{"document", "styles", "stylesWithEffects", "settings", "fontTable", "numbering", "header", "footer", "footnotes", "endnotes", "comments"}
	keptFolders = []string{"theme/", "media/", "_rels/"}
	// Authors, links of comments to them, web settings, lists of a reader's own.
	droppedParts = []string{"people", "commentsExtended", "commentsIds", "commentsExtensible", "commentsDocument", "webSettings", "keyMapCustomizations", "customizations", "recipientData"}
)

// placeOf tells whether a part stays.
func placeOf(name string) place {
	for _, p := range []string{"docProps/", "customXml/", "customXML/", "word/printerSettings/", "userCustomization/", "[trash]/", "word/webextensions/"} {
		if strings.HasPrefix(name, p) {
			return partDropped
		}
	}
	if name == contentTypes || name == "_rels/.rels" {
		return partKept
	}
	in, ok := strings.CutPrefix(name, "word/")
	if !ok {
		return partUnknown
	}
	in = strings.TrimPrefix(in, "glossary/")
	for _, f := range keptFolders {
		rest, ok := strings.CutPrefix(in, f)
		switch {
		case !ok:
		case f == "_rels/" && placeOf("word/"+strings.TrimSuffix(rest, ".rels")) == partDropped:
			return partDropped
		case !strings.Contains(rest, "/"), f == "theme/" && strings.HasPrefix(rest, "_rels/"):
			return partKept
		}
	}
	stem, isXML := strings.CutSuffix(in, ".xml")
	stem = strings.TrimRight(stem, "0123456789")
	switch {
	case !isXML:
		return partUnknown
	case slices.Contains(droppedParts, stem):
		return partDropped
	case slices.Contains(keptParts, stem):
		return partKept
	}
	return partUnknown
}

func dropWord(name string) string {
	switch {
	case strings.HasPrefix(name, "docProps/thumbnail"):
		return thumbnail
	case strings.HasPrefix(name, "docProps/core"):
		return author
	case strings.HasPrefix(name, "docProps/"):
		return program
	case strings.HasPrefix(name, "word/people"), strings.HasPrefix(name, "word/comments"):
		return author
	}
	return unknown
}

// part gives a kept part, cleaned.
func (d *document) part(name string) ([]byte, error) {
	body := d.parts[name]
	if !strings.Contains(name, "/media/") {
		if d.xml += len(body); d.xml > maxFile {
			return nil, refuse("the document holds more than %d MB of text", maxFile>>20)
		}
	}
	switch {
	case name == contentTypes:
		return rewrite(body, d.contentType, d.gone)
	case strings.HasSuffix(name, ".rels"):
		return rewrite(body, d.relations(name), d.gone)
	case strings.Contains(name, "/media/"):
		out, _, err := cleanAs(pictures, body, d.gone)
		if err != nil {
			return nil, fmt.Errorf("%w (%s inside)", err, plainName(name))
		}
		return out, nil
	case strings.HasSuffix(name, ".xml"):
		return rewrite(body, d.wording, d.gone)
	}
	return nil, refuse("a part is not known here: %s", plainName(name))
}

// contentType keeps what is said of parts that stay, and refuses macros.
func (d *document) contentType(e *element) (keep bool, err error) {
	kind := strings.ToLower(e.attr("ContentType"))
	if strings.Contains(kind, "macro") || strings.Contains(kind, "vba") {
		return false, refuse("the document holds macros")
	}
	if e.Name.Local != "Override" {
		return true, nil
	}
	_, stays := d.parts[strings.TrimPrefix(e.attr("PartName"), "/")]
	return stays, nil
}

// relations keeps links to parts that stay, and to the web; a template or a
// picture kept elsewhere names a folder of somebody's computer.
func (d *document) relations(name string) func(*element) (bool, error) {
	folder := path.Dir(path.Dir(name)) // word/_rels/document.xml.rels speaks from word/
	return func(e *element) (bool, error) {
		if e.Name.Local != "Relationship" {
			return true, nil
		}
		kind, target := path.Base(e.attr("Type")), e.attr("Target")
		if strings.EqualFold(e.attr("TargetMode"), "External") {
			switch {
			case kind == "hyperlink" && !isFile(target):
				return true, nil
			case kind == "hyperlink":
				d.gone.add("link to a file")
				return true, e.set("Target", nowhere)
			case kind == "attachedTemplate":
				d.gone.add("template")
				return false, nil
			}
			return false, refuse("the document loads something from elsewhere (%s)", plainName(kind))
		}
		full := strings.TrimPrefix(target, "/")
		if full == target {
			full = path.Join(folder, target)
		}
		if _, stays := d.parts[full]; stays || strings.HasPrefix(target, "#") {
			return true, nil
		}
		if placeOf(full) == partDropped {
			return false, nil
		}
		return false, broken("a Word document's links")
	}
}

// nowhere is where a link leads that led to somebody's disk.
const nowhere = "about:blank"

// isFile tells a link to somebody's disk from one to the web.
func isFile(target string) bool {
	t := strings.ToLower(target)
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:", nowhere} {
		if strings.HasPrefix(t, scheme) {
			return false
		}
	}
	return true
}
