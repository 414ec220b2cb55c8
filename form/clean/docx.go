package clean

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const (
	docxKind     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	contentTypes = "[Content_Types].xml"
	firstDay     = 1<<5 | 1 // 1 January 1980, the first an archive can say
)

// cleanDOCX writes the document's archive anew: parts on the list, their XML
// without who and when, pictures as Clean makes them. Anything that runs, that
// is another document inside, or that is not known, is refused.
// Source: ECMA-376 parts 1 and 2.
func cleanDOCX(data []byte, gone *removed) ([]byte, string, error) {
	parts, err := unzip(data, gone)
	if err != nil {
		return nil, docxKind, err
	}
	types, ok := parts[contentTypes]
	if !ok || !bytes.Contains(types, []byte(docxKind+".main+xml")) {
		return nil, "application/zip", refuse("an archive that is no Word document")
	}
	d := document{parts: parts, gone: gone}
	// Parts that others lead to are looked at first, so that nothing leads to
	// what went.
	var names []string
	for name := range parts {
		switch place := placeOf(name); place {
		case partDropped:
			gone.add(dropWord(name))
			delete(parts, name)
		case partUnknown:
			return nil, docxKind, refuse("a part is not known here: %s", plainName(name))
		default:
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if (a == contentTypes) != (b == contentTypes) { // first, so that a reader knows the type at once
			if a == contentTypes {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		body, err := d.part(name)
		if err != nil {
			return nil, docxKind, err
		}
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		//lint:ignore SA1019 Modified would write a second time beside this one
		h.ModifiedDate = firstDay
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write(body)
		}
		if err != nil {
			return nil, docxKind, fmt.Errorf("%w: writing the archive: %w", ErrNoCopy, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, docxKind, fmt.Errorf("%w: writing the archive: %w", ErrNoCopy, err)
	}
	if out.Len() > maxFile {
		return nil, docxKind, refuse("the copy would be larger than %d MB", maxFile>>20)
	}
	return out.Bytes(), docxKind, nil
}

// unzip reads all of an archive into memory, within the limits.
func unzip(data []byte, gone *removed) (map[string][]byte, error) {
	end := zipEnd(data)
	if end < 0 || bytes.Contains(data[max(0, end-100):end], []byte("PK\x06\x07")) {
		return nil, broken("an archive without an end")
	}
	// Counted before the directory is read: each entry begins so.
	if bytes.Count(data, []byte("PK\x01\x02")) > maxEntries {
		return nil, refuse("more than %d entries in the archive", maxEntries)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, broken("an archive")
	}
	if z.Comment != "" {
		gone.add(comment)
	}
	parts := make(map[string][]byte)
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0 {
			continue
		}
		_, twice := parts[f.Name]
		if twice || f.Flags&1 != 0 || !plainPath(f.Name) {
			return nil, refuse("an entry of the archive is locked, there twice, or oddly named: %s", plainName(f.Name))
		}
		r, err := f.Open()
		if err != nil {
			return nil, broken("an archive's entry")
		}
		var body bytes.Buffer
		if err = gone.unpacked(r, &body); errors.Is(err, ErrNoCopy) {
			return nil, err
		}
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, broken("an archive's entry")
		}
		if f.Modified.Year() > 1980 { // Word itself writes the first of January 1980
			gone.add(date)
		}
		parts[f.Name] = body.Bytes()
	}
	return parts, nil
}

// plainPath: the names Word writes.
func plainPath(name string) bool {
	for _, c := range name {
		if c <= ' ' || c > '~' || c == '\\' || c == ':' {
			return false
		}
	}
	return name != "" && !strings.HasPrefix(name, "/") && !strings.Contains(name, "..") && !strings.Contains(name, "//")
}

// plainName makes a stranger's name fit to be read in a message.
func plainName(name string) string {
	s := fmt.Sprintf("%q", name)
	return s[:min(len(s), 80)]
}
