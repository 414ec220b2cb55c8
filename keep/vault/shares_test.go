package vault

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAnyKOpenOneThing(t *testing.T) {
	circle, shares, err := Deal(3, 5)
	if err != nil {
		t.Fatal(err)
	}
	circle, err = CircleOf(circle.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	key := NewKey().Bytes()
	one, two := circle.Wrap(here, "report", key), circle.Wrap(here, "report", key)
	answer := func(s Share, wrapped []byte) Answer {
		t.Helper()
		a, err := s.Answer(wrapped)
		if err != nil {
			t.Fatal(err)
		}
		if a, err = AnswerOf(strings.ToLower(a.Text())); err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, set := range [][]int{{0, 1, 2}, {4, 2, 0}, {1, 3, 4}, {0, 1, 2, 3, 4}} {
		var as []Answer
		for _, i := range set {
			as = append(as, answer(shares[i], one))
		}
		if got, err := circle.Combine(here, "report", one, as); err != nil || !bytes.Equal(got, key) {
			t.Errorf("%v: %v", set, err)
		}
		if _, err := circle.Combine(here, "intake", one, as); err == nil {
			t.Error("opened for another purpose")
		}
		if _, err := circle.Combine(elsewhere[0], "report", one, as); err == nil {
			t.Error("opened at another place")
		}
		if _, err := circle.Combine(here, "report", two, as); err == nil {
			t.Error("answers for one thing opened another")
		}
	}
	a0, a1 := answer(shares[0], one), answer(shares[1], one)
	if _, err := circle.Combine(here, "report", one, []Answer{a0, a1}); err == nil {
		t.Error("two of three opened it")
	}
	if _, err := circle.Combine(here, "report", one, []Answer{a0, a1, a1}); err == nil {
		t.Error("one trustee counted twice")
	}
	_, others, _ := Deal(3, 5)
	if _, err := circle.Combine(here, "report", one, []Answer{a0, a1, answer(others[2], one)}); err == nil || !strings.Contains(err.Error(), "share 3") {
		t.Errorf("a stranger's share: %v", err)
	}
	lie := answer(shares[2], one)
	lie.Index = 4
	if _, err := circle.Combine(here, "report", one, []Answer{a0, a1, lie}); err == nil {
		t.Error("an answer under another's number was taken")
	}
	for i, s := range shares {
		if !circle.Holds(s) {
			t.Errorf("share %d is not of its circle", i+1)
		}
		if circle.Holds(others[i]) {
			t.Errorf("a stranger's share %d is", i+1)
		}
	}
}

func TestSharesOnPaper(t *testing.T) {
	circle, shares, err := Deal(2, 3)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(shares).Draw(t, "share")
		text := s.Text()
		got, err := ShareOf(" " + strings.ToLower(strings.ReplaceAll(text, "-", "  ")) + "\n")
		if err != nil || !circle.Holds(got) || got.Index != s.Index {
			t.Fatalf("read back: %v", err)
		}
		i := rapid.IntRange(3, len(text)-1).Draw(t, "at")
		c := rapid.SampledFrom([]byte("0123456789ABCDEFGHJKMNPQRSTVWXYZ")).Draw(t, "letter")
		if text[i] == '-' || text[i] == c {
			return
		}
		if _, err := ShareOf(text[:i] + string(c) + text[i+1:]); err == nil && i < len(text)-1 {
			t.Errorf("a wrong letter at %d was not found", i)
		}
	})
	for _, bad := range []string{"", "HW", "HA-11111", shares[0].Text()[:20], strings.Repeat("HW", 3000)} {
		if _, err := ShareOf(bad); err == nil {
			t.Errorf("%.20q was read", bad)
		}
	}
	for _, kn := range [][2]int{{1, 3}, {4, 3}, {2, 21}, {0, 0}} {
		if _, _, err := Deal(kn[0], kn[1]); err == nil {
			t.Errorf("%v was dealt", kn)
		}
	}
}

func FuzzPaper(f *testing.F) {
	_, shares, _ := Deal(2, 3)
	f.Add(shares[0].Text())
	f.Add("HA-")
	f.Fuzz(func(t *testing.T, s string) {
		ShareOf(s)
		AnswerOf(s)
		CircleOf([]byte(s))
	})
}
