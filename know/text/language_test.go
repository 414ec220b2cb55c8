package text

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// The table of what was taken for what is kept in testdata, so that a change of
// a word list shows what it does to every language.
func TestLanguagesConfusion(t *testing.T) {
	data, err := os.ReadFile("testdata/languages.txt")
	if err != nil {
		t.Fatal(err)
	}
	type row struct{ right, all int }
	rows, order, wrong := map[string]*row{}, []string{}, []string{}
	for line := range strings.Lines(string(data)) {
		want, message, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		if rows[want] == nil {
			rows[want] = &row{}
			order = append(order, want)
		}
		rows[want].all++
		got := strings.Join(Languages(message), ",")
		if got == "" {
			got = "-"
		}
		if got == want {
			rows[want].right++
		} else {
			wrong = append(wrong, fmt.Sprintf("%s\ttaken for %s\t%s", want, got, message))
		}
	}
	var b strings.Builder
	b.WriteString("language\tright\tof\n")
	for _, tag := range order {
		fmt.Fprintf(&b, "%s\t%d\t%d\n", tag, rows[tag].right, rows[tag].all)
	}
	for _, w := range wrong {
		b.WriteString(w + "\n")
	}
	golden(t, "testdata/confusion.golden", b.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; look at the difference and run with -update:\n%s", path, got)
	}
}

func TestLanguagesOfDisguisedText(t *testing.T) {
	for _, c := range []struct{ message, want string }{
		{"Wе аrе hiring pеоplе fоr оur оffiсе", "en"},          // Cyrillic а с е о
		{"𝐖𝐞 𝐚𝐫𝐞 𝐡𝐢𝐫𝐢𝐧𝐠 𝐩𝐞𝐨𝐩𝐥𝐞 𝐧𝐨𝐰", "en"},                     // mathematical bold
		{"Ｗｅ ａｒｅ ｈｉｒｉｎｇ ｐｅｏｐｌｅ", "en"},                         // full width
		{"we a\u200bre hir\u200bing peo\u200bple", "en"},       // zero width
		{"vie\u0323\u0302c nhe\u0323 lu\u031bo\u031bng", "vi"}, // decomposed
		{"高 薪 誠 聘 客 服", "zh-Hant"},
	} {
		if got := strings.Join(Languages(c.message), ","); got != c.want {
			t.Errorf("%q is taken for %q, want %q", c.message, got, c.want)
		}
	}
}

// Where nothing tells Malay from Indonesian, both are named.
func TestLanguagesThatShareTheirWords(t *testing.T) {
	got := Languages("gaji besar untuk semua pekerja")
	slices.Sort(got)
	if strings.Join(got, ",") != "id,ms" {
		t.Errorf("got %v, want id and ms", got)
	}
}

// Survey names every language that the message has words of, and no other.
func TestSurveyFindsTraces(t *testing.T) {
	for _, c := range []struct{ message, main, traces string }{
		{"we are hiring people for our office", "en", ""},
		{"we are hiring people for our new office in the city, sahod is 40k, thank you", "en", "tl"},
		{"bhai kaam nahi milega, jaldi karo", "hi", ""},
		{"海外で働きませんか、電話対応だけです", "ja", ""},
		{"柬埔寨招客服，包食宿", "zh-Hans", ""},
		{"กรุงเทพ หางานทำครับ ด่วนมาก เงินเดือนดี มีที่พักให้ฟรี 客", "th", "zh-Hans,zh-Hant"},
		{"waa 99 qq", "", ""},
	} {
		main, traces := Survey(c.message)
		if strings.Join(main, ",") != c.main || strings.Join(traces, ",") != c.traces {
			t.Errorf("Survey(%q) = %v, %v; want %q, %q", c.message, main, traces, c.main, c.traces)
		}
	}
}

func TestScripts(t *testing.T) {
	for _, c := range []struct{ message, want string }{
		{"", ""},
		{"123 $ 🔥", ""},
		{"Hello 世界", "Hani,Latn"},
		{"萬事如意 and good luck to all of you", "Latn,Hani"},
		{"ទៅ Bavet", "Latn,Khmr"},
		{"カンボジアで働く", "Kana,Hira,Hani"},
		{"a hundred and more letters of one kind, then หนึ่ง that is hardly worth naming at all in here", "Latn"},
	} {
		if got := strings.Join(Scripts(c.message), ","); got != c.want {
			t.Errorf("Scripts(%q) = %s, want %s", c.message, got, c.want)
		}
	}
}

func TestReadLanguagesRefuses(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"[[language]]\ntag='x'\nscripts=['Xxxx']", "no script"},
		{"[[language]]\ntag='x'\nscripts=['Hani']\nletters='一'", "beyond"},
		{strings.Repeat("[[language]]\ntag='x'\n", 65), "room"},
		{"[[language", "toml"},
	} {
		if _, err := readLanguages([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: error %v, want one with %q", c.file, err, c.want)
		}
	}
}
