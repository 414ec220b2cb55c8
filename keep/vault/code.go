package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/tyler-smith/go-bip39/wordlists"
)

// symbols of a code: eight carry 88 bits, the ninth is a check.
const symbols = 9

// Code is what a person comes back with: nine entries of a list of 2,048, which
// are words or characters, or groups of four digits. It prints nothing; use Words
// or Digits where the person is shown it.
type Code struct{ secret }

// CodeOf gives the code that follows from a nonce. The nonce stands in the form
// the person fills in, so that sending it twice gives the same code.
func CodeOf(nonce []byte) Code {
	bits := derive(nonce, "homeward/code/v1", 11)
	var s [symbols]uint16
	for i := range symbols - 1 {
		for b := i * 11; b < i*11+11; b++ {
			s[i] = s[i]<<1 | uint16(bits[b/8]>>(7-b%8)&1)
		}
	}
	s[symbols-1] = check(s)
	return codeOf(s)
}

func codeOf(s [symbols]uint16) Code {
	b := new([KeySize]byte)
	for i, v := range s {
		b[2*i], b[2*i+1] = byte(v>>8), byte(v)
	}
	return Code{secretOf(b)}
}

func (c Code) symbols() (s [symbols]uint16) {
	for i := range s {
		s[i] = uint16(c.bytes()[2*i])<<8 | uint16(c.bytes()[2*i+1])
	}
	return s
}

// Words gives the nine entries in a language: en, zh-Hant or zh-Hans; another
// language gets English.
func (c Code) Words(lang string) []string {
	list := Lists()[0]
	for _, l := range Lists() {
		if l.Lang == lang {
			list = l
		}
	}
	out := make([]string, symbols)
	for i, s := range c.symbols() {
		out[i] = list.Entries[s]
	}
	return out
}

// Digits gives the nine entries by number, 0001 to 2048.
func (c Code) Digits() []string {
	out := make([]string, symbols)
	for i, s := range c.symbols() {
		out[i] = fmt.Sprintf("%04d", s+1)
	}
	return out
}

// Lookup is what a report is found by. Nothing that opens anything follows from it.
func (c Code) Lookup() []byte { return derive(c.payload(), "homeward/code/lookup/v1", 32) }

// Mailbox is the key pair of the talk behind the code.
func (c Code) Mailbox() Private {
	p, err := PrivateOf(derive(c.payload(), "homeward/code/mailbox/v1", KeySize))
	if err != nil {
		panic(err) // 32 bytes are always a seed
	}
	return p
}

// Filing is a value that only who has the code can make; its hash in the ledger
// is the proof that something was filed.
func (c Code) Filing() []byte { return derive(c.payload(), "homeward/code/filing/v1", 32) }

// ID is the id of the report behind the code, 26 letters and digits: it follows
// from the code, so that a repeated sending has the same.
func (c Code) ID() string {
	return paper.EncodeToString(derive(c.payload(), "homeward/code/id/v1", 16))
}

// Once marks one sending under the code: the same words sent again have the same
// mark. Who has not the code learns nothing of the words from it.
func (c Code) Once(words []byte) []byte {
	m := hmac.New(sha256.New, derive(c.payload(), "homeward/code/once/v1", KeySize))
	m.Write(words)
	return m.Sum(nil)
}

// payload holds the code's 88 bits as they are; there are enough of them that no
// slow derivation is needed.
func (c Code) payload() []byte { return c.bytes()[:2*symbols] }

// check gives the ninth symbol: the sum of every symbol times its weight is zero
// in the field of 2,048 elements. The weights are nine different powers of a
// generator, so that one wrong symbol changes the sum, and so does swapping any
// two that differ.
func check(s [symbols]uint16) uint16 {
	sum := uint16(0)
	for i := range symbols - 1 {
		sum ^= times(s[i], weight(i))
	}
	return sum // its own weight is one
}

func holds(s [symbols]uint16) bool { return check(s) == s[symbols-1] }

// weight gives 2, 4, 8 and so on, as elements of the field: never one, which is
// the weight of the check itself.
func weight(i int) uint16 { return 2 << i }

// times multiplies in GF(2^11), modulo x^11 + x^2 + 1, which is primitive.
func times(a, b uint16) (p uint16) {
	const reduce = 1<<11 | 1<<2 | 1
	for ; b != 0; b >>= 1 {
		if b&1 != 0 {
			p ^= a
		}
		if a <<= 1; a&(1<<11) != 0 {
			a ^= reduce
		}
	}
	return p
}

// List is one of the lists a code is written in.
type List struct {
	Lang    string
	Entries []string // 2,048
	index   map[string]uint16
	letters int // of the longest entry
}

// Lists gives the lists: those of BIP 39, because phones' keyboards and people
// have met them. English words differ in their first four letters; the Chinese
// entries are single characters, alike in traditional and simplified by number.
var Lists = sync.OnceValue(func() []*List {
	lists := []*List{
		{Lang: "en", Entries: wordlists.English},
		{Lang: "zh-Hant", Entries: wordlists.ChineseTraditional},
		{Lang: "zh-Hans", Entries: wordlists.ChineseSimplified},
	}
	for _, l := range lists {
		l.Entries = slices.Clone(l.Entries)
		l.index = make(map[string]uint16, len(l.Entries))
		for i, e := range l.Entries {
			e = strings.ToLower(e)
			l.Entries[i] = e
			l.index[e] = uint16(i)
			l.letters = max(l.letters, len(e))
		}
	}
	return lists
})
