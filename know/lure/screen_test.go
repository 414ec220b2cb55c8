package lure

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func level(t *testing.T, text string, answers map[string]string) Assessment {
	t.Helper()
	return Default().Screen(Request{Text: text, Answers: answers})
}

func TestLevels(t *testing.T) {
	for _, test := range []struct {
		name, text string
		answers    map[string]string
		want       Level
		kind       string
	}{
		{"a false job", "Hiring customer service in Cambodia, salary up to 3000 usd a month, free flight and hotel, no experience, 100% legit. Telegram @demo_hr_00", nil, Strong, "compound_job"},
		{"the same in Chinese", "誠徵線上客服，柬埔寨，月薪NT$90,000，包機票包食宿，無經驗可，不是詐騙，意者加LINE：demo_hr_0000", nil, Strong, "compound_job"},
		{"nothing", "See you at six, bring the blue bag.", nil, Unclear, ""},
		{"a place alone", "We flew to Cambodia and it rained.", nil, Unclear, ""},
		{"a warning", "Police warn: do not trust job offers in Cambodia that promise a high salary and free tickets. Victims were lured and held.", nil, Unclear, ""},
		{"a lure that wears a warning", "Beware of fake agents! We are the real one: customer service in Cambodia, high salary, free flight, no experience, 100% legit. Telegram @demo_hr_00", nil, Strong, "compound_job"},
		{"a lure with one word of a warning", "急聘柬埔寨客服，包機票住宿，月薪3000美金，無經驗可，請注意名額有限", nil, Some, "compound_job"},
		{"a plea in a narrow bubble", "I am held\nin a compound\nin Myawaddy\nthey took\nmy passport\nPlease\nhelp me", nil, Plea, ""},
		{"a lure in a narrow bubble", "急聘柬\n埔寨客\n服，包\n機票住\n宿，月\n薪3000\n美金，\n無經驗\n可", nil, Strong, "compound_job"},
		{"a plea after warnings", "Beware of scams. Police warn of job scams. my brother went to thailand for job 3 weeks ago and now his number is off, last location was mae sot", nil, Plea, ""},
		{"the passport as a term of the offer", "Work in Cambodia 60k sahod, libre ticket, hawak ng company ang passport", nil, Strong, "compound_job"},
		{"the same in Indonesian", "Lowongan admin di Kamboja, gaji 15 juta, mess gratis, paspor ditahan perusahaan selama kontrak", nil, Strong, "compound_job"},
		{"the same in Japanese", "カンボジアでスタッフ募集、月収80万円、寮完備、未経験歓迎。パスポートは契約終了まで会社が保管します", nil, Strong, "compound_job"},
		{"the same in Korean", "캄보디아 직원 모집, 월 800만원, 숙식 제공, 경험 없어도 됩니다. 여권은 계약 끝날 때까지 회사가 보관합니다", nil, Strong, "compound_job"},
		{"a passport held, told by who is there", "paspor saya ditahan perusahaan, saya tidak bisa pulang", nil, Plea, ""},
		{"a passport held, and no offer", "paspor ditahan perusahaan, tolong", nil, Plea, ""},
		{"a plea", "please help me they took my passport and we cant leave the building", nil, Plea, ""},
		{"a family looking", "我兒子去泰國工作就失聯了，電話打不通", nil, Plea, ""},
		{"a bare greeting", "Hi, is this Anna?", nil, Some, "romance_investment"},
		{"a bare greeting, answered badly", "Hi, is this Anna?", map[string]string{"moved_channel": "yes", "money_talk": "yes", "met_in_person": "no"}, Strong, "romance_investment"},
		{"a bare greeting, answered well", "Hi, is this Anna?", map[string]string{"moved_channel": "no", "money_talk": "no", "asked_money": "no", "met_in_person": "no"}, Unclear, ""},
		{"nothing, answered badly", "See you at the airport then.", map[string]string{"contract": "no", "told_to_lie": "yes", "passport_asked": "yes"}, Strong, "compound_job"},
		{"nothing, one bad answer", "See you at the airport then.", map[string]string{"told_to_lie": "yes"}, Some, "compound_job"},
		{"an invitation", "We invite your dance group to a festival in Phnom Penh.", nil, Some, "performance_invitation"},
		{"an invitation, answered badly", "We invite your dance group to a festival in Phnom Penh.", map[string]string{"contract": "no", "return_ticket": "no"}, Strong, "performance_invitation"},
		{"an invitation, answered well", "We invite your dance group to a festival in Phnom Penh.", map[string]string{"contract": "yes", "return_ticket": "yes", "work_visa": "yes"}, Unclear, ""},
	} {
		a := level(t, test.text, test.answers)
		if a.Level != test.want {
			t.Errorf("%s: %s, want %s; findings %v, not counted %v", test.name, a.Level, test.want, a.Findings, a.NotCounted)
		}
		if test.kind != "" && (len(a.Kinds) == 0 || a.Kinds[0] != test.kind) {
			t.Errorf("%s: kinds %v, want %s first", test.name, a.Kinds, test.kind)
		}
	}
}

// A phrase of one language is not found in the words of another, but is where
// both are spoken.
func TestPhrasesOfAnotherLanguage(t *testing.T) {
	p := Default()
	fired := func(text string) bool {
		a := p.Screen(Request{Text: text})
		for _, c := range a.NotCounted {
			if c.Indicator == "COMMISSION" {
				return true
			}
		}
		return slices.ContainsFunc(a.Findings, func(f Finding) bool { return f.Indicator == "COMMISSION" })
	}
	for text, want := range map[string]bool{
		"Here are some tips for your unlimited plan":                           false,
		"Kerja di sini enak, tips unlimited untuk semua":                       true,
		"We are looking for people for the new shop, gaji plus tips unlimited": true,
	} {
		if fired(text) != want {
			t.Errorf("%q: commission %v, want %v", text, !want, want)
		}
	}
}

// Where home is depends on who reads.
func TestHomeIsNotAbroad(t *testing.T) {
	p := Default()
	for text, want := range map[string]bool{
		"Kami cari orang untuk kerja di Batam":         false,
		"Hiring po kami ng cashier para sa Cebu":       false,
		"We are looking for people to work in Batam":   true,
		"Kami cari orang untuk kerja di Filipina":      true,
		"Cần người làm việc ở Hanoi, lương tháng 8 tr": false,
	} {
		a := p.Screen(Request{Text: text})
		got := slices.ContainsFunc(a.NotCounted, func(c NotCounted) bool { return c.Indicator == "DEST_ABROAD" })
		if got != want {
			t.Errorf("%q: abroad %v, want %v", text, got, want)
		}
	}
}

// Counter-signs never hold anything back from strong.
func TestCounterSignsNeverCancel(t *testing.T) {
	lure := "Customer service in Cambodia, salary up to 3000 usd a month, free flight, no experience, 100% legit, we keep your passport."
	honest := " Bluebird Example Sdn Bhd, licensed agency, written contract, work permit, EPF, no placement fee, apply on our website."
	if a := level(t, lure+honest, nil); a.Level != Strong || len(a.Counter) == 0 {
		t.Errorf("level %s with counter-signs %v, want strong", a.Level, a.Counter)
	}
}

// An amount of which nothing says what it is for is pay in an advert for work
// abroad, and nowhere else.
func TestBareAmounts(t *testing.T) {
	p := Default()
	for text, want := range map[string]bool{
		"Hiring typists, Cambodia, no experience needed, USD 3000": true,
		"My sister works in Cambodia and paid USD 3000":            false,
		"Hiring typists, Cambodia, deposit fee of USD 3000":        false,
	} {
		got := slices.ContainsFunc(p.Screen(Request{Text: text}).Findings, func(f Finding) bool { return f.Indicator == "PAY_HIGH" })
		if got != want {
			t.Errorf("%q: high pay %v, want %v", text, got, want)
		}
	}
}

// A company's name and a length of contract are cheap to write, and hold nothing
// back; a licence with its number can be looked up.
func TestCheapWordsHoldNothingBack(t *testing.T) {
	offer := "Lowongan kasir di Kamboja, makan dan mess gratis. "
	more := "Lowongan admin di Kamboja, mess gratis, tiket ditanggung, berangkat minggu ini. "
	if a := level(t, more+"PT Contoh Jaya, kontrak 1 thn, visa kerja.", nil); a.Level < Some {
		t.Errorf("cheap words: %s, want some", a.Level)
	}
	if a := level(t, offer+"PT Contoh Jaya, SIP3MI 123/2024, kontrak kerja.", nil); a.Level != Unclear {
		t.Errorf("a licence number: %s, want unclear; %v", a.Level, a.Findings)
	}
}

func TestSameTextSameAnswer(t *testing.T) {
	text := strings.Repeat(strings.Join(chat, "\n"), 3)
	first, err := json.Marshal(level(t, text, nil))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, _ := json.Marshal(level(t, text, nil))
		if string(again) != string(first) {
			t.Fatal("the same text gave another answer")
		}
	}
}

// checkAssessment holds of any text: spans lie inside it, on whole characters,
// quote what they span, and a source stands behind every sign.
func checkAssessment(t interface{ Fatalf(string, ...any) }, text string, a Assessment) {
	span := func(start, end int, quote string) {
		if start < 0 || end < start || end > len(text) {
			t.Fatalf("span %d-%d outside %d bytes", start, end, len(text))
		}
		if utf8.ValidString(text) && text[start:end] != quote {
			t.Fatalf("span %d-%d quotes %q, the text has %q", start, end, quote, text[start:end])
		}
	}
	for _, f := range a.Findings {
		if f.Answer == "" {
			span(f.Start, f.End, f.Quote)
		}
		if f.Role == Sign && f.Source == "" {
			t.Fatalf("%s counts without a source", f.Indicator)
		}
	}
	for _, f := range a.Counter {
		span(f.Start, f.End, f.Quote)
	}
	for _, n := range a.NotCounted {
		span(n.Start, n.End, n.Quote)
		if n.Reason == "" {
			t.Fatalf("%s was not counted, without a reason", n.Indicator)
		}
	}
	if a.Kinds == nil || a.Findings == nil || a.Counter == nil || a.Missing == nil || a.NotCounted == nil || a.Questions == nil {
		t.Fatalf("a list is null in JSON")
	}
}

func TestAnyText(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"high salary", "包機票", "ไม่ต้องมีประสบการณ์", " ", "\n", "。", "USD 3,000", "5萬", "@demo_x", "t.me/demo", "\u200b", "🇰🇭", "🔥", "a", "護照",
		"é\u0301\u0301", "\xff", "1234567890123", "Đ", "ａｂｃ", "~", "(", "救我", "lương cao", "０９００",
	})
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 30).Draw(rt, "pieces"), "")
		checkAssessment(rt, text, Default().Screen(Request{Text: text}))
	})
}

func FuzzScreen(f *testing.F) {
	for _, s := range chat {
		f.Add(s, "contract", "no")
	}
	f.Add("\xff\xfe", "", "")
	f.Add(strings.Repeat("e\u0301", 300), "x", "yes")
	f.Fuzz(func(t *testing.T, text, key, value string) {
		checkAssessment(t, text, Default().Screen(Request{Text: text, Lang: value, Answers: map[string]string{key: value}}))
	})
}

// Big and odd input stays bounded.
func TestBadInput(t *testing.T) {
	for name, text := range map[string]string{
		"one letter":             strings.Repeat("a", 1<<20),
		"one Han letter":         strings.Repeat("薪", 1<<18),
		"combining marks":        "a" + strings.Repeat("\u0301", 10_000),
		"digits":                 strings.Repeat("1", 1<<18),
		"digits apart":           strings.Repeat("1 ", 1<<17),
		"not UTF-8":              strings.Repeat("\xff", 1<<16),
		"handles":                strings.Repeat("@a_b_c ", 1<<16),
		"one phrase many times":  strings.Repeat("high salary ", 1<<15),
		"numerals":               strings.Repeat("十", 1<<16),
		"opening brackets":       strings.Repeat("(", 1<<18),
		"messengers":             strings.Repeat("line id: ", 1<<15),
		"amounts with no period": strings.Repeat("$1,000 ", 1<<15),
	} {
		a := level(t, text, nil)
		checkAssessment(t, text, a)
		if n := len(a.Findings) + len(a.NotCounted) + len(a.Counter); n > 8*len(Default().concepts) {
			t.Errorf("%s: %d findings shown", name, n)
		}
	}
}

func TestVia(t *testing.T) {
	for _, test := range []struct {
		source Source
		want   string
	}{
		{Source{Seen: "press", URL: "https://www.paper.example/a/b"}, "paper.example"},
		{Source{URL: "https://ministry.example/a"}, ""},
		{Source{Seen: "press", URL: "::"}, ""},
	} {
		if got := test.source.Via(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.source, got, test.want)
		}
	}
}

// Words that no honest text has together tip what signs say, are shown, and count for
// nothing in ordinary talk.
func TestWordsWeigh(t *testing.T) {
	p := Default()
	wordy := func(text string) (Assessment, bool) {
		a := p.Screen(Request{Text: text})
		return a, slices.ContainsFunc(a.Findings, func(f Finding) bool {
			return f.Indicator == wordsID && f.Quote != "" && f.Role == Method && strings.HasPrefix(f.Source, "Homeward, ")
		})
	}
	lure := "My boss over there needs two more, you only sit and chat, he sorts the papers and buys the ticket, don't tell your mum yet, dm me"
	if a, shown := wordy(lure); a.Level != Strong || !shown {
		t.Errorf("a lure in everyday words: %s, words shown %v", a.Level, shown)
	}
	if a, shown := wordy("Lunch at noon with auntie, bring the umbrella"); a.Level != Unclear || shown {
		t.Errorf("lunch: %s, words shown %v", a.Level, shown)
	}
	if a, _ := wordy("zq vx wk jj qqz"); a.Level != Unclear {
		t.Errorf("words nobody knows: %s", a.Level)
	}
}
