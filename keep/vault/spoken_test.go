package vault

import (
	"slices"
	"testing"
)

func TestSpoken(t *testing.T) {
	s := NewQuickStretcher()
	say := func(parts ...[]byte) []string {
		t.Helper()
		w, err := s.Spoken(t.Context(), parts...)
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range []string{"en", "zh-Hant", "zh-Hans"} {
			if got := w.In(lang); len(got) != 4 || slices.Contains(got, "") {
				t.Errorf("%s: %q", lang, got)
			}
		}
		return w.In("en")
	}
	one := say([]byte("ab"), []byte("c"))
	if !slices.Equal(one, say([]byte("ab"), []byte("c"))) {
		t.Error("the same parts have other words")
	}
	for _, other := range [][][]byte{{[]byte("a"), []byte("bc")}, {[]byte("abc")}, {[]byte("ab"), []byte("d")}, {[]byte("c"), []byte("ab")}} {
		if slices.Equal(one, say(other...)) {
			t.Errorf("%q have the same words", other)
		}
	}
}
