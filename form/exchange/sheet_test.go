package exchange

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// Invented lists. Nobody in them exists.
const (
	taiwan   = "編號,姓名,出生日期,電話,備註\r\n1,王小測,民國87年3月5日,0900-000-001,\"護照被拿走,\n在園區\"\r\n2,陳試驗,1999/1/2,0900-000-002,最後一次聯絡是星期三\r\n"
	mainland = "序号,姓名,出生日期,电话,备注\r\n1,王小测,1998年3月5日,13800000001,护照被没收\r\n2,陈试验,1999/1/2,13800000002,最后一次联系是星期三\r\n"
	thai     = "ลำดับ,ชื่อ,วันเกิด,เบอร์โทร\r\n1,นายทดสอบ สมมุติ,5/3/2541,0800000001\r\n2,นางสาวตัวอย่าง ไม่จริง,2/1/2542,0800000002\r\n"
	western  = "id,name,place\r\n1,José Peñaranda Invented,Poipet\r\n2,Mária Made-Up,“Park 9”\r\n"
)

func encoded(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodings(t *testing.T) {
	le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for _, c := range []struct {
		name, text, want string
		enc              encoding.Encoding
		mark             string
	}{
		{"UTF-8", taiwan, "UTF-8", encoding.Nop, ""},
		{"UTF-8 with mark", taiwan, "UTF-8", encoding.Nop, "\xef\xbb\xbf"},
		{"UTF-16LE with mark", taiwan, "UTF-16LE", le, "\xff\xfe"},
		{"UTF-16BE with mark", thai, "UTF-16BE", be, "\xfe\xff"},
		{"UTF-16LE", taiwan, "UTF-16LE", le, ""},
		{"UTF-16BE", mainland, "UTF-16BE", be, ""},
		{"Big5", taiwan, "Big5", traditionalchinese.Big5, ""},
		{"GB18030", mainland, "GB18030", simplifiedchinese.GB18030, ""},
		{"GB18030 with traditional characters", taiwan, "GB18030", simplifiedchinese.GB18030, ""},
		{"Windows-874", thai, "Windows-874", charmap.Windows874, ""},
		{"Windows-1252", western, "Windows-1252", charmap.Windows1252, ""},
		{"short Big5", "姓名\n林假名\n", "Big5", traditionalchinese.Big5, ""},
		{"short GB18030", "姓名\n林假名\n", "GB18030", simplifiedchinese.GB18030, ""},
		{"short Thai", "ชื่อ\nสมมุติ\n", "Windows-874", charmap.Windows874, ""},
		{"one name in Spanish", "id,name\n1,Pe\u00f1a Invented\n", "Windows-1252", charmap.Windows1252, ""},
	} {
		s, err := Read(append([]byte(c.mark), encoded(t, c.enc, c.text)...), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		want, err := Read([]byte(c.text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Encoding != c.want {
			t.Errorf("%s: read as %s, want %s", c.name, s.Encoding, c.want)
		}
		if !slices.Equal(s.Header, want.Header) || !same(s.Rows, want.Rows) {
			t.Errorf("%s: %q %q, want %q %q", c.name, s.Header, s.Rows, want.Header, want.Rows)
		}
		if c.mark == "" && !slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, "guessed: "+c.want) }) {
			t.Errorf("%s: the guess is not stated: %q", c.name, s.Notes)
		}
	}
}

func same(a, b [][]string) bool {
	return slices.EqualFunc(a, b, func(x, y []string) bool { return slices.Equal(x, y) })
}

// TestMixed: a list pasted together from two is refused with the lines, and
// read line by line where a person asks for it.
func TestMixed(t *testing.T) {
	for _, e := range []struct {
		name string
		enc  encoding.Encoding
		text string
	}{
		{"Big5", traditionalchinese.Big5, "3,張虛構,1990/1/1,0900-000-003,受困\r\n"},
		{"GB18030", simplifiedchinese.GB18030, "3,张虚构,1990/1/1,13800000003,被困\r\n"},
		{"Windows-874", charmap.Windows874, "3,นายสมมุติ ทดลอง,1990,0800000003,สูญหาย\r\n"},
	} {
		file := append([]byte(taiwan), encoded(t, e.enc, e.text)...)
		_, err := Read(file, Options{})
		if !errors.Is(err, ErrSheet) || !strings.Contains(err.Error(), "line 1 is UTF-8 and line 5 is "+e.name) {
			t.Errorf("%s: %v", e.name, err)
		}
		if _, err := Read(file, Options{Encoding: "UTF-8"}); err == nil || !strings.Contains(err.Error(), "line 5 ") {
			t.Errorf("%s as UTF-8: %v", e.name, err)
		}
		s, err := Read(file, Options{Encoding: "mixed"})
		if err != nil {
			t.Fatal(err)
		}
		want, err := Read([]byte(taiwan+e.text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !same(s.Rows, want.Rows) || !slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, "1 line (first: line 5)") }) {
			t.Errorf("%s: %q %q", e.name, s.Rows, s.Notes)
		}
	}
}

func TestNothingMangled(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		o    Options
		want string
	}{
		"wrong choice":        {encoded(t, charmap.Windows874, thai), Options{Encoding: "Big5"}, "line 1 has bytes that are not Big5"},
		"not UTF-16":          {[]byte("abc"), Options{Encoding: "UTF-16LE"}, "cut off"},
		"half a surrogate":    {[]byte("\xff\xfea\x00,\x00\n\x00\x00\xd8,\x00"), Options{}, "line 2"},
		"unknown encoding":    {[]byte("a,b"), Options{Encoding: "EBCDIC"}, "one of UTF-8"},
		"nobody can tell":     {[]byte("a,b\n\xff\xfe\xfd,c\n"), Options{}, "nobody can tell"},
		"UTF-32":              {[]byte("\xff\xfe\x00\x00a\x00\x00\x00"), Options{}, "UTF-32"},
		"zero bytes":          {[]byte("a,b\n\x00\x00\x00,c"), Options{}, "zero bytes"},
		"open quote":          {[]byte("a,b\n1,\"x\n2,y\n"), Options{}, "opens on line 2"},
		"nothing":             {nil, Options{}, "nothing in it"},
		"only empty":          {[]byte(",,,\n\n ,\n"[:5]), Options{}, "nothing in it"},
		"old Excel":           {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....."), Options{}, "old Excel"},
		"PDF":                 {[]byte("%PDF-1.4"), Options{}, "PDF"},
		"HTML named .xls":     {[]byte("\xef\xbb\xbf <html><table>"), Options{}, "web page"},
		"delimiter":           {[]byte("a,b"), Options{Delimiter: "ab"}, "one character"},
		"no such header":      {[]byte("a,b\n1,2\n"), Options{HeaderRow: 9}, "no row 9"},
		"too many rows":       {[]byte("a\n1\n2\n3\n"), Options{Limits: Limits{Rows: 3}}, "more than 3 rows"},
		"too many empty rows": {[]byte("a\n\n\n\n"), Options{Limits: Limits{Rows: 3}}, "more than 3 rows"},
		"too many cells":      {[]byte("a,b\n1,2\n"), Options{Limits: Limits{Cells: 3}}, "more than 3 cells"},
		"too large":           {[]byte("a,b,c"), Options{Limits: Limits{Bytes: 3}}, "larger than"},
		"long cell":           {[]byte("a,b\n" + strings.Repeat("x", 100_001)), Options{}, "longer than 100000 bytes"},
		"wide":                {[]byte(strings.Repeat("x,", 1001)), Options{}, "more than 1000 columns"},
		"a million empty":     {[]byte("a,b\n" + strings.Repeat(",", 1_000_000)), Options{}, "more than 16384 columns"},
	} {
		s, err := Read(c.file, c.o)
		if !errors.Is(err, ErrSheet) || !strings.Contains(err.Error(), c.want) || s.Rows != nil {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestDelimited(t *testing.T) {
	for _, c := range []struct {
		name, file string
		o          Options
		sep        string
		header     []string
		rows       [][]string
		lines      []int
		notes      []string
	}{
		{name: "semicolons with commas inside", file: "id;name\n1;Made, Up\n2;In, Vented\n", sep: ";", header: []string{"id", "name"}, rows: [][]string{{"1", "Made, Up"}, {"2", "In, Vented"}}, lines: []int{2, 3}, notes: []string{"semicolons (guessed)"}},
		{name: "tabs", file: "id\tname\r1\tMade Up\r", sep: "\t", header: []string{"id", "name"}, rows: [][]string{{"1", "Made Up"}}, lines: []int{2}},
		{name: "bars", file: "id|name\n1|Made Up", sep: "|", header: []string{"id", "name"}, rows: [][]string{{"1", "Made Up"}}, lines: []int{2}},
		{name: "Excel's own line", file: "sep=;\r\nid;name\r\n1;x,y\r\n", sep: ";", header: []string{"id", "name"}, rows: [][]string{{"1", "x,y"}}, lines: []int{3}, notes: []string{"first line says"}},
		{name: "one column", file: "name\nMade Up\n", sep: ",", header: []string{"name"}, rows: [][]string{{"Made Up"}}, lines: []int{2}, notes: []string{"one column"}},
		{name: "full-width", file: "a、b\n1、2\n", o: Options{Delimiter: "、"}, sep: "、", header: []string{"a", "b"}, rows: [][]string{{"1", "2"}}, lines: []int{2}},
		{name: "quotes", file: "a,b\n\"x \"\"y\"\"\",\"1,\r\n2\"\n3,4\n", sep: ",", header: []string{"a", "b"}, rows: [][]string{{`x "y"`, "1,\r\n2"}, {"3", "4"}}, lines: []int{2, 4}},
		{name: "a quote that opens nothing", file: "a,b\n1,\"Ah\n2,Made\n3,\"Up\"\n", sep: ",", header: []string{"a", "b"}, rows: [][]string{{"1", `"Ah`}, {"2", "Made"}, {"3", "Up"}}, lines: []int{2, 3, 4}, notes: []string{"quotation mark where it opens or closes nothing (first: line 2)"}},
		{name: "stray quotes", file: "a,b\n5\"3,\"Ah\" Made\n6,\"\"\n", sep: ",", header: []string{"a", "b"}, rows: [][]string{{`5"3`, `"Ah" Made`}, {"6"}}, lines: []int{2, 3}, notes: []string{"quotation mark where it opens or closes nothing (first: line 2)"}},
		{name: "ragged", file: "a,b,c\n1\n1,2,3,4\n1,2,\n", sep: ",", header: []string{"a", "b", "c", ""}, rows: [][]string{{"1"}, {"1", "2", "3", "4"}, {"1", "2"}}, lines: []int{2, 3, 4}, notes: []string{"in 2 rows (first: line 2)", "More cells than there are names of columns in 1 row (first: line 3)"}},
		{name: "empty rows", file: "\n\na,b\n\n1,2\n,\n", sep: ",", header: []string{"a", "b"}, rows: [][]string{{"1", "2"}}, lines: []int{5}, notes: []string{"4 rows with nothing"}},
		{name: "a title above", file: "名單 2026,,\n\nid,name,place\n1,Made Up,Poipet\n", sep: ",", header: []string{"id", "name", "place"}, rows: [][]string{{"1", "Made Up", "Poipet"}}, lines: []int{4}, notes: []string{"Line 1 stands above", "名單 2026"}},
		{name: "header chosen", file: "x,y,z\nid,name,place\n1,2,3\n", o: Options{HeaderRow: 2}, sep: ",", header: []string{"id", "name", "place"}, rows: [][]string{{"1", "2", "3"}}, lines: []int{3}, notes: []string{"Line 1 stands above"}},
		{name: "no header", file: "1,2\n3,4,5\n", o: Options{NoHeader: true}, sep: ",", header: []string{"", "", ""}, rows: [][]string{{"1", "2"}, {"3", "4", "5"}}, lines: []int{1, 2}},
		{name: "dates as written", file: "d\n民國87年3月5日\n05/03/2541\n1998.3.5\n00123\n", sep: ",", header: []string{"d"}, rows: [][]string{{"民國87年3月5日"}, {"05/03/2541"}, {"1998.3.5"}, {"00123"}}, lines: []int{2, 3, 4, 5}},
		{name: "marks taken off", file: "a,b\n'=1+1,'+886 900\n'x,it's\n", sep: ",", header: []string{"a", "b"}, rows: [][]string{{"=1+1", "+886 900"}, {"'x", "it's"}}, lines: []int{2, 3}, notes: []string{"taken off in 2 cells"}},
		{name: "marks kept", file: "a,b\n'=1+1,2\n", o: Options{KeepMarks: true}, sep: ",", header: []string{"a", "b"}, rows: [][]string{{"'=1+1", "2"}}, lines: []int{2}},
	} {
		s, err := Read([]byte(c.file), c.o)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if s.Delimiter != c.sep || !slices.Equal(s.Header, c.header) || !same(s.Rows, c.rows) || !slices.Equal(s.Lines, c.lines) {
			t.Errorf("%s: %q %q %q %v, want %q %q %q %v", c.name, s.Delimiter, s.Header, s.Rows, s.Lines, c.sep, c.header, c.rows, c.lines)
		}
		for _, n := range c.notes {
			if !strings.Contains(strings.Join(s.Notes, "\n"), n) {
				t.Errorf("%s: notes %q without %q", c.name, s.Notes, n)
			}
		}
	}
}

func TestAt(t *testing.T) {
	s := Sheet{Rows: [][]string{{"x"}}}
	if s.At(0, 0) != "x" || s.At(0, 1) != "" || s.At(0, -1) != "" {
		t.Error("At")
	}
}

// TestMarks: nothing that begins a formula stands at the beginning of a cell,
// also where another delimiter cuts our lines.
func TestMarks(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"=1+1", "'=1+1"},
		{"+886 900", "'+886 900"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\tx", "'\tx"},
		{"\rx", "'\rx"},
		{"\t=1", "'\t'=1"},
		{"＝1", "'＝1"},
		{"＋1", "'＋1"},
		{"－1", "'－1"},
		{"＠1", "'＠1"},
		{" =1", "' =1"},
		{"\u200b=1", "'\u200b=1"},
		{"\ufe0f=1", "'\ufe0f=1"},
		{"\u3164=1", "'\u3164=1"},
		{"'=1", "''=1"},
		{"\"=1", "'\"=1"},
		{"a;=1", "a;'=1"},
		{"a\n=1", "a\n'=1"},
		{"a=1", "a=1"},
		{"a@example.org", "a@example.org"},
		{"'tis", "'tis"},
		{"", ""},
	} {
		if got := mark(c.in); got != c.want {
			t.Errorf("mark(%q) = %q, want %q", c.in, got, c.want)
		}
		if got := unmark(mark(c.in)); got != c.in {
			t.Errorf("unmark(mark(%q)) = %q", c.in, got)
		}
	}
}

// cells are texts with everything that has a meaning in some file.
var cells = rapid.OneOf(
	rapid.String(),
	rapid.StringOfN(rapid.SampledFrom([]rune("=+-@＝＋－＠'\";,\t\r\n |ax1 \u200b\ufeff\x00\x0b_xD0&<>")), 0, 12, -1),
	rapid.SampledFrom([]string{"", "王小測", "_x000D_", "_x005F_x000D_", "_x0_", "sep=;", "<html>", "ชื่อ", "ID", "00123", "1e5", "]]>", "\ufffe\uffff"}),
)

func tables(t *rapid.T) ([]string, [][]string) {
	n := rapid.IntRange(1, 5).Draw(t, "columns")
	header := rapid.SliceOfN(cells, n, n).Draw(t, "header")
	rows := rapid.SliceOfN(rapid.SliceOfN(cells, 0, n), 0, 5).Draw(t, "rows")
	return header, rows
}

// trimmed is what can come back of rows: empty ends of rows and empty rows say
// nothing.
func trimmed(rows [][]string) [][]string {
	var out [][]string
	for _, r := range rows {
		for len(r) > 0 && r[len(r)-1] == "" {
			r = r[:len(r)-1]
		}
		if len(r) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// written reads back with the first row as data, since which row is the head is
// a guess of its own.
func written(t *rapid.T, header []string, rows [][]string, o Options, write func(*bytes.Buffer) error) {
	all := trimmed(append([][]string{header}, rows...))
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	o.NoHeader = true
	s, err := Read(b.Bytes(), o)
	if len(all) == 0 {
		if err == nil {
			t.Fatalf("something of nothing: %q", s.Rows)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !same(s.Rows, all) {
		t.Fatalf("read %q, written %q", s.Rows, all)
	}
}

func TestCSVComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		header, rows := tables(t)
		written(t, header, rows, Options{Delimiter: ","}, func(b *bytes.Buffer) error { return WriteCSV(b, header, rows) })
	})
}

// TestNoFormula: whatever stands in a cell, with whatever delimiter the file is
// read, no cell begins as a formula does.
func TestNoFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		header, rows := tables(t)
		var b bytes.Buffer
		if err := WriteCSV(&b, header, rows); err != nil {
			t.Fatal(err)
		}
		for _, sep := range []string{",", ";", "\t"} {
			// Every cut a careless program could make, quotes or no quotes.
			s, err := Read(b.Bytes(), Options{Delimiter: sep, KeepMarks: true, NoHeader: true})
			if err != nil {
				continue // a quote that a semicolon made stray
			}
			for _, r := range s.Rows {
				for _, c := range r {
					if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(c, " \"")); starter(first) {
						t.Fatalf("with %q a cell is %q in %q", sep, c, b.String())
					}
				}
			}
		}
	})
}

func TestWriteCSV(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, []string{"姓名", "phone"}, [][]string{{"王小測", "+886 900"}, {"a \"b\"", "x\ny"}}); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeff姓名,phone\r\n王小測,\"'+886 900\"\r\n\"a \"\"b\"\"\",\"x\ny\"\r\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	for _, write := range []func() error{
		func() error { return WriteCSV(&b, []string{"\xff"}, nil) },
		func() error { return WriteXLSX(&b, "x", []string{"a"}, [][]string{{"\xff"}}) },
		func() error { return WriteXLSX(&b, "x", []string{strings.Repeat("x", 32_768)}, nil) },
	} {
		if err := write(); !errors.Is(err, ErrCell) {
			t.Errorf("%v", err)
		}
	}
}

func FuzzReadText(f *testing.F) {
	for _, s := range []string{taiwan, thai, western, "sep=;\na;b\n", "a,\"b\n", "\xff\xfea\x00"} {
		f.Add([]byte(s))
	}
	f.Add(encoded(f, traditionalchinese.Big5, taiwan))
	f.Add(encoded(f, simplifiedchinese.GB18030, mainland))
	f.Add(encoded(f, charmap.Windows874, thai))
	f.Fuzz(readAnything)
}

// readAnything: an error that says so, or a sheet in which all belongs together
// and which comes back when written.
func readAnything(t *testing.T, b []byte) {
	s, err := Read(b, Options{Limits: Limits{Unpacked: 4 << 20}})
	if err != nil {
		if !errors.Is(err, ErrSheet) {
			t.Fatalf("%v", err)
		}
		return
	}
	if len(s.Rows) != len(s.Lines) {
		t.Fatal("rows without lines")
	}
	for _, r := range s.Rows {
		if len(r) > len(s.Header) || len(r) == 0 || r[len(r)-1] == "" {
			t.Fatalf("row %q under %q", r, s.Header)
		}
		for _, c := range r {
			if !utf8.ValidString(c) {
				t.Fatalf("cell %q", c)
			}
		}
	}
	if m := Map(s.Header, Fields()); len(m.Columns) != len(s.Header) {
		t.Fatal("a column was dropped")
	}
	var out bytes.Buffer
	if err := WriteCSV(&out, s.Header, s.Rows); err != nil {
		t.Fatal(err)
	}
	again, err := Read(out.Bytes(), Options{NoHeader: true, Delimiter: ","})
	if want := trimmed(append([][]string{s.Header}, s.Rows...)); len(want) > 0 && (err != nil || !same(again.Rows, want)) {
		t.Fatalf("%q came back as %q: %v", want, again.Rows, err)
	}
}
