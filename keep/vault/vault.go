// Package vault keeps secrets secret: keys, sealing, tokens, receipt codes and
// the shares by which a few people together open one thing again.
//
// It stores nothing and knows nothing of what it seals: bytes go in and bytes
// come out. Everything sealed is bound to a Place, so that it opens nowhere
// else. Errors of opening never say what was wrong.
//
// The parts: HPKE (RFC 9180) with the hybrid KEM X-Wing (ML-KEM-768 with X25519)
// for what is sealed to somebody; AES-256-GCM (NIST SP 800-38D) under keys
// derived by HKDF-SHA256 (RFC 5869) for records; Ed25519 (RFC 8032) for who made
// what; Argon2id (RFC 9106) for passphrases; HMAC-SHA256 (RFC 2104) for tokens.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/bits"
)

// ErrSealed is all that is said of something that does not open: a wrong key,
// another place, a changed byte.
var ErrSealed = errors.New("vault: does not open: another key or place, or changed since it was sealed")

// Place is where a sealed thing belongs. What is sealed for one place opens at
// no other, so that nothing on a disk can be moved or rolled back unseen.
type Place struct {
	Table, Row, Field string
	Revision, Epoch   uint64
}

// bytes gives a place in a form in which no two places are alike: every part has
// its length before it.
func (p Place) bytes(label string) []byte {
	var b []byte
	for _, s := range []string{label, p.Table, p.Row, p.Field} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	b = binary.BigEndian.AppendUint64(b, p.Revision)
	return binary.BigEndian.AppendUint64(b, p.Epoch)
}

// KeySize is the length of a key in bytes.
const KeySize = 32

// Key seals records. It prints nothing, wherever it is put. The zero Key seals
// and opens nothing.
type Key struct{ secret }

// NewKey gives a key of random bytes.
func NewKey() Key {
	var b [KeySize]byte
	rand.Read(b[:])
	return Key{secretOf(&b)}
}

// KeyOf takes up a key that was wrapped.
func KeyOf(b []byte) (Key, error) {
	if len(b) != KeySize {
		return Key{}, ErrSealed
	}
	return Key{secretOf((*[KeySize]byte)(append([]byte(nil), b...)))}, nil
}

// version is the first byte of everything sealed.
const version = 1

// Seal seals plain for a place. Lengths are padded to classes, so that the
// sealed length tells little.
func (k Key) Seal(at Place, plain []byte) []byte {
	return k.aead(at).Seal([]byte{version}, nil, pad(plain), at.bytes("homeward/record/v1"))
}

// Open opens what Seal made for the same place; otherwise ErrSealed.
func (k Key) Open(at Place, sealed []byte) ([]byte, error) {
	if k.None() || len(sealed) == 0 || sealed[0] != version {
		return nil, ErrSealed
	}
	padded, err := k.aead(at).Open(nil, nil, sealed[1:], at.bytes("homeward/record/v1"))
	if err != nil {
		return nil, ErrSealed
	}
	return unpad(padded)
}

// aead gives the cipher of one place. Each place has its own key, so that the
// bound of 2^32 messages under random nonces is never near.
func (k Key) aead(at Place) cipher.AEAD {
	if k.None() {
		panic("vault: the zero Key seals nothing")
	}
	sub, err := hkdf.Key(sha256.New, k.bytes()[:], nil, string(at.bytes("homeward/record-key/v1")), KeySize)
	if err != nil {
		panic(err) // only for lengths that no code here asks for
	}
	block, err := aes.NewCipher(sub)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// smallest is the least padded length: the words of most people in need.
const smallest = 256

// padded gives the class of a length: Padmé (Nikitin and others, PETS 2019),
// which adds at most 12 % and leaks O(log log n) bits.
func padded(n int) int {
	if n <= smallest {
		return smallest
	}
	e := bits.Len(uint(n)) - 1
	s := bits.Len(uint(e))
	mask := 1<<(e-s) - 1
	return (n + mask) &^ mask
}

func pad(plain []byte) []byte {
	out := make([]byte, padded(len(plain)+4))
	binary.BigEndian.PutUint32(out, uint32(len(plain)))
	copy(out[4:], plain)
	return out
}

func unpad(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, ErrSealed
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, ErrSealed
	}
	return b[4 : 4+n], nil
}

// derive gives n bytes that follow from a secret, for one purpose.
func derive(from []byte, purpose string, n int) []byte {
	b, err := hkdf.Key(sha256.New, from, nil, purpose, n)
	if err != nil {
		panic(err) // only for lengths that no code here asks for
	}
	return b
}
