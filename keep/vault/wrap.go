package vault

import (
	"crypto/hpke"
	"crypto/rand"
	"fmt"
)

// Public is who something can be sealed to. It is no secret.
type Public struct {
	key hpke.PublicKey
}

// Private opens what was sealed to its Public half. It prints nothing.
type Private struct {
	secret                        // the 32-byte seed
	key    func() hpke.PrivateKey // made from the seed; a function as in secret
}

// NewPrivate makes a key pair of random bytes.
func NewPrivate() Private {
	var seed [KeySize]byte
	rand.Read(seed[:])
	p, err := PrivateOf(seed[:])
	if err != nil {
		panic(err) // 32 bytes are always a seed
	}
	return p
}

// PrivateOf makes the key pair that follows from a seed of 32 bytes.
func PrivateOf(seed []byte) (Private, error) {
	k, err := KeyOf(seed)
	if err != nil {
		return Private{}, err
	}
	key, err := hpke.MLKEM768X25519().NewPrivateKey(k.bytes()[:])
	if err != nil {
		return Private{}, ErrSealed
	}
	return Private{k.secret, func() hpke.PrivateKey { return key }}, nil
}

// Public gives the half that others seal to.
func (p Private) Public() Public { return Public{p.key().PublicKey()} }

// PublicOf reads a public half as Bytes gave it.
func PublicOf(b []byte) (Public, error) {
	key, err := hpke.MLKEM768X25519().NewPublicKey(b)
	if err != nil {
		return Public{}, fmt.Errorf("vault: not a public key: %w", err)
	}
	return Public{key}, nil
}

// Bytes gives a public half as it is stored: 1,216 bytes.
func (p Public) Bytes() []byte { return p.key.Bytes() }

// Wrap seals a key, or a seed, to somebody, for a purpose and a place. It needs
// no secret, so that a door can do it while everyone sleeps; by itself it does
// not say who made it, see Signer.
func (p Public) Wrap(at Place, purpose string, key []byte) ([]byte, error) {
	if p.key == nil {
		return nil, fmt.Errorf("vault: nobody to seal to")
	}
	sealed, err := hpke.Seal(p.key, hpke.HKDFSHA256(), hpke.AES256GCM(), at.bytes(wrapLabel+purpose), key)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return append([]byte{version}, sealed...), nil
}

// Unwrap opens what Wrap made for the same purpose and place; otherwise ErrSealed.
func (p Private) Unwrap(at Place, purpose string, wrapped []byte) ([]byte, error) {
	if p.key == nil || len(wrapped) == 0 || wrapped[0] != version {
		return nil, ErrSealed
	}
	key, err := hpke.Open(p.key(), hpke.HKDFSHA256(), hpke.AES256GCM(), at.bytes(wrapLabel+purpose), wrapped[1:])
	if err != nil {
		return nil, ErrSealed
	}
	return key, nil
}

const wrapLabel = "homeward/wrap/v1/"
