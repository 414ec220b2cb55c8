package name

import (
	"strings"
	"unicode"
)

// latinOf writes a word of another script in Latin letters, by rules simple
// enough to check: one letter after the other, the vowel that Indic scripts
// leave unwritten as a. What has no rule is dropped. Good enough to see that two
// names may be one, not to print; Thai, Lao, Khmer and Burmese have had little
// data to be tried on (docs/quality.md).
func latinOf(s string) (string, bool) {
	plain := true
	for _, r := range s {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			plain = false
		}
	}
	if plain {
		return s, false
	}
	runes := []rune(s)
	var b strings.Builder
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r < 0x250:
			b.WriteRune(r)
		case r >= 0x900 && r <= 0xD7F:
			indic(&b, runes, i)
		case r >= 0xD80 && r <= 0xDFF:
			abugida(&b, runes, i, sinhala, "ක", 'ෆ', 0xDCA)
		case r >= 0x1780 && r <= 0x17FF:
			abugida(&b, runes, i, khmer, "ក", 'អ', 0x17D2)
		case r >= 0x1000 && r <= 0x109F:
			abugida(&b, runes, i, burmese, "က", 'အ', 0x1039)
		case r >= 0xE00 && r <= 0xEFF:
			i = thai(&b, runes, i)
		default:
			if t, ok := letters[unicode.ToLower(r)]; ok {
				b.WriteString(t)
			} else if t, ok := kana(r); ok {
				b.WriteString(t)
			}
		}
	}
	return b.String(), true
}

// pairs reads "а a б b": letters with their Latin.
func pairs(s string) map[rune]string {
	f := strings.Fields(s)
	m := map[rune]string{}
	for i := 0; i+1 < len(f); i += 2 {
		t := f[i+1]
		if t == "-" {
			t = ""
		}
		m[[]rune(f[i])[0]] = t
	}
	return m
}

// letters of alphabets: Cyrillic, Greek, Arabic, Hebrew, Armenian and Georgian
// by their usual English transcription.
var letters = pairs(`а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya є ye і i ї yi ґ g ө o ү u қ q ғ gh ң ng һ h ә a ұ u ў u ҳ h ҷ j ӣ i ӯ u
 α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o ά a έ e ή i ί i ό o ύ y ώ o
 ا a أ a إ i آ a ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع a غ gh ف f ق q ك k ک k ل l م m ن n ه h ة a و w ي y ی y ى a ئ y ؤ w ء - پ p چ ch ژ zh گ g ٹ t ڈ d ڑ r ں n ھ h ہ h ے e
 א a ב b ג g ד d ה h ו v ז z ח ch ט t י y כ k ך k ל l מ m ם m נ n ן n ס s ע a פ p ף f צ ts ץ ts ק k ר r ש sh ת t
 ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ zh რ r ს s ტ t უ u ფ p ქ k ღ gh ყ q შ sh ჩ ch ც ts ძ dz წ ts ჭ ch ხ kh ჯ j ჰ h`)

// indic covers the nine blocks from Devanagari to Malayalam, which Unicode
// lays out alike (ISCII): a letter's place in its block says what it is.
func indic(b *strings.Builder, runes []rune, i int) {
	r := runes[i]
	at := int(r-0x900) % 0x80
	tamil := r >= 0xB80 && r <= 0xBFF
	if c, ok := indicConsonants[at]; ok {
		if tamil { // Tamil writes k for g, t for d, p for b, c for s
			if t, ok := tamilConsonants[at]; ok {
				c = t
			}
		}
		b.WriteString(c)
		next := 0
		if i+1 < len(runes) && runes[i+1] >= 0x900 && runes[i+1] <= 0xD7F {
			next = int(runes[i+1]-0x900) % 0x80
		}
		if next == 0x3C && i+2 < len(runes) {
			next = int(runes[i+2]-0x900) % 0x80
		}
		_, sign := indicSigns[next]
		end := i+1 >= len(runes)
		if !sign && next != 0x4D && !end {
			b.WriteByte('a')
		}
		return
	}
	if v, ok := indicSigns[at]; ok {
		b.WriteString(v)
	} else if v, ok := indicVowels[at]; ok {
		b.WriteString(v)
	}
}

var (
	indicConsonants = map[int]string{
		0x15: "k", 0x16: "kh", 0x17: "g", 0x18: "gh", 0x19: "ng", 0x1A: "ch", 0x1B: "chh", 0x1C: "j", 0x1D: "jh", 0x1E: "ny", 0x1F: "t", 0x20: "th", 0x21: "d", 0x22: "dh", 0x23: "n", 0x24: "t", 0x25: "th", 0x26: "d", 0x27: "dh", 0x28: "n", 0x29: "n", 0x2A: "p", 0x2B: "ph", 0x2C: "b", 0x2D: "bh", 0x2E: "m", 0x2F: "y", 0x30: "r", 0x31: "r", 0x32: "l", 0x33: "l", 0x34: "zh", 0x35: "v", 0x36: "sh", 0x37: "sh", 0x38: "s", 0x39: "h", 0x58: "q", 0x59: "kh", 0x5A: "g", 0x5B: "z", 0x5C: "r", 0x5D: "rh", 0x5E: "f", 0x5F: "y",
	}
	tamilConsonants = map[int]string{0x1A: "s", 0x31: "r", 0x34: "l"}
	indicSigns      = map[int]string{0x3E: "a", 0x3F: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri", 0x45: "e", 0x46: "e", 0x47: "e", 0x48: "ai", 0x49: "o", 0x4A: "o", 0x4B: "o", 0x4C: "au", 0x57: "u"}
	indicVowels     = map[int]string{0x02: "n", 0x01: "n", 0x03: "h", 0x05: "a", 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0A: "u", 0x0B: "ri", 0x0E: "e", 0x0F: "e", 0x10: "ai", 0x11: "o", 0x12: "o", 0x13: "o", 0x14: "au"}
)

var sinhala = pairs(`ක k ඛ kh ග g ඝ gh ඞ ng ඟ ng ච ch ඡ ch ජ j ඣ jh ඤ n ඥ gn ට t ඨ th ඩ d ඪ dh ණ n ඬ d ත th ථ th ද d ධ dh න n ඳ nd ප p ඵ ph බ b භ bh ම m ඹ mb ය y ර r ල l ව w ශ sh ෂ sh ස s හ h ළ l ෆ f
 අ a ආ a ඇ a ඈ a ඉ i ඊ i උ u ඌ u එ e ඒ e ඓ ai ඔ o ඕ o ඖ au ා a ැ a ෑ a ි i ී i ු u ූ u ෘ ru ෙ e ේ e ෛ ai ො o ෝ o ෞ au ං n`)

var khmer = pairs(`ក k ខ kh គ k ឃ kh ង ng ច ch ឆ chh ជ ch ឈ chh ញ nh ដ d ឋ th ឌ d ឍ th ណ n ត t ថ th ទ t ធ th ន n ប b ផ ph ព p ភ ph ម m យ y រ r ល l វ v ស s ហ h ឡ l អ o
 ឥ i ឦ ei ឧ u ឩ ou ឪ ov ឫ rue ឬ rueu ឭ lue ឯ ae ឱ ao ឳ ov ា a ិ i ី i ឹ oe ឺ eu ុ o ូ ou ួ uo ើ aeu ឿ eua ៀ ie េ e ែ ae ៃ ai ោ o ៅ au ំ am ះ ah`)

var burmese = pairs(`က k ခ kh ဂ g ဃ g င ng စ s ဆ s ဇ z ဈ z ည ny ဉ ny ဋ t ဌ t ဍ d ဎ d ဏ n တ t ထ ht ဒ d ဓ d န n ပ p ဖ ph ဗ b ဘ b မ m ယ y ရ y လ l ဝ w သ th ဟ h ဠ l အ a
 ဣ i ဤ i ဥ u ဦ u ဧ e ဩ aw ဪ aw ါ a ာ a ိ i ီ i ု u ူ u ေ ay ဲ e ံ an ျ y ြ y ွ w ှ h`)

// abugida writes a letter and, where no sign of a vowel follows, an a.
func abugida(b *strings.Builder, runes []rune, i int, table map[rune]string, first string, last rune, virama rune) {
	r := runes[i]
	t, ok := table[r]
	if !ok {
		return
	}
	b.WriteString(t)
	isConsonant := func(x rune) bool { return x >= []rune(first)[0] && x <= last }
	if isConsonant(r) && r != last && i+1 < len(runes) && isConsonant(runes[i+1]) && runes[i+1] != virama {
		b.WriteByte('a')
	}
}

var thaiLetters = pairs(`ก k ข kh ฃ kh ค kh ฅ kh ฆ kh ง ng จ ch ฉ ch ช ch ซ s ฌ ch ญ y ฎ d ฏ t ฐ th ฑ th ฒ th ณ n ด d ต t ถ th ท th ธ th น n บ b ป p ผ ph ฝ f พ ph ฟ f ภ ph ม m ย y ร r ล l ว w ศ s ษ s ส s ห h ฬ l อ o ฮ h ฤ rue
 ะ a ั a า a ำ am ิ i ี i ึ ue ื ue ุ u ู u เ e แ ae โ o ใ ai ไ ai
 ກ k ຂ kh ຄ kh ງ ng ຈ ch ສ s ຊ x ຍ ny ດ d ຕ t ຖ th ທ th ນ n ບ b ປ p ຜ ph ຝ f ພ ph ຟ f ມ m ຢ y ຣ r ລ l ວ v ຫ h ອ o ຮ h ະ a ັ a າ a ຳ am ິ i ີ i ຶ ue ື ue ຸ u ູ u ເ e ແ ae ໂ o ໃ ai ໄ ai ົ o ໜ n ໝ m`)

// thai writes a vowel that stands before its consonant behind it, and an o or a
// where two consonants meet. It gives the index of the last letter it used.
func thai(b *strings.Builder, runes []rune, i int) int {
	const silent = '์'
	if i+1 < len(runes) && runes[i+1] == silent {
		return i + 1
	}
	r := runes[i]
	if strings.ContainsRune("เแโใไເແໂໃໄ", r) && i+1 < len(runes) {
		b.WriteString(thaiLetters[runes[i+1]])
		b.WriteString(thaiLetters[r])
		return i + 1
	}
	b.WriteString(thaiLetters[r])
	return i
}

var kanaRows = pairs(`あ a い i う u え e お o か ka き ki く ku け ke こ ko が ga ぎ gi ぐ gu げ ge ご go さ sa し shi す su せ se そ so ざ za じ ji ず zu ぜ ze ぞ zo た ta ち chi つ tsu て te と to だ da ぢ ji づ zu で de ど do な na に ni ぬ nu ね ne の no は ha ひ hi ふ fu へ he ほ ho ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po ま ma み mi む mu め me も mo や ya ゆ yu よ yo ら ra り ri る ru れ re ろ ro わ wa を o ん n ゃ ya ゅ yu ょ yo っ - ー -`)

func kana(r rune) (string, bool) {
	if r >= 0x30A1 && r <= 0x30F6 { // katakana lie beside hiragana
		r -= 0x60
	}
	t, ok := kanaRows[r]
	return t, ok
}
