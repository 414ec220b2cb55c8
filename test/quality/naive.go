package main

import (
	"slices"
	"strings"

	"homeward/know/name"
)

// baselines are the naive ways to compare a name in characters with one in
// letters: exactly, and pinyin in letters by Jaro-Winkler, as it stands and with
// the words in any order. The pinyin is that of the program's own tables, first
// reading, so the words differ a little from other libraries'.
func baselines() []method {
	return []method{
		{"exact", func(p namePair) float64 {
			if p.A == p.B {
				return 1
			}
			return 0
		}},
		{"pinyin + Jaro-Winkler", func(p namePair) float64 {
			return jaroWinkler(strings.Join(pinyinOf(p.A), ""), letters(p.B))
		}},
		{"the same, words in any order", func(p namePair) float64 {
			syllables := pinyinOf(p.A)
			best := 0.
			words := strings.FieldsFunc(p.B, func(r rune) bool { return r == ' ' || r == ',' })
			for _, order := range orders(words) {
				best = max(best, jaroWinkler(strings.Join(syllables, ""), letters(strings.Join(order, ""))))
			}
			return best
		}},
	}
}

func pinyinOf(han string) []string { return name.PinyinOf(han) }

func letters(s string) string { return name.Plain(s) }

// orders are the words in every order, of at most four.
func orders(words []string) [][]string {
	if len(words) > 4 {
		return [][]string{words}
	}
	if len(words) <= 1 {
		return [][]string{words}
	}
	var out [][]string
	for i := range words {
		rest := append(slices.Clone(words[:i]), words[i+1:]...)
		for _, o := range orders(rest) {
			out = append(out, append([]string{words[i]}, o...))
		}
	}
	return out
}

// jaroWinkler is the similarity of Winkler (1990) with a prefix of four and a
// weight of .1.
func jaroWinkler(a, b string) float64 {
	if a == "" || b == "" {
		return 0
	}
	window := max(max(len(a), len(b))/2-1, 0)
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	same := 0
	for i := range len(a) {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if !usedB[j] && a[i] == b[j] {
				usedA[i], usedB[j] = true, true
				same++
				break
			}
		}
	}
	if same == 0 {
		return 0
	}
	turned, j := 0, 0
	for i := range len(a) {
		if !usedA[i] {
			continue
		}
		for !usedB[j] {
			j++
		}
		if a[i] != b[j] {
			turned++
		}
		j++
	}
	m := float64(same)
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(turned)/2)/m) / 3
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*.1*(1-jaro)
}
