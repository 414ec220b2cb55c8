package hotline

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/answers.txt anew")

// TestAnswers keeps a page that people can read and argue with: who gets what.
func TestAnswers(t *testing.T) {
	var out bytes.Buffer
	out.WriteString("# Who is shown what. home here situation: numbers | gaps. Written by go test -update.\n")
	out.WriteString("# CN* says that the person chose that nationality; (TW) that a number works only inside TW, (?) that nobody knows.\n")
	for _, home := range strings.Fields("TW HK CN CN* MY SG TH VN PH ID IN KR ZZ") {
		code, chose := strings.CutSuffix(home, "*")
		for _, here := range []string{"home", "TH", "KH", "MM"} {
			place := here
			if here == "home" {
				place = code
			}
			if here == code {
				continue
			}
			fmt.Fprintf(&out, "\n%s in %s\n", home, place)
			for _, s := range Situations {
				fmt.Fprintf(&out, "  %-8s %s\n", s, line(For(code, place, s, chose)))
			}
		}
	}
	const name = "testdata/answers.txt"
	if *update {
		if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("%s differs from the rule; read the change, then go test -update\n%s", name, out.String())
	}
}

func line(a Answer) string {
	var b strings.Builder
	for _, s := range a.Numbers {
		b.WriteString(s.Print)
		for _, n := range s.Notes {
			switch n.Key {
			case "only_inside":
				b.WriteString(" (" + n.Place + ")")
			case "reach_unsure":
				b.WriteString(" (?)")
			}
		}
		b.WriteString(", ")
	}
	text := strings.TrimSuffix(b.String(), ", ")
	if text == "" {
		text = "-"
	}
	for _, g := range a.Gaps {
		text += fmt.Sprintf(" | %s %s", g.Reason, g.Territory)
	}
	return text
}
