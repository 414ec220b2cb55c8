package name

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Name is a name as it was written, taken apart in all ways that make sense. It
// is a pure function of the text and of the tables, so it can be made anew at
// any time; make it once and compare it often.
type Name struct {
	Text  string // as it was given, in NFC; cut where it is longer than any name
	Notes []Note // what was not read, and what the name does not look like
	forms []*form
}

// Note says something about a name that whoever reads a result should know.
type Note string

// The notes a name can carry.
const (
	Empty   Note = "there is no name"
	TooLong Note = "only the first 200 characters were read"
	Many    Note = "more than eight words: the rest was not read"
	Company Note = "this looks like the name of a company"
	Wordy   Note = "there are digits or signs in it that names do not have"
)

// form is one writing of a name: most have one, "黃小明 (Peter Wong)" has two.
type form struct {
	text   string
	han    *han
	tokens []token // of a name in letters
	words  []word  // the same for names of any kind
	kin    int     // index of the first word of a father's name, or len(words)
	sex    byte    // m or f, where a word of the name says it: bin, binti, Singh, Kaur
	rank   string  // Jr, Sr, III
	other  bool    // a word in it is of a name that is not Chinese
	nick   bool    // Ah Ming: nothing but a nickname
	marked bool    // some words have Vietnamese marks

	once   sync.Once // guards what is made of tokens when first asked for
	made   *latin
	zhOnce sync.Once
	isZh   bool
}

// latin takes the letters apart as a Chinese name; most names of other kinds
// never need it.
func (f *form) latin(t *tables) *latin {
	f.once.Do(func() { f.made = t.readLatin(f.tokens) })
	return f.made
}

// word is one word of a name in Latin letters, whatever script it came from.
type word struct {
	text      string
	written   string // text is the usual spelling of it
	marks     string // it as it is written in Vietnamese, where it has marks
	converted bool   // from another script: its vowels mean little
}

// kinSex are the words that say whether somebody is a son or a daughter.
var kinSex = map[string]byte{"bin": 'm', "ibn": 'm', "ibni": 'm', "al": 'm', "so": 'm', "binti": 'f', "bte": 'f', "bt": 'f', "binte": 'f', "ap": 'f', "do": 'f'}

// wordSex are names that only men or only women bear.
var wordSex = map[string]byte{"singh": 'm', "kaur": 'f'}

// ranks tell a father from his son of one name.
var ranks = map[string]string{"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii"}

// titles are words of politeness, office and family that are no part of a
// name; sources: everyday use in the countries named.
var titles = set(`mr mrs ms miss mdm madam dr prof sir hon rev jp sbs gbs mh bbs phd esq jr sr
 datuk dato datin tan-sri puan encik cik tuan tengku haji hajjah hj hjh ir
 nai nang nangsao khun khunying mom phra
 lok neak oknha samdech
 ong ba anh chi co
 shri shrimati smt kumari sri kum
 u daw ko ma maung
 don dona`)

// always are titles that are dropped wherever they stand; the others only in
// front of at least two more words, since they are names too.
var always = set(`mr mrs ms miss mdm madam dr prof sir rev jp sbs gbs mh phd esq datuk dato datin encik cik tuan haji hajjah hj hjh nangsao khun khunying oknha samdech shri shrimati smt puan`)

// kinWords stand before a father's or mother's name: Malay, Arabic, Tamil and
// Punjabi usage in Malaysia and Singapore, Bornean anak.
var kinWords = set(`bin binti bte bt ibni ibn binte anak al ap so do`)

var companyWords = set(`ltd limited inc corp corporation company co llc plc sdn bhd gmbh pte group holdings bank hotel casino trading enterprise foundation association`)

var (
	hanCompany = []string{"公司", "集团", "集團", "有限", "银行", "銀行", "酒店", "协会", "協會", "基金会", "基金會", "工作室"}
	hanTitles  = []string{"先生", "女士", "小姐", "太太", "同学", "同學", "老师", "老師", "师傅", "師傅", "教授", "医生", "醫生", "经理", "經理"}
	hanNicks   = []string{"哥", "姐", "叔", "嫂", "仔", "妹", "弟"}
)

func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// Read takes a name as somebody wrote it.
func Read(s string) *Name {
	n := &Name{}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, " ")
	}
	if r := cutRunes(s, maxRunes); r < len(s) {
		s = s[:r]
		n.Notes = append(n.Notes, TooLong)
	}
	n.Text = norm.NFC.String(strings.TrimSpace(s))
	t := load()
	strange := false
	for _, part := range parts(norm.NFKC.String(n.Text), &strange) {
		n.addForms(t, part)
	}
	if strange {
		n.Notes = append(n.Notes, Wordy)
	}
	if len(n.forms) == 0 {
		n.Notes = append(n.Notes, Empty)
	}
	return n
}

// cutRunes gives the byte index of the rune number limit, or the length.
func cutRunes(s string, limit int) int {
	count := 0
	for i := range s {
		if count == limit {
			return i
		}
		count++
	}
	return len(s)
}

// Readable says whether there is anything to compare.
func (n *Name) Readable() bool { return len(n.forms) > 0 }

func (n *Name) note(x Note) {
	if !slices.Contains(n.Notes, x) {
		n.Notes = append(n.Notes, x)
	}
}

// maxForms bounds how many writings of one name are kept.
const maxForms = 6

// parts splits what holds several names: "A or B", "A aka B", "A @ B", "A (B)".
// What stands in brackets is another name or the rest of this one, so both are
// tried.
func parts(s string, strange *bool) []string {
	low := strings.ToLower(s)
	if strings.Contains(s, " OR ") && s != strings.ToUpper(s) {
		low = s // Wilson OR Chong-shing: a surname
	}
	for _, mark := range []string{" or ", " aka ", " a.k.a. ", " alias ", "@", ";", "；", "、", " also known as "} {
		if i := strings.Index(low, mark); i > 0 && i < len(s) && len(low) == len(s) {
			return append(parts(s[:i], strange), parts(s[i+len(mark):], strange)...)
		}
	}
	open := strings.IndexAny(s, "([{【「\"“")
	if open < 0 {
		return []string{s}
	}
	_, size := utf8.DecodeRuneInString(s[open:])
	inside := s[open+size:]
	after := ""
	if end := strings.IndexAny(inside, ")]}】」\"”"); end >= 0 {
		_, size := utf8.DecodeRuneInString(inside[end:])
		inside, after = inside[:end], inside[end+size:]
	}
	outside := strings.TrimSpace(s[:open] + " " + after)
	if outside == "" {
		return []string{inside}
	}
	if strings.ContainsAny(outside, "([{【「\"“") {
		outside = strings.Map(func(r rune) rune {
			if strings.ContainsRune("([{【「\"“)]}】」”", r) {
				return ' '
			}
			return r
		}, outside)
	}
	return []string{outside + " " + inside, outside, inside}
}

// addForms reads one part: Chinese characters (and hangul) as one form, letters
// as another.
func (n *Name) addForms(t *tables, s string) {
	var hanRunes []rune
	var rest strings.Builder
	foreignDot := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r) || r == '〇' || r >= 0xAC00 && r <= 0xD7A3:
			hanRunes = append(hanRunes, r)
			if rest.Len() > 0 {
				rest.WriteByte(' ')
			}
		case (r == '·' || r == '・' || r == '‧' || r == '•') && len(hanRunes) > 0:
			foreignDot = true
		default:
			rest.WriteRune(r)
		}
	}
	if len(hanRunes) > 0 {
		n.addHan(t, string(hanRunes), foreignDot)
	}
	n.addWords(t, rest.String())
}

const maxHan = 12

func (n *Name) addHan(t *tables, s string, foreign bool) {
	for _, c := range hanCompany {
		if strings.Contains(s, c) {
			n.note(Company)
		}
	}
	text := s
	for _, x := range hanTitles {
		if r, ok := strings.CutSuffix(s, x); ok && r != "" {
			s = r
		}
	}
	runes := []rune(s)
	if len(runes) > maxHan {
		n.note(TooLong)
		runes = runes[:maxHan]
	}
	nick := false
	count := len(runes)
	switch {
	case foreign:
	case count >= 2 && count <= 3 && runes[0] == '阿':
		runes, nick = runes[1:], true
	case count == 2 && (runes[0] == '小' || runes[0] == '老'):
		runes, nick = runes[1:], true
	case count == 2 && slices.Contains(hanNicks, string(runes[1])):
		runes, nick = runes[:1], true
	}
	folded := make([]rune, len(runes))
	for i, r := range runes {
		folded[i] = t.fold(r)
	}
	f := &form{text: text, han: t.readHan(folded, nick)}
	if nick && count == 2 && runes[0] != '阿' { // 小明 may also be the whole given name
		var whole []rune
		for _, r := range s {
			whole = append(whole, t.fold(r))
		}
		f.han.splits = append(f.han.splits, hanSplit{given: whole, prior: -1}, hanSplit{family: string(whole[:1]), given: whole[1:], prior: -3})
	}
	n.addForm(f)
}

func (n *Name) addForm(f *form) {
	if len(n.forms) < maxForms {
		n.forms = append(n.forms, f)
	}
}

// rawWord is a word with what its writing tells.
type rawWord struct {
	token
	converted bool
	marks     string
	cut       bool // a point stood behind it
	joins     bool // a hyphen stands behind it
}

// wordOf gives a word as it is compared: Mohd is Muhammad, and Ma. is Maria.
func (t *tables) wordOf(w rawWord) word {
	if w.cut && w.text == "ma" {
		return word{text: "maria", written: w.text}
	}
	if usual, ok := t.spelled[w.text]; ok {
		return word{text: usual, written: w.text, converted: w.converted}
	}
	return word{text: w.text, written: w.text, converted: w.converted, marks: w.marks}
}

func (n *Name) addWords(t *tables, s string) {
	s = patronymics.Replace(s)
	var raw []rawWord
	comma := false
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '_' || r == '/' }) {
		for {
			i := strings.IndexAny(w, ",，")
			if i < 0 {
				break
			}
			raw = appendWord(raw, w[:i], &comma)
			comma = len(raw) > 0
			_, size := utf8.DecodeRuneInString(w[i:])
			w = w[i+size:]
		}
		raw = appendWord(raw, w, &comma)
		if strings.IndexFunc(w, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsSymbol(r) && r != '+' }) >= 0 {
			n.note(Wordy)
		}
	}
	for _, w := range raw {
		if companyWords[w.text] && len(raw) > 1 && w.text != "co" && w.text != "so" {
			n.note(Company)
		}
	}
	f := &form{text: strings.TrimSpace(s)}
	for i, w := range raw {
		if r := ranks[w.text]; r != "" && i > 0 && len(raw) > 2 {
			f.rank = r
			raw = slices.Delete(raw, i, i+1)
			break
		}
	}
	raw = dropTitles(raw)
	if len(raw) == 0 {
		return
	}
	if len(raw) > maxTokens {
		n.note(Many)
		raw = raw[:maxTokens]
	}
	middle(raw)
	var tokens []token
	for i, w := range raw {
		if kinWords[w.text] && i > 0 && i < len(raw)-1 && !w.converted {
			if f.kin == 0 {
				f.kin, f.sex = len(f.words), kinSex[w.text]
			}
			continue
		}
		if w.ah() {
			continue
		}
		x := t.wordOf(w)
		f.words = append(f.words, x)
		f.other = f.other || t.common[x.text] > 0 && t.lexicon[x.text] == nil
		f.marked = f.marked || x.marks != ""
		if s := wordSex[x.text]; s != 0 && i > 0 && f.sex == 0 {
			f.sex = s
		}
	}
	if len(f.words) == 0 {
		for _, w := range raw {
			f.words = append(f.words, t.wordOf(w))
		}
	}
	if f.kin == 0 {
		f.kin = len(f.words)
	}
	f.nick = len(f.words) == 1 && len(raw) == 2 && raw[0].ah()
	ah := false
	for i, w := range raw {
		if w.ah() && i < len(raw)-1 {
			ah = true
			continue
		}
		k := w.token
		k.ah = ah
		if ah && k.sep == '-' { // A-Ming
			k.sep = ' '
		}
		ah = false
		tokens = append(tokens, k)
	}
	f.tokens = tokens
	n.addForm(f)
	if len(tokens) < len(raw) { // Ah may be a syllable like any other: 亞英 is Ah Eng
		whole := &form{text: f.text, words: f.words, kin: f.kin, sex: f.sex, rank: f.rank, other: f.other, marked: f.marked}
		for _, w := range raw {
			whole.tokens = append(whole.tokens, w.token)
		}
		n.addForm(whole)
	}
}

// ah says whether a word is Ah as it stands before a nickname: Ah Ming, A-Ming.
func (w rawWord) ah() bool {
	return w.text == "ah" && w.sep != '-' || w.text == "a" && (!w.single || w.joins)
}

// middle writes out the initials of Vietnamese middle names: Nguyen T. Hoa.
func middle(raw []rawWord) {
	if len(raw) < 3 || uneven[Vietnamese][raw[0].text] == 0 || !raw[1].single {
		return
	}
	switch raw[1].text {
	case "t":
		raw[1].text, raw[1].single = "thi", false
	case "v":
		raw[1].text, raw[1].single = "van", false
	}
}

var patronymics = strings.NewReplacer("a/l", " al ", "a/p", " ap ", "A/L", " al ", "A/P", " ap ", "s/o", " so ", "S/O", " so ", "d/o", " do ", "D/O", " do ", "a.k.a", " ")

// appendWord adds the parts of a hyphenated word.
func appendWord(raw []rawWord, w string, comma *bool) []rawWord {
	first := true
	for _, p := range strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '‐' || r == '–' || r == '.' || r == '‑' }) {
		x := spell(p)
		if x.text == "" {
			continue
		}
		x.sep = ' '
		if !first {
			x.sep = '-'
			if strings.Contains(w, ".") {
				x.sep = ' '
			}
		}
		x.cut = strings.HasPrefix(w, p+".")
		x.joins = strings.HasPrefix(w, p+"-")
		if *comma {
			x.sep = ','
			*comma = false
		}
		first = false
		raw = append(raw, x)
	}
	return raw
}

// spell makes a word of one stretch of letters of any script.
func spell(p string) rawWord {
	var w rawWord
	latin, converted := latinOf(p)
	w.text = Plain(latin)
	w.converted = converted
	if !converted && vietnamese(p) {
		w.marks = strings.ToLower(p)
	}
	if len(w.text) > 2*maxWord {
		w.text = w.text[:2*maxWord]
	}
	upper, lower := 0, 0
	at := 0
	for _, r := range p {
		switch {
		case unicode.IsUpper(r):
			upper++
			if at > 0 && lower > 0 && at < len(w.text) {
				w.cuts = append(w.cuts, at)
			}
		case unicode.IsLower(r):
			lower++
		case (r == '\'' || r == '’' || r == 'ʼ' || r == '`') && at > 0 && at < len(w.text):
			if !strings.ContainsRune("kptsh", rune(w.text[at-1])) { // Wade-Giles writes t'ien
				w.cuts = append(w.cuts, at)
			}
		}
		at += len(Plain(string(r)))
	}
	w.caps = upper > 1 && lower == 0
	w.single = len(w.text) == 1 && !converted
	return w
}

func dropTitles(raw []rawWord) []rawWord {
	var out []rawWord
	for i, w := range raw {
		if w.sep == '-' || i+1 < len(raw) && raw[i+1].sep == '-' {
			out = append(out, w) // part of a hyphenated name: Dr-like syllables are syllables
			continue
		}
		if always[w.text] && len(raw) > 1 {
			continue
		}
		if w.text == "tan" && i+2 < len(raw) && raw[i+1].text == "sri" {
			continue
		}
		if titles[w.text] && i == 0 && len(raw) > 3 {
			continue
		}
		out = append(out, w)
	}
	if len(out) == 0 {
		return raw
	}
	return out
}
