package check

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"homeward/know/lure"
)

func TestText(t *testing.T) {
	c := &Checker{Packs: lure.Default()}
	for _, test := range []struct {
		name, text string
		want       error
	}{
		{"empty", "", ErrEmpty},
		{"only spaces", " \n\t ", ErrEmpty},
		{"too long", strings.Repeat("a", MaxText+1), ErrTooLong},
		{"one megabyte of one letter", strings.Repeat("a", MaxText), nil},
		{"not UTF-8", "job \xff\xfe abroad", nil},
		{"a message", "hello", nil},
	} {
		_, err := c.Text(lure.Request{Text: test.text})
		if !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
	}
}

// No more texts are screened at a time than there are processors: each may
// need hundreds of megabytes.
func TestTextsWaitTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &Checker{Packs: &echo{}}
		places := c.turns().texts
		for range cap(places) {
			places <- struct{}{}
		}
		done := false
		go func() {
			_, _ = c.Text(lure.Request{Text: "hello"})
			done = true
		}()
		if synctest.Wait(); done {
			t.Error("screened while all places were taken")
		}
		<-places
		if synctest.Wait(); !done {
			t.Error("not screened when a place was free")
		}
	})
}
