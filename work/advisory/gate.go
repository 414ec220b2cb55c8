package advisory

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/know/text"
)

// Levels of wording, from the least that is claimed to the most.
const (
	Says    = "says"    // one person's word, and said to be that
	Several = "several" // according to several
	Fact    = "fact"    // plain fact
)

// Levels lists them.
var Levels = []string{Says, Several, Fact}

// Kinds of evidence. Two origins of one kind can be wrong in the same way.
var Kinds = []string{"testimony", "document", "picture", "medical record", "financial trace", "official record", "press"}

// States a claim can stand in, by what is behind it. Nobody sets them.
const (
	Note         = "note"
	Allegation   = "allegation"
	Corroborated = "corroborated"
	Established  = "established"
	Disputed     = "disputed"
	Retracted    = "retracted"
)

// Evidence is something behind a claim, or against it.
type Evidence struct {
	Case   string `json:"case,omitempty"` // and its line; or
	Line   int64  `json:"line,omitempty"`
	Source string `json:"source,omitempty"` // something outside: an address, a document
	// Origin is whose word or trace it goes back to in the end. Who repeats it is no
	// second origin: an embassy that passes on what police said has police as origin.
	Origin      string `json:"origin"`
	Kind        string `json:"kind"`
	Grade       string `json:"grade,omitempty"`     // source and information, as B2
	Withdrawn   bool   `json:"withdrawn,omitempty"` // taken back by whoever said it
	Answered    bool   `json:"answered,omitempty"`  // of what speaks against it: looked into, and it does not stand
	Consent     string `json:"consent,omitempty"`   // of the person, to media: given, missing
	Unavailable bool   `json:"-"`                   // nobody could look at the line now
}

// Counsel is a lawyer's sign-off.
type Counsel struct {
	Name string `json:"name,omitempty"`
	Day  string `json:"day,omitempty"` // YYYY-MM-DD
}

// Claim is one sentence of a warning that says how the world is.
type Claim struct {
	Text          string     `json:"text"` // as it stands in the warning
	Level         string     `json:"level"`
	Who           string     `json:"who,omitempty"` // to whom the sentence gives it: a former worker
	Official      bool       `json:"official,omitempty"`
	Counsel       Counsel    `json:"counsel,omitzero"`
	Extraordinary bool       `json:"extraordinary,omitempty"` // or medical
	For           []Evidence `json:"for,omitempty"`
	Against       []Evidence `json:"against,omitempty"`
	Wrong         string     `json:"wrong"`             // what would show that it is wrong
	Context       string     `json:"context,omitempty"` // what else belongs to it
	Other         string     `json:"other,omitempty"`   // the other side, as it stands in the warning
}

// Judged is a claim with what the gate makes of it.
type Judged struct {
	Claim
	State     string
	Retracted bool // by its source
	Origins   int
	Kinds     int
	Against   int // origins that speak against it and are not answered
	Ungraded  bool
	Single    bool // its wording needs more than is behind it
	// Fixed are refusals that nobody can override, Wording those that two members can:
	// English sentences of the catalogue.
	Fixed, Wording []string
}

// Said is where the claim stands, in words: state; retracted by its source; context.
func (j Judged) Said() string {
	out := []string{j.State}
	if j.Retracted && j.State != Retracted {
		out = append(out, "retracted by its source")
	}
	if j.Context != "" {
		out = append(out, j.Context)
	}
	return strings.Join(out, "; ")
}

// Verdict is what the gate says of a warning.
type Verdict struct {
	Claims         []Judged
	Fixed, Wording []string
	Uncovered      []string // sentences that no claim speaks for: for members to look at
}

// Judge holds a warning to the gate. It is a pure function.
func Judge(c Content, today time.Time) Verdict {
	var v Verdict
	fixed := func(bad bool, why string) {
		if bad {
			v.Fixed = append(v.Fixed, why)
		}
	}
	fixed(strings.TrimSpace(c.Title) == "", "It has no title.")
	fixed(strings.TrimSpace(c.Body) == "", "It has no text.")
	fixed(strings.TrimSpace(c.Author) == "", "It names no author, and no pen name.")
	fixed(strings.TrimSpace(c.Risk) == "", "Nobody has written down who could be harmed by it.")
	fixed(len(c.Claims) == 0, "No claim says what it rests on.")
	whole := squashed(c.Title + "\n" + c.Body + "\n" + c.Call)
	for _, cl := range c.Claims {
		v.Claims = append(v.Claims, judge(cl, whole, today))
	}
	covered := ""
	for _, cl := range c.Claims {
		covered += squashed(cl.Text) + "\n" + squashed(cl.Other) + "\n"
	}
	for _, s := range sentences(c.Body) {
		if q := squashed(s); q != "" && !strings.Contains(covered, q) {
			v.Uncovered = append(v.Uncovered, s)
		}
	}
	return v
}

// Refusals gives every refusal of the warning and of its claims.
func (v Verdict) Refusals() (fixed, wording []string) {
	fixed, wording = slices.Clone(v.Fixed), slices.Clone(v.Wording)
	for _, j := range v.Claims {
		for _, why := range j.Fixed {
			if !slices.Contains(fixed, why) {
				fixed = append(fixed, why)
			}
		}
		for _, why := range j.Wording {
			if !slices.Contains(wording, why) {
				wording = append(wording, why)
			}
		}
	}
	return fixed, wording
}

func judge(c Claim, text string, today time.Time) Judged {
	j := Judged{Claim: c}
	standing := slices.DeleteFunc(slices.Clone(c.For), func(e Evidence) bool { return e.Withdrawn })
	open := slices.DeleteFunc(slices.Clone(c.Against), func(e Evidence) bool { return e.Answered || e.Withdrawn })
	groups := origins(standing)
	j.Origins, j.Against = len(groups), len(origins(open))
	j.Kinds = len(kinds(standing))
	j.Retracted = len(standing) < len(c.For)
	good := slices.DeleteFunc(slices.Clone(standing), func(e Evidence) bool { i := information(e); return i < 1 || i > 2 })
	proven := len(origins(good)) >= 2 && len(kinds(good)) >= 2
	clinical := slices.ContainsFunc(standing, func(e Evidence) bool { return e.Kind == "medical record" })
	if c.Extraordinary {
		proven = proven && clinical
	}
	switch {
	case j.Against > 0:
		j.State = Disputed
	case j.Retracted && j.Origins == 0:
		j.State = Retracted
	case j.Retracted:
		j.State = Disputed
	case j.Origins == 0:
		j.State = Note
	case proven:
		j.State = Established
	case j.Origins >= 2:
		j.State = Corroborated
	default:
		j.State = Allegation
	}
	j.refuse(text, today, standing, proven, clinical)
	return j
}

func (j *Judged) refuse(text string, today time.Time, standing []Evidence, proven, clinical bool) {
	fixed := func(bad bool, why string) {
		if bad {
			j.Fixed = append(j.Fixed, why)
		}
	}
	wording := func(bad bool, why string) {
		if bad {
			j.Wording = append(j.Wording, why)
		}
	}
	stands := func(s string) bool { q := squashed(s); return q != "" && strings.Contains(text, q) }
	contested := j.State == Disputed || j.Retracted
	fixed(!slices.Contains(Levels, j.Level), "A claim does not say how sure it is.")
	fixed(!stands(j.Text), "A claim does not stand in the warning as it is written in the claim.")
	fixed(len(j.For) == 0, "Nothing is behind a claim.")
	fixed(strings.TrimSpace(j.Wrong) == "", "Nobody has written down what would show that a claim is wrong.")
	fixed((contested || j.Context != "") && (!stands(j.Other) || squashed(j.Other) == squashed(j.Text)),
		"The text tells only one side of a claim that is disputed, taken back, or needs its context. Put the other side into it.")
	if j.Official {
		day, err := time.Parse("2006-01-02", j.Counsel.Day)
		fixed(strings.TrimSpace(j.Counsel.Name) == "" || err != nil || day.After(today),
			"A named official is accused, and no lawyer has signed it off by name and date.")
	}
	switch j.Level {
	case Says:
		fixed(strings.TrimSpace(j.Who) == "" || !strings.Contains(squashed(j.Text), squashed(j.Who)), "One person's word must be given as that: the sentence must say who says it.")
		for _, e := range standing {
			wording(e.Case != "" && e.Consent != "given", "The person whose word it is has not agreed to media.")
			g := grade(e)
			wording(g > 3, "One person's word is graded below C3.")
			j.Ungraded = j.Ungraded || g == 0
		}
	case Several:
		wording(j.Origins < 2, "“According to several” needs two origins that do not repeat each other.")
	case Fact:
		fixed(contested, "What is disputed or was taken back cannot be stated as plain fact.")
		wording(j.Origins < 2, "One source cannot be stated as fact: say who says it.")
		wording(j.Origins >= 2 && !proven, "A plain fact needs two origins of two kinds, each with information graded 1 or 2.")
		wording(j.Extraordinary && !clinical, "A medical or extraordinary claim needs a clinician's record.")
	}
	slices.Sort(j.Wording)
	j.Wording = slices.Compact(j.Wording)
	j.Single = len(j.Wording) > 0
}

// origins groups evidence by where it comes from in the end: the same origin, the same
// line of a case, or the same outside source are one, whoever repeats them.
func origins(all []Evidence) (groups [][]Evidence) {
	of := make([]int, len(all))
	for i := range of {
		of[i] = i
	}
	for i, a := range all {
		for k := range i {
			b := all[k]
			same := squashed(a.Origin) == squashed(b.Origin) ||
				a.Case != "" && a.Case == b.Case && a.Line == b.Line ||
				a.Source != "" && squashed(a.Source) == squashed(b.Source)
			if same && of[i] != of[k] {
				from, to := of[i], of[k]
				for n := range of {
					if of[n] == from {
						of[n] = to
					}
				}
			}
		}
	}
	for g := range all {
		var one []Evidence
		for i := range all {
			if of[i] == g {
				one = append(one, all[i])
			}
		}
		if one != nil {
			groups = append(groups, one)
		}
	}
	return groups
}

func kinds(all []Evidence) (out []string) {
	for _, e := range all {
		if !slices.Contains(out, e.Kind) {
			out = append(out, e.Kind)
		}
	}
	return out
}

// information is the grade of the information by itself, 1 to 5; 0 where it cannot be
// judged or was not graded.
func information(e Evidence) int {
	if len(e.Grade) != 2 {
		return 0
	}
	n, err := strconv.Atoi(e.Grade[1:])
	if err != nil || n > 5 {
		return 0
	}
	return n
}

// grade is the worse of source and information, A and 1 being 1; 0 where either cannot
// be judged.
func grade(e Evidence) int {
	n := information(e)
	if n == 0 || e.Grade[0] < 'A' || e.Grade[0] > 'E' {
		return 0
	}
	return max(n, int(e.Grade[0]-'A')+1)
}

// ParseEvidence reads evidence as a form gives it, one a line:
//
//	case ABCDEF/12 | the man himself | testimony
//	https://example.invalid/1 | police | official record | B3 | withdrawn
//
// The last columns may be left out. A case's grade comes from the case.
func ParseEvidence(s string) (out []Evidence, err error) {
	for _, l := range strings.Split(s, "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		parts := strings.Split(l, "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if len(parts) < 3 || len(parts) > 6 || parts[0] == "" || parts[1] == "" || len(out) == 40 || len(l) > 2000 {
			return nil, &Invalid{Field: "evidence", Why: "choice"}
		}
		e := Evidence{Source: parts[0], Origin: parts[1], Kind: strings.ToLower(parts[2])}
		if !slices.Contains(Kinds, e.Kind) {
			return nil, &Invalid{Field: "evidence", Why: "choice"}
		}
		if rest, ok := strings.CutPrefix(e.Source, "case "); ok {
			id, n, _ := strings.Cut(rest, "/")
			e.Source, e.Case = "", strings.ToUpper(strings.TrimSpace(id))
			if e.Line, err = strconv.ParseInt(strings.TrimSpace(n), 10, 64); err != nil || e.Line < 1 || e.Case == "" {
				return nil, &Invalid{Field: "evidence", Why: "choice"}
			}
		}
		for _, p := range parts[3:] {
			switch p := strings.ToUpper(p); {
			case p == "":
			case p == "WITHDRAWN":
				e.Withdrawn = true
			case p == "ANSWERED":
				e.Answered = true
			case len(p) == 2 && p[0] >= 'A' && p[0] <= 'F' && p[1] >= '1' && p[1] <= '6':
				e.Grade = p
			default:
				return nil, &Invalid{Field: "evidence", Why: "choice"}
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// Written is evidence as ParseEvidence reads it.
func Written(all []Evidence) string {
	var b strings.Builder
	for _, e := range all {
		first := e.Source
		if e.Case != "" {
			first = "case " + e.Case + "/" + strconv.FormatInt(e.Line, 10)
		}
		parts := []string{first, e.Origin, e.Kind}
		if e.Case == "" && e.Grade != "" {
			parts = append(parts, e.Grade)
		}
		if e.Withdrawn {
			parts = append(parts, "withdrawn")
		}
		if e.Answered {
			parts = append(parts, "answered")
		}
		b.WriteString(strings.Join(parts, " | ") + "\n")
	}
	return b.String()
}

// squashed is a text's letters and digits in normal form, and nothing else.
func squashed(s string) string {
	return strings.Map(func(r rune) rune {
		if text.Letter(r) {
			return r
		}
		return -1
	}, text.Normalize(s).Text)
}

// sentences cuts a text at its full stops and lines.
func sentences(s string) (out []string) {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(".!?。！？\n", r) }) {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}
