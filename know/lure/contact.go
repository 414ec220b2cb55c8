package lure

import (
	"strings"
	"unicode/utf8"
)

// contact is a way to reach the sender: a handle, a messenger link, a phone
// number, a mail address or a web address.
type contact struct {
	start, end int32
	kind       string // messenger, phone, mail, site
}

// contacts reads them from a normal form. It says only that they are there;
// which of them tie reports to each other is another room's question.
func (p *Packs) contacts(s string) []contact {
	var out []contact
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '@':
			if e := handleEnd(s, i+1); e-i > 3 {
				kind := "messenger"
				if i > 0 && word(s[i-1]) {
					kind = "mail"
				}
				out = append(out, contact{int32(i), int32(e), kind})
				i = e
			}
		case i == 0 || !word(s[i-1]):
			switch c {
			case 'c', 'h', 'l', 'm', 't', 'u', 'w', 'z': // as a web address begins
				if e, kind := webLink(s, i); e > 0 {
					out = append(out, contact{int32(i), int32(e), kind})
					i = e
					continue
				}
			}
			if c == '+' || digit(rune(c)) {
				e, ok := phone(s, i)
				if ok {
					out = append(out, contact{int32(i), int32(e), "phone"})
				}
				i = max(i, e-1)
				continue
			}
			// "line id: demo88", "wechat:abc_123", "tg demo_hr"
			if latin(c) || utf8.RuneStart(c) && c >= utf8.RuneSelf {
				if a, e, ok := p.labelled(s, i); ok {
					out = append(out, contact{int32(a), int32(e), "messenger"})
					i = e
				}
			}
		case c == '+':
			if e, ok := phone(s, i); ok {
				out = append(out, contact{int32(i), int32(e), "phone"})
				i = e - 1
			}
		case utf8.RuneStart(c) && c >= utf8.RuneSelf:
			if a, e, ok := p.labelled(s, i); ok {
				out = append(out, contact{int32(a), int32(e), "messenger"})
				i = e
			}
		}
	}
	return out
}

// messengers are hosts whose links lead to a person or a group.
var messengers = []string{"t.me/", "telegram.me/", "wa.me/", "wa.link/", "chat.whatsapp.com/", "line.me/", "lin.ee/", "u.wechat.com/", "m.me/", "zalo.me/"}

// webLink reads a web address that begins at byte i, with or without a scheme,
// and says whether it leads to a messenger. It gives 0 where there is none.
func webLink(s string, i int) (end int, kind string) {
	at := i
	scheme := false
	for _, h := range []string{"https://", "http://"} {
		if strings.HasPrefix(s[i:], h) {
			at, scheme = i+len(h), true
			break
		}
	}
	for _, m := range messengers {
		if strings.HasPrefix(s[at:], m) {
			return linkEnd(s, i), "messenger"
		}
	}
	if scheme || strings.HasPrefix(s[i:], "www.") {
		return linkEnd(s, i), "site"
	}
	return 0, ""
}

// phone reads a telephone number that begins at byte i: 8 to 15 digits that
// are no amount and not the rest of one.
func phone(s string, i int) (end int, ok bool) {
	if i > 0 && (digit(rune(s[i-1])) || s[i-1] == '$') {
		return i, false
	}
	e, n := phoneEnd(s, i)
	return e, n >= 8 && n <= 15 && (s[i] == '+' || s[i] == '0' || n >= 9) && !grouped(s[i:e])
}

// labelled reads a messenger's name followed by an account: "line id: demo88".
func (p *Packs) labelled(s string, i int) (int, int, bool) {
	if m, ok := p.words.apps.at(s[i:]); ok {
		j := i + len(m.word)
		colon := false
		for near := min(len(s), j+maxHandle); j < near && (s[j] == ' ' || s[j] == ':' || s[j] == '(' || s[j] == ')' || s[j] == '-' || s[j] == '=' || s[j] == '/'); {
			colon = colon || s[j] == ':' || s[j] == '='
			j++
		}
		for _, label := range []string{"id", "号", "帐号", "账号", "no", "number", "username", "name", "ไอดี"} {
			if startsWith(s[j:], label) {
				j += len(label)
				colon = true
				break
			}
		}
		for near := min(len(s), j+maxHandle); j < near && (s[j] == ' ' || s[j] == ':' || s[j] == '@' || s[j] == '='); {
			colon = colon || s[j] == ':' || s[j] == '@'
			j++
		}
		e := handleEnd(s, j)
		if e-j >= 4 && (colon || strings.ContainsAny(s[j:e], "0123456789_")) {
			return i, e, true
		}
	}
	return 0, 0, false
}

func word(b byte) bool { return latin(b) || digit(rune(b)) || b == '_' }

// maxHandle bounds an account's name, and what may stand before it, in bytes:
// a text of one messenger's name over and over must not be read to its end
// from each of them.
const maxHandle = 64

func handleEnd(s string, i int) int {
	for end := min(len(s), i+maxHandle); i < end && (word(s[i]) || s[i] == '.' || s[i] == '-'); {
		i++
	}
	for i > 0 && (s[i-1] == '.' || s[i-1] == '-') {
		i--
	}
	return i
}

func linkEnd(s string, i int) int {
	for i < len(s) && s[i] > ' ' && s[i] < 0x80 && !strings.ContainsRune("<>\"'()[]{},", rune(s[i])) {
		i++
	}
	return i
}

// phoneEnd runs over digits with single spaces, hyphens, brackets or dots
// between them, and counts the digits.
func phoneEnd(s string, i int) (end, n int) {
	end = i
	for j := i; j < len(s); j++ {
		c := s[j]
		switch {
		case digit(rune(c)):
			n++
			end = j + 1
		case c == '+' && j == i:
		case (c == 'x' || c == '*') && n >= 4: // masked digits
			n++
			end = j + 1
		case (c == ' ' || c == '-' || c == '(' || c == ')' || c == '.') && j-end < 2:
		default:
			return end, n
		}
	}
	return end, n
}

// grouped says that a run of digits is an amount: 1,500,000 or 25.000.000.
func grouped(s string) bool {
	dots := strings.Count(s, ".")
	if dots == 0 {
		return false
	}
	for _, part := range strings.Split(s, ".")[1:] {
		if len(part) != 3 {
			return false
		}
	}
	return true
}
