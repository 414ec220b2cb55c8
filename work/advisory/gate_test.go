package advisory

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func content(claims ...Claim) Content {
	c := Content{Lang: "en", Title: "Offers that end in a compound", Author: "the desk", Risk: "nobody is named", Claims: claims}
	for _, cl := range claims {
		c.Body += cl.Text + "\n" + cl.Other + "\n"
	}
	return c
}

func evidence(t *testing.T, s string) []Evidence {
	t.Helper()
	e, err := ParseEvidence(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return e
}

// disputed is the case of 2022 as notes/law-and-evidence.md §7 tells it, in roles.
func disputed(t *testing.T) Claim {
	return Claim{
		Text: "A man was drained of blood.", Level: Fact, Wrong: "a clinician's record that explains his state otherwise",
		Extraordinary: true,
		For: evidence(t, `https://example.invalid/embassy-of-12-february | the man himself | testimony | C3 | withdrawn
https://example.invalid/certificate | the doctor | medical record | D4 | withdrawn
https://example.invalid/interview | the man himself | press | C3 | withdrawn`),
		Against: evidence(t, `https://example.invalid/police-of-28-february | police | official record | F6
https://example.invalid/embassy-of-28-february | police | official record | F6`),
		Context: "rescuer convicted in proceedings others criticise",
	}
}

// TestTheCaseOf2022 is the fixture that the gate was made for.
func TestTheCaseOf2022(t *testing.T) {
	c := disputed(t)
	v := Judge(content(c), day)
	j := v.Claims[0]
	if want := "disputed; retracted by its source; rescuer convicted in proceedings others criticise"; j.Said() != want {
		t.Errorf("it stands at %q, want %q", j.Said(), want)
	}
	if j.Against != 1 {
		t.Errorf("police and the embassy that repeats them count as %d origins", j.Against)
	}
	if !slices.Contains(j.Fixed, "What is disputed or was taken back cannot be stated as plain fact.") {
		t.Errorf("it reaches plain fact: %v", j.Fixed)
	}
	half := "The text tells only one side of a claim that is disputed, taken back, or needs its context. Put the other side into it."
	if !slices.Contains(j.Fixed, half) {
		t.Errorf("a text that gives only the first half passes: %v", j.Fixed)
	}
	// The wording that passes: whose word it is, and the other side.
	c.Text, c.Who, c.Level = "A man said that he had been drained of blood.", "A man", Says
	c.Other = "Police call that invented; he took it back while he was being prosecuted, and the rescuer was convicted in proceedings that others criticise."
	j = Judge(content(c), day).Claims[0]
	if len(j.Fixed) > 0 || j.State != Disputed {
		t.Errorf("both sides, as one person's word: %v, %s", j.Fixed, j.State)
	}
	// Without its other half in the body it is refused again, whatever else is filled in.
	one := content(c)
	one.Body = c.Text
	if !slices.Contains(Judge(one, day).Claims[0].Fixed, half) {
		t.Error("the other side may stand in the form and not in the text")
	}
	// Nothing that was added for it makes a plain fact of it while somebody contradicts.
	c = disputed(t)
	c.For = append(c.For, evidence(t, "https://example.invalid/a | a nurse | medical record | A1\nhttps://example.invalid/b | a guard | testimony | A1")...)
	if j = Judge(content(c), day).Claims[0]; j.State != Disputed || len(j.Fixed) == 0 {
		t.Errorf("contradicted all the same: %s %v", j.State, j.Fixed)
	}
}

func TestGate(t *testing.T) {
	base := func(level string, evid string) Claim {
		return Claim{Text: "A former worker says that passports are taken.", Who: "a former worker", Level: level, Wrong: "a passport that was given back", For: evidence(t, evid)}
	}
	const one, two = "https://example.invalid/1 | a former worker | testimony | B2", "https://example.invalid/2 | the airport's camera | picture | B2"
	for _, c := range []struct {
		name           string
		claim          Claim
		state          string
		fixed, wording string // a word of it; "" is none
	}{
		{"one person's word", base(Says, one), Allegation, "", ""},
		{"one person's word, not said to be theirs", func() Claim { c := base(Says, one); c.Who = "a guard"; return c }(), Allegation, "must say who says it", ""},
		{"one person's word, graded low", base(Says, "https://example.invalid/1 | a | testimony | D2"), Allegation, "", "below C3"},
		{"one person's word, ungraded", base(Says, "https://example.invalid/1 | a | testimony"), Allegation, "", ""},
		{"several, but one", base(Several, one), Allegation, "", "two origins"},
		{"several, but one repeats the other", base(Several, one+"\nhttps://example.invalid/9 | A Former  WORKER | press | B2"), Allegation, "", "two origins"},
		{"several", base(Several, one+"\n"+two), Established, "", ""},
		{"fact, one source", base(Fact, one), Allegation, "", "One source cannot"},
		{"fact, two of one kind", base(Fact, one+"\nhttps://example.invalid/2 | another worker | testimony | B2"), Corroborated, "", "two kinds"},
		{"fact, graded too low", base(Fact, one+"\nhttps://example.invalid/2 | a camera | picture | B3"), Corroborated, "", "two kinds"},
		{"fact", base(Fact, one+"\n"+two), Established, "", ""},
		{"fact, contradicted", func() Claim {
			c := base(Fact, one+"\n"+two)
			c.Against, c.Other = evidence(t, "https://example.invalid/3 | police | official record"), "Police deny it."
			return c
		}(), Disputed, "cannot be stated as plain fact", ""},
		{"fact, contradicted and answered", func() Claim {
			c := base(Fact, one+"\n"+two)
			c.Against = evidence(t, "https://example.invalid/3 | police | official record | answered")
			return c
		}(), Established, "", ""},
		{"medical, without a clinician", func() Claim { c := base(Fact, one+"\n"+two); c.Extraordinary = true; return c }(), Corroborated, "", "clinician"},
		{"medical, with one", func() Claim {
			c := base(Fact, one+"\nhttps://example.invalid/2 | a clinic | medical record | B1")
			c.Extraordinary = true
			return c
		}(), Established, "", ""},
		{"an official, nobody signed", func() Claim { c := base(Says, one); c.Official = true; return c }(), Allegation, "no lawyer", ""},
		{"an official, signed tomorrow", func() Claim {
			c := base(Says, one)
			c.Official, c.Counsel = true, Counsel{"Invented & Partners", "2026-05-05"}
			return c
		}(), Allegation, "no lawyer", ""},
		{"an official, signed", func() Claim {
			c := base(Says, one)
			c.Official, c.Counsel = true, Counsel{"Invented & Partners", "2026-05-03"}
			return c
		}(), Allegation, "", ""},
		{"nothing behind it", base(Says, ""), Note, "Nothing is behind", ""},
		{"nothing that would show it wrong", func() Claim { c := base(Says, one); c.Wrong = " "; return c }(), Allegation, "would show", ""},
		{"of a case, not agreed", func() Claim {
			c := base(Says, "case ABCDEF/3 | the man himself | testimony")
			c.For[0].Consent = "missing"
			return c
		}(), Allegation, "", "not agreed to media"},
		{"taken back, nothing else", base(Says, one+" | withdrawn"), Retracted, "only one side", ""},
	} {
		j := Judge(content(c.claim), day).Claims[0]
		if j.State != c.state {
			t.Errorf("%s: %s, want %s", c.name, j.State, c.state)
		}
		for _, x := range []struct {
			what string
			got  []string
			want string
		}{{"fixed", j.Fixed, c.fixed}, {"wording", j.Wording, c.wording}} {
			all := strings.Join(x.got, " ")
			if x.want == "" && all != "" || !strings.Contains(all, x.want) {
				t.Errorf("%s: %s refusals %q, want %q", c.name, x.what, all, x.want)
			}
		}
	}
	c := content(base(Says, one))
	c.Body = "It says something else."
	if v := Judge(c, day); len(v.Claims[0].Fixed) != 1 || len(v.Uncovered) != 1 {
		t.Errorf("a claim that does not stand in the text: %+v", v)
	}
	if v := Judge(Content{}, day); len(v.Fixed) != 5 {
		t.Errorf("an empty warning: %v", v.Fixed)
	}
}

func TestWrittenEvidence(t *testing.T) {
	const s = "case ABCDEF/12 | himself | testimony\nhttps://example.invalid | police | official record | B3 | withdrawn | answered\n"
	if got := Written(evidence(t, s)); got != s {
		t.Errorf("%q", got)
	}
	for _, bad := range []string{"x", "x | y", "x | y | rumour", "case ABC | y | press", "case /3 | y | press", "case A/0 | y | press", "x | y | press | Z9", " | y | press", "x | | press", strings.Repeat("x", 3000) + " | y | press"} {
		if _, err := ParseEvidence(bad); err == nil {
			t.Errorf("%.40q is taken", bad)
		}
	}
}

func FuzzEvidence(f *testing.F) {
	f.Add("case ABCDEF/12 | himself | testimony\nhttps://example.invalid | police | official record | B3 | withdrawn")
	f.Fuzz(func(t *testing.T, s string) {
		all, err := ParseEvidence(s)
		if err != nil {
			return
		}
		again, err := ParseEvidence(Written(all))
		if err != nil || len(again) != len(all) {
			t.Fatalf("%q is not read again: %v", Written(all), err)
		}
		if n := len(origins(all)); n > len(all) || n == 0 && len(all) > 0 {
			t.Fatalf("%d origins of %d", n, len(all))
		}
	})
}
