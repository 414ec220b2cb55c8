package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"

	"homeward/form/say"
	"homeward/know/person"
)

// matchRun runs the command on lists given as text.
func matchRun(t *testing.T, terminal bool, lists []string, args ...string) (code int, out, errs string) {
	t.Helper()
	dir := t.TempDir()
	for i, l := range lists {
		file := filepath.Join(dir, fmt.Sprintf("%d.csv", i))
		if err := os.WriteFile(file, []byte(l), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	var o, e bytes.Buffer
	code = Main(Env{
		Context: t.Context(), Args: append([]string{"match"}, args...), Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e,
		Getenv: func(string) string { return "" }, Now: time.Now, Terminal: func(w any) bool { return terminal && w == &e },
	})
	return code, o.String(), e.String()
}

// TestMatchBad: hostile cells end in an answer or a clear error, bounded, and
// cannot steer the terminal.
func TestMatchBad(t *testing.T) {
	long := strings.Repeat("黃", 10_000)
	for name, list := range map[string]string{
		"long":     "id,name\n1," + long + "\n2," + long + "\n",
		"emoji":    "id,name\n1,😀😀\n2,😀😀\n",
		"company":  "id,name\n1,Invented Trading Co Ltd\n2,Invented Trading Co Ltd\n",
		"control":  "id,name,phone\n\x1b[2J1,Testa \x1b[31mMadeup,0900000111\n2,Testa Madeup,0900000111\n",
		"no names": "id,name\n1,\n2,\n",
		"dates":    "id,name,birth_date\n1,Testa Madeup,1823-01-01\n2,Testa Madeup,2823-01-01\n3,Testa Madeup,not a date\n",
	} {
		code, out, errs := matchRun(t, false, []string{list}, "--all")
		if code != 0 {
			t.Errorf("%s: ended with %d: %s", name, code, errs)
		}
		if strings.Contains(out+errs, "\x1b") {
			t.Errorf("%s: a list can steer the terminal: %q", name, out)
		}
		if len(out) > 20_000 {
			t.Errorf("%s: %d bytes of answer", name, len(out))
		}
	}
}

func TestMatchBar(t *testing.T) {
	list := "id,name\n1,Testa Madeup\n2,Testa Madeup\n"
	if _, _, errs := matchRun(t, true, []string{list}, "--all"); !strings.Contains(errs, "100 %") {
		t.Errorf("no bar on a terminal: %q", errs)
	}
	if _, _, errs := matchRun(t, false, []string{list}, "--all"); strings.Contains(errs, "%") {
		t.Errorf("a bar in a file: %q", errs)
	}
}

// TestMatchTable: columns stand one under the other, whatever the script.
func TestMatchTable(t *testing.T) {
	lines := columnsOf([][]string{{"姓名", "x"}, {"abc", "y"}, {"ชื่อ", "z"}}, 1)
	for _, l := range lines {
		if got := uniseg.StringWidth(l[:len(l)-1]); got != 7 {
			t.Errorf("%q: the second column begins at %d", l, got)
		}
	}
	if got := shorten("黃測明黃測明", 5); got != "黃測…" {
		t.Errorf("shortened to %q", got)
	}
	for _, l := range wrap("one two three 四五六七八九十", 9) {
		if uniseg.StringWidth(l) > 9 {
			t.Errorf("a line of %d: %q", uniseg.StringWidth(l), l)
		}
	}
	if got := strings.Join(wrap(strings.Repeat("x", 30), 9), ""); len(got) != 30 {
		t.Errorf("a long word came out as %q", got)
	}
}

// TestVerdictsInChinese: every level of a verdict has words in 繁體中文, and
// sentences with names in them are understood.
func TestVerdictsInChinese(t *testing.T) {
	words := say.Desk("zh-Hant")
	for _, f := range person.DefaultWeights().Bits() {
		if !words.Has(f.Says) || !words.Has("field: "+f.Field) {
			t.Errorf("no words for %s: %s", f.Field, f.Says)
		}
	}
	for _, p := range verdictPhrases {
		if !words.Has(p) {
			t.Errorf("no words for %q", p)
		}
	}
	for in, want := range map[string]string{
		"黃測明 read as Cantonese: 黃 Wong, 測 Chak, 明 Ming": "黃測明 讀作粵語：黃 Wong, 測 Chak, 明 Ming",
		"民國87 = 1998, the same day":                     "民國87 = 1998，同一天",
		"something new":                                 "something new",
	} {
		if got := saidIn(words, in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := saidIn(say.Desk("en"), "the same day"); got != "the same day" {
		t.Errorf("English became %q", got)
	}
}

func TestJoinName(t *testing.T) {
	for _, c := range [][3]string{{"黃", "測明", "黃測明"}, {"Wong", "Chak Ming", "Wong, Chak Ming"}, {"", "Testa", "Testa"}, {"Madeup", "", "Madeup"}, {"", "", ""}} {
		if got := joinName(c[0], c[1]); got != c[2] {
			t.Errorf("%q + %q = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
