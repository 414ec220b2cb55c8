package evidence

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/form/clean"
)

// poppler skips a test where the programs are missing.
func poppler(t testing.TB) {
	t.Helper()
	for _, p := range []string{"pdftoppm", "pdfinfo", "pdftotext"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skip("no " + p + " (Debian: poppler-utils)")
		}
	}
	if !canLimit {
		t.Skip("PDFs are drawn on Linux alone")
	}
}

// ask runs one of Poppler's programs on a PDF.
func ask(t *testing.T, pdf []byte, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stdin = bytes.NewReader(pdf)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil || complaint.Len() > 0 {
		t.Fatalf("%s: %v %s", program, err, &complaint)
	}
	return string(out)
}

func copyOf(t *testing.T, c *Copier, pdf []byte) clean.Result {
	t.Helper()
	r, err := c.Copy(t.Context(), pdf)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNothingOfAPDFStaysButItsLook(t *testing.T) {
	poppler(t)
	c, pdf := NewCopier(), telling()
	if text := ask(t, pdf, "pdftotext", "-", "-"); !strings.Contains(text, planted) {
		t.Fatal("the test plants no text")
	}
	before := bytes.Clone(pdf)
	r := copyOf(t, c, pdf)
	if !bytes.Equal(before, pdf) {
		t.Error("the original was changed")
	}
	if bytes.Contains(r.Copy, []byte(planted)) {
		t.Error("what was planted is in the copy")
	}
	// Outside its pictures a copy is made of these names alone.
	bare := regexp.MustCompile(`(?s)(/DCTDecode/Length \d+>>stream\n).*?\nendstream`).ReplaceAll(r.Copy, []byte("$1"))
	names := []string{
		"/Catalog", "/Pages", "/Page", "/Type", "/Count", "/Kids", "/Parent", "/MediaBox", "/Resources", "/XObject", "/P", "/Contents", "/Length",
		"/Subtype", "/Image", "/Width", "/Height", "/ColorSpace", "/DeviceRGB", "/DeviceGray", "/BitsPerComponent", "/Filter", "/DCTDecode", "/Size", "/Root",
	}
	for _, n := range regexp.MustCompile(`/\w+`).FindAllString(string(bare), -1) {
		if !slices.Contains(names, n) {
			t.Errorf("the copy has a %s", n)
		}
	}
	if strings.ContainsAny(string(bare), "()") {
		t.Error("the copy has a string")
	}
	if text := strings.TrimSpace(ask(t, r.Copy, "pdftotext", "-", "-")); text != "" {
		t.Errorf("text can be taken out of the copy: %q", text)
	}
	info := ask(t, r.Copy, "pdfinfo", "-f", "1", "-l", "9", "-")
	d, ok := parseInfo(info, 9)
	if !ok || d.pages != 2 || len(d.tells) > 0 || !slices.Equal(d.sizes, []size{{595, 842}, {595, 842}}) {
		t.Errorf("the copy: %+v\n%s", d, info)
	}
	for _, w := range []string{
		"title", "author", "program", "date", "script", "form", "XMP description", "file inside", "link", "number of the file",
		"properties of the document", "earlier version of the document",
	} {
		if !slices.Contains(r.Removed, "seen in this file: "+w) {
			t.Errorf("not said to be removed: %s", w)
		}
	}
	if r.Removed[0] != everything || len(r.Missing) > 0 || r.Type != "application/pdf" {
		t.Errorf("%+v %+v %s", r.Removed, r.Missing, r.Type)
	}
	if again := copyOf(t, c, pdf); !bytes.Equal(again.Copy, r.Copy) {
		t.Error("the same PDF gives another copy")
	}
	preview, err := c.Preview(t.Context(), pdf)
	if err != nil || preview.Copy != nil || !slices.Equal(preview.Removed, r.Removed) || preview.Type != r.Type {
		t.Errorf("before drawing it says another thing: %v %+v", err, preview)
	}
}

// drawn gives how dark each page is, drawn small, from 0 to 1.
func drawn(t *testing.T, pdf []byte) (all []float64) {
	t.Helper()
	for page := range bytes.SplitSeq([]byte(ask(t, pdf, "pdftoppm", "-cropbox", "-gray", "-r", "20", "-")), []byte("P5\n")) {
		if len(page) == 0 {
			continue
		}
		pixels := bytes.SplitN(page, []byte("\n"), 3)[2]
		dark := 0
		for _, p := range pixels {
			dark += 255 - int(p)
		}
		all = append(all, float64(dark)/float64(255*len(pixels)))
	}
	return all
}

func TestPagesLookAndMeasureTheSame(t *testing.T) {
	poppler(t)
	turned, wide, small, poster, cut := hello(2), hello(3), hello(4), hello(5), hello(6)
	turned.box += "/Rotate 90"
	wide.box = "/MediaBox[0 0 842.4 595.2]"
	small.box = "/MediaBox[0 0 243 153]"
	poster.box = "/MediaBox[0 0 2384 3370]"
	poster.contents += " 500 1000 1500 1500 re f"
	cut.box = "/MediaBox[0 0 595 1200]/CropBox[0 0 595 842]"
	cut.contents += " 0 850 595 350 re f" // nobody sees this
	pdf := pages(hello(1), turned, wide, small, poster, cut)
	r := copyOf(t, NewCopier(), pdf)
	d, ok := parseInfo(ask(t, r.Copy, "pdfinfo", "-f", "1", "-l", "9", "-"), 9)
	if want := []size{{595, 842}, {842, 595}, {842.4, 595.2}, {243, 153}, {2384, 3370}, {595, 842}}; !ok || !slices.Equal(d.sizes, want) {
		t.Errorf("sizes %v, want %v", d.sizes, want)
	}
	was, is := drawn(t, pdf), drawn(t, r.Copy)
	if len(was) != 6 || len(is) != 6 {
		t.Fatalf("%d and %d pages", len(was), len(is))
	}
	for i := range was {
		if was[i] < 0.01 || is[i] < was[i]*0.95-0.005 || is[i] > was[i]*1.05+0.005 {
			t.Errorf("page %d: %.3f dark, was %.3f", i+1, is[i], was[i])
		}
	}
}

func TestLongPDFIsCutAndSaysSo(t *testing.T) {
	poppler(t)
	for _, c := range []struct {
		pages, most int
		missing     []string
		note        string
	}{
		{3, 3, nil, ""},
		{3, 2, []string{"page 3, the last"}, "Of 3 pages it holds 2."},
		{7, 2, []string{"pages 3 to 7"}, "Of 7 pages it holds 2."},
		{10_000, 0, []string{"pages 101 to 10000"}, "Of 10000 pages it holds 100."},
	} {
		copier := NewCopier()
		copier.Pages = c.most
		r := copyOf(t, copier, manyPages(c.pages))
		if !slices.Equal(r.Missing, c.missing) {
			t.Errorf("%d pages: missing %q, want %q", c.pages, r.Missing, c.missing)
		}
		text := strings.Join(strings.Fields(ask(t, r.Copy, "pdftotext", "-", "-")), " ")
		if c.note == "" && text != "" || !strings.Contains(text, c.note) || c.note != "" && !strings.Contains(text, c.missing[0]) {
			t.Errorf("%d pages: the copy says %q", c.pages, text)
		}
	}
}

// TestHostilePDFs: whatever comes, the end is near and said clearly.
func TestHostilePDFs(t *testing.T) {
	poppler(t)
	whole := pages(hellos(3)...)
	for _, c := range []struct {
		name string
		pdf  []byte
		want string // in the error; empty where there must be a copy
	}{
		{"nothing but a head", []byte("%PDF-1.7\n"), "broken"},
		{"cut off", whole[:len(whole)/3], "broken"},
		{"not a PDF behind its head", append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("\x00\xff<<[("), 100_000)...), "broken"},
		{"no page", pages(), "PDF"},
		{"locked", locked(), "locked with a password"},
		{"an enormous page", pages(sheet{"/MediaBox[0 0 2000000 2000000]", hello(1).contents, false}), ""},
		{"a page like a thread", pages(sheet{"/MediaBox[0 0 20000000 1]", "", false}), ""},
		{"a page of no size", pages(sheet{"/MediaBox[0 0 0 0]", "", false}), ""},
		{"an enormous picture", hugePicture(100_000), "took too long"},
		{"see-through a little", nested(2), ""},
		{"see-through forty times over", nested(40), "memory"},
		{"a picture of more pixels than can be counted", hugePicture(1 << 30), "memory"},
		{"pages that hold themselves", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 5/Kids[2 0 R 2 0 R]>>endobj trailer<</Root 1 0 R>>"), "PDF"},
		{"a count that lies", []byte(strings.Replace(string(whole), "/Count 3", "/Count 999999999", 1)), "PDF"},
		{"painting without end", endless(), "took too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			copier := NewCopier()
			if copier.Limit = time.Minute; c.want == "took too long" {
				copier.Limit = 2 * time.Second
			}
			from := time.Now()
			r, err := copier.Copy(t.Context(), c.pdf)
			took := time.Since(from)
			t.Logf("%v, %d bytes, missing %q, %v", took.Round(time.Millisecond), len(r.Copy), r.Missing, err)
			if took > copier.Limit+30*time.Second {
				t.Errorf("it took %v", took)
			}
			if err != nil && (!errors.Is(err, clean.ErrNoCopy) || r.Copy != nil) {
				t.Errorf("the error is another, or comes with a copy: %v", err)
			}
			if use := largestChild(); use > childMemory {
				t.Errorf("a child took %d MB", use>>20)
			}
			if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if r.Type != "application/pdf" {
				t.Errorf("type %q", r.Type)
			}
		})
	}
}

// shell runs words of a shell as the child would run a program.
func shell(t *testing.T, c *Copier, words string) string {
	t.Helper()
	var out bytes.Buffer
	complaint, err := c.child(t.Context(), nil, func(r io.Reader) error {
		_, err := out.ReadFrom(r)
		return err
	}, "sh", "-c", words)
	t.Log(complaint, err)
	return strings.TrimSpace(out.String())
}

func TestChildIsHeld(t *testing.T) {
	poppler(t)
	c := NewCopier()
	if got := shell(t, c, "ulimit -v; ulimit -H -v; ulimit -t; ulimit -H -f; ulimit -H -c; pwd; env | grep -v PWD | sort | tr '\n' ' '"); got != "786432\n786432\n120\n0\n0\n/\nHOME=/nonexistent LC_ALL=C.UTF-8" {
		t.Errorf("the child may use:\n%s", got)
	}
	file := t.TempDir() + "/clear"
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	shell(t, c, "echo "+planted+" > "+file)
	if b, err := os.ReadFile(file); err != nil || len(b) > 0 {
		t.Errorf("the child wrote %q to a file (%v)", b, err)
	}
}

// TestChildIsApart: no network but its own, and nothing of this process to be read.
func TestChildIsApart(t *testing.T) {
	poppler(t)
	c := NewCopier()
	if !c.Apart() {
		t.Skip("this system lets no process have namespaces of its own")
	}
	const look = "grep -c : /proc/net/dev; head -c 1 /proc/$PPID/environ 2>/dev/null | wc -c"
	if got := shell(t, c, look); got != "1\n0" {
		t.Errorf("the child sees %q", got)
	}
	c.apart = false
	if got := shell(t, c, look); !strings.HasSuffix(got, "\n1") {
		t.Errorf("the test shows nothing: not apart it sees %q", got)
	}
}

func TestNoPoppler(t *testing.T) {
	if !canLimit {
		t.Skip("PDFs are drawn on Linux alone")
	}
	t.Setenv("PATH", t.TempDir())
	c := NewCopier()
	for _, f := range []func(context.Context, []byte) (clean.Result, error){c.Copy, c.Preview} {
		if _, err := f(t.Context(), pages(hello(1))); !errors.Is(err, ErrNoDrawer) || !errors.Is(err, clean.ErrNoCopy) || !strings.Contains(err.Error(), "apt-get install poppler-utils") {
			t.Errorf("%v", err)
		}
	}
}

func TestOneAtATime(t *testing.T) {
	poppler(t)
	c := NewCopier()
	c.Queue = 1
	if err := c.wait(t.Context()); err != nil { // one is being drawn
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error, 1)
	go func() {
		_, err := c.Copy(ctx, pages(hello(1)))
		waiting <- err
	}()
	for c.inLine.Load() < 2 {
		time.Sleep(time.Millisecond)
	}
	if r, err := c.Copy(t.Context(), pages(hello(1))); !errors.Is(err, ErrBusy) || r.Type != "application/pdf" {
		t.Errorf("one too many: %v %+v", err, r)
	}
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) || !errors.Is(err, clean.ErrNoCopy) {
		t.Errorf("one who goes away: %v", err)
	}
	c.leave()
	copyOf(t, c, pages(hello(1)))
	if c.inLine.Load() != 0 {
		t.Errorf("%d still in line", c.inLine.Load())
	}
}

// TestOthersAreCleaned: what is no PDF does not wait and is copied as ever.
func TestOthersAreCleaned(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	c := NewCopier()
	c.turn <- struct{}{}
	for _, f := range []func(context.Context, []byte) (clean.Result, error){c.Copy, c.Preview} {
		if r, err := f(t.Context(), picture.Bytes()); err != nil || r.Type != "image/png" || len(r.Copy) == 0 {
			t.Errorf("%v %+v", err, r)
		}
		if _, err := f(t.Context(), []byte("no file of a known kind")); !errors.Is(err, clean.ErrNoCopy) {
			t.Errorf("%v", err)
		}
	}
}
