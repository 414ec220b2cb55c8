package vault

import (
	"errors"
	"fmt"
	"log/slog"
)

// secret holds bytes that no printer reaches. They are behind a function because
// fmt does not call the methods of unexported fields: there it prints what it
// can reach, and for a pointer under a verb that does not fit, what it points to.
type secret struct{ bytes func() *[KeySize]byte }

func secretOf(b *[KeySize]byte) secret { return secret{func() *[KeySize]byte { return b }} }

const hidden = "•"

// Bytes gives a copy, for wrapping and for nothing else.
func (s secret) Bytes() []byte {
	if s.None() {
		return nil
	}
	return append([]byte(nil), s.bytes()[:]...)
}

// Wipe overwrites the bytes; every copy of the value is empty from then on. What
// the runtime copied elsewhere is beyond it.
func (s secret) Wipe() {
	if !s.None() {
		clear(s.bytes()[:])
	}
}

// None says whether there is no secret at all.
func (s secret) None() bool { return s.bytes == nil }

func (secret) String() string               { return hidden }
func (secret) GoString() string             { return hidden }
func (secret) Format(f fmt.State, _ rune)   { fmt.Fprint(f, hidden) }
func (secret) LogValue() slog.Value         { return slog.StringValue(hidden) }
func (secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
func (secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }
func (secret) GobEncode() ([]byte, error)   { return nil, errors.New("vault: a secret is not encoded") }
