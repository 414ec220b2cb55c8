package check

import (
	"errors"
	"fmt"
	"strings"

	"homeward/know/lure"
)

// MaxText is the longest text that is screened, in bytes.
const MaxText = 1 << 20

// What can keep a text from being screened. Test with errors.Is.
var (
	ErrEmpty   = errors.New("there is no text: paste the message")
	ErrTooLong = fmt.Errorf("the text is longer than %d MB: paste the part with the offer", MaxText>>20)
)

// Text screens a text. Its errors are ErrEmpty and ErrTooLong. Bytes that are
// not UTF-8 are passed over; the offsets of the findings hold all the same.
func (c *Checker) Text(r lure.Request) (Result, error) {
	if len(r.Text) > MaxText {
		return Result{}, ErrTooLong
	}
	if strings.TrimSpace(r.Text) == "" {
		return Result{}, ErrEmpty
	}
	places := c.turns().texts
	places <- struct{}{}
	defer func() { <-places }()
	return Result{Assessment: c.Packs.Screen(r)}, nil
}
