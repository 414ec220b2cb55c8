package ledger

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// signerKey gives the key in the form of package note: its algorithm 1 is Ed25519.
func (l *Log) signerKey() string {
	key := append([]byte{1}, l.key.Seed()...)
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", l.name, keyHash(l.name, l.key.Public().(ed25519.PublicKey)), base64.StdEncoding.EncodeToString(key))
}

// keyHash is that of package note, which does not export it.
func keyHash(name string, pub ed25519.PublicKey) uint32 {
	h := sha256.New()
	h.Write([]byte(name + "\n"))
	h.Write(append([]byte{1}, pub...))
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// String gives a verifier as others keep it: name+hash+key.
func (v Verifier) String() string {
	s, err := note.NewEd25519VerifierKey(v.name, v.key)
	if err != nil {
		return ""
	}
	return s
}

// ParseVerifier reads what String gave.
func ParseVerifier(s string) (Verifier, error) {
	s = strings.TrimSpace(s)
	if _, err := note.NewVerifier(s); err != nil {
		return Verifier{}, errors.New("ledger: not a verifier key; it looks like name+1a2b3c4d+…")
	}
	parts := strings.SplitN(s, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 1 {
		return Verifier{}, errors.New("ledger: not an Ed25519 verifier key")
	}
	return Verifier{ed25519.PublicKey(key[1:]), parts[0]}, nil
}

// note gives the verifier of package note.
func (v Verifier) note() (note.Verifier, error) { return note.NewVerifier(v.String()) }

// Seed reads the key of a ledger from its file in dir, or makes it: 32 random bytes
// that only their owner can read. Whoever has the file can forge what no checkpoint
// elsewhere covers.
func Seed(dir string) ([]byte, error) {
	path := filepath.Join(dir, "ledger.key")
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		b = make([]byte, ed25519.SeedSize)
		rand.Read(b)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		if _, err := f.WriteString(base64.StdEncoding.EncodeToString(b) + "\n"); err != nil {
			f.Close()
			return nil, fmt.Errorf("ledger: %w", err)
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
		return b, nil
	case err != nil:
		return nil, fmt.Errorf("ledger: %w", err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("ledger: %s holds no key", path)
	}
	return seed, nil
}
