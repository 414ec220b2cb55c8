package advisory

import (
	"strings"
	"testing"
	"unicode/utf8"

	"homeward/know/text"
	"homeward/work/casework"
)

func find(page, kind, field, value string) []Hit {
	s := Search{Page: NewPage(page)}
	comp := casework.File
	if k, ok := casework.Default().Kind(kind); ok {
		comp = k.Compartment
	}
	s.Case(casework.Default(), casework.Case{ID: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Entries: []casework.Entry{{N: 1, Kind: kind, Compartment: comp, F: map[string]string{field: value}}}})
	return s.Hits
}

func TestScan(t *testing.T) {
	for _, c := range []struct {
		kind, field, value string
		page               string
		hit                bool
		may                bool
	}{
		{"identity", "name", "測試人甲", "我們找到測試人甲了", true, false},
		{"identity", "name", "測試人甲", "我們找到 測 試 人 甲 了", true, false},
		{"identity", "name", "陳偉明", "陈伟明说", true, false},
		{"identity", "name", "陳偉明", "偉明說", true, true},
		{"identity", "name", "Testman Invented", "the man TESTMAN INVENTED", true, false},
		{"identity", "name", "Testman Invented", "Invented, Testman", true, false},
		{"identity", "name", "Testman Invented", "ｔｅｓｔｍａｎ　ｉｎｖｅｎｔｅｄ", true, false},
		{"identity", "name", "Testman Invented", "T-e-s-t-m-a-n Invented", true, false},
		{"identity", "name", "Testman Invented", "Mr. Testman was there", true, true},
		{"identity", "name", "Ann Lee", "we are planning leeway", false, false},
		{"identity", "name", "Long May", "In May they go", false, false}, // an ordinary word
		{"identity", "name", "Will Long", "Long, Will", true, false},
		{"identity", "name", "Will Long", "it will take long", false, false},
		{"identity", "name", "the mother", "the mother wrote", false, false},
		{"identity", "other_names", "Aming, Brother Dragonfly", "called brother dragonfly", true, false},
		{"identity", "phone", "+000 912 345 678", "call 0912-345-678", true, false},
		{"identity", "phone", "+000 912 345 678", "call ０９１２３４５６７８", true, false},
		{"identity", "phone", "+000 912 345 678", "call 九一二三四五六七八", true, false},
		{"identity", "phone", "@invented_handle", "write to Invented_Handle", true, false},
		{"identity", "document", "X1234567", "passport x 123 4567", true, false},
		{"identity", "family", "mother, Testwoman Other, 0987 654 321", "ask testwoman other", true, false},
		{"identity", "family", "mother, Testwoman Other", "a mother wrote to us", false, false},
		{"identity", "sex", "female", "a female voice", false, false},
		{"place", "place", "Example Garden", "a compound called example-garden", true, true},
		{"place", "place", "Cambodia", "in Cambodia", false, false},
		{"place", "position", "13.7563, 100.5018", "near 13.7561,100.5020", true, false},
		{"place", "position", "13.7563, 100.5018", "near 13.1, 101.2 and 7.50", false, false},
		{"demand", "amount", "USD 23,450", "they ask for 23450 dollars", true, true},
		{"demand", "to", "account 000-111-222-333", "pay to 000111222333", true, false},
		{"statement", "text", "He wrote from 0987654321 that the guards beat him every morning at six", "His number was 0987-654-321.", true, false},
		{"statement", "text", "He wrote that the guards beat him every morning at six", "As he wrote that the guards beat people", true, true},
		{"statement", "text", "They met Zanzibaro at the gate", "a man called Zanzibaro", true, true},
		{"statement", "text", "they met at the gate", "a gate", false, false},
		{"statement", "text", "他說每天早上六點守衛就會打他們一頓", "有人說每天早上六點守衛就會打人", true, true},
		{"forced", "text", "They made me call people in Inventland", "People in Inventland were called", true, false},
		{"copy", "reference", "ABCD-2345", "our reference abcd2345", true, false},
	} {
		got := find(c.page, c.kind, c.field, c.value)
		if (len(got) > 0) != c.hit {
			t.Errorf("%s.%s %q in %q: %+v", c.kind, c.field, c.value, c.page, got)
			continue
		}
		never := false
		for _, h := range got {
			never = never || !h.May
			if h.Found == "" || !strings.Contains(c.page, h.Found) {
				t.Errorf("%q in %q: found %q", c.value, c.page, h.Found)
			}
		}
		if c.hit && never == c.may {
			t.Errorf("%s.%s %q in %q: may stand: %v, want %v: %+v", c.kind, c.field, c.value, c.page, !never, c.may, got)
		}
	}
}

// FuzzScan: whatever stands in a case and is long enough is found where it stands in a
// warning, and nothing breaks on anything.
func FuzzScan(f *testing.F) {
	f.Add("測試人甲", "before", "after")
	f.Add("+886 912 345 678", "(", "x")
	f.Add("Testman Invented", "", "")
	f.Add("a\u0301b\u200bc\ufffd", "七", "1.00,2.00")
	f.Fuzz(func(t *testing.T, value, before, after string) {
		if len(value) > 400 || len(before)+len(after) > 2000 {
			return
		}
		find(before+value+after, "statement", "text", value)
		find(value, "identity", "name", before)
		find(value, "place", "position", after)
		q := squashed(value)
		apart := func(s string) bool { // what stands beside it takes no part of it away
			return !utf8.ValidString(s) || squashed("\n"+s+"\n") != q
		}
		if !longEnough(q) || usual(value) || apart(value) || !utf8.ValidString(before) || !utf8.ValidString(after) {
			return
		}
		page := before + "\n" + value + "\n" + after
		if !strings.Contains(text.Normalize(page).Text, text.Normalize(value).Text) {
			return
		}
		if len(find(page, "identity", "document", value)) == 0 {
			t.Fatalf("%q is not found in %q", value, page)
		}
	})
}

// TestPlaces: the name of a compound that the desk calls public may stand, here and where
// a case has it; others are shown; a safe place never leaves.
func TestPlaces(t *testing.T) {
	all := []casework.Place{
		{ID: "a", Names: []string{"Example Garden", "範例花園"}, Known: true, Position: "11.5564, 104.9282"},
		{ID: "b", Names: []string{"Invented Yard"}},
		{ID: "c", Names: []string{"House of Herons"}, Safe: true, Known: true, Reach: "+000 111 222 333", District: "Nowhere Hill", Notes: "the key is with Testwoman"},
	}
	for page, want := range map[string]string{
		"Do not go to Example Garden.":    "",
		"不要去范例花园。":                        "",
		"Do not go to Invented Yard.":     "may",
		"Go to the House of Herons.":      "never",
		"Call 0111 222 333.":              "never",
		"It is on Nowhere Hill.":          "never",
		"Ask for Testwoman at the door.":  "never",
		"It stands at 11.5566, 104.9280.": "never",
	} {
		s := Search{Page: NewPage(page)}
		s.Places(all)
		s.entry(casework.Default(), "X", casework.Entry{N: 1, Kind: "place", Compartment: casework.File, F: map[string]string{"place": "Example Garden", "according": "himself"}})
		got := ""
		for _, h := range s.Hits {
			if got = "may"; !h.May {
				got = "never"
				break
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q: %+v", page, got, want, s.Hits)
		}
	}
}

// BenchmarkSearch: one case of forty lines against a warning of a thousand words.
func BenchmarkSearch(b *testing.B) {
	page := NewPage(strings.Repeat("A former worker says that the guards took passports on the first evening. ", 60))
	c := casework.Case{ID: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
	for i := range int64(40) {
		c.Entries = append(c.Entries,
			casework.Entry{N: i + 1, Kind: "statement", Compartment: casework.File, F: map[string]string{"according": "the mother", "text": strings.Repeat("He wrote from 0987654321 about the yard and the man called Quillon. ", 3)}})
	}
	c.Entries = append(c.Entries, casework.Entry{N: 41, Kind: "identity", Compartment: casework.Identity, F: map[string]string{"name": "Testman Invented Other", "phone": "+000 912 345 678", "family": "mother, 0911 222 333"}})
	for b.Loop() {
		s := Search{Page: page}
		s.Case(casework.Default(), c)
	}
}
