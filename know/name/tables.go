package name

import (
	_ "embed"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

//go:generate go run ./gen -o readings.tsv

var (
	//go:embed readings.tsv
	readingsTSV string // made by gen from Unihan
	//go:embed surnames.tsv
	surnamesTSV string // ours
	//go:embed given.tsv
	givenTSV string // ours
	//go:embed hokkien.txt
	hokkienText string // ours
	//go:embed hakka.txt
	hakkaText string // ours
	//go:embed common.tsv
	commonTSV string // ours
	//go:embed vietnamese.txt
	vietnameseText string // ours
	//go:embed western.txt
	westernText string // ours
)

// Version names the state of tables and rules. Keys and bits of different
// versions are not to be compared: whoever stores keys makes them anew when it
// changes.
const Version = "names-2"

// character is a family of characters that are the same in a name.
type character struct {
	char       rune
	mandarin   []string // with tone: huang2
	cantonese  []string
	korean     []rune
	vietnamese []string
	given      float32 // log2 of its share among the characters of given names
	givenProb  float64 // that share
	index      int32
	sounds     []uint16 // its Mandarin and Cantonese readings without tone, numbered
}

// way is one spelling of a character or surname, with the log2 of its
// probability in that system.
type way struct {
	text string
	sys  System
	p    float32
	mask uint32 // which letters it has
}

// maskOf gives the set of letters of a word, a bit each.
func maskOf(s string) uint32 {
	var m uint32
	for i := range len(s) {
		m |= 1 << (s[i] & 31)
	}
	return m
}

// surname is a line of surnames.tsv, or a character that has none.
type surname struct {
	text  string
	share float32 // log2 of its share among people
	prob  float64 // that share
	ways  []way
	index int32
	prior [systems]float32 // log2 P(system | this surname)
}

// post says that a character is written so.
type post struct {
	index int32
	sys   System
	p     float32 // log2 P(spelling | character, system)
	prob  float64 // the same probability, not as a logarithm
}

// syllable is what is known of a spelling without knowing the character.
type syllable struct {
	given, family [systems]float32 // log2 P(spelling | system)
	asGiven       []post
	asFamily      []post
	anyGiven      float32 // the greatest of given, each with its system's share
	anyFamily     float32 // the same of family
	id            uint16  // its place in the sorted lexicon, from 1
}

type tables struct {
	chars    map[rune]*character // by every form
	list     []*character
	surnames map[string]*surname // simplified
	families []*surname
	lexicon  map[string]*syllable
	spelt    []string // the lexicon in order; spelt[id-1]
	western  map[string]bool
	common   map[string]float32 // bits of words that very many bear
	spelled  map[string]string  // another spelling of one of those
	hok, hak map[rune][]string

	mu   sync.RWMutex
	ways map[rune][]way
	syl  map[string][]spelling
	sur  map[string]*surname
	rows [rowKinds]map[rowKey]*row
	cls  map[clsKey]classes

	joints [1 << 12]atomic.Pointer[joint] // of pairs that were asked for lately
}

var never = float32(math.Inf(-1))

// impossible is added where a log probability must stay finite.
const impossible = -60

var load = sync.OnceValue(func() *tables {
	t := &tables{chars: map[rune]*character{}, surnames: map[string]*surname{}, lexicon: map[string]*syllable{}, western: map[string]bool{}, common: map[string]float32{}, spelled: map[string]string{}, ways: map[rune][]way{}, syl: map[string][]spelling{}, sur: map[string]*surname{}, rows: [rowKinds]map[rowKey]*row{{}, {}, {}}, cls: map[clsKey]classes{}}
	for _, w := range strings.Fields(westernText) {
		t.western[w] = true
	}
	t.readCommon()
	t.readCharacters()
	t.addVariants()
	t.addVietnamese()
	t.hok, t.hak = t.readSyllables(hokkienText), t.readSyllables(hakkaText)
	t.spread(t.hok)
	t.spread(t.hak)
	t.readGiven()
	t.readSurnames()
	t.fillLexicon()
	return t
})

func (t *tables) readCommon() {
	for _, f := range lines(commonTSV) {
		t.common[f[0]] = float32(number(f[1]))
		for _, other := range f[2:] {
			for _, o := range strings.Fields(other) {
				t.spelled[o] = f[0]
			}
		}
	}
}

func lines(s string) [][]string {
	var out [][]string
	for l := range strings.Lines(s) {
		if l = strings.TrimRight(l, "\n"); l != "" && l[0] != '#' {
			out = append(out, strings.Split(l, "\t"))
		}
	}
	return out
}

func number(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("name: a number in the tables is none: " + s) // found by the first test
	}
	return f
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// byPrint is the share of a character in given names where given.tsv does not
// say: of 100,000, by how common it is in print.
var byPrint = [...]float64{0, 14, 7, 3.5, 1.6, .8, .03}

func (t *tables) readCharacters() {
	all := lines(readingsTSV)
	numbers := map[string]uint16{}
	sound := func(c *character, language string, readings []string) {
		for _, r := range readings {
			key := language + r[:len(r)-1]
			if numbers[key] == 0 {
				numbers[key] = uint16(len(numbers) + 1)
			}
			if !slices.Contains(c.sounds, numbers[key]) {
				c.sounds = append(c.sounds, numbers[key])
			}
		}
	}
	t.list = make([]*character, 0, len(all))
	for _, f := range all {
		r := []rune(f[0])[0]
		c := &character{char: r, mandarin: list(f[2]), cantonese: list(f[3]), vietnamese: list(f[5]), index: int32(len(t.list))}
		for _, k := range list(f[4]) {
			c.korean = append(c.korean, []rune(k)[0])
		}
		c.given = float32(byPrint[int(f[6][0]-'0')])
		sound(c, "m", c.mandarin)
		sound(c, "c", c.cantonese)
		t.list = append(t.list, c)
		t.chars[r] = c
		for _, o := range f[1] {
			t.chars[o] = c
		}
	}
}

// variants are forms of one character in names that Unihan does not join: the
// first of each row stands for all.
var variants = strings.Fields("净淨凈 岳嶽 产産 颜顔 崎﨑 曹曺 裴裵 涂凃")

func (t *tables) addVariants() {
	for _, row := range variants {
		r := []rune(row)
		for _, o := range r[1:] {
			if c := t.chars[o]; c != nil {
				t.chars[r[0]].given = max(t.chars[r[0]].given, c.given)
			}
			t.chars[o] = t.chars[r[0]]
		}
	}
}

func (t *tables) addVietnamese() {
	for _, f := range lines(vietnameseText) {
		for _, w := range strings.Fields(f[0]) {
			r, size := utf8.DecodeRuneInString(w)
			if c := t.chars[r]; c != nil && len(c.vietnamese) == 0 {
				c.vietnamese = []string{w[size:]}
			}
		}
	}
}

func (t *tables) readSyllables(text string) map[rune][]string {
	out := map[rune][]string{}
	for _, f := range lines(text) {
		for _, r := range f[1] {
			h := t.fold(r)
			if !slices.Contains(out[h], f[0]) {
				out[h] = append(out[h], f[0])
			}
		}
	}
	return out
}

// spread gives a character that a southern table lacks the readings of those
// which sound like it in Mandarin and in Cantonese: what is alike there was
// mostly alike in their common ancestor, and so is in the south. With tone
// where a listed character has the same, otherwise without.
func (t *tables) spread(m map[rune][]string) {
	sound := func(c *character, tone bool) string {
		if len(c.mandarin) == 0 || len(c.cantonese) == 0 {
			return ""
		}
		a, b := c.mandarin[0], c.cantonese[0]
		if !tone {
			a, b = strings.TrimRight(a, "12345"), strings.TrimRight(b, "123456")
		}
		return a + "/" + b
	}
	for _, tone := range []bool{true, false} {
		by := map[string][]string{}
		for _, c := range t.list {
			k := sound(c, tone)
			for _, r := range m[c.char] {
				if k != "" && !slices.Contains(by[k], r) {
					by[k] = append(by[k], r)
				}
			}
		}
		for _, c := range t.list {
			if r := by[sound(c, tone)]; len(m[c.char]) == 0 && len(r) > 0 && float64(c.given) > byPrint[6] {
				m[c.char] = r
			}
		}
	}
}

// fold gives the form of a character that all its variants share.
func (t *tables) fold(r rune) rune {
	if c := t.chars[r]; c != nil {
		return c.char
	}
	return r
}

func (t *tables) readGiven() {
	for _, f := range lines(givenTSV) {
		share := float32(number(f[0]))
		for _, r := range f[1] {
			if c := t.chars[r]; c != nil {
				c.given = max(c.given, share)
			}
		}
	}
	var sum float64
	for _, c := range t.list {
		sum += float64(c.given)
	}
	for _, c := range t.list {
		c.givenProb = float64(c.given) / sum
		c.given = log2(c.givenProb)
	}
}

// fieldSystems says which systems a field of surnames.tsv speaks of, and how
// much of what is written there comes from the list rather than from the rules.
var fieldSystems = map[string][]struct {
	sys    System
	listed float64
}{
	"m": {{WadeGiles, .4}, {Taiwan, .5}},
	"c": {{HongKong, .3}, {Malaya, .6}, {Macau, .4}},
	"h": {{Hokkien, 1}},
	"t": {{Teochew, 1}},
	"k": {{Hakka, 1}},
	"n": {{Hainan, 1}},
	"v": {{Vietnamese, .9}},
	"r": {{Korean, .9}},
}

func (t *tables) readSurnames() {
	for _, f := range lines(surnamesTSV) {
		var text strings.Builder
		for _, r := range f[0] {
			text.WriteRune(t.fold(r))
		}
		s := &surname{text: text.String(), share: log2(number(f[1]) / 10000), prob: number(f[1]) / 10000}
		readings := map[string][]string{}
		listed := map[System][]spelling{}
		for _, field := range f[2:] {
			key, value, _ := strings.Cut(field, ":")
			if key == "p" || key == "j" {
				readings[key] = list(value)
				continue
			}
			for _, fs := range fieldSystems[key] {
				for i, v := range list(value) {
					listed[fs.sys] = append(listed[fs.sys], spelling{v, fs.listed / float64(i+1)})
				}
			}
		}
		t.fillSurname(s, readings, listed)
		s.settle()
		t.addSurname(s)
	}
}

func (t *tables) addSurname(s *surname) {
	if t.surnames[s.text] != nil {
		return
	}
	s.index = int32(len(t.families))
	t.families = append(t.families, s)
	t.surnames[s.text] = s
}

func (t *tables) fillSurname(s *surname, readings map[string][]string, listed map[System][]spelling) {
	runes := []rune(s.text)
	for sys := range systems {
		made := []spelling{{"", 1}}
		for i, r := range runes {
			made = top(cross(made, t.systemWays(r, sys, syllables(readings["p"], i, len(runes)), syllables(readings["j"], i, len(runes)))), 12)
		}
		var weight float64
		for _, fs := range fieldSystems {
			for _, x := range fs {
				if x.sys == sys && len(listed[sys]) > 0 {
					weight = x.listed
				}
			}
		}
		if len(made) == 0 {
			weight = 1
		}
		var sum float64
		for _, l := range listed[sys] {
			sum += l.share
		}
		mix := map[string]float64{}
		for _, l := range listed[sys] {
			mix[l.text] += weight * l.share / sum
		}
		for _, m := range made {
			mix[m.text] += (1 - weight) * m.share
		}
		for text, p := range mix {
			if p > 1e-4 && text != "" {
				s.ways = append(s.ways, way{text, sys, log2(p), maskOf(text)})
			}
		}
	}
	sortWays(s.ways)
}

// syllables picks the readings of one character out of those of a surname:
// "zhu1ge3" of 诸葛.
func syllables(readings []string, i, n int) []string {
	if n == 1 {
		return readings
	}
	var out []string
	for _, r := range readings {
		var parts []string
		from := 0
		for k := range len(r) {
			if r[k] >= '1' && r[k] <= '6' {
				parts = append(parts, r[from:k+1])
				from = k + 1
			}
		}
		if len(parts) == n {
			out = append(out, parts[i])
		}
	}
	return out
}

func sortWays(w []way) {
	slices.SortFunc(w, func(a, b way) int {
		if c := strings.Compare(a.text, b.text); c != 0 {
			return c
		}
		return int(a.sys) - int(b.sys)
	})
}

// top keeps the likeliest n.
func top(s []spelling, n int) []spelling {
	if len(s) <= n {
		return s
	}
	slices.SortFunc(s, func(a, b spelling) int {
		switch {
		case a.share > b.share:
			return -1
		case a.share < b.share:
			return 1
		}
		return strings.Compare(a.text, b.text)
	})
	return s[:n]
}

// systemWays are the spellings of one character in one system; pinyin and
// jyutping, when given, stand instead of what the tables say.
func (t *tables) systemWays(r rune, sys System, pinyin, jyutping []string) []spelling {
	c := t.chars[r]
	if c == nil {
		if sys == Korean && isHangul(r) {
			return t.mix([]string{string(r)}, Korean)
		}
		return nil
	}
	if pinyin == nil {
		pinyin = c.mandarin
	}
	if jyutping == nil {
		jyutping = c.cantonese
	}
	switch sys {
	case Pinyin, WadeGiles, Tongyong, Taiwan:
		return t.mix(pinyin, sys)
	case HongKong, Macau, Malaya, Jyutping:
		return t.mix(jyutping, sys)
	case Hokkien, Teochew:
		return t.mix(t.hok[c.char], sys)
	case Hakka:
		return t.mix(t.hak[c.char], sys)
	case Korean:
		var k []string
		for _, h := range c.korean {
			k = append(k, string(h))
		}
		return t.mix(k, sys)
	case Vietnamese:
		return t.mix(c.vietnamese, sys)
	}
	return nil
}

// readingShare is how a character's readings share its uses: the first is the
// usual one. Hokkien lists its readings in no order.
func readingShare(sys System, i, n int) float64 {
	if n == 1 {
		return 1
	}
	if sys == Hokkien || sys == Teochew || sys == Hakka {
		return 1 / float64(n)
	}
	if i == 0 {
		return .88
	}
	return .12 / float64(n-1)
}

func (t *tables) mix(readings []string, sys System) []spelling {
	var out []spelling
	for i, r := range readings {
		for _, s := range t.syllableWays(r, sys) {
			out = append(out, spelling{s.text, s.share * readingShare(sys, i, len(readings))})
		}
	}
	return out
}

// syllableWays are the spellings of a reading; they are made once.
func (t *tables) syllableWays(r string, sys System) []spelling {
	key := string(rune('A'+sys)) + r
	t.mu.RLock()
	w, ok := t.syl[key]
	t.mu.RUnlock()
	if ok {
		return w
	}
	bare, tone := r, byte('5')
	if n := len(r) - 1; n > 0 && r[n] >= '1' && r[n] <= '6' {
		bare, tone = r[:n], r[n]
	}
	switch sys {
	case Pinyin:
		w = pinyinWays(bare)
	case WadeGiles:
		w = wade(bare)
	case Tongyong:
		w = tongyong(bare)
	case Taiwan:
		w = taiwan(bare, tone)
	case HongKong:
		w = hongKong.spell(bare)
	case Macau:
		w = macau.spell(bare)
	case Malaya:
		w = malaya.spell(bare)
	case Jyutping:
		w = jyutpingWays(bare)
	case Hokkien, Teochew:
		w = hokkien(bare)
	case Hakka:
		w = one(bare)
	case Korean:
		w = korean([]rune(bare)[0])
	case Vietnamese:
		w = plainVietnamese(bare)
	}
	w = normal(w)
	t.mu.Lock()
	t.syl[key] = w
	t.mu.Unlock()
	return w
}

// normal joins equal spellings and makes the shares add up to one.
func normal(w []spelling) []spelling {
	var out []spelling
	var sum float64
	for _, s := range w {
		if s.text == "" || s.share <= 0 {
			continue
		}
		sum += s.share
		i := slices.IndexFunc(out, func(o spelling) bool { return o.text == s.text })
		if i < 0 {
			out = append(out, s)
			continue
		}
		out[i].share += s.share
	}
	for i := range out {
		out[i].share /= sum
	}
	return out
}

// givenWays are all spellings of a character in a given name.
func (t *tables) givenWays(r rune) []way {
	t.mu.RLock()
	w, ok := t.ways[r]
	t.mu.RUnlock()
	if ok {
		return w
	}
	for sys := range systems {
		for _, s := range normal(t.systemWays(r, sys, nil, nil)) {
			if s.share > 5e-4 {
				w = append(w, way{s.text, sys, log2(s.share), maskOf(s.text)})
			}
		}
	}
	sortWays(w)
	t.mu.Lock()
	if len(t.ways) < 1<<16 { // there are no more characters than that
		t.ways[r] = w
	}
	t.mu.Unlock()
	return w
}

// surnameOf gives the surname that these characters are; a character that is
// in no list is a rare one.
func (t *tables) surnameOf(text string) *surname {
	if s := t.surnames[text]; s != nil {
		return s
	}
	r := []rune(text)
	if len(r) != 1 {
		return nil
	}
	t.mu.RLock()
	s := t.sur[text]
	t.mu.RUnlock()
	if s != nil {
		return s
	}
	s = &surname{text: text, share: log2(.2 / 10000), index: -1}
	if isHangul(r[0]) {
		t.hangulSurname(s, r[0])
	} else {
		t.fillSurname(s, nil, nil)
	}
	s.settle()
	t.mu.Lock()
	if len(t.sur) < 1<<16 {
		t.sur[text] = s
	}
	t.mu.Unlock()
	return s
}

// settle finds in which systems a surname is likely to be met: a 金 is more
// often a Korean than the share of Koreans says.
func (s *surname) settle() {
	var p [systems]float64
	var sum float64
	for sys := range systems {
		pop := math.Exp2(float64(s.share))
		if m := uneven[sys]; m != nil {
			here := 0.
			for _, w := range s.ways {
				if w.sys == sys && w.p > -3 {
					here = max(here, m[w.text])
				}
			}
			if here > 0 {
				pop = here
			} else {
				pop = min(pop, .003)
			}
		}
		p[sys] = systemInfo[sys].share * pop
		sum += p[sys]
	}
	for sys := range systems {
		s.prior[sys] = log2(p[sys] / sum)
	}
}

func isHangul(r rune) bool { return r >= 0xAC00 && r <= 0xD7A3 }

// hangulSurname gives a surname written in hangul the spellings of the Chinese
// surnames that are read so: 이 those of 李.
func (t *tables) hangulSurname(s *surname, r rune) {
	seen := map[string]float32{}
	for _, w := range normal(t.mix([]string{string(r)}, Korean)) {
		seen[w.text] = log2(w.share) - 2
	}
	s.share = log2(1. / 10000)
	for _, f := range t.families {
		chars := []rune(f.text)
		c := t.chars[chars[0]]
		if len(chars) != 1 || c == nil {
			continue
		}
		same := slices.Contains(c.korean, r)
		for _, k := range c.korean { // 李 is 리 in the north, 이 in the south
			same = same || southern(k) == r
		}
		if !same {
			continue
		}
		s.share = max(s.share, f.share)
		for _, w := range f.ways {
			if w.sys == Korean {
				if p, ok := seen[w.text]; !ok || w.p > p {
					seen[w.text] = w.p
				}
			}
		}
	}
	for text, p := range seen {
		s.ways = append(s.ways, way{text, Korean, min(p, -.1), maskOf(text)})
	}
	sortWays(s.ways)
}

// southern applies the South Korean law of first sounds to a syllable.
func southern(k rune) rune {
	if !isHangul(k) {
		return k
	}
	n := int(k - 0xAC00)
	initial, vowel := n/588, n%588/28
	soft := vowel == 2 || vowel == 3 || vowel == 6 || vowel == 7 || vowel == 12 || vowel == 17 || vowel == 20
	switch {
	case initial == 5 && soft, initial == 2 && soft:
		return k + rune((11-initial)*588)
	case initial == 5:
		return k + rune((2-5)*588)
	}
	return k
}

// Surnames are dealt out very unevenly in Korea and Vietnam, and so are the
// middle names Văn and Thị: what we know of China would make Nguyễn a rare name.
// Shares of the population, rounded, from general knowledge of both censuses.
var uneven = map[System]map[string]float64{
	Vietnamese: {"nguyen": .38, "tran": .11, "le": .095, "pham": .07, "huynh": .03, "hoang": .03, "phan": .045, "vu": .02, "vo": .02, "dang": .021, "bui": .02, "do": .014, "ho": .013, "ngo": .013, "duong": .01, "ly": .005},
	Korean:     {"kim": .21, "lee": .12, "yi": .02, "park": .08, "choi": .045, "jung": .025, "jeong": .012, "chung": .008, "kang": .022, "cho": .018, "jo": .008, "yoon": .015, "jang": .015, "chang": .005, "lim": .012, "han": .014, "oh": .014, "seo": .014, "shin": .014, "kwon": .013, "hwang": .013, "song": .013, "yoo": .01, "hong": .01},
}

var unevenGiven = map[System]map[string]float64{
	Vietnamese: {"thi": .14, "van": .10},
}

// fillLexicon turns the tables round: what does a spelling stand for, and how
// usual is it in each system?
func (t *tables) fillLexicon() {
	type sums struct{ given, family [systems]float64 }
	total := map[string]*sums{}
	get := func(s string) (*syllable, *sums) {
		l := t.lexicon[s]
		if l == nil {
			l = &syllable{}
			t.lexicon[s] = l
			total[s] = &sums{}
		}
		return l, total[s]
	}
	for _, c := range t.list {
		if c.given < -19 {
			continue // too rare in names to say what a spelling stands for
		}
		p := math.Exp2(float64(c.given))
		for _, w := range t.givenWays(c.char) {
			l, s := get(w.text)
			s.given[w.sys] += p * math.Exp2(float64(w.p))
			l.asGiven = append(l.asGiven, post{c.index, w.sys, w.p, math.Exp2(float64(w.p))})
		}
	}
	for _, f := range t.families {
		p := math.Exp2(float64(f.share))
		for _, w := range f.ways {
			l, s := get(w.text)
			s.family[w.sys] += p * math.Exp2(float64(w.p))
			l.asFamily = append(l.asFamily, post{f.index, w.sys, w.p, math.Exp2(float64(w.p))})
		}
	}
	for sys, m := range uneven {
		for text, p := range m {
			_, s := get(text)
			s.family[sys] = p
		}
	}
	for sys, m := range unevenGiven {
		for text, p := range m {
			_, s := get(text)
			s.given[sys] = p
		}
	}
	for text := range t.lexicon {
		t.spelt = append(t.spelt, text)
	}
	slices.Sort(t.spelt)
	for i, text := range t.spelt {
		t.lexicon[text].id = uint16(i + 1)
	}
	for text, l := range t.lexicon {
		s := total[text]
		for sys := range systems {
			l.given[sys], l.family[sys] = never, never
			if s.given[sys] > 0 {
				l.given[sys] = log2(s.given[sys])
			}
			if s.family[sys] > 0 {
				l.family[sys] = log2(s.family[sys])
			}
		}
		l.anyGiven, l.anyFamily = never, never
		for sys := range systems {
			l.anyGiven = max(l.anyGiven, l.given[sys]+shareOf[sys])
			l.anyFamily = max(l.anyFamily, l.family[sys]+shareOf[sys])
		}
	}
}
