package exchange

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// WriteXLSX writes a list as a workbook of one sheet. Every cell is text and
// stays text when it is edited, so nothing is run and no zero is lost; nothing
// has to be marked as in CSV. The file names no program, author or time.
func WriteXLSX(w io.Writer, sheet string, header []string, rows [][]string) error {
	if err := writable(header, rows); err != nil {
		return err
	}
	if len(rows) >= Usual.Rows {
		return fmt.Errorf("a workbook holds %d rows and this list has %d; write CSV", Usual.Rows, len(rows)+1)
	}
	z := zip.NewWriter(w)
	for _, p := range []struct{ name, body string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + sheetNS + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="` + escape(sheetName(sheet)) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
		// Style 1: text (number format 49), and text also when typed into.
		{"xl/styles.xml", `<styleSheet xmlns="` + sheetNS + `"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="49" quotePrefix="1" applyNumberFormat="1"/></cellXfs></styleSheet>`},
	} {
		part, err := create(z, p.name)
		if err == nil {
			_, err = io.WriteString(part, xmlHead+p.body)
		}
		if err != nil {
			return err
		}
	}
	part, err := create(z, "xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	out := bufio.NewWriter(part) // errors stay with it until Flush
	out.WriteString(xmlHead + `<worksheet xmlns="` + sheetNS + `"><sheetData>`)
	if err := xlsxRow(out, 1, header); err != nil {
		return err
	}
	for i, r := range rows {
		if err := xlsxRow(out, i+2, r); err != nil {
			return err
		}
	}
	out.WriteString(`</sheetData></worksheet>`)
	if err := out.Flush(); err != nil {
		return err
	}
	return z.Close()
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	sheetNS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	// what a cell of Excel holds, in UTF-16 units
	maxXLSXCell = 32_767
)

func create(z *zip.Writer, name string) (io.Writer, error) {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate}
	//lint:ignore SA1019 Modified would write a second time beside this one
	h.ModifiedDate = 1<<5 | 1 // 1 January 1980, the first an archive can say
	return z.CreateHeader(h)
}

func xlsxRow(w *bufio.Writer, line int, cells []string) error {
	if len(cells) > width {
		return fmt.Errorf("a workbook holds %d columns and row %d has %d; write CSV", width, line, len(cells))
	}
	n := strconv.Itoa(line)
	w.WriteString(`<row r="` + n + `">`)
	for i, c := range cells {
		if c == "" {
			continue
		}
		if len(c) > maxXLSXCell && len(utf16.Encode([]rune(c))) > maxXLSXCell {
			return fmt.Errorf("%w: row %d, column %d is longer than the %d characters a workbook holds; write CSV", ErrCell, line, i+1, maxXLSXCell)
		}
		w.WriteString(`<c r="` + letters(i) + n + `" s="1" t="inlineStr"><is><t xml:space="preserve">`)
		w.WriteString(escape(c))
		w.WriteString(`</t></is></c>`)
	}
	w.WriteString(`</row>`)
	return nil
}

// letters are the name of a column: A, B, … Z, AA.
func letters(column int) string {
	var out []byte
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		out = append([]byte{byte('A' + (n-1)%26)}, out...)
	}
	return string(out)
}

// escape writes text for XML; what XML cannot hold, and what would be read as
// such an escape, as _x000D_.
func escape(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == '&' || r == '<' || r == '>' || r == '"' || r == '_' || r >= 0xfffe && r <= 0xffff
	}) {
		return s
	}
	var out strings.Builder
	for i, r := range s {
		switch {
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '"':
			out.WriteString("&quot;")
		case r < ' ' && r != '\t' && r != '\n', r >= 0xfffe && r <= 0xffff, r == '_' && strings.HasPrefix(s[i:], "_x"):
			fmt.Fprintf(&out, "_x%04X_", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// sheetName is a name Excel accepts: at most 31 characters, none of []:*?/\ .
func sheetName(s string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`[]:*?/\`, r) {
			return -1
		}
		return r
	}, s))
	if s = strings.Trim(string(r[:min(len(r), 31)]), "' "); s == "" {
		return "Sheet1"
	}
	return s
}
