package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"homeward/know/lure"
)

// disguises are what senders do to words so that filters do not see them. Each
// is written here anew, from Unicode's names and blocks, not from the table
// that the normal form uses.
var disguises = []struct {
	name string
	do   func(string) string
}{
	{"zero-width characters", each(func(r rune) string {
		if unicode.IsLetter(r) {
			return string(r) + "\u200b"
		}
		return string(r)
	})},
	{"full-width Latin and digits", each(func(r rune) string {
		if r > ' ' && r < 0x7f {
			return string(r - '!' + '！')
		}
		return string(r)
	})},
	{"Cyrillic and Greek look-alikes", each(func(r rune) string {
		if l, ok := lookAlike[r]; ok {
			return string(l)
		}
		return string(r)
	})},
	{"mathematical bold", each(func(r rune) string {
		switch {
		case r >= 'a' && r <= 'z':
			return string(r - 'a' + 0x1D41A)
		case r >= 'A' && r <= 'Z':
			return string(r - 'A' + 0x1D400)
		}
		return string(r)
	})},
	{"spaced-out Han, Thai, Hangul", each(func(r rune) string {
		if unicode.In(r, unicode.Han, unicode.Thai, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Khmer, unicode.Myanmar) && unicode.IsLetter(r) {
			return string(r) + " "
		}
		return string(r)
	})},
	{"dots for spaces", func(s string) string { return strings.ReplaceAll(s, " ", ".") }},
	{"emoji between words", func(s string) string { return strings.ReplaceAll(s, " ", "🌟") }},
	{"Latin without marks", func(s string) string {
		s = strings.NewReplacer("đ", "d", "Đ", "D").Replace(s)
		return strings.Map(func(r rune) rune {
			if r >= 0x300 && r < 0x370 {
				return -1
			}
			return r
		}, norm.NFD.String(s))
	}},
}

var lookAlike = map[rune]rune{'a': 'а', 'c': 'с', 'e': 'е', 'o': 'о', 'p': 'р', 'x': 'х', 'y': 'у', 'i': 'і', 's': 'ѕ', 'j': 'ј', 'A': 'Α', 'B': 'Β', 'E': 'Ε', 'H': 'Η', 'I': 'Ι', 'K': 'Κ', 'M': 'Μ', 'N': 'Ν', 'O': 'Ο', 'P': 'Ρ', 'T': 'Τ', 'X': 'Χ'}

func each(f func(rune) string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, r := range s {
			b.WriteString(f(r))
		}
		return b.String()
	}
}

// disguised prints recall on the lures of all writers, plain and disguised.
func disguised(p *lure.Packs, root string) {
	files, _ := filepath.Glob(filepath.Join(root, "*", "*.jsonl"))
	slices.Sort(files)
	var lures []labelled
	for _, f := range files {
		for _, l := range read(f) {
			if l.Label == "lure" {
				lures = append(lures, l)
			}
		}
	}
	fmt.Printf("\n%-34s %22s %22s\n", "disguise, all lures", "some+", "strong")
	row := func(name string, do func(string) string) {
		var some, strong int
		for _, l := range lures {
			switch a := p.Screen(lure.Request{Text: do(l.Text), Answers: l.Answers}); a.Level {
			case lure.Strong:
				strong++
				some++
			case lure.Some:
				some++
			}
		}
		fmt.Printf("%-34s %22s %22s\n", name, share(some, len(lures)), share(strong, len(lures)))
	}
	row("plain", func(s string) string { return s })
	for _, d := range disguises {
		row(d.name, d.do)
	}
}
