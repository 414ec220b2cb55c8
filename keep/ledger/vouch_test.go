package ledger

import (
	"bytes"
	"testing"
)

func TestVouch(t *testing.T) {
	log := func(name string, seed byte) *Log {
		l, err := NewLog(name, bytes.Repeat([]byte{seed}, 32))
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := log("desk.invalid", 1)
	sig := l.Vouch("server", []byte("ab"), []byte("c"))
	if !log("desk.invalid", 1).Vouched(sig, "server", []byte("ab"), []byte("c")) {
		t.Error("another server with the same key does not know it")
	}
	for _, c := range []struct {
		name    string
		by      *Log
		purpose string
		parts   [][]byte
	}{
		{"another key", log("desk.invalid", 2), "server", [][]byte{[]byte("ab"), []byte("c")}},
		{"another desk", log("other.invalid", 1), "server", [][]byte{[]byte("ab"), []byte("c")}},
		{"another purpose", l, "session", [][]byte{[]byte("ab"), []byte("c")}},
		{"shifted parts", l, "server", [][]byte{[]byte("a"), []byte("bc")}},
		{"a part less", l, "server", [][]byte{[]byte("abc")}},
		{"a part more", l, "server", [][]byte{[]byte("ab"), []byte("c"), nil}},
	} {
		if c.by.Vouched(sig, c.purpose, c.parts...) {
			t.Errorf("%s: vouched", c.name)
		}
	}
	for _, bad := range [][]byte{nil, {}, sig[:63], append(bytes.Clone(sig), 0)} {
		if l.Vouched(bad, "server", []byte("ab"), []byte("c")) {
			t.Errorf("%d bytes are a signature", len(bad))
		}
	}
}
