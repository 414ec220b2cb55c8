package paper

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// Other programs read what was written: poppler's and qpdf.

func program(t *testing.T, name, pkg string, args ...string) func(pdf []byte) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("no %s (Debian: %s)", name, pkg)
	}
	return func(pdf []byte) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(file, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), name, append(append([]string{}, args[:len(args)-1]...), strings.Fields(strings.ReplaceAll(args[len(args)-1], "FILE", file))...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v %s", name, err, out)
		}
		return string(out)
	}
}

func printed(t *testing.T, d Document) []byte {
	t.Helper()
	if d.Lang == "" {
		d.Lang = "en"
	}
	file, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReadBack(t *testing.T) {
	read := program(t, "pdftotext", "poppler-utils", "FILE -")
	for _, s := range spoken {
		got := read(printed(t, Document{Blocks: []Block{Paragraph{s.text}}}))
		line, _, _ := strings.Cut(got, "\n")
		if line != s.text {
			t.Errorf("%s:\n got %q\nwant %q", s.name, line, s.text)
		}
	}
}

// What is missing is still there to be copied.
func TestReadBackMissing(t *testing.T) {
	read := program(t, "pdftotext", "poppler-utils", "FILE -")
	file, _ := Document{Lang: "en", Blocks: []Block{Paragraph{"before 😀 नाम after"}}}.PDF()
	if got := read(file); !strings.Contains(got, "before 😀 नाम after") {
		t.Errorf("got %q", got)
	}
}

func TestReadBackWhole(t *testing.T) {
	read := program(t, "pdftotext", "poppler-utils", "FILE -")
	wide := Table{Rows: [][]string{{}, {}}}
	for i := range 15 {
		wide.Head = append(wide.Head, fmt.Sprintf("HEAD%02d", i))
		wide.Rows[0] = append(wide.Rows[0], fmt.Sprintf("first%02d and words", i))
		wide.Rows[1] = append(wide.Rows[1], fmt.Sprintf("second%02d測試ทดสอบ", i))
	}
	han := strings.Repeat("這是一段很長的測試文字，沒有空白。", 600)[:30_000]
	latin := strings.TrimSpace(strings.Repeat("A long paragraph of invented words, without end. ", 210))[:10_000]
	for name, d := range map[string]Document{
		"10,000 characters of Chinese": {Blocks: []Block{Paragraph{han}}},
		"10,000 characters of English": {Blocks: []Block{Paragraph{latin}}},
		"one word of 10,000":           {Blocks: []Block{Paragraph{strings.Repeat("0123456789abcdef", 625)}}},
		"a table wider than the page":  {Blocks: []Block{wide}},
		"every block":                  sample(),
	} {
		got := squeeze(read(printed(t, d)))
		for _, b := range d.Blocks {
			b.texts(func(s string) {
				if want := squeeze(s); !strings.Contains(got, want) && !strings.Contains(withoutFeet(got, d), want) {
					t.Errorf("%s: %.60q… is not to be read", name, want)
				}
			})
		}
	}
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// withoutFeet takes the foot of each page out of squeezed text.
func withoutFeet(s string, d Document) string {
	for of := 1; of < 40; of++ {
		for i := 1; i <= of; i++ {
			s = strings.ReplaceAll(s, squeeze(d.Reference)+fmt.Sprintf("%d/%d", i, of), "")
		}
	}
	return s
}

func TestFeet(t *testing.T) {
	const ref = "Our reference K7-22 文號甲"
	pdf := printed(t, Document{Title: "T", Reference: ref, Blocks: []Block{Paragraph{strings.Repeat("line\n", 120)}}})
	for page := 1; page <= 3; page++ {
		read := program(t, "pdftotext", "poppler-utils", fmt.Sprintf("-f %d -l %d -layout FILE -", page, page))
		got := read(pdf)
		if !strings.Contains(got, ref) || !strings.Contains(squeeze(got), fmt.Sprintf("%d/3", page)) {
			t.Errorf("page %d: %q", page, got)
		}
	}
}

// The file says what it is called and in which language it is, and nothing
// of who made it, with what, and when.
func TestTellsNothing(t *testing.T) {
	pdf := printed(t, sample())
	info := program(t, "pdfinfo", "poppler-utils", "FILE")(pdf)
	if !strings.Contains(info, "Request for a welfare check 請求查訪") || !strings.Contains(info, "A4") || !strings.Contains(info, "Tagged:          yes") {
		t.Error(info)
	}
	for _, never := range []string{"Producer", "Creator", "Author", "Date", "Keywords", "Subject"} {
		if strings.Contains(info, never) {
			t.Errorf("pdfinfo reads %s:\n%s", never, info)
		}
		if bytes.Contains(pdf, []byte("/"+never)) {
			t.Errorf("the file says /%s", never)
		}
	}
	if bytes.Contains(pdf, []byte("/ID")) || bytes.Contains(pdf, []byte("/Metadata")) {
		t.Error("the file has an ID or a metadata stream")
	}
	if !bytes.Contains(pdf, []byte("/Lang "+hexText("en"))) {
		t.Error("the file does not say its language")
	}
}

func TestWellFormed(t *testing.T) {
	check := program(t, "qpdf", "qpdf", "--check FILE")
	long := sample()
	for range 30 {
		long.Blocks = append(long.Blocks, sample().Blocks...)
	}
	for _, d := range []Document{{}, sample(), long} {
		if out := check(printed(t, d)); !strings.Contains(out, "No syntax or stream encoding errors found") || strings.Contains(out, "WARNING") {
			t.Error(out)
		}
	}
}

func TestTree(t *testing.T) {
	out := program(t, "pdfinfo", "poppler-utils", "-struct-text FILE")(printed(t, sample()))
	for _, want := range []string{"H1", "H2", "Table", "TR", "TH", "LBody", "\"The person\"", "\"第二件事。\""} {
		if !strings.Contains(out, want) {
			t.Errorf("the tree of the paper has no %s:\n%s", want, out)
		}
	}
}

// Nothing is printed in the margins: what runs over the edge is lost.
func TestInkStaysInside(t *testing.T) {
	var cells [2][]string
	for i := range 9 {
		cells[0] = append(cells[0], fmt.Sprintf("head %d", i))
		cells[1] = append(cells[1], strings.Repeat("x", 10*i)+" 測試 ทดสอบการขึ้นบรรทัดใหม่")
	}
	d := Document{
		Title: strings.Repeat("LongTitleWithoutSpace", 8), Reference: strings.Repeat("參", MaxReference),
		Blocks: []Block{
			Paragraph{strings.Repeat("W", 300)},
			Paragraph{strings.Repeat("ဖမ်းဆီးခံထားရပြီး", 12)},
			Paragraph{strings.Repeat("គាត់ត្រូវបានគេឃុំខ្លួន", 12)},
			Pairs{[]Pair{{strings.Repeat("key", 40), strings.Repeat("0x0123", 40)}}},
			Note{strings.Repeat("長文字", 60)},
			Table{cells[0], [][]string{cells[1]}},
			Table{cells[0][:3], [][]string{cells[1][6:9], {"a", "b", strings.Repeat("words and words ", 20)}}},
		},
	}
	pdf := printed(t, d)
	for page := 1; page <= 2; page++ {
		inkInside(t, []byte(program(t, "pdftoppm", "poppler-utils", fmt.Sprintf("-r 72 -gray -f %d -l %d FILE", page, page))(pdf)))
	}
}

func inkInside(t *testing.T, pgm []byte) {
	t.Helper()
	var w, h, most int
	if _, err := fmt.Sscanf(string(pgm[:40]), "P5\n%d %d\n%d\n", &w, &h, &most); err != nil {
		t.Fatal(err)
	}
	pixels := pgm[len(pgm)-w*h:]
	const edge = 58
	ink := 0
	for i, v := range pixels {
		if v > 200 {
			continue
		}
		ink++
		if x := i % w; x < edge || x >= w-edge {
			t.Fatalf("ink at %d of %d, line %d", x, w, i/w)
		}
	}
	if ink < 500 {
		t.Errorf("only %d dark points on the page", ink)
	}
}

// HarfBuzz itself, given the same cut font, says the same glyphs in the same
// places.
func TestShapesAsHarfBuzz(t *testing.T) {
	hb, err := exec.LookPath("hb-shape")
	if err != nil {
		t.Skip("no hb-shape (Debian: libharfbuzz-bin)")
	}
	for _, s := range spoken {
		set := newTypesetter("en")
		runs, err := set.runs([]rune(s.text), set.breaksOf([]rune(s.text)))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			f := faces[r.face]
			if !slices.Contains([]string{"latin", "thai", "lao", "khmer", "myanmar"}, f.name) {
				continue // the others have no rules, and units that would be rounded otherwise
			}
			text := string([]rune(s.text)[r.from:r.to])
			file := filepath.Join(t.TempDir(), f.name)
			if err := os.WriteFile(file, unpacked(t, f.name), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), hb, "--font-size=1000", "--direction=ltr", "--no-glyph-names", "--output-format=json", "--text="+text, file)
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("hb-shape: %v", err)
			}
			var want []struct{ G, Dx, Dy, Ax int }
			if err := json.Unmarshal(out, &want); err != nil {
				t.Fatalf("hb-shape: %v %s", err, out)
			}
			var got []struct{ G, Dx, Dy, Ax int }
			for _, c := range mustSet(t, text) {
				for _, g := range c.glyphs {
					got = append(got, struct{ G, Dx, Dy, Ax int }{int(g.id), g.dx, g.dy, g.advance})
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %q:\n got %v\nwant %v", s.name, text, got, want)
			}
		}
	}
}

func unpacked(t *testing.T, name string) []byte {
	t.Helper()
	packed, err := fontFiles.ReadFile("fonts/" + name + ".ttf.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
