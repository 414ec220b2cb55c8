package vault

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// Signer signs as one member. It prints nothing.
type Signer struct{ secret }

// NewSigner makes a signing key of random bytes.
func NewSigner() Signer { return Signer{NewKey().secret} }

// SignerOf makes the signing key that follows from a seed of 32 bytes.
func SignerOf(seed []byte) (Signer, error) {
	k, err := KeyOf(seed)
	return Signer(k), err
}

// Verifier gives the half by which others check: 32 bytes.
func (s Signer) Verifier() []byte {
	return ed25519.NewKeyFromSeed(s.bytes()[:]).Public().(ed25519.PublicKey)
}

// Sign signs parts for one purpose. Parts cannot be shifted into one another.
func (s Signer) Sign(purpose string, parts ...[]byte) []byte {
	return ed25519.Sign(ed25519.NewKeyFromSeed(s.bytes()[:]), message(purpose, parts))
}

// ErrSignature says that something was not made by who it claims to be from, or
// was changed.
var ErrSignature = errors.New("vault: not signed by who it says, or changed since")

// Check returns ErrSignature unless the holder of verifier signed these parts for
// this purpose.
func Check(verifier, signature []byte, purpose string, parts ...[]byte) error {
	if len(verifier) != ed25519.PublicKeySize || !ed25519.Verify(verifier, message(purpose, parts), signature) {
		return ErrSignature
	}
	return nil
}

func message(purpose string, parts [][]byte) []byte {
	var b []byte
	for _, p := range append([][]byte{[]byte("homeward/sign/v1/" + purpose)}, parts...) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

// TokenKey makes tokens: fingerprints by which sealed things can be compared
// without being opened. It prints nothing.
type TokenKey struct{ secret }

// TokenKeyOf takes up a token key that was wrapped.
func TokenKeyOf(b []byte) (TokenKey, error) {
	k, err := KeyOf(b)
	return TokenKey(k), err
}

// NewTokenKey makes a token key of random bytes.
func NewTokenKey() TokenKey { return TokenKey{NewKey().secret} }

// Token gives the token of a value in a field. Whoever reads the disk learns that
// two tokens are alike, so only values that nobody can guess get one: a phone,
// a wallet; never a nationality, a sex, a compound.
func (k TokenKey) Token(field string, value []byte) [sha256.Size]byte {
	m := hmac.New(sha256.New, k.bytes()[:])
	m.Write(message("token/"+field, [][]byte{value}))
	return [sha256.Size]byte(m.Sum(nil))
}
