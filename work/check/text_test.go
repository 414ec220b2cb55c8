package check

import (
	"errors"
	"strings"
	"testing"

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
