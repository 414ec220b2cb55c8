package public

import (
	"strings"
	"testing"
	"unicode/utf8"

	"homeward/know/lure"

	"pgregory.net/rapid"
)

// TestEscaping: what is pasted is shown as letters, wherever it is shown.
func TestEscaping(t *testing.T) {
	s := newSite(t, nil)
	for _, bad := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</textarea><script>`, `'"` + "`",
		`</style><script>`, `<!--`, `&lt;script&gt;`, "\u202egpj.exe\u202c", `{{.Packs}}`, `javascript:alert(1)`,
	} {
		for _, text := range []string{"STRONG free flight " + bad, "SOME " + bad + " free flight", bad, "PLEA " + bad} {
			body := s.post("/", "en", "t", text, "a-"+bad, "yes", "l", bad).Body.String()
			for _, tag := range []string{"<script", "<img", "onerror=alert(1)>", "<!--", "0123456789ab}}"} {
				if strings.Contains(strings.ReplaceAll(body, "&", ""), tag) {
					t.Errorf("%q comes back as %q", text, tag)
				}
			}
			if strings.Count(body, "<textarea") != strings.Count(body, "</textarea>") {
				t.Errorf("%q breaks out of the box", text)
			}
		}
	}
	body := s.post("/n", "en", "home", `"><script>`, "here", `'<b>`, "s", `<i>`).Body.String()
	if strings.Contains(body, "<script") || strings.Contains(body, "<b>'") || strings.Contains(body, "<i>") {
		t.Error("the number form shows markup that was sent")
	}
	// Other people's writing direction stays inside the quotation.
	body = s.post("/", "en", "t", "SOME free flight \u202eabc").Body.String()
	if !strings.Contains(body, `<blockquote class="msg" dir="auto"`) {
		t.Error("the quotation does not isolate its direction")
	}
}

// TestPieces: whatever is found, the pieces of a short text are the text, and
// those of a long one are parts of it in their order.
func TestPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 900, 3000).Draw(t, "text")
		text = strings.ToValidUTF8(text, "?")
		var fs []lure.Finding
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			a := rapid.IntRange(-2, len(text)+2).Draw(t, "from")
			b := rapid.IntRange(-2, len(text)+2).Draw(t, "to")
			fs = append(fs, lure.Finding{Indicator: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "id"), Start: a, End: b})
		}
		nums := numbered(fs)
		at := 0
		for _, p := range pieces(text, fs, nums) {
			if p.Cut {
				if p.Text != "" {
					t.Fatal("a cut has text")
				}
				continue
			}
			if !utf8.ValidString(p.Text) {
				t.Fatalf("a letter is cut: %q", p.Text)
			}
			i := strings.Index(text[at:], p.Text)
			if i < 0 || len(text) <= wholeUpTo && i != 0 {
				t.Fatalf("%q is not the next part of the text", p.Text)
			}
			at += i + len(p.Text)
		}
		if len(text) <= wholeUpTo && at != len(text) {
			t.Fatalf("%d of %d bytes are shown", at, len(text))
		}
	})
}

// TestPiecesMark: the marks of overlapping, nested and repeated findings.
func TestPiecesMark(t *testing.T) {
	text := "abcdefghij"
	fs := []lure.Finding{
		{Indicator: "X", Start: 1, End: 5}, {Indicator: "Y", Start: 3, End: 7}, {Indicator: "X", Start: 8, End: 9}, {Indicator: "Z", Start: 0, End: 0},
	}
	nums := numbered(fs)
	var b strings.Builder
	for _, p := range pieces(text, fs, nums) {
		b.WriteString("[" + p.Nums + "|" + p.Text + "|" + p.Ends + "]")
	}
	if got, want := b.String(), "[|a|][1|bc|][1 2|de|1][2|fg|2][|h|][1|i|1][|j|]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestLongTexts: a long text is shown around its signs, and stays small.
func TestLongTexts(t *testing.T) {
	text := strings.Repeat("words and words. ", 60_000) + "free flight" + strings.Repeat(" more words", 1000)
	r, _ := fakeCheck{}.Text(lure.Request{Text: text})
	a := r.Assessment
	var shown int
	var marked bool
	for _, p := range pieces(text, a.Findings, numbered(a.Findings)) {
		shown += len(p.Text)
		marked = marked || p.Nums != "" && p.Text == "free flight"
	}
	if !marked || shown > 3*wholeUpTo {
		t.Errorf("marked %v, %d bytes shown", marked, shown)
	}
}
