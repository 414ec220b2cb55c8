package hotline

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEmbedded: the list that ships loads, and speaks every language.
func TestEmbedded(t *testing.T) {
	b, err := Parse(numbersTOML, warningsTOML, countriesTOML)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range b.Numbers() {
		if n.CheckedOn != "" && n.CheckedBy == "" {
			t.Errorf("%s: checked by nobody", n.ID)
		}
	}
	for _, lang := range Languages {
		if len(b.words[lang]) != len(b.words["en"]) {
			t.Errorf("%s holds %d sentences, English %d", lang, len(b.words[lang]), len(b.words["en"]))
		}
	}
	for _, code := range []string{"KH", "MM", "LA"} {
		if !b.withholds(code) {
			t.Errorf("%s: police are not withheld", code)
		}
	}
	if last := b.Countries()[len(b.Countries())-1]; last.Code != Elsewhere {
		t.Errorf("the last choice is %s", last.Code)
	}
}

// TestSentences: whatever is answered can be said, in every language, with
// nothing left to fill.
func TestSentences(t *testing.T) {
	b := dated()
	left := regexp.MustCompile(`[{}]|^\s*$|  `)
	everyQuestion(b, func(home, here string, s Situation, chose bool) {
		a := b.For(home, here, s, chose)
		for _, lang := range Languages {
			var said []string
			for _, n := range a.Numbers {
				for _, note := range n.Notes {
					said = append(said, b.NoteText(note, lang))
				}
			}
			for _, g := range a.Gaps {
				said = append(said, b.GapText(g, lang))
			}
			for _, sentence := range said {
				if left.MatchString(sentence) {
					t.Errorf("%s/%s/%s in %s: %q", home, here, s, lang, sentence)
				}
			}
		}
	})
}

func TestWords(t *testing.T) {
	b := Default()
	for _, tt := range []struct{ lang, want string }{
		{"en", "For people from Taiwan we have no checked number."},
		{"zh-Hant", "給臺灣的人打的號碼，我們目前沒有查證過的。"},
		{"zh-HK", "給臺灣的人打的號碼，我們目前沒有查證過的。"},
		{"zh_TW", "給臺灣的人打的號碼，我們目前沒有查證過的。"},
		{"zh-Hans-HK", "给台湾的人打的号码，我们目前没有查证过的。"},
		{"zh-MY", "给台湾的人打的号码，我们目前没有查证过的。"},
		{"fil-PH", "Para sa mga taga-Taiwan, wala kaming numerong nasuri na."},
		{"de", "For people from Taiwan we have no checked number."},
		{"", "For people from Taiwan we have no checked number."},
	} {
		if got := b.GapText(Gap{"TW", NoHomeLine}, tt.lang); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.lang, got, tt.want)
		}
	}
	if got := b.Reviewed("th"); got != "" {
		t.Errorf("Thai was reviewed %q", got)
	}
	if got := b.CountryName("fr", "zh-Hant"); got != "其他國家" {
		t.Errorf("a country not in the list is called %q", got)
	}
}

func TestLinks(t *testing.T) {
	hash := careless(ReachYes)
	for _, tt := range []struct {
		b           *Book
		home, here  string
		s           Situation
		print, link string
	}{
		{Default(), "HK", "KH", There, "+852 1868", "tel:+8521868"},
		{Default(), "HK", "HK", Missing, "1868", "tel:1868"},
		{Default(), "TW", "TW", Paid, "165", "tel:165"},
		{hash, "JP", "JP", Paid, "#9110", "tel:%239110"},
	} {
		s := tt.b.For(tt.home, tt.here, tt.s, false).Numbers[0]
		if s.Print != tt.print || s.Link != tt.link {
			t.Errorf("%s/%s/%s: %q %q, want %q %q", tt.home, tt.here, tt.s, s.Print, s.Link, tt.print, tt.link)
		}
	}
	account := For("TW", "TW", Paid, false).Numbers[1]
	if account.Print != "LINE: @tw165" || account.Link != "" {
		t.Errorf("the account: %q %q", account.Print, account.Link)
	}
}

const goodRow = `[[number]]
id = "tw-test"
territory = "TW"
kind = "consular_line"
answered_by = "ministry"
name = "A line"
number = "+886212345678"
written = "+886 2 1234 5678"
local = "02-1234-5678"
reach = "yes"
purpose = "consular"
situation = "abroad"
hours = "Mo-Fr 09:00-17:00"
source = "the ministry's own page"
source_date = "2026-02"
status = "supported"
show = "after_check"
checked_on = "2026-11-01"
checked_by = "duty officer"
`

// TestRefused: each line is one mistake and what is said of it.
func TestRefused(t *testing.T) {
	words := trimWords(t)
	if _, err := Parse([]byte(goodRow), words, countriesTOML); err != nil {
		t.Fatalf("the good row: %v", err)
	}
	for _, tt := range []struct{ old, new, want string }{
		{`source = "the ministry's own page"`, ``, "numbers.toml line 1: row 1 (tw-test): source is missing"},
		{`source = "the ministry's own page"`, `source = "  "`, "source is missing"},
		{`name = "A line"`, "name = \"A line\"\ncolour = \"red\"", `numbers.toml line 7: unknown key "number.colour"`},
		{`name = "A line"`, `name = "A line`, "numbers.toml line 6, column"},
		{`name = "A line"`, `name = "A\nline"`, "name is missing or not one plain line"},
		{`id = "tw-test"`, `id = "TW test"`, "write it like hk-1868"},
		{`territory = "TW"`, `territory = "XX"`, `territory "XX" is not in countries.toml`},
		{`territory = "TW"`, `territory = "ZZ"`, `territory "ZZ" is not in countries.toml`},
		{`territory = "TW"`, "territory = \"TW\"\nat = \"KH\"", "at is only for missions"},
		{`kind = "consular_line"`, `kind = "line"`, `kind "line": use one of`},
		{`kind = "consular_line"`, `kind = "police"`, "a police line is answered by police"},
		{`kind = "consular_line"`, `kind = "embassy_line"`, "at is missing"},
		{`answered_by = "ministry"`, `answered_by = "us"`, `answered_by "us": use one of`},
		{`number = "+886212345678"`, `number = "+886-2-1234-5678"`, "write + and 7 to 15 digits"},
		{`number = "+886212345678"`, `number = "+8862"`, "write + and 7 to 15 digits"},
		{`number = "+886212345678"`, `number = "0212345678"`, "write a short code of 2 to 6 digits"},
		{`number = "+886212345678"`, `number = "tel:165"`, "write a short code of 2 to 6 digits"},
		{`number = "+886212345678"`, `number = "+866212345678"`, "numbers in TW begin with +886"},
		{`number = "+886212345678"`, `number = "165"`, "reach yes needs a number that begins with +"},
		{`number = "+886212345678"`, `number = ""`, "show = after_check needs a number or an account"},
		{`written = "+886 2 1234 5678"`, `written = "+886 2 1234 5679"`, "does not dial"},
		{`written = "+886 2 1234 5678"`, `written = "call +886 2 1234 5678"`, "does not dial"},
		{`local = "02-1234-5678"`, `local = "press 5"`, "write it as it is dialled there"},
		{`reach = "yes"`, `reach = "perhaps"`, "use yes, no or unknown"},
		{`purpose = "consular"`, `purpose = "help"`, "use scam, captive, consular or emergency"},
		{`purpose = "consular"`, `purpose = "scam"`, "carries the warning lost_money_only"},
		{`situation = "abroad"`, `situation = "held"`, "with purpose consular it is abroad"},
		{`hours = "Mo-Fr 09:00-17:00"`, `hours = "daytime"`, "write 24h or"},
		{`hours = "Mo-Fr 09:00-17:00"`, `languages = ["Khmer"]`, "write a tag such as km"},
		{`hours = "Mo-Fr 09:00-17:00"`, `warnings = ["beware"]`, `warning "beware" is not in warnings.toml`},
		{`hours = "Mo-Fr 09:00-17:00"`, `ways = ["pigeon"]`, `way "pigeon": use one of`},
		{`hours = "Mo-Fr 09:00-17:00"`, `account = "@tw165"`, "an account has no number"},
		{`source = "the ministry's own page"`, `source = "a paper, 10 January 2025"`, "write a date in it as 2025-01-10"},
		{`source_date = "2026-02"`, `source_date = "2026-13"`, "write YYYY, YYYY-MM or YYYY-MM-DD"},
		{`source_date = "2026-02"`, `source_date = "2026-12"`, "is before source_date"},
		{`source_date = "2026-02"`, `source_date = 2026-02-01`, "numbers.toml line 15"},
		{`status = "supported"`, `status = "recheck"`, "needs status supported"},
		{`status = "supported"`, `status = "fine"`, `status "fine": use one of`},
		{`show = "after_check"`, `show = "maybe"`, "use yes, after_check, ask or no"},
		{`show = "after_check"`, `show = "no"`, "is shown to nobody"},
		{`show = "after_check"`, `show = "ask"`, "show = ask needs a warning"},
		{`checked_on = "2026-11-01"`, `checked_on = "November"`, "write YYYY-MM-DD"},
		{`checked_on = "2026-11-01"`, `checked_on = "2026-11"`, "write YYYY-MM-DD"},
		{`checked_on = "2026-11-01"`, `checked_on = "2026-02-30"`, "write YYYY-MM-DD"},
		{`checked_on = "2026-11-01"`, `checked_on = ""`, "checked_on and checked_by go together"},
		{`checked_by = "duty officer"`, `checked_by = ""`, "checked_on and checked_by go together"},
		{`checked_by = "duty officer"`, `checked_by = "<b>"`, "write initials or a role"},
		{`[[number]]`, `[[numbers]]`, "unknown key"},
	} {
		if !strings.Contains(goodRow, tt.old) {
			t.Fatalf("the good row does not hold %q", tt.old)
		}
		_, err := Parse([]byte(strings.Replace(goodRow, tt.old, tt.new, 1)), words, countriesTOML)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.new, err, tt.want)
		}
	}
	if _, err := Parse([]byte(goodRow+goodRow), words, countriesTOML); err == nil ||
		!strings.Contains(err.Error(), `line 20: row 2 (tw-test): "tw-test" is already row tw-test`) {
		t.Errorf("a row given twice: %v", err)
	}
	noDate := strings.Replace(strings.Replace(goodRow, `"after_check"`, `"yes"`, 1), `source_date = "2026-02"`, "", 1)
	if _, err := Parse([]byte(noDate), words, countriesTOML); err == nil || !strings.Contains(err.Error(), "show = yes needs a source_date") {
		t.Errorf("yes without a date: %v", err)
	}
	if b, err := Parse(nil, words, countriesTOML); err == nil || b != nil {
		t.Error("an empty list loads")
	}
	if _, err := Parse(bytes.Repeat([]byte("#"), maxFile+1), words, countriesTOML); err == nil {
		t.Error("a huge file loads")
	}
}

// TestRefusedWords: the same for the sentences and the countries.
func TestRefusedWords(t *testing.T) {
	for _, tt := range []struct{ file, old, new, want string }{
		{"w", "[warnings.km]", "[warnings.kn]", "section [warnings.km] is missing"},
		{"w", "press_0_9 = \"กด", "press_09 = \"กด", `[warnings.th]: key "press_0_9" is missing`},
		{"w", "press_0_9 = \"กด", "press_09 = \"กด", `[warnings.th]: unknown key "press_09"`},
		{"w", "outside {place}", "outside {country}", "it must hold"},
		{"w", "ใช้ได้เฉพาะใน{place} คนที่อยู่ใน{place}", "ใช้ได้เฉพาะใน คนที่อยู่ใน", `only_inside holds "", it must hold "{place}"`},
		{"w", `review = "unreviewed"`, `review = "yes"`, "write \"unreviewed\" or"},
		{"w", `review = "unreviewed"`, "review = \"unreviewed\"\nextra = \"x\"", `unknown key "extra"`},
		{"c", `code = "TW"`, `code = "Taiwan"`, "write two capitals"},
		{"c", `code = "TW"`, `code = "HK"`, "is given twice"},
		{"c", `calling = "886"`, `calling = "+886"`, "without +"},
		{"c", `th = "ไต้หวัน", `, ``, "TW has no name in th"},
		{"c", `withhold_police = true`, `withold_police = true`, "unknown key"},
		{"c", `code = "ZZ"`, `code = "ZY"`, "another country"},
	} {
		w, c := string(warningsTOML), string(countriesTOML)
		if tt.file == "w" {
			w = strings.ReplaceAll(w, tt.old, tt.new)
		} else {
			c = strings.ReplaceAll(c, tt.old, tt.new)
		}
		if w == string(warningsTOML) && c == string(countriesTOML) {
			t.Fatalf("nothing replaced for %q", tt.old)
		}
		_, err := Parse(numbersTOML, []byte(w), []byte(c))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.new, err, tt.want)
		}
	}
}

// trimWords is warnings.toml with only the sentences the rule itself uses, so
// that a list of one row loads.
func trimWords(t *testing.T) []byte {
	t.Helper()
	var out []string
	for line := range strings.Lines(string(warningsTOML)) {
		key, _, isKey := strings.Cut(line, " = ")
		if _, ofRule := ruleHoles[key]; !isKey || ofRule || key == "review" {
			out = append(out, strings.TrimSuffix(line, "\n"))
		}
	}
	return []byte(strings.Join(out, "\n"))
}

// TestSlugs: ids begin with their territory, so that a list of ids reads well.
func TestSlugs(t *testing.T) {
	var order []string
	for _, n := range Default().Numbers() {
		if !strings.HasPrefix(n.ID, strings.ToLower(n.Territory)+"-") {
			t.Errorf("%s is of %s", n.ID, n.Territory)
		}
		if !slices.Contains(order, n.Territory) {
			order = append(order, n.Territory)
		} else if order[len(order)-1] != n.Territory {
			t.Errorf("%s stands apart from the other rows of %s", n.ID, n.Territory)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	f.Add([]byte(goodRow))
	f.Add([]byte(strings.Replace(goodRow, `"TW"`, `"MM"`, 1)))
	f.Add([]byte("[[number]]\nnumber = \"#\"\nwarnings = [\"\"]\n"))
	f.Add([]byte("number = 1"))
	f.Add([]byte("[[number]]\n[number.id]"))
	words := Default().words
	ruleOnly := map[string]map[string]string{"en": {}}
	for key := range ruleHoles {
		ruleOnly["en"][key] = words["en"][key]
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := &Book{countries: Default().countries, byCode: Default().byCode, words: ruleOnly}
		if err := b.parseNumbers(data); err != nil {
			if !strings.HasPrefix(err.Error(), "numbers.toml") {
				t.Fatalf("an error that names no file: %v", err)
			}
			return
		}
		for _, s := range Situations {
			for _, here := range []string{"TW", "KH", "TH", ""} {
				for _, n := range b.For("TW", here, s, true).Numbers {
					if n.Print == "" || n.Number.Source == "" || n.Number.Show == ShowNo {
						t.Fatalf("shown: %+v", n)
					}
				}
			}
		}
	})
}
