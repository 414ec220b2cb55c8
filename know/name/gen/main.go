// Command gen writes readings.tsv, the table of how a Chinese character is
// read, from the Unihan database as published by Unicode:
//
//	apt-get install unicode-data
//	go generate ./know/name
//
// One line a family of characters that are the same in a name: the simplified
// form, the other forms, its Mandarin, Cantonese, Korean and Vietnamese
// readings (first the most usual), and how common it is in print (1 to 6).
package main

import (
	"bufio"
	"compress/bzip2"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// rare is the frequency of a character that Unihan's kFrequency, 1 to 5, does
// not name.
const rare = 6

type character struct {
	mandarin, cantonese, korean, vietnamese []string
	frequency                               int
	simplified, variants                    []rune
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	dir := flag.String("unicode", "/usr/share/unicode", "folder with Unihan_Readings.txt.bz2 and its sisters")
	out := flag.String("o", "readings.tsv", "file to write")
	flag.Parse()
	all := map[rune]*character{}
	for _, name := range []string{"Readings", "Variants", "DictionaryLikeData"} {
		if err := read(filepath.Join(*dir, "Unihan_"+name+".txt.bz2"), all); err != nil {
			log.Fatal(err)
		}
	}
	text, lines := table(all)
	if err := os.WriteFile(*out, []byte(text), 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%s: %d families, %d bytes", *out, lines, len(text))
}

func read(path string, all map[rune]*character) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: install Debian's package unicode-data, or give its folder with -unicode", err)
	}
	defer f.Close()
	sc := bufio.NewScanner(bzip2.NewReader(io.Reader(f)))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		part := strings.Split(sc.Text(), "\t")
		if len(part) != 3 || !strings.HasPrefix(part[0], "U+") {
			continue
		}
		r, err := strconv.ParseInt(part[0][2:], 16, 32)
		if err != nil {
			return fmt.Errorf("%s: %q: %w", path, part[0], err)
		}
		c := all[rune(r)]
		if c == nil {
			c = &character{frequency: rare}
			all[rune(r)] = c
		}
		c.take(part[1], part[2])
	}
	return sc.Err()
}

func (c *character) take(property, value string) {
	switch property {
	case "kMandarin":
		c.mandarin = append(strings.Fields(value), c.mandarin...)
	case "kXHC1983", "kTGHZ2013": // "0110.090:céng 1446.020:zēng"
		for _, v := range strings.Fields(value) {
			_, sounds, _ := strings.Cut(v, ":")
			c.mandarin = append(c.mandarin, strings.Split(sounds, ",")...)
		}
	case "kCantonese":
		c.cantonese = strings.Fields(value)
	case "kHangul": // "명:0E"
		for _, v := range strings.Fields(value) {
			sound, _, _ := strings.Cut(v, ":")
			c.korean = append(c.korean, sound)
		}
	case "kVietnamese":
		c.vietnamese = strings.Fields(value)
	case "kFrequency":
		c.frequency, _ = strconv.Atoi(value)
	case "kSimplifiedVariant":
		c.simplified = runes(value)
	case "kSemanticVariant", "kZVariant":
		c.variants = append(c.variants, runes(value)...)
	}
}

// runes reads "U+4E00<kLau U+4E01".
func runes(value string) []rune {
	var out []rune
	for _, v := range strings.Fields(value) {
		v, _, _ = strings.Cut(v, "<")
		if r, err := strconv.ParseInt(strings.TrimPrefix(v, "U+"), 16, 32); err == nil {
			out = append(out, rune(r))
		}
	}
	return out
}

// simple is the simplified form of r. Where Unicode names r among several (乾 is
// simplified to 干 and also stays), r counts as it stands; where it names others
// beside the usual one (蘭 is 兰, and rarely a form outside the basic plane), the
// commonest that is read alike counts.
func simple(r rune, all map[rune]*character) rune {
	c := all[r]
	if c == nil || slices.Contains(c.simplified, r) {
		return r
	}
	best := r
	for _, s := range c.simplified {
		o := all[s]
		if o == nil || s > 0xFFFF && len(c.simplified) > 1 || len(c.simplified) > 1 && !alike(c, o) {
			continue
		}
		if best == r || commoner(s, best, all) {
			best = s
		}
	}
	return best
}

// home is the character under which r is listed: its simplified form, or that
// of a commoner variant that is read alike.
func home(r rune, all map[rune]*character) rune {
	s := simple(r, all)
	best := s
	for _, from := range []rune{r, s} {
		c := all[from]
		if c == nil {
			continue
		}
		for _, v := range c.variants {
			o := all[v]
			if o == nil || !alike(c, o) || r != s && from == r {
				continue
			}
			w := simple(v, all)
			if commoner(w, best, all) {
				best = w
			}
		}
	}
	return best
}

func alike(a, b *character) bool {
	return len(a.mandarin) > 0 && len(b.mandarin) > 0 && a.mandarin[0] == b.mandarin[0] &&
		(len(a.cantonese) == 0 || len(b.cantonese) == 0 || a.cantonese[0] == b.cantonese[0])
}

func commoner(a, b rune, all map[rune]*character) bool {
	fa, fb := rare, rare
	if c := all[a]; c != nil {
		fa = c.frequency
	}
	if c := all[b]; c != nil {
		fb = c.frequency
	}
	if fa != fb {
		return fa < fb
	}
	return a < b
}

func table(all map[rune]*character) (string, int) {
	families := map[rune][]rune{}
	for r := range all {
		if len(all[r].mandarin) == 0 && len(all[r].cantonese) == 0 {
			continue
		}
		h := home(r, all)
		for range 4 { // a variant of a variant
			if n := home(h, all); n != h {
				h = n
			}
		}
		families[h] = append(families[h], r)
	}
	var b strings.Builder
	b.WriteString("# Made by go generate ./know/name from Unihan (Unicode License). Do not edit.\n")
	for _, h := range slices.Sorted(maps.Keys(families)) {
		members := families[h]
		// The commonest form first: its readings lead.
		slices.SortFunc(members, func(x, y rune) int {
			if d := all[x].frequency - all[y].frequency; d != 0 {
				return d
			}
			return int(x - y)
		})
		var m, c, k, v []string
		f := rare
		var others strings.Builder
		for _, r := range members {
			x := all[r]
			m = append(m, x.mandarin...)
			c = append(c, x.cantonese...)
			k = append(k, x.korean...)
			v = append(v, x.vietnamese...)
			f = min(f, x.frequency)
			if r != h {
				others.WriteRune(r)
			}
		}
		fmt.Fprintf(&b, "%c\t%s\t%s\t%s\t%s\t%s\t%d\n", h, others.String(), join(m, numbered), join(c, strings.ToLower), join(k, norm.NFC.String), join(v, norm.NFC.String), f)
	}
	return b.String(), len(families)
}

// join writes up to four different readings.
func join(list []string, as func(string) string) string {
	var out []string
	for _, s := range list {
		if s = as(s); s != "" && !slices.Contains(out, s) && len(out) < 4 {
			out = append(out, s)
		}
	}
	return strings.Join(out, ",")
}

// numbered turns "huáng" into "huang2"; ü becomes v.
func numbered(s string) string {
	tone := '5'
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch r {
		case '\u0304':
			tone = '1'
		case '\u0301':
			tone = '2'
		case '\u030c':
			tone = '3'
		case '\u0300':
			tone = '4'
		case '\u0308': // diaeresis: u before it was ü
			t := b.String()
			b.Reset()
			b.WriteString(strings.TrimSuffix(t, "u") + "v")
		default:
			if r >= 'a' && r <= 'z' {
				b.WriteRune(r)
			}
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + string(tone)
}
