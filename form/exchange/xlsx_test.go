package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestWitnesses reads what other programs wrote: excelize 2.11.1, and
// LibreOffice 7.4.7 from the files of excelize. The list is invented; the same
// table stands in all four, in both systems of dates.
func TestWitnesses(t *testing.T) {
	header := []string{"編號", "姓名", "出生日期", "電話", "最後聯絡", "金額", "在", "備註", "時"}
	rows := [][]string{
		{"1", "王小測", "1998-03-05", "0900000001", "2026-11-02T13:45:30", "1234.5", "TRUE", "護照被拿走 & <x>\nline 2", "12:00:00"},
		{"2", "=1+1", "民國88年1月2日", "+886 900 000 002", "", "886900000003", "", "a\rb", "36:00:00"},
		{"3", "Made Up", "", "", "", "2469"}, // a formula, F2*2
	}
	for _, name := range []string{"excelize.xlsx", "excelize1904.xlsx", "libreoffice.xlsx", "libreoffice1904.xlsx"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		s, err := Read(b, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want, notes := rows, []string{`Read: the sheet "名單". Not read: "Other".`, "Comments on cells were not read.", "Hidden in the sheet and read like all others: 1 row.", "Merged cells in 1 place"}
		if strings.HasPrefix(name, "excelize") { // which computes no formula
			want = append(rows[:2:2], []string{"3", "Made Up"})
			notes = append(notes, "A formula without a kept result in 1 cell")
		}
		if !slices.Equal(s.Header, header) || !same(s.Rows, want) || !slices.Equal(s.Lines, []int{2, 4, 5}) {
			t.Errorf("%s: %q\n%q\n%v", name, s.Header, s.Rows, s.Lines)
		}
		for _, n := range notes {
			if !strings.Contains(strings.Join(s.Notes, "\n"), n) {
				t.Errorf("%s: notes %q without %q", name, s.Notes, n)
			}
		}
		other, err := Read(b, Options{Sheet: "Other"})
		if err != nil || !slices.Equal(other.Header, []string{"z"}) || other.Name != "Other" {
			t.Errorf("%s: the other sheet: %q %v", name, other.Header, err)
		}
		if _, err := Read(b, Options{Sheet: "None"}); err == nil || !strings.Contains(err.Error(), "Other") {
			t.Errorf("%s: a sheet that is not there: %v", name, err)
		}
	}
}

func TestXLSXComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		header, rows := tables(t)
		written(t, header, rows, Options{}, func(b *bytes.Buffer) error { return WriteXLSX(b, "x", header, rows) })
	})
}

func TestXLSXTellsNothing(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := WriteXLSX(w, "a[b]:c*?/\\'", []string{"x"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two copies differ")
	}
	s, err := Read(a.Bytes(), Options{})
	if err != nil || s.Name != "abc" {
		t.Errorf("%q %v", s.Name, err)
	}
}

// parts of a workbook with these in place of its own.
func parts(sheet string, more ...string) map[string]string {
	p := map[string]string{
		"[Content_Types].xml":        "<Types/>",
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="One" sheetId="7" r:id="rId9"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId9" Type="http://x/worksheet" Target="worksheets/a.xml"/><Relationship Id="s" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="http://x/styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/a.xml":        `<worksheet>` + sheet + `</worksheet>`,
	}
	for i := 0; i < len(more); i += 2 {
		p[more[i]] = more[i+1]
	}
	return p
}

func zipped(t testing.TB, p map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, p[name])
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

func TestCells(t *testing.T) {
	styles := `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="171" formatCode="0.00E+00"/><numFmt numFmtId="172" formatCode="[Red]&quot;day&quot;0"/><numFmt numFmtId="173" formatCode="[$-D07041E]d mmmm bbbb"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="173"/><xf numFmtId="20"/><xf numFmtId="46"/></cellXfs></styleSheet>`
	for _, c := range []struct{ cell, want string }{
		{`<c t="s"><v>0</v></c>`, "rich text"},
		{`<c t="s"><v>1</v></c>`, "漢字"},
		{`<x:c t="s"><x:v>1</x:v></x:c>`, "漢字"},
		{`<c t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>`, " a "},
		{`<c t="inlineStr"><is><r><t>a</t></r><r><t><![CDATA[<b>]]></t></r></is></c>`, "a<b>"},
		{`<c t="str"><f>A1</f><v>x_x000A_y</v></c>`, "x\ny"},
		{`<c t="b"><v>0</v></c>`, "FALSE"},
		{`<c t="e"><v>#N/A</v></c>`, "#N/A"},
		{`<c t="d"><v>2026-01-02</v></c>`, "2026-01-02"},
		{`<c><v>0.30000000000000004</v></c>`, "0.3"},
		{`<c><v>8.869E+11</v></c>`, "886900000000"},
		{`<c><v>1.2345678901234567E+17</v></c>`, "123456789012345660"},
		{`<c><v>12345678901234567890</v></c>`, "12345678901234567890"},
		{`<c><v>1E+300</v></c>`, "1E+300"},
		{`<c><v>-12.5</v></c>`, "-12.5"},
		{`<c><v>not a number</v></c>`, "not a number"},
		{`<c s="4"><v>12</v></c>`, "12"},
		{`<c s="5"><v>12</v></c>`, "12"},
		{`<c s="99"><v>12</v></c>`, "12"},
		{`<c s="1"><v>35859</v></c>`, "1998-03-05"},
		{`<c s="1"><v>1</v></c>`, "1900-01-01"},
		{`<c s="1"><v>59</v></c>`, "1900-02-28"},
		{`<c s="1"><v>60</v></c>`, "60"},
		{`<c s="1"><v>61</v></c>`, "1900-03-01"},
		{`<c s="1"><v>2958465</v></c>`, "9999-12-31"},
		{`<c s="1"><v>2958466</v></c>`, "2958466"},
		{`<c s="1"><v>-1</v></c>`, "-1"},
		{`<c s="1"><v>0</v></c>`, "0"},
		{`<c s="2"><v>35859</v></c>`, "1998-03-05T00:00:00"},
		{`<c s="2"><v>35859.573263888888</v></c>`, "1998-03-05T13:45:30"},
		{`<c s="3"><v>35859.5</v></c>`, "1998-03-05T12:00:00"},
		{`<c s="3"><v>35859.99999999999</v></c>`, "1998-03-06"},
		{`<c s="6"><v>35859</v></c>`, "1998-03-05"},
		{`<c s="7"><v>0.25</v></c>`, "06:00:00"},
		{`<c s="8"><v>1.25</v></c>`, "30:00:00"},
	} {
		file := zipped(t, parts(`<dimension ref="A1:XFD1048576"/><sheetData><row><c t="inlineStr"><is><t>h</t></is></c></row><row>`+c.cell+`</row></sheetData>`,
			"xl/styles.xml", styles,
			"xl/sharedStrings.xml", `<sst count="9"><si><r><t>rich </t></r><r><rPr/><t>text</t></r></si><si><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh></si></sst>`))
		s, err := Read(file, Options{})
		if err != nil {
			t.Errorf("%s: %v", c.cell, err)
			continue
		}
		if got := s.At(0, 0); got != c.want {
			t.Errorf("%s: %q, want %q", c.cell, got, c.want)
		}
	}
}

// TestControls: what anchors a button is called like a row and is none.
func TestControls(t *testing.T) {
	s, err := Read(zipped(t, parts(`<sheetData><row r="4"><c t="str"><v>h</v></c></row><row r="5"><c t="str"><v>x</v></c></row></sheetData>`+
		`<controls><control><controlPr><anchor><from><xdr:col>1</xdr:col><xdr:row>9</xdr:row></from></anchor></controlPr></control></controls>`)), Options{})
	if err != nil || !slices.Equal(s.Header, []string{"h"}) || !same(s.Rows, [][]string{{"x"}}) || !slices.Equal(s.Lines, []int{5}) || len(s.Notes) > 0 {
		t.Errorf("%+v %v", s, err)
	}
}

func TestStyles(t *testing.T) {
	for code, want := range map[string]style{
		"General":                 {},
		"0":                       {},
		"0000000000":              {zeros: 10},
		"0.00":                    {},
		"#,##0.00;[Red]-#,##0.00": {},
		"0.00E+00":                {},
		"@":                       {},
		"yyyy-mm-dd":              {date: true},
		"d/m/yy":                  {date: true},
		"mmm":                     {date: true},
		`[$-404]e"年"m"月"d"日"`:     {date: true},
		"h:mm AM/PM":              {clock: true},
		"mm:ss":                   {clock: true},
		"[h]:mm":                  {clock: true, elapsed: true},
		"yyyy-mm-dd hh:mm:ss.000": {date: true, clock: true},
		`0" days"`:                {},
		`"mmm`:                    {},
		"[":                       {},
		`\`:                       {},
		"":                        {},
	} {
		if got := styleOf(code); got != want {
			t.Errorf("%q: %+v, want %+v", code, got, want)
		}
	}
}

// TestBombs: small files that would be large, each refused with the limit it
// ran into, in bounded time and memory.
func TestBombs(t *testing.T) {
	row := func(cells string) string { return `<sheetData><row r="1">` + cells + `</row></sheetData>` }
	text := `<c t="inlineStr"><is><t>x</t></is></c>`
	twice := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for range 2 {
			if _, err := z.Create("xl/workbook.xml"); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	many := map[string]string{}
	for i := range maxEntries + 1 {
		many[fmt.Sprint(i)] = ""
	}
	good := zipped(t, parts(row(text)))
	damaged := bytes.Replace(zipped(t, parts(row(text)+strings.Repeat(" ", 100))), []byte("PK\x01\x02"), []byte("PK\x01\x03"), 1)
	for name, c := range map[string]struct {
		file []byte
		o    Options
		want string
	}{
		"a zip bomb":             {zipped(t, parts(row(text)+strings.Repeat(`<x y="                              "/>`, 1<<20))), Options{Limits: Limits{Unpacked: 8 << 20}}, "more than 8 MB"},
		"a bomb of shared texts": {zipped(t, parts(row(text), "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si><t>"+strings.Repeat("x", 90_000)+"</t></si>", 100)+"</sst>")), Options{Limits: Limits{Text: 4 << 20}}, "longer than 4 MB"},
		"one endless text":       {zipped(t, parts(row(`<c t="inlineStr"><is><t>`+strings.Repeat("x", 5<<20)))), Options{}, "longer than"},
		"one endless tag":        {zipped(t, parts(row(`<c a="`+strings.Repeat("x", 5<<20)))), Options{}, "longer than"},
		"a long cell":            {zipped(t, parts(row(`<c t="inlineStr"><is><t>`+strings.Repeat("x", 100_001)+`</t></is></c>`))), Options{}, "longer than 100000 bytes"},
		"a long number":          {zipped(t, parts(row(`<c><v>`+strings.Repeat("1", 100_001)+`</v></c>`))), Options{}, "longer than 100000 bytes"},
		"billion laughs":         {zipped(t, parts(row(text), "xl/sharedStrings.xml", `<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><sst><si><t>&c;</t></si></sst>`)), Options{}, "<!DOCTYPE"},
		"an entity from nowhere": {zipped(t, parts(row(`<c t="inlineStr"><is><t>&x;</t></is></c>`))), Options{}, "broken"},
		"deep":                   {zipped(t, parts(strings.Repeat("<a>", 1<<20))), Options{}, "levels deep"},
		"a row far away":         {zipped(t, parts(`<sheetData><row r="999999999">`+text+`</row></sheetData>`)), Options{}, "more than 1048576"},
		"a million empty rows":   {zipped(t, parts(`<sheetData>`+strings.Repeat("<row/>", 1<<20+1)+`</sheetData>`)), Options{}, "more than 1048576"},
		"a column far away":      {zipped(t, parts(row(`<c r="ZZZZ1" t="inlineStr"><is><t>x</t></is></c>`))), Options{}, "more than 16384 columns"},
		"a million columns":      {zipped(t, parts(row(strings.Repeat(`<c/>`, 1<<20)))), Options{}, "more than 16384 columns"},
		"wide":                   {zipped(t, parts(row(strings.Repeat(text, 1001)))), Options{}, "more than 1000 columns"},
		"a cell twice":           {zipped(t, parts(row(`<c r="A1" t="str"><v>x</v></c><c r="A1" t="str"><v>y</v></c>`))), Options{}, "A1"},
		"a text that is not":     {zipped(t, parts(row(`<c t="s"><v>5</v></c>`))), Options{}, "broken"},
		"a strange reference":    {zipped(t, parts(row(`<c r="1A"/>`))), Options{}, "broken"},
		"a strange row":          {zipped(t, parts(`<sheetData><row r="x"/></sheetData>`)), Options{}, "broken"},
		"a cell without a row":   {zipped(t, parts("<sheetData>"+text+"</sheetData>")), Options{}, "nothing in it"},
		"cut off XML":            {zipped(t, parts(`<sheetData><row>`, "xl/worksheets/a.xml", `<worksheet><sheetData><row>`+text)), Options{}, "broken"},
		"UTF-16 in XML":          {zipped(t, parts("", "xl/worksheets/a.xml", `<?xml version="1.0" encoding="UTF-16"?><worksheet/>`)), Options{}, "broken"},
		"a part twice":           {append([]byte("PK\x03\x04"), twice()[4:]...), Options{}, "twice"},
		"many parts":             {zipped(t, many), Options{}, "more than 10000 parts"},
		"cut off":                {good[:len(good)-30], Options{}, "cut off or broken"},
		"damaged":                {damaged, Options{}, "cut off or broken"},
		"an archive":             {zipped(t, map[string]string{"a.txt": "x"}), Options{}, "an archive"},
		"empty archive":          {zipped(t, nil), Options{}, "empty archive"},
		"OpenDocument":           {zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), Options{}, "OpenDocument"},
		"xlsb":                   {zipped(t, map[string]string{"xl/workbook.bin": ""}), Options{}, "binary workbook"},
		"no sheet":               {zipped(t, parts("", "xl/workbook.xml", "<workbook/>")), Options{}, "nothing in it"},
		"no workbook":            {zipped(t, map[string]string{"[Content_Types].xml": "<Types/>"}), Options{}, "broken"},
		"nothing":                {zipped(t, parts("<sheetData/>")), Options{}, "nothing in it"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		s, err := Read(c.file, c.o)
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, ErrSheet) || !strings.Contains(err.Error(), c.want) || s.Rows != nil {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 150<<20 {
			t.Errorf("%s took %d MB", name, grown>>20)
		}
	}
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(zipped(f, parts(`<sheetData><row r="2"><c r="B2" s="1"><v>35859</v></c></row></sheetData>`)))
	for _, name := range []string{"excelize.xlsx", "libreoffice1904.xlsx"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(readAnything)
}

// FuzzSheet puts anything where the parts of a workbook stand, which a change
// of packed bytes hardly ever reaches.
func FuzzSheet(f *testing.F) {
	f.Add(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c s="1"><v>1.5</v></c></row></sheetData>`, `<sst><si><t>x</t></si></sst>`, `<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		readAnything(t, zipped(t, parts(sheet, "xl/sharedStrings.xml", shared, "xl/styles.xml", styles)))
	})
}
