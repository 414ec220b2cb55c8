package vault

import (
	"bytes"
	"testing"
)

func TestKeyOfBoth(t *testing.T) {
	one, other := []byte("a token of a cookie"), NewKey()
	k := KeyOfBoth("x", one, other)
	if !bytes.Equal(k.Bytes(), KeyOfBoth("x", one, other).Bytes()) {
		t.Error("two secrets give two keys")
	}
	for name, got := range map[string]Key{
		"another purpose": KeyOfBoth("y", one, other), "another first": KeyOfBoth("x", []byte("a token of a cookiE"), other), "another second": KeyOfBoth("x", one, NewKey()), "the second itself": other,
	} {
		if bytes.Equal(k.Bytes(), got.Bytes()) {
			t.Errorf("%s gives the same key", name)
		}
	}
	if string(one) != "a token of a cookie" {
		t.Error("the caller's bytes were changed")
	}
	for name, f := range map[string]func(){"no second": func() { KeyOfBoth("x", one, Key{}) }, "no first": func() { KeyOfBoth("x", nil, other) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s makes a key", name)
				}
			}()
			f()
		}()
	}
}
