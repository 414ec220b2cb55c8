package main

import (
	"bufio"
	"compress/bzip2"
	"encoding/json"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// end is one past the last code point that has an entry of its own. What lies
// beyond (tags, variation selectors, private use) is decided in one line each.
const end = 0x323B0

// ucd is what the rules need of the Unicode Character Database.
type ucd struct {
	version     string
	name        map[rune]string
	category    map[rune]string // gc
	ccc         map[rune]int
	digit       map[rune]int    // Nd
	number      map[rune]string // numeric value as written
	script      map[rune]string // ISO 15924
	grapheme    map[rune]string // Grapheme_Cluster_Break, absent: Other
	picto       map[rune]bool   // Extended_Pictographic
	modifier    map[rune]bool   // Emoji_Modifier
	ignorable   map[rune]bool   // Default_Ignorable_Code_Point
	space       map[rune]bool   // White_Space
	maybe       map[rune]bool   // NFC_Quick_Check=Maybe
	head        map[rune]bool   // first of two that compose (UAX #15)
	ideograph   map[rune]rune   // Equivalent_Unified_Ideograph
	simplified  map[rune][]rune // kSimplifiedVariant
	traditional map[rune][]rune // kTraditionalVariant
}

func readUCD(dir string) *ucd {
	u := &ucd{
		name: map[rune]string{}, category: map[rune]string{}, ccc: map[rune]int{}, digit: map[rune]int{},
		number: map[rune]string{}, script: map[rune]string{}, grapheme: map[rune]string{}, picto: map[rune]bool{},
		modifier: map[rune]bool{}, ignorable: map[rune]bool{}, space: map[rune]bool{}, maybe: map[rune]bool{}, head: map[rune]bool{},
		ideograph: map[rune]rune{}, simplified: map[rune][]rune{}, traditional: map[rune][]rune{},
	}
	u.readUnicodeData(dir)
	codes := map[string]string{}
	fields(dir, "PropertyValueAliases.txt", func(f []string) {
		if f[0] == "sc" {
			codes[f[2]] = f[1]
		}
	})
	property(dir, "Scripts.txt", "", func(r rune, v string) { u.script[r] = codes[v] })
	property(dir, "auxiliary/GraphemeBreakProperty.txt", "", func(r rune, v string) { u.grapheme[r] = v })
	property(dir, "emoji/emoji-data.txt", "Extended_Pictographic", func(r rune, _ string) { u.picto[r] = true })
	property(dir, "emoji/emoji-data.txt", "Emoji_Modifier", func(r rune, _ string) { u.modifier[r] = true })
	property(dir, "DerivedCoreProperties.txt", "Default_Ignorable_Code_Point", func(r rune, _ string) { u.ignorable[r] = true })
	property(dir, "PropList.txt", "White_Space", func(r rune, _ string) { u.space[r] = true })
	fields(dir, "DerivedNormalizationProps.txt", func(f []string) {
		if len(f) == 3 && f[1] == "NFC_QC" && f[2] == "M" {
			each(f[0], func(r rune) { u.maybe[r] = true })
		}
	})
	fields(dir, "EquivalentUnifiedIdeograph.txt", func(f []string) {
		each(f[0], func(r rune) { u.ideograph[r] = code(f[1]) })
	})
	u.readVariants(dir)
	return u
}

func (u *ucd) readUnicodeData(dir string) {
	var first rune
	fields(dir, "UnicodeData.txt", func(f []string) {
		r := code(f[0])
		lo := r
		if strings.HasSuffix(f[1], ", First>") {
			first = r
			return
		}
		if strings.HasSuffix(f[1], ", Last>") {
			lo = first
		}
		for c := lo; c <= r; c++ {
			u.name[c], u.category[c] = f[1], f[2]
		}
		if n, _ := strconv.Atoi(f[3]); n != 0 {
			u.ccc[r] = n
		}
		if f[6] != "" {
			u.digit[r] = int(f[6][0] - '0')
		}
		u.number[r] = f[8]
		if d := strings.Fields(f[5]); len(d) == 2 && d[0][0] != '<' && norm.NFC.IsNormalString(string(r)) {
			u.head[code(d[0])] = true
		}
	})
	for r := rune(0x1100); r <= 0x1112; r++ { // Hangul composes by rule
		u.head[r] = true
	}
	for r := rune(0xAC00); r <= 0xD7A3; r += 28 {
		u.head[r] = true
	}
	for _, line := range lines(dir, "Scripts.txt") {
		if m := regexp.MustCompile(`Scripts-([0-9.]+)\.txt`).FindStringSubmatch(line); m != nil {
			u.version = m[1]
			break
		}
	}
}

// readVariants reads Unihan (UAX #38): a field may list several characters,
// each perhaps followed by "<source".
func (u *ucd) readVariants(dir string) {
	for _, line := range lines(dir, "Unihan_Variants.txt") {
		f := strings.Split(line, "\t")
		if len(f) != 3 || line[0] == '#' {
			continue
		}
		into := map[string]map[rune][]rune{"kSimplifiedVariant": u.simplified, "kTraditionalVariant": u.traditional}[f[1]]
		if into == nil {
			continue
		}
		r := code(f[0][2:])
		for _, v := range strings.Fields(f[2]) {
			v, _, _ = strings.Cut(v, "<")
			into[r] = append(into[r], code(v[2:]))
		}
	}
}

// readConfusables reads the prototype of each character.
func readConfusables(path string) map[rune]string {
	data, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var m map[string]string
	if err := json.Unmarshal(data, &m); err != nil {
		log.Fatalf("%s: %v", path, err)
	}
	out := map[rune]string{}
	for k, v := range m {
		if r := []rune(k); len(r) == 1 {
			out[r[0]] = v
		}
	}
	return out
}

// property calls set for each code point of the file whose second field is
// want, or for all where want is empty.
func property(dir, file, want string, set func(r rune, value string)) {
	fields(dir, file, func(f []string) {
		if want == "" || f[1] == want {
			each(f[0], func(r rune) { set(r, f[1]) })
		}
	})
}

func each(span string, do func(rune)) {
	a, b, found := strings.Cut(span, "..")
	if !found {
		b = a
	}
	for r := code(a); r <= code(b); r++ {
		do(r)
	}
}

func fields(dir, file string, do func([]string)) {
	for _, line := range lines(dir, file) {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		f := strings.Split(line, ";")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		do(f)
	}
}

// lines reads a file, or the same compressed by bzip2.
func lines(dir, file string) []string {
	path := filepath.Join(dir, file)
	var in io.Reader
	f, err := os.Open(path)
	if err == nil {
		in = f
	} else if f, err = os.Open(path + ".bz2"); err == nil {
		in = bzip2.NewReader(f)
	} else {
		log.Fatal(err)
	}
	defer f.Close()
	var out []string
	s := bufio.NewScanner(in)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		out = append(out, s.Text())
	}
	if err := s.Err(); err != nil {
		log.Fatalf("%s: %v", path, err)
	}
	return out
}

func code(hex string) rune {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		log.Fatalf("code point %q: %v", hex, err)
	}
	return rune(n)
}
