package name

// class is the sound of a syllable as all systems and ears keep it: which of
// twelve first sounds, and whether it ends in a vowel, a nasal or a stop.
type class struct{ first, end byte }

// classOf reads a spelling. First sounds are C (zh, ch, j, q, c, z, ts, tz), S
// (s, sh, x, hs), K (k, g, kh), T, P, H (h, f), W (w, v), Y, M, N, L (l, r) and
// 0 (none, ng).
func classOf(s string) class {
	c := class{'0', 'v'}
	if s == "" {
		return c
	}
	two := s[:min(2, len(s))]
	switch s[0] {
	case 'z', 'j', 'q', 'c':
		c.first = 'C'
	case 't':
		c.first = 'T'
		if two == "ts" || two == "tz" || two == "tj" {
			c.first = 'C'
		}
	case 'd':
		c.first = 'T'
		if two == "dz" || two == "dj" {
			c.first = 'C'
		}
	case 's', 'x':
		c.first = 'S'
	case 'h':
		c.first = 'H'
		if two == "hs" {
			c.first = 'S'
		}
	case 'f':
		c.first = 'H'
	case 'k', 'g':
		c.first = 'K'
	case 'p', 'b':
		c.first = 'P'
	case 'w', 'v':
		c.first = 'W'
	case 'y':
		c.first = 'Y'
	case 'i', 'u':
		if len(s) > 1 && isVowel(s[1]) {
			c.first = map[byte]byte{'i': 'Y', 'u': 'W'}[s[0]]
		}
	case 'm':
		c.first = 'M'
	case 'n':
		c.first = 'N'
		if two == "ng" {
			c.first = '0'
		}
	case 'l', 'r':
		c.first = 'L'
	}
	switch s[len(s)-1] {
	case 'n', 'm':
		c.end = 'n'
	case 'g', 'q':
		c.end = 'n'
	case 'k', 't', 'p', 'c', 'd', 'b':
		c.end = 't'
	}
	if s == "m" || s == "n" || s == "ng" {
		c.end = 'n'
	}
	return c
}

func isVowel(b byte) bool {
	return b == 'a' || b == 'e' || b == 'i' || b == 'o' || b == 'u'
}
