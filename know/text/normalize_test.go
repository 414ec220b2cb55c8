package text

import (
	"strings"
	"testing"
)

// One row for each thing the rules of the package comment do.
var ruleTests = []struct{ rule, in, want string }{
	// 1 what is no character
	{"invalid bytes", "job\xff\xfeoffer", "job offer"},
	{"half a character", "薪\xe4\xb8水", "薪水"},
	{"control characters", "job\x00\x07offer\x7f", "job offer "},
	{"private use, object replacement", "job\ue000\ufffcoffer", "job offer"},

	// 2 compatibility forms
	{"full width", "ｎｏ　ｅｘｐｅｒｉｅｎｃｅ！", "no experience!"},
	{"ligatures, units", "ﬁrst ㎏ №", "first kg no"},
	{"superscripts, fractions", "m² ½", "m2 1/2"},
	{"half-width Kana", "ｶﾞｲｺｸ", "ガイコク"},
	{"Arabic presentation forms", "ﺳﻼﻡ", "سلام"},
	{"decomposed Hangul", "한국", "한국"},
	{"compatibility jamo", "ㅎㅏ", "하"},
	{"decomposed Kana", "か\u3099", "が"},
	{"spacing voicing mark", "か゛", "が"},
	{"compatibility ideographs", "\uf900", "岂"},
	{"composition excluded", "\u0958", "\u0915\u093c"},
	{"marks in order", "ש\u05c1\u05bc", "ש\u05bc\u05c1"},

	// 3 what is not seen
	{"zero width", "fr\u200bee \u200cj\u200dob\u2060\ufeff", "free job"},
	{"bidirectional controls", "\u202efree\u202c \u2066job\u2069", "free job"},
	{"soft hyphen, grapheme joiner", "sal\u00adary \u034f", "salary "},
	{"variation selectors, tags", "薪\ufe00\U000e0101水\U000e0041", "薪水"},
	{"Hangul fillers", "한\u3164국\u115f\uffa0", "한국"},
	{"keycap", "1\ufe0f\u20e3", "1"},
	{"invisible between Kana and its mark", "か\u200b\u3099", "が"},

	// 4 Latin letters
	{"case", "Free JOB", "free job"},
	{"accents", "Olá señor Çağrı", "ola senor cagri"},
	{"accents, decomposed", "o\u0302\u0323 e\u0301", "o e"},
	{"Vietnamese", "Việc nhẹ lương cao, bao ăn ở, Đồng Nai", "viec nhe luong cao, bao an o, dong nai"},
	{"letters with strokes", "øłħŧƀ", "olhtb"},
	{"ligated letters", "Straße Ærø œuvre", "strasse aero oeuvre"},
	{"stacked marks", "f̷̛̫r̸̈́ë̵e̶", "free"},
	{"dotless i", "ıİ", "ii"},

	// 5 look-alikes
	{"Cyrillic", "ѕаlаrу аnd frее flіght", "salary and free flight"},
	{"Cyrillic capitals", "НОТЕL ЈОВ", "hotel job"},
	{"Cyrillic words keep their case equal", "РАБОТА Работа работа", "paбota paбota paбota"},
	{"Cyrillic letters with marks", "йод Йод и\u0306од", "йoд йoд йoд"},
	{"Greek", "νιsα αnd sαlαrγ", "visa and salary"},
	{"Armenian, Cherokee, Lisu", "ՏԼ օս ᎪᎡᎬ ꓮꓐꓳ", "sլ ou are abo"},
	{"mathematical", "𝐟𝐫𝐞𝐞 𝑗𝑜𝑏 𝒻𝓇𝑒𝑒 𝔧𝔬𝔟 𝕗𝕣𝕖𝕖 𝚓𝚘𝚋 𝟐𝟎𝟎", "free job free job free job 200"},
	{"circled, squared, parenthesised", "Ⓕⓡⓔⓔ 🄹🄾🄱 🅕🅡🅔🅔 🅹🅾🅱 ⒡⒭⒠⒠", "free job free job free"},
	{"word signs", "🆓 🆗 🆕 ©", "free ok new c"},
	{"small capitals", "ғʀᴇᴇ ᴊᴏʙ", "free job"},
	{"modifier letters", "ᶠʳᵉᵉ", "free"},
	{"quotes and dashes", "“free” – ‘job’ — don’t", `"free" - 'job' - don't`},
	{"ASCII is not touched", "0O1lI|5S@$", "0o1li|5s@$"},
	{"ordinary letters of others", "ฐาน ໐ ០ ဝ ー一ㅡ工エ", "ฐาน 0 0 ဝー一ᅳ工エ"},

	// 6 ideographs
	{"traditional", "萬國來電話，薪資優渥，歡迎應徵", "万国来电话,薪资优渥,欢迎应征"},
	{"one target", "台臺檯颱 著着 乾幹干 後后 麼么 裏裡里 係系繫", "台台台台着着干干干后后么么里里里系系系"},
	{"variants", "佔僱菸週遊羣峯爲説綫証啟", "占雇烟周游群峰为说线证启"},
	{"radicals", "⼯⽇⻢⼀", "工日马一"},
	{"Cantonese stays", "佢哋喺度做嘢㗎", "佢哋喺度做嘢㗎"},

	// 7 digits
	{"digits", "๑๒๓ ໑໒ ១២ ၁၂ १२ ١٢ ۴ ৩ ３ ➌ ③ ⓷", "123 12 12 12 12 12 4 3 3 3 3 3"},

	// 8 marks in a row
	{"Thai", "นี่่่่่่่่่่", "นี่่่"},
	{"Devanagari", "का" + strings.Repeat("ं", 9), "कांंं"},
	{"Myanmar stacks more", "လျှို့ဝှက်", "လျှို့ဝှက်"},

	// 9 pictures
	{"emoji are one space", "join🔥🔥🚀now", "join now"},
	{"joined emoji", "a👩‍👩‍👧‍👦🏽b", "a b"},
	{"arrows, boxes, stars", "pay→500★★free━━job", "pay 500 free--job"},
	{"flags stay", "go 🇹🇭🇰🇭 now", "go 🇹🇭🇰🇭 now"},
	{"flags with marks stay", "🇹🇹\u0654\u0323", "🇹🇹\u0654"},
	{"letters in boxes are no flag", "🇫 🇷 🇪 🇪", "free"},

	// 10 white space
	{"spaces", "a \t\u00a0\u3000 b", "a b"},
	{"newlines", "a \r\n\n  🔥 b\u2028c", "a\nb\nc"},

	// 11 words without spaces
	{"spaced Han", "高 薪  招\u3000聘", "高薪招聘"},
	{"spaced Thai", "ง า น อ อ น ไ ล น์", "งานออนไลน์"},
	{"spaced Hangul", "해 외 취 업", "해외취업"},
	{"spaced Khmer, Lao, Myanmar", "ក ម្ពុជា ລ າວ မ န်မာ", "កម្ពុជាລາວမန်မာ"},
	{"noise", "柬.埔·寨•高*薪_招~聘|包^吃-住=机+票", "柬埔寨高薪招聘包吃住机票"},
	{"noise among spaces", "柬 . 埔 -- 寨", "柬埔寨"},
	{"emoji between", "柬🔥埔 🔥 寨", "柬埔寨"},
	{"full-width noise", "柬．埔－寨～招", "柬埔寨招"},
	{"sentence marks stay", "高薪，招聘。包吃、包住！好？好/好：好；好", "高薪,招聘。包吃、包住!好?好/好:好;好"},
	{"newlines stay", "高薪\n招聘", "高薪\n招聘"},
	{"not beside other letters", "月薪 3000 - 5000 usd 起", "月薪 3000 - 5000 usd 起"},
	{"sara am", "ทำงาน", "ท\u0e4d\u0e32งาน"},

	// 12 words spelt out
	{"spaces between letters", "F R E E  visa", "free visa"},
	{"dots between letters", "f.r.e.e job", "free job"},
	{"other separators", "t-e-l-e v_i_s_a c*a*s*h f·r·e·e f•r•e•e", "tele visa cash free free"},
	{"two words", "f r e e   j o b s", "free jobs"},
	{"all gaps wide", "f  r  e  e", "free"},
	{"emoji between letters", "f🔥r🔥e🔥e", "free"},
	{"three are too few", "u s d", "u s d"},
	{"separators mixed", "f r.e e", "f r.e e"},
	{"not out of a word", "plan a b c done", "plan a b c done"},

	// what extractors need
	{"contacts stay", "https://t.me/Job_HR?x=1 +66-81-234-5678 a.b@c.com $1,500.00 ฿500 50%", "https://t.me/job_hr?x=1 +66-81-234-5678 a.b@c.com $1,500.00 ฿500 50%"},
}

func TestRules(t *testing.T) {
	for _, c := range ruleTests {
		if got := Normalize(c.in).Text; got != c.want {
			t.Errorf("%s: %q becomes\n  %q, want\n  %q", c.rule, c.in, got, c.want)
		}
		if p := problem(c.in); p != "" {
			t.Errorf("%s: %q: %s", c.rule, c.in, p)
		}
	}
}

// find gives the part of the source that the first place of what, in normal
// form, came from.
func find(t *testing.T, s, what string) string {
	t.Helper()
	n := Normalize(s)
	i := strings.Index(n.Text, what)
	if i < 0 {
		t.Fatalf("%q is not in %q", what, n.Text)
	}
	from, to := n.Span(i, i+len(what))
	return s[from:to]
}

func TestSpan(t *testing.T) {
	for _, c := range []struct{ s, what, want string }{
		{"plain text", "text", "text"},
		{"a 𝐅𝐫𝐞𝐞 job", "free", "𝐅𝐫𝐞𝐞"},
		{"a fr\u200bee job", "free", "fr\u200bee"},
		{"\u200bfree\u200b", "free", "free"},
		{"f r e e   j o b s", "jobs", "j o b s"},
		{"高 * 薪 招聘", "高薪", "高 * 薪"},
		{"lương cao", "luong", "lương"},
		{"lu\u031bo\u031bng cao", "luong", "lu\u031bo\u031bng"},
		{"caf\u0301e\u0301 x", "cafe", "caf\u0301e\u0301"},
		{"x㎏x", "g", "㎏"},
		{"ﷺ\u200b\u200b\u200b\u200bx", "وسلم", "ﷺ"},
		{"か\u200b\u3099く", "が", "か\u200b\u3099"},
		{"ｶﾞｲ", "ガ", "ｶﾞ"},
		{"ทำงาน", "\u0e32", "ทำ"}, // sara am is one cluster with its consonant
		{"👩‍👩‍👧 free👍🏽", "free", "free"},
		{"go 🇹🇭 now", "🇹🇭", "🇹🇭"},
		{"裏面", "里", "裏"},
		{"\xff\xfefree\xff", "free", "free"},
	} {
		if got := find(t, c.s, c.what); got != c.want {
			t.Errorf("%q in %q comes from %q, want %q", c.what, c.s, got, c.want)
		}
	}
}

func TestSpanOutside(t *testing.T) {
	n := Normalize("Free")
	for _, c := range [][4]int{{-5, 99, 0, 4}, {4, 4, 4, 4}, {9, 2, 4, 4}, {2, 1, 2, 2}, {0, 0, 0, 0}} {
		if from, to := n.Span(c[0], c[1]); from != c[2] || to != c[3] {
			t.Errorf("Span(%d, %d) = %d, %d, want %d, %d", c[0], c[1], from, to, c[2], c[3])
		}
	}
	if from, to := Normalize("").Span(0, 0); from != 0 || to != 0 {
		t.Errorf("Span of nothing = %d, %d", from, to)
	}
}

// A cluster may be as long as the text; many spans in it must stay cheap.
func TestSpanInGiantClusters(t *testing.T) {
	for _, unit := range []string{"\u1100", "\u0e33", "\u0301", "\u200d", "👩\u200d"} {
		s := "x" + strings.Repeat(unit, 100_000) + "y"
		n := Normalize(s)
		for i := 0; i < len(n.Text); i += max(1, len(n.Text)/20_000) {
			if from, to := n.Span(i, i+1); from < 0 || to > len(s) || from >= to {
				t.Fatalf("%+q: Span(%d, %d) = %d, %d", unit, i, i+1, from, to)
			}
		}
	}
}

func TestLetterAndSpaceFree(t *testing.T) {
	for _, c := range []struct {
		r            rune
		letter, free bool
	}{
		{'a', true, false},
		{'7', true, false},
		{' ', false, false},
		{'_', false, false},
		{'.', false, false},
		{'$', false, false},
		{'高', true, true},
		{'々', true, true},
		{'〇', true, true},
		{'か', true, true},
		{'ー', true, true},
		{'ㄅ', true, true},
		{'한', true, true},
		{'ก', true, true},
		{'ี', true, true},
		{'ກ', true, true},
		{'ក', true, true},
		{'က', true, true},
		{'क', true, false},
		{'ि', true, false},
		{'ب', true, false},
		{'д', true, false},
		{'。', false, false},
		{'·', false, false},
		{'\U00020000', true, true},
		{'\U0010FFFF', false, false},
		{-1, false, false},
	} {
		if Letter(c.r) != c.letter || SpaceFree(c.r) != c.free {
			t.Errorf("%q: Letter %v, SpaceFree %v, want %v, %v", c.r, Letter(c.r), SpaceFree(c.r), c.letter, c.free)
		}
	}
}
