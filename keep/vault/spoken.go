package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

// Spoken are four words to be compared by voice: a short authentication string. It
// is no secret.
type Spoken struct{ at [spokenWords]uint16 }

const spokenWords = 4

// spokenSalt only has to be the same on both sides.
var spokenSalt = []byte("homeward spoken1")

// Spoken gives the four words of some parts. They carry 44 bits, stretched like a
// passphrase: to find other parts with the same words costs 2^44 times that work, and
// must be done before the words are compared.
func (s *Stretcher) Spoken(ctx context.Context, parts ...[]byte) (Spoken, error) {
	sum := sha256.Sum256(message("spoken", parts))
	key, err := s.stretch(ctx, hex.EncodeToString(sum[:]), spokenSalt, s.cost)
	if err != nil {
		return Spoken{}, err
	}
	var out Spoken
	bits := derive(key.Bytes(), "homeward/spoken/v1", 2*spokenWords)
	for i := range out.at {
		out.at[i] = (uint16(bits[2*i])<<8 | uint16(bits[2*i+1])) % 2048
	}
	return out, nil
}

// In gives the words in a language: en, zh-Hant or zh-Hans; another gets English.
func (s Spoken) In(lang string) []string {
	list := Lists()[0]
	for _, l := range Lists() {
		if l.Lang == lang {
			list = l
		}
	}
	out := make([]string, spokenWords)
	for i, n := range s.at {
		out[i] = list.Entries[n]
	}
	return out
}
