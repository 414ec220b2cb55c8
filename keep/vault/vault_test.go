package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var here = Place{Table: "message", Row: "01", Field: "body", Revision: 3, Epoch: 7}

// elsewhere are places that differ from here in one thing.
var elsewhere = []Place{
	{"messages", "01", "body", 3, 7},
	{"message", "02", "body", 3, 7},
	{"message", "01", "meta", 3, 7},
	{"message", "01", "body", 2, 7},
	{"message", "01", "body", 3, 8},
	{"message0", "1", "body", 3, 7},
	{},
}

func TestSealedOpensOnlyWhereItBelongs(t *testing.T) {
	k, plain := NewKey(), []byte("two lines\nof invented words")
	sealed := k.Seal(here, plain)
	if got, err := k.Open(here, sealed); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("Open = %q, %v", got, err)
	}
	for _, at := range elsewhere {
		if _, err := k.Open(at, sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("opened at %+v: %v", at, err)
		}
	}
	if _, err := NewKey().Open(here, sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("another key opened it: %v", err)
	}
	if _, err := (Key{}).Open(here, sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("no key opened it: %v", err)
	}
}

func TestWrappedOpensOnlyForWhomAndWhat(t *testing.T) {
	p, key := NewPrivate(), NewKey()
	wrapped, err := p.Public().Wrap(here, "intake", key.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Unwrap(here, "intake", wrapped); err != nil || !bytes.Equal(got, key.Bytes()) {
		t.Fatalf("Unwrap: %v", err)
	}
	for _, at := range elsewhere {
		if _, err := p.Unwrap(at, "intake", wrapped); !errors.Is(err, ErrSealed) {
			t.Errorf("opened at %+v: %v", at, err)
		}
	}
	if _, err := p.Unwrap(here, "mailbox", wrapped); !errors.Is(err, ErrSealed) {
		t.Errorf("opened for another purpose: %v", err)
	}
	if _, err := NewPrivate().Unwrap(here, "intake", wrapped); !errors.Is(err, ErrSealed) {
		t.Errorf("opened for another: %v", err)
	}
	again, err := PublicOf(p.Public().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Wrap(here, "intake", key.Bytes()); err != nil {
		t.Error(err)
	}
	if _, err := (Public{}).Wrap(here, "intake", nil); err == nil {
		t.Error("sealed to nobody")
	}
}

func TestOneChangedByteOpensNothing(t *testing.T) {
	k, p := NewKey(), NewPrivate()
	circle, shares, err := Deal(2, 3)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(t, "plain")
		sealed := k.Seal(here, plain)
		if got, err := k.Open(here, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("Open: %v", err)
		}
		wrapped, err := p.Public().Wrap(here, "x", plain[:min(32, len(plain))])
		if err != nil {
			t.Fatal(err)
		}
		shared := circle.Wrap(here, "x", plain)
		spoil := func(b []byte) []byte {
			b = bytes.Clone(b)
			if rapid.Bool().Draw(t, "cut") {
				return b[:rapid.IntRange(0, len(b)-1).Draw(t, "length")]
			}
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			return b
		}
		if _, err := k.Open(here, spoil(sealed)); !errors.Is(err, ErrSealed) {
			t.Errorf("sealed: %v", err)
		}
		if _, err := p.Unwrap(here, "x", spoil(wrapped)); !errors.Is(err, ErrSealed) {
			t.Errorf("wrapped: %v", err)
		}
		broken := spoil(shared)
		var answers []Answer
		for _, s := range shares[:2] {
			if a, err := s.Answer(broken); err == nil {
				answers = append(answers, a)
			}
		}
		if _, err := circle.Combine(here, "x", broken, answers); err == nil {
			t.Error("a changed byte opened for trustees")
		}
	})
}

func TestPaddingHidesLength(t *testing.T) {
	k := NewKey()
	if a, b := len(k.Seal(here, nil)), len(k.Seal(here, make([]byte, 252))); a != b {
		t.Errorf("nothing is %d long and a few words %d", a, b)
	}
	classes := map[int]bool{}
	for n := range 100_000 {
		p := padded(n)
		if p < n || n > 300 && float64(p) > 1.12*float64(n) {
			t.Fatalf("%d bytes are padded to %d", n, p)
		}
		classes[p] = true
	}
	if len(classes) > 300 {
		t.Errorf("%d classes tell too much", len(classes))
	}
}

func TestSignatures(t *testing.T) {
	s := NewSigner()
	sig := s.Sign("wrap", []byte("a"), []byte("bc"))
	if err := Check(s.Verifier(), sig, "wrap", []byte("a"), []byte("bc")); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []error{
		Check(s.Verifier(), sig, "wrap", []byte("ab"), []byte("c")),
		Check(s.Verifier(), sig, "role", []byte("a"), []byte("bc")),
		Check(NewSigner().Verifier(), sig, "wrap", []byte("a"), []byte("bc")),
		Check(nil, sig, "wrap", []byte("a"), []byte("bc")),
		Check(s.Verifier(), nil, "wrap", []byte("a"), []byte("bc")),
	} {
		if !errors.Is(bad, ErrSignature) {
			t.Errorf("taken for signed: %v", bad)
		}
	}
}

func TestTokens(t *testing.T) {
	k := NewTokenKey()
	once := k.Token("phone", []byte("555"))
	if again := k.Token("phone", []byte("555")); once != again {
		t.Error("one value has two tokens")
	}
	if k.Token("phone", []byte("555")) == k.Token("wallet", []byte("555")) || k.Token("phone", []byte("555")) == NewTokenKey().Token("phone", []byte("555")) {
		t.Error("tokens of two fields or keys are alike")
	}
}

func TestSecretsPrintNothing(t *testing.T) {
	key := NewKey()
	private, err := PrivateOf(key.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	signer, _ := SignerOf(key.Bytes())
	token, _ := TokenKeyOf(key.Bytes())
	share := Share{key.secret, 2, 1}
	code := Code(key)
	type holder struct {
		Key     Key
		inner   Key
		Private Private
		private *Private
		signer  Signer
		token   TokenKey
		share   Share
		code    Code
	}
	h := holder{key, key, private, &private, signer, token, share, code}
	marks := []string{
		fmt.Sprintf("%x", key.Bytes()[:4]), fmt.Sprintf("%X", key.Bytes()[:4]), fmt.Sprintf("%d %d %d", key.Bytes()[0], key.Bytes()[1], key.Bytes()[2]), string(key.Bytes()[:4]),
		fmt.Sprintf("0x%x, 0x%x, 0x%x", key.Bytes()[0], key.Bytes()[1], key.Bytes()[2]),
	}
	var out bytes.Buffer
	for _, v := range []any{key, &key, private, &private, signer, token, share, &share, code, h, &h, []Key{key}, map[string]any{"k": key}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		func() {
			defer func() { fmt.Fprintln(&out, recover()) }()
			panic(v)
		}()
		fmt.Fprintln(&out, fmt.Errorf("with %v", v))
	}
	for _, m := range marks {
		if strings.Contains(out.String(), m) {
			t.Errorf("the secret %q was printed", m)
		}
	}
	if !strings.Contains(out.String(), hidden) {
		t.Error("nothing at all was printed: the test looks at nothing")
	}
}

func TestWipe(t *testing.T) {
	k := NewKey()
	copied := k
	k.Wipe()
	if !bytes.Equal(copied.Bytes(), make([]byte, KeySize)) {
		t.Error("a copy still holds the key")
	}
}

func BenchmarkSeal(b *testing.B) {
	k, plain := NewKey(), make([]byte, 1000)
	for b.Loop() {
		k.Seal(here, plain)
	}
}

func BenchmarkWrap(b *testing.B) {
	p, key := NewPrivate().Public(), NewKey().Bytes()
	for b.Loop() {
		p.Wrap(here, "x", key)
	}
}

func BenchmarkUnwrap(b *testing.B) {
	p := NewPrivate()
	w, _ := p.Public().Wrap(here, "x", NewKey().Bytes())
	for b.Loop() {
		p.Unwrap(here, "x", w)
	}
}

func BenchmarkMailbox(b *testing.B) {
	c := CodeOf([]byte("an invented nonce"))
	for b.Loop() {
		c.Mailbox().Public().Bytes()
	}
}
