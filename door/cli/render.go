package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"homeward/form/say"
	"homeward/know/hotline"
	"homeward/know/lure"
)

// render prints an assessment for a person at a terminal: the action first, the
// message with its signs numbered, what each number means and who published
// it, what to ask.
func (s *screening) render(name, text string, picture bool, a lure.Assessment) {
	lang := s.lang
	if lang == "" && len(a.Languages) > 0 {
		lang = a.Languages[0]
	}
	v, _ := say.Default().Negotiate(lang, "")
	colour := s.Terminal(s.Stdout) && s.Getenv("NO_COLOR") == ""
	p := printer{w: s.out, colour: colour}
	if name != "-" {
		fmt.Fprintf(s.out, "%s\n", clean(name))
	}
	level := a.Level.String()
	p.heading(v.Say("answer." + level))
	for _, k := range a.Kinds {
		fmt.Fprintln(s.out, v.Say("kind."+k))
	}
	switch a.Level {
	case lure.Plea:
		fmt.Fprintln(s.out, v.Say("answer.plea_3"))
		s.homeLines(&p, v)
		fmt.Fprintln(s.out)
		return
	case lure.Strong:
		fmt.Fprintln(s.out, v.Say("answer.strong_2"))
	case lure.Some:
		fmt.Fprintln(s.out, v.Say("answer.some_1"))
	case lure.Unclear:
		fmt.Fprintln(s.out, v.Say("answer.unclear_1"))
		fmt.Fprintln(s.out, v.Say("answer.unclear_2"))
	}
	if picture {
		p.heading(v.Say("answer.read_text"))
	} else {
		p.heading(v.Say("answer.words"))
	}
	order := p.message(text, a.Findings)
	if len(order) > 0 {
		p.heading(v.Say("answer.explained"))
	}
	packs := s.packs
	for i, id := range order {
		fmt.Fprintf(s.out, "[%d] %s\n", i+1, packs.Explanation(id, v.Tag))
		for _, src := range packs.Sources(id) {
			line := src.Body + ", " + src.Document
			if src.Date != "" {
				line += ", " + v.Date(src.Date)
			}
			if via := src.Via(); via != "" {
				line += " (" + via + ")"
			}
			fmt.Fprintf(s.out, "    %s %s\n", v.Say("answer.published"), line)
		}
	}
	s.list(&p, v.Say("answer.counter"), a.Counter, packs, v)
	if len(a.Missing) > 0 {
		p.heading(v.Say("answer.missing"))
		for _, m := range a.Missing {
			fmt.Fprintln(s.out, "- "+v.Say("missing."+m))
		}
	}
	if len(a.Questions) > 0 {
		p.heading(v.Say("answer.ask"))
		for _, q := range a.Questions {
			if t := packs.QuestionText(q.ID, v.Tag); t != "" {
				fmt.Fprintln(s.out, "- "+t)
			}
		}
	}
	fmt.Fprintln(s.out)
}

// homeLines prints the line that each country's own people call first. At a
// terminal nobody has said yet where the person is from.
func (s *screening) homeLines(p *printer, v *say.Voice) {
	p.heading(v.Say("number.head"))
	book := hotline.Default()
	for _, c := range book.Countries() {
		found := book.For(c.Code, hotline.Elsewhere, hotline.There, false)
		if c.Code == hotline.Elsewhere || len(found.Numbers) == 0 {
			continue
		}
		n := found.Numbers[0]
		name := n.Number.Native
		if name == "" {
			name = n.Number.Name
		}
		fmt.Fprintf(s.out, "- %s: %s  %s\n", c.Name(v.Tag), n.Print, name)
		for _, note := range n.Notes {
			note.Date = v.Date(note.Date)
			fmt.Fprintf(s.out, "    %s\n", book.NoteText(note, v.Tag))
		}
	}
	fmt.Fprintf(s.out, "\n%s\n", v.Say("number.none_hint"))
}

func (s *screening) list(p *printer, heading string, fs []lure.Finding, packs *lure.Packs, v *say.Voice) {
	if len(fs) == 0 {
		return
	}
	p.heading(heading)
	for _, f := range fs {
		fmt.Fprintf(s.out, "- %q %s\n", clean(f.Quote), packs.Explanation(f.Indicator, v.Tag))
	}
}

// printer writes to a terminal, or plain text where it is none.
type printer struct {
	w      io.Writer
	colour bool
}

func (p printer) heading(s string) {
	if p.colour {
		fmt.Fprintf(p.w, "\n\x1b[1m%s\x1b[0m\n", s)
		return
	}
	fmt.Fprintf(p.w, "\n%s\n", s)
}

// message prints the text with its signs underlined (or in brackets) and
// numbered, and gives the indicators in the order of their numbers.
func (p printer) message(text string, fs []lure.Finding) []string {
	var order []string
	number := func(id string) int {
		i := slices.Index(order, id)
		if i < 0 {
			order = append(order, id)
			i = len(order) - 1
		}
		return i + 1
	}
	at, last := 0, 0
	var b strings.Builder
	for _, f := range fs {
		if f.Role != lure.Sign && f.Role != lure.Method || f.Answer != "" {
			continue
		}
		n := number(f.Indicator)
		if f.Start < at { // it begins inside the sign before: only its number is added
			if n != last {
				fmt.Fprintf(&b, "[%d]", n)
			}
			last = n
			if f.End > at {
				b.WriteString(clean(text[at:f.End]))
				at = f.End
			}
			continue
		}
		b.WriteString(clean(text[at:f.Start]))
		if p.colour {
			fmt.Fprintf(&b, "\x1b[4;33m%s\x1b[0m[%d]", clean(f.Quote), n)
		} else {
			fmt.Fprintf(&b, "«%s»[%d]", clean(f.Quote), n)
		}
		at, last = f.End, n
	}
	b.WriteString(clean(text[at:]))
	fmt.Fprintln(p.w, strings.TrimRight(b.String(), "\n"))
	return order
}

// clean keeps a message from steering the terminal: control characters become
// a visible sign.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x61c || r == 0x2028 || r == 0x2029:
			return '·'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
