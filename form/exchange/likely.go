package exchange

import "unicode/utf8"

// How likely bytes are text of an encoding. Each function weighs the characters
// beside ASCII between 0 (nobody writes this) and 1 (everybody does). The rules
// are the layout of the character sets: both Big5 and GB 2312 put the common
// ideographs into one block (level 1) and the rare ones into another, so that
// text read in the wrong one lands in rare ideographs, kana and symbols.
// Sources: the Encoding Standard (WHATWG), for the layouts; GB 2312-80;
// TIS 620-2533.

const rare = 0.4

// likeBig5: ideographs of level 1 have the lead bytes A4–C6, of level 2 C9–F9;
// A1 holds punctuation, A2 and A3 symbols and bopomofo.
func likeBig5(b []byte) (weight float64, chars int) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		chars++
		if i+1 == len(b) || b[i+1] < 0x40 {
			return 0, chars
		}
		i++
		switch {
		case lead == 0xa1, lead >= 0xa4 && lead <= 0xc6:
			weight++
		case lead == 0xa2, lead == 0xa3, lead >= 0xc9 && lead <= 0xf9:
			weight += rare
		}
	}
	return weight, chars
}

// likeGB: level 1 is B0–D7, level 2 D8–F7, both with a second byte from A1 on;
// A1 is punctuation, A3 full-width ASCII. What GBK added has other pairs, and
// GB 18030 four bytes.
func likeGB(b []byte) (weight float64, chars int) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		chars++
		if i+1 == len(b) {
			return 0, chars
		}
		i++
		switch second := b[i]; {
		case second < 0x30:
			return 0, chars
		case second < 0x40:
			i += 2
			weight += rare / 2
		case second >= 0xa1 && (lead == 0xa1 || lead == 0xa3 || lead >= 0xb0 && lead <= 0xd7):
			weight++
		case second >= 0xa1 && lead >= 0xd8 && lead <= 0xf7, lead >= 0x81 && lead <= 0xa0, lead >= 0xaa:
			weight += rare
		}
	}
	return weight, chars
}

// likeThai: vowels above and below and tone marks stand on a consonant, the
// vowels เ แ โ ใ ไ before one. Chinese read as Thai breaks this all the time.
func likeThai(b []byte) (weight float64, chars int) {
	consonant := func(i int) bool { return i >= 0 && i < len(b) && b[i] >= 0xa1 && b[i] <= 0xce }
	mark := func(i int) bool {
		return i >= 0 && (b[i] == 0xd1 || b[i] >= 0xd4 && b[i] <= 0xda || b[i] >= 0xe7 && b[i] <= 0xee)
	}
	for i, c := range b {
		if c < 0x80 {
			continue
		}
		chars++
		switch {
		case mark(i):
			if consonant(i-1) || mark(i-1) && b[i-1] != c {
				weight++
			} else {
				weight--
			}
		case c >= 0xe0 && c <= 0xe4:
			if consonant(i + 1) {
				weight++
			} else {
				weight--
			}
		case c == 0xd0, c == 0xd2, c == 0xd3: // ะ า ำ
			if consonant(i-1) || mark(i-1) {
				weight++
			} else {
				weight--
			}
		case consonant(i):
			weight++
		case c == 0xcf, c == 0xdf, c == 0xe6, c >= 0xf0 && c <= 0xf9, c == 0xa0: // ฯ ฿ ๆ, digits
			weight += rare
		}
	}
	return weight, chars
}

// likeWestern: single letters with marks between ASCII letters, as in José or
// Peñaranda. Runs of bytes beside ASCII are another script.
func likeWestern(b []byte) (weight float64, chars int) {
	letter := func(i int) bool {
		return i >= 0 && i < len(b) && (b[i] >= 'a' && b[i] <= 'z' || b[i] >= 'A' && b[i] <= 'Z')
	}
	for i, c := range b {
		if c < 0x80 {
			continue
		}
		chars++
		alone := (i == 0 || b[i-1] < 0x80) && (i+1 == len(b) || b[i+1] < 0x80)
		switch {
		case alone && c >= 0xc0 && c != 0xd7 && c != 0xf7 && letter(i-1), alone && c >= 0xc0 && c != 0xd7 && letter(i+1):
			weight++
		case alone && (c >= 0x91 && c <= 0x97 || c == 0xb0 || c == 0x80 || c == 0xa3): // quotation marks, dashes, ° € £
			weight++
		}
	}
	return weight, chars
}

// like8 weighs what is valid UTF-8: writing of the region is likely; letters
// and signs that come about when other bytes happen to be UTF-8 are not.
func like8(b []byte) float64 {
	var weight float64
	chars := 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		switch {
		case r < 0x80:
			continue
		case r >= 0x4e00 && r <= 0x9fff, r >= 0x3000 && r <= 0x303f, r >= 0xff00 && r <= 0xffef, r >= 0x0e00 && r <= 0x0e7f, r >= 0x1ea0 && r <= 0x1eff, r >= 0x1000 && r <= 0x109f, r >= 0x1780 && r <= 0x17ff:
			weight++
		case r >= 0xc0 && r <= 0x1b0, r >= 0x2010 && r <= 0x2030:
			weight += rare
		}
		chars++
	}
	if chars == 0 {
		return 0
	}
	return weight / float64(chars)
}
