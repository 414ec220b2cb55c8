package paper

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Invented lines in the scripts a name or a sentence may come in. Each fits
// on one line of paper.
var spoken = []struct{ name, text string }{
	{"English", "Please look for the person below; do not call the number first."},
	{"ligatures", "The office officially affirmed five fjords, shuffling files."},
	{"Traditional Chinese", "請貴單位查訪下列人士，「勿先撥打」下列電話。"},
	{"Simplified Chinese", "请贵单位查访下列人士，勿先拨打下列电话。"},
	{"Cantonese", "佢話嗰度㗎，冇得走，啲人唔畀佢喺出面。"},
	{"Vietnamese", "Nguyễn Thị Thử Nghiệm, đường Điện Biên Phủ, ký ức, ỷ lại"},
	{"Thai", "ขอความช่วยเหลือ น้ำใจ ที่นี่ กำลัง ผู้เสียหาย เพื่อน"},
	{"Lao", "ລາວ ຖືກກັກຂັງ ນ້ຳ ຜູ້"},
	{"Burmese", "သူသည် လောက်ကိုင်မြို့တွင် ဖမ်းဆီးခံထားရပြီး မေတ္တာရပ်ခံ"},
	{"Khmer", "គាត់ត្រូវបានគេឃុំខ្លួន ស្រ្តី ខ្មែរ ក្រុង ទៅកោះ សោក"},
	{"marks", "報告〈測試〉《書》■ 已查 □ 未查 ● 有 ○ 無 ★ Ⅲ 期 ㎡ ℃ № 1"},
	{"Korean", "한국어 이름: 홍길동, 뷁 시험입니다."},
	{"Japanese", "テスト太郎さん、ﾃｽﾄです。"},
	{"Thai inside Chinese", "姓名：林測試，泰文名สมชาย ทดสอบ，護照號碼X000。"},
	{"Burmese and Khmer inside Chinese", "緬文မောင်စမ်းသပ်、柬文សុខ តេស្ត的人"},
	{"signs", "done ☑ open ☐ not ☒ right ✓ there → back ← first ① second ② and … or — ฿ ៛ € ± × №"},
}

func TestEveryScriptHasItsFont(t *testing.T) {
	for _, s := range spoken {
		if _, err := (Document{Lang: "en", Blocks: []Block{Paragraph{s.text}}}).PDF(); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

func TestMissingIsSeenAndSaid(t *testing.T) {
	d := Document{Title: "A 😀", Lang: "en", Reference: "R 🏠", Blocks: []Block{
		Pairs{[]Pair{{"name 😀", "नाम 😀"}}},
		Table{[]string{"😀"}, [][]string{{"ok"}}},
		Paragraph{strings.Repeat("\n", 80)},
	}}
	file, err := d.PDF()
	var missing *MissingError
	if !errors.As(err, &missing) || len(file) == 0 {
		t.Fatalf("%d bytes, %v", len(file), err)
	}
	want := []Missing{{'😀', 4}, {'न', 1}, {'ा', 1}, {'म', 1}, {'🏠', 1}}
	if fmt.Sprint(missing.Characters) != fmt.Sprint(want) {
		t.Errorf("missing %v, want %v", missing.Characters, want)
	}
	if !strings.Contains(err.Error(), "U+1F600, 4 times") {
		t.Error(err)
	}
}

// Marks piled on a letter would cover the lines above it.
func TestPiledMarks(t *testing.T) {
	_, err := Document{Lang: "en", Blocks: []Block{Paragraph{"a" + strings.Repeat("\u0301", 40)}}}.PDF()
	var missing *MissingError
	if !errors.As(err, &missing) || missing.Characters[0] != (Missing{0x301, 40 - maxMarks}) {
		t.Errorf("%v", err)
	}
}

func TestSameBytes(t *testing.T) {
	d := sample()
	want, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if got, err := d.PDF(); err != nil || !bytes.Equal(got, want) {
				t.Errorf("another file the second time: %d bytes for %d, %v", len(got), len(want), err)
			}
		})
	}
	all.Wait()
	d.Reference = "Our reference K7-23"
	if other, err := d.PDF(); err != nil || bytes.Equal(other, want) {
		t.Errorf("another reference gives the same file, %v", err)
	}
}

// sample has every block, in two languages.
func sample() Document {
	return Document{
		Title: "Request for a welfare check 請求查訪", Lang: "en", Reference: "Our reference K7-22",
		Blocks: []Block{
			Paragraph{"We ask you to look for the person named below. Our information is one person's word.\nNobody else has confirmed it."},
			Heading{"The person"},
			Pairs{[]Pair{{"Name", "林測試 (Lin Ceshi), สมชาย ทดสอบ"}, {"Telephone", "+66 0 0000 0000"}}},
			List{[]string{"Do not call first.", "第二件事。", "Answer with the reference."}},
			Note{"One person's word, graded B3."},
			Table{[]string{"Date", "Place", "What"}, [][]string{
				{"2026-01-02", "Testville 測試鎮", "Last message."},
				{"2026-01-05", "unknown", "The telephone was switched off and has not been switched on since, as far as the family knows."},
			}},
			Rule{},
			Paragraph{"မောင်စမ်းသပ် / សុខ តេស្ត"},
		},
	}
}

func TestText(t *testing.T) {
	want := `Request for a welfare check 請求查訪

We ask you to look for the person named below. Our information is one person's word.
Nobody else has confirmed it.

The person

Name: 林測試 (Lin Ceshi), สมชาย ทดสอบ
Telephone: +66 0 0000 0000

1. Do not call first.
2. 第二件事。
3. Answer with the reference.

One person's word, graded B3.

Date | Place | What
2026-01-02 | Testville 測試鎮 | Last message.
2026-01-05 | unknown | The telephone was switched off and has not been switched on since, as far as the family knows.

———

မောင်စမ်းသပ် / សុខ តេស្ត

Our reference K7-22
`
	if got := sample().Text(); got != want {
		t.Errorf("got:\n%s", got)
	}
	zh := Document{Lang: "zh-Hant", Blocks: []Block{Pairs{[]Pair{{"姓名", "林測試"}}}}}
	if got := zh.Text(); got != "姓名：林測試\n" {
		t.Errorf("got %q", got)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\u202Eb\u2066c\u200Fd":       "abcd",   // turns the direction
		"a\x00\x1b[31mb\x7f":           "a[31mb", // control characters
		"pass\u200Bport\u2060s\uFEFF":  "passports",
		"so\u00ADft":                   "soft",
		"护\uFE0F照\U000E0041\U000E0100": "护照", // variants and tags
		"a\r\nb\rc\u2028d\u0085e":      "a\nb\nc\nd\ne",
		"a\tb":                         "a b",
		"ខ្មែរ\u200Bសុខ":               "ខ្មែរ\u200Bសុខ", // a space that Khmer writes with
		"က\u200Cx":                     "ကx",
		"bad\xff":                      "bad\uFFFD",
		"\u1112\u1161\u11ab":           "한",
		"\u3164\u115F":                 "",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", MaxReference+1)
	for name, d := range map[string]Document{
		"no language":      {},
		"no such language": {Lang: "x y"},
		"underscore":       {Lang: "zh_Hant"},
		"long reference":   {Lang: "en", Reference: long},
		"many blocks":      {Lang: "en", Blocks: make([]Block, MaxBlocks+1)},
		"nil block":        {Lang: "en", Blocks: []Block{nil}},
		"much text":        {Lang: "en", Blocks: []Block{Paragraph{strings.Repeat("x", MaxRunes+1)}}},
		"long title":       {Lang: "en", Title: strings.Repeat("x", MaxRunes+1)},
		"no columns":       {Lang: "en", Blocks: []Block{Table{}}},
		"many columns":     {Lang: "en", Blocks: []Block{Table{Head: make([]string, MaxColumns+1)}}},
		"uneven":           {Lang: "en", Blocks: []Block{Table{[]string{"a", "b"}, [][]string{{"c"}}}}},
		"many pages":       {Lang: "en", Blocks: []Block{Paragraph{strings.Repeat("\n", 190_000)}}},
	} {
		file, err := d.PDF()
		if err == nil || file != nil {
			t.Errorf("%s: %d bytes, no error", name, len(file))
		}
	}
}

// A line of Chinese never begins with what closes and never ends with what
// opens, at any width.
func TestHanMarks(t *testing.T) {
	set := mustSet(t, "我們說：「這段文字很長，用來看標點（括號）會不會跑到行首，」他說。真的嗎？真的！《書名》、〈篇名〉……就這樣——好；完。")
	for room := 5_000; room < 30_000; room += 137 {
		for i, l := range wrap(set, room) {
			first, last := l[0].text, l[len(l)-1].text
			if i > 0 && strings.Contains("。，」、：；？！）》〉…", first) {
				t.Errorf("at %d a line begins with %s", room, first)
			}
			if strings.Contains("「（《〈", last) {
				t.Errorf("at %d a line ends with %s", room, last)
			}
		}
	}
}

// Where a line of these must end inside a phrase, it does not end inside a
// syllable.
func TestSyllablesStayWhole(t *testing.T) {
	for _, s := range []struct{ text, never string }{
		{"เพื่อนไปโรงแรมแล้วใครจะรู้ทำไม", "ะาำๅๆ"},
		{"ဖမ်းဆီးခံထားရပြီးမေတ္တာရပ်ခံအပ်ပါသည်", ""},
		{"គាត់ត្រូវបានគេឃុំខ្លួននៅក្រុង", ""},
	} {
		set := mustSet(t, s.text)
		for room := 2_500; room < 9_000; room += 211 {
			for i, l := range wrap(set, room) {
				r, _ := utf8.DecodeRuneInString(l[0].text)
				if i > 0 && (unicode.Is(unicode.M, r) || strings.ContainsRune(s.never, r)) {
					t.Errorf("%s: at %d a line begins with %q", s.text, room, l[0].text)
				}
				if end := l[len(l)-1].text; strings.ContainsAny(end[len(end)-3:], "เแโใไ\u17D2\u1039") {
					t.Errorf("%s: at %d a line ends with %q", s.text, room, end)
				}
				if len(l) > 1 && strings.HasSuffix(l[0].text, "\u103A") && i > 0 {
					t.Errorf("%s: at %d a line begins with a killed consonant %q", s.text, room, l[0].text)
				}
			}
		}
	}
}

func mustSet(t *testing.T, text string) []cluster {
	t.Helper()
	set, err := newTypesetter("en").set(text)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// Whatever is written: every character stands in one cluster, in order, and
// lines keep to their room unless a single cluster is wider.
func TestNothingIsLost(t *testing.T) {
	alphabet := rapid.SampledFrom([]rune("abc fi é\u0301。，「」文字說ขก็้ำเက္ာ်ိမြគ្ុែ한あ😀न्/-.1\u200B\u00A0\u3000ö\u0323ﷺא"))
	rapid.Check(t, func(t *rapid.T) {
		text := clean(string(rapid.SliceOfN(alphabet, 0, 80).Draw(t, "text")))
		room := rapid.IntRange(200, 20_000).Draw(t, "room")
		text = strings.ReplaceAll(text, "\n", "")
		set, err := newTypesetter("en").set(text)
		if err != nil {
			t.Fatal(err)
		}
		var back strings.Builder
		for _, l := range wrap(set, room) {
			if len(l) > 1 && widthOf(l) > room && canBreak(l, room) {
				t.Fatalf("a line of %q is %d wide in a room of %d", text, widthOf(l), room)
			}
			for _, c := range l {
				back.WriteString(c.text)
				if len(c.glyphs) == 0 {
					t.Fatalf("%q has no glyph", c.text)
				}
			}
		}
		if back.String() != text {
			t.Fatalf("%q came back as %q", text, back.String())
		}
	})
}

// canBreak says whether a line had a place to end inside its room.
func canBreak(l []cluster, room int) bool {
	for i := 1; i < len(l); i++ {
		if l[i].before != never && widthOf(l[:i]) <= room {
			return true
		}
	}
	return false
}

func TestPages(t *testing.T) {
	for lead := range 60 {
		s := newSheet(Document{Lang: "en"})
		for i := range lead {
			Paragraph{strconv.Itoa(i)}.print(s)
		}
		Heading{"HEAD"}.print(s)
		Paragraph{strings.Repeat("word ", 70)}.print(s)
		pages := s.pages()
		rows := 0
		for i, page := range pages {
			rows += len(page)
			last := page[len(page)-1]
			if last.tied {
				t.Errorf("after %d paragraphs page %d ends with what belongs to the next", lead, i+1)
			}
			if bottom := last.top + last.height(); bottom > roomHeight {
				t.Errorf("after %d paragraphs page %d is %d high", lead, i+1, bottom)
			}
		}
		if rows != len(s.rows) {
			t.Errorf("after %d paragraphs %d of %d rows are printed", lead, rows, len(s.rows))
		}
	}
}

func TestHeadIsRepeated(t *testing.T) {
	table := Table{Head: []string{"HEADWORD", "B"}}
	for i := range 120 {
		table.Rows = append(table.Rows, []string{strconv.Itoa(i), "x"})
	}
	s := newSheet(Document{Lang: "en"})
	table.print(s)
	pages := s.pages()
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if got := spell(page[0].pieces[0].clusters); got != "HEADWORD" {
			t.Errorf("page %d begins with %q", i+1, got)
		}
	}
}

// A head as high as a page must not push the rows off it.
func TestHighHead(t *testing.T) {
	s := newSheet(Document{Lang: "en"})
	rows := make([][]string, 100)
	for i := range rows {
		rows[i] = []string{"a", "b"}
	}
	Table{[]string{strings.Repeat("x\n", 200), "B"}, rows}.print(s)
	for i, page := range s.pages() {
		for _, r := range page {
			if r.top+r.height() > roomHeight {
				t.Errorf("page %d has a row at %d", i+1, r.top)
			}
		}
	}
}

func spell(l []cluster) string {
	var b strings.Builder
	for _, c := range l {
		b.WriteString(c.text)
	}
	return b.String()
}

// What is written moves the pen to where shaping wants each glyph.
func TestPen(t *testing.T) {
	operator := regexp.MustCompile(`/F(\d+) \S+ Tf|(\S+) Ts|\[(.*)\] TJ`)
	shown := regexp.MustCompile(`<(....)>|-?\d+`)
	moved := 0
	for _, s := range spoken {
		set := mustSet(t, s.text)
		p := &printer{sheet: newSheet(Document{Lang: "en"}), fonts: make([]*embedded, len(faces)), w: &writer{}}
		var b bytes.Buffer
		if err := p.text(&b, piece{size: 100_000, clusters: set}, 0, 0); err != nil {
			t.Fatal(err)
		}
		type at struct {
			face  int
			glyph uint16
			x     int
			y     string
		}
		var got, want []at
		face, x, rise := 0, 0, "0"
		for _, op := range operator.FindAllStringSubmatch(b.String(), -1) {
			switch {
			case op[1] != "":
				face, _ = strconv.Atoi(op[1])
			case op[2] != "":
				rise = op[2]
			}
			for _, part := range shown.FindAllStringSubmatch(op[3], -1) {
				if part[1] == "" {
					n, _ := strconv.Atoi(part[0])
					x -= n
					continue
				}
				code, _ := strconv.ParseUint(part[1], 16, 16)
				g := p.fonts[face].uses[code].glyph
				got = append(got, at{face, g, x, rise})
				l, err := faces[face].load()
				if err != nil {
					t.Fatal(err)
				}
				x += perMille(l.outlines.Advance(g), l.outlines.UnitsPerEm)
			}
		}
		pen := 0
		for _, c := range set {
			for _, g := range c.glyphs {
				want = append(want, at{g.face, g.id, pen + g.dx, points(g.dy * 100)})
				pen += g.advance
				if g.dx != 0 && g.dy != 0 {
					moved++
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", s.name, got, want)
		}
	}
	if moved == 0 {
		t.Error("no glyph was moved both ways, so nothing was tried")
	}
}

func TestFontLicences(t *testing.T) {
	text, err := FontLicences()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"SIL OPEN FONT LICENSE", "Apache License", "NAVER Corporation", "Google"} {
		if !strings.Contains(text, want) {
			t.Errorf("the licences do not say %q", want)
		}
	}
	for _, f := range faces {
		if !strings.Contains(text, "\n"+f.name+" ") {
			t.Errorf("the licences do not name the font %s", f.name)
		}
	}
}

func FuzzPDF(f *testing.F) {
	for _, s := range spoken {
		f.Add(s.text, "key", uint8(3))
	}
	f.Add("a\u0301\u0301\u202e\xff\x00\n\n", "\u200b", uint8(0))
	f.Fuzz(func(t *testing.T, text, other string, kind uint8) {
		if len(text) > 2_000 || len(other) > 500 {
			return
		}
		d := Document{Title: other, Lang: "my", Reference: other, Blocks: []Block{
			Paragraph{text}, Note{other}, Pairs{[]Pair{{other, text}, {text, other}}}, List{[]string{text}}, Heading{other},
		}}
		n := int(kind)%MaxColumns + 1
		table := Table{Head: make([]string, n), Rows: [][]string{make([]string, n)}}
		for i := range n {
			table.Head[i], table.Rows[0][i] = other, text[:len(text)/(i+1)]
		}
		d.Blocks = append(d.Blocks, table)
		file, err := d.PDF()
		var missing *MissingError
		switch {
		case err == nil || errors.As(err, &missing):
			if !bytes.HasPrefix(file, []byte("%PDF-1.7")) || !bytes.HasSuffix(file, []byte("%%EOF\n")) {
				t.Error("no PDF")
			}
		case utf8.RuneCountInString(oneLine(other)) <= MaxReference:
			t.Error(err)
		}
		if !utf8.ValidString(d.Text()) {
			t.Error("the text is no text")
		}
	})
}

func BenchmarkPDF(b *testing.B) {
	d := sample()
	for b.Loop() {
		if _, err := d.PDF(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFirst(b *testing.B) {
	for b.Loop() {
		for _, f := range faces {
			if _, err := load(f.name); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// Shaping takes the square of the length of what cannot be parted, so what is
// shaped at once is short, whatever is written.
func TestRunsAreShort(t *testing.T) {
	for _, s := range []string{"ำ", "က္", "ក្", "\u0301", "a", "長", "\u200B", "ก\u200B"} {
		text := []rune(strings.Repeat(s, 5_000))
		setter := newTypesetter("en")
		runs, err := setter.runs(text, setter.breaksOf(text))
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, r := range runs {
			if r.from != at || r.to-r.from > 1_000 {
				t.Fatalf("%+q: a run from %d to %d after one to %d", s, r.from, r.to, at)
			}
			at = r.to
		}
		if at != len(text) {
			t.Errorf("%+q: runs end at %d of %d", s, at, len(text))
		}
	}
}
