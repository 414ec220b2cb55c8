package check

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"homeward/form/picture"
	"homeward/know/lure"
)

// echo is a Screener that says the text it was given.
type echo struct{ asked lure.Request }

func (e *echo) Screen(r lure.Request) lure.Assessment {
	e.asked = r
	return lure.Assessment{Level: lure.Some}
}

// says is a Reader.
type says struct {
	text string
	err  error
}

func (s says) Read(context.Context, []byte, []string) (string, error) { return s.text, s.err }

const invite = "https://line.example/ti/p/abc123"

func qrPage(t testing.TB, code string) *image.Gray {
	t.Helper()
	g := image.NewGray(image.Rect(0, 0, 600, 800))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	if code != "" {
		m, err := qrcode.NewQRCodeWriter().Encode(code, gozxing.BarcodeFormat_QR_CODE, 200, 200, nil)
		if err != nil {
			t.Fatal(err)
		}
		for y := range 200 {
			for x := range 200 {
				if m.Get(x, y) {
					g.SetGray(100+x, 100+y, color.Gray{})
				}
			}
		}
	}
	return g
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func blankPage(t testing.TB) []byte { t.Helper(); return picture.ForReading(qrPage(t, "")) }

// writtenPage has lines of ink, which is all that a fake program needs.
func writtenPage(t testing.TB) []byte { t.Helper(); return picture.ForReading(qrPage(t, invite)) }

func TestPicture(t *testing.T) {
	with, without := asPNG(t, qrPage(t, invite)), asPNG(t, qrPage(t, ""))
	for name, c := range map[string]struct {
		data   []byte
		reader Reader
		text   string
		codes  int
		err    error
	}{
		"text and code":       {with, says{text: "Hello"}, "Hello\n" + invite, 1, nil},
		"text":                {without, says{text: "Hello"}, "Hello", 0, nil},
		"code":                {with, says{}, invite, 1, nil},
		"neither":             {without, says{}, "", 0, ErrNoText},
		"no program, code":    {with, nil, invite, 1, ErrNoReader},
		"no program, no code": {without, nil, "", 0, ErrNoReader},
		"busy, code":          {with, says{err: ErrBusy}, invite, 1, ErrBusy},
		"too slow, no code":   {without, says{err: ErrTooSlow}, "", 0, ErrTooSlow},
		"no picture":          {[]byte("%PDF-1.4"), says{text: "Hello"}, "", 0, picture.ErrNotPicture},
		"nothing":             {nil, says{text: "Hello"}, "", 0, picture.ErrNotPicture},
	} {
		t.Run(name, func(t *testing.T) {
			e := &echo{}
			checker := Checker{Packs: e, Reader: c.reader}
			r, err := checker.Picture(t.Context(), c.data, "zh-Hant")
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if r.Text != c.text || len(r.Codes) != c.codes {
				t.Errorf("text %q, codes %q", r.Text, r.Codes)
			}
			if e.asked.Text != c.text || c.text != "" && (e.asked.Lang != "zh-Hant" || r.Assessment.Level != lure.Some) {
				t.Errorf("screened %+v", e.asked)
			}
		})
	}
}

// One picture is decoded at a time. Whose time is over before their turn is
// told to come back, and the picture was not opened.
func TestPicturesWaitTheirTurn(t *testing.T) {
	c := &Checker{Packs: &echo{}, Reader: says{text: "Hello"}}
	c.turns().pictures <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Picture(ctx, []byte("no picture"), "en"); !errors.Is(err, ErrBusy) {
		t.Errorf("%v, want ErrBusy", err)
	}
}

func TestPictureTextIsBounded(t *testing.T) {
	checker := Checker{Packs: &echo{}, Reader: says{text: strings.Repeat("字", 50_000)}}
	r, err := checker.Picture(t.Context(), asPNG(t, qrPage(t, invite)), "")
	if err != nil || len(r.Text) > maxRead+len(invite)+1 || !strings.HasSuffix(r.Text, "字\n"+invite) {
		t.Errorf("%d bytes, %v, ends %q", len(r.Text), err, r.Text[max(0, len(r.Text)-40):])
	}
}

// A code inside a chat in dark mode, with the words around it.
func TestPictureReadsAChatWithACode(t *testing.T) {
	reader := tesseract(t)
	chat := readChat(t, "en")
	chat.Lines, chat.Theme = chat.Lines[:2], "dark"
	code := asPNG(t, qrPage(t, invite).SubImage(image.Rect(100, 100, 300, 300)))
	chat.Image = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(code))
	checker := Checker{Packs: &echo{}, Reader: reader}
	r, err := checker.Picture(t.Context(), screenshot(t, chat), "en")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Codes) != 1 || !strings.HasSuffix(r.Text, "\n"+invite) || errorRate(chat, r.Text) > .05 {
		t.Errorf("codes %q, text:\n%s", r.Codes, r.Text)
	}
}

func BenchmarkPicture(b *testing.B) {
	reader := tesseract(b)
	for _, name := range []string{"en", "zh-Hant", "th"} {
		chat := readChat(b, name)
		chat.Theme = "dark"
		data := screenshot(b, chat)
		checker := Checker{Packs: &echo{}, Reader: reader}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := checker.Picture(b.Context(), data, ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
