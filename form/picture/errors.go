package picture

import (
	"errors"
	"fmt"
)

// What can be wrong with a picture. Test with errors.Is; the *Error around
// one of these says more.
var (
	ErrNotPicture = errors.New("this is not a picture we can read: send a PNG, JPEG, GIF, WebP or BMP")
	ErrTooLarge   = errors.New("this picture is too large: cut out the part with the text, or send a smaller one")
	ErrBroken     = errors.New("this picture is damaged or not complete: send it again")
)

// Error is what Decode returns. It carries what a door needs to say the same
// in the reader's language.
type Error struct {
	Kind error // ErrNotPicture, ErrTooLarge or ErrBroken
	// Seems is what the bytes seem to be; Unknown where that was not looked at.
	Seems Format
	// Bytes is the size of a file that is too large, else 0.
	Bytes int
	// Width and Height in pixels, of a picture that is too large, else 0.
	Width, Height int
	// Cause is the decoder's own error, for the log of whoever runs this.
	Cause error
}

func (e *Error) Error() string {
	s := e.Kind.Error()
	switch {
	case e.Kind == ErrNotPicture && e.Seems != Unknown:
		s += fmt.Sprintf(" (it seems to be: %s)", e.Seems)
	case e.Bytes > 0:
		s += fmt.Sprintf(" (%d MB; at most %d MB)", (e.Bytes+1<<20-1)>>20, MaxBytes>>20)
	case e.Width > 0:
		s += fmt.Sprintf(" (%d by %d pixels; at most %d million)", e.Width, e.Height, MaxPixels/1_000_000)
	case e.Cause != nil:
		s += fmt.Sprintf(" (%v)", e.Cause)
	}
	return s
}

// Unwrap gives Kind and Cause to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

func broken(f Format, cause error) error {
	return &Error{Kind: ErrBroken, Seems: f, Cause: cause}
}
