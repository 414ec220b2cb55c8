// Command gen cuts the fonts that the program prints with out of Debian's
// packages and writes them to fonts. Run it after changing what a font is
// wanted for, and look at a printed page:
//
//	apt-get download fonts-noto-core fonts-droid-fallback fonts-nanum
//	for d in fonts-*.deb; do dpkg -x $d fonts-unpacked; done
//	FONTS=$PWD/fonts-unpacked/usr/share/fonts/truetype go generate ./form/paper
//
// It refuses a file other than the one these fonts were cut from, so that a
// change of fonts is one that somebody looked at.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/go-text/typesetting/font"

	"homeward/form/paper/truetype"
)

type span struct{ from, to rune }

// source is one font and what of it is wanted.
type source struct {
	name   string
	file   string
	sha256 string
	spans  []span // which characters; none means all, with the rules for shaping
}

var sources = []source{
	{"latin", "noto/NotoSans-Regular.ttf", "89c3c497f618fdaa0b2d1e98fef93582f28c71debd2c4a8cdf41f190ced2909d", nil},
	{"thai", "noto/NotoSansThai-Regular.ttf", "dfbd5ed0f1e68c3cbc51aa08f646d1ab0e68e7c4ceab70a69e465225ff701f93", nil},
	{"lao", "noto/NotoSansLao-Regular.ttf", "6c3de7db369e85cba20255d161eeeb3d934ea3c4c51e2574c2ddcce79a25025c", nil},
	{"khmer", "noto/NotoSansKhmer-Regular.ttf", "bc9a5e2afcee249849e409aabe6e22330c479b878ea3e59bf5e7c84482d7ee53", nil},
	{"myanmar", "noto/NotoSansMyanmar-Regular.ttf", "3fe9a4babc12081adc979e0313433e6ec85bb3ad069681c23ee8d8ea8b91332b", nil},
	{"han", "droid/DroidSansFallbackFull.ttf", "acb6440a713d880a13a21b468ba7cd43f5a2b2934972e51be791c880730777b8", []span{
		{0x2E80, 0x312F}, // radicals, marks, kana, bopomofo
		{0x31A0, 0x9FFF}, // more bopomofo, kana, enclosed letters, extension A, unified ideographs
		{0xF900, 0xFAFF}, // compatibility ideographs
		{0xFE30, 0xFE6F}, // marks for upright and small text
		{0xFF00, 0xFFEF}, // full and half width

	}},
	{"hangul", "nanum/NanumGothic.ttf", "48a28e97b34fc8e5b157657633670cd1b7de126cfc414da65ce9c3d5bc8be733", []span{{0x2160, 0x217F}, {0x3008, 0x3009}, {0x3130, 0x318F}, {0x3200, 0x33FF}, {0xAC00, 0xD7A3}}},
	{"arrows", "noto/NotoSansMath-Regular.ttf", "8242bd1e55368b27e32455260754cf9aa58f3ad7ea80664b66c21f1b09910d6c", []span{{0x2190, 0x22FF}}},
	{"circled", "noto/NotoSansSymbols-Regular.ttf", "24b615ceb7d50a2c09060664ca9e24a160c9beb6bfca0563e8359369a4bc0993", []span{{0x2460, 0x24FF}}},
	{"signs", "noto/NotoSansSymbols2-Regular.ttf", "876598db5f1e3bef2bc77c4d94c5b0d5d2c1620be4878a06f18fb5434e331688", []span{{0x2500, 0x257F}, {0x25A0, 0x25FF}, {0x2600, 0x2775}}},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	dir := flag.String("fonts", "", "folder with droid, nanum and noto in it")
	out := flag.String("o", "fonts", "folder to write to")
	flag.Parse()
	if *dir == "" {
		log.Fatal("-fonts is missing: give the folder into which the packages were unpacked")
	}
	total := 0
	for _, s := range sources {
		n, err := cut(s, *dir, *out)
		if err != nil {
			log.Fatalf("%s: %v", s.name, err)
		}
		total += n
	}
	fmt.Println("all", total)
}

func cut(s source, dir, out string) (int, error) {
	file, err := os.ReadFile(filepath.Join(dir, s.file))
	if err != nil {
		return 0, err
	}
	if sum := sha256.Sum256(file); hex.EncodeToString(sum[:]) != s.sha256 {
		return 0, fmt.Errorf("%s is another file than the one that was looked at: its SHA-256 is %x", s.file, sum)
	}
	face, err := font.ParseTTF(bytes.NewReader(file))
	if err != nil {
		return 0, err
	}
	f, err := truetype.Parse(file)
	if err != nil {
		return 0, err
	}
	small, err := subset(s, face, f)
	if err != nil {
		return 0, err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := z.Write(small); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	fmt.Printf("%s: %d bytes, cut to %d, packed %d\n", s.name, len(file), len(small), packed.Len())
	return packed.Len(), os.WriteFile(filepath.Join(out, s.name+".ttf.gz"), packed.Bytes(), 0o644)
}

func subset(s source, face *font.Face, f *truetype.Font) ([]byte, error) {
	chars := make(map[rune]uint16)
	var want []uint16
	for it := face.Cmap.Iter(); it.Next(); {
		r, g := it.Char()
		if s.wants(r) && g != 0 {
			chars[r] = uint16(g)
			want = append(want, uint16(g))
		}
	}
	cmap := map[string][]byte{"cmap": truetype.Cmap(chars)}
	if len(s.spans) > 0 {
		return f.Subset(want, nil, cmap)
	}
	for g := range f.Glyphs {
		want = append(want, uint16(g))
	}
	return f.Subset(want, []string{"GDEF", "GSUB", "GPOS"}, cmap)
}

func (s source) wants(r rune) bool {
	if len(s.spans) == 0 {
		return true
	}
	for _, p := range s.spans {
		if r >= p.from && r <= p.to {
			return true
		}
	}
	return false
}
