package picture

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

// Pictures that would cost far more than their size are refused unread: very
// thin ones, and those of hundreds of scans.
func TestCostlyPictures(t *testing.T) {
	for _, size := range []image.Point{{70_000, 1}, {1, 70_000}, {5000, 10}} {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rectangle{Max: size})); err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(b.Bytes()); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%v: %v, want too large", size, err)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)), nil); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	end := len(whole) - 2
	scan := []byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x11, 0xff, 0x00, 0x22}
	for _, scans := range []int{0, 50, 200} {
		data := append(append(bytes.Clone(whole[:end]), bytes.Repeat(scan, scans)...), whole[end:]...)
		_, err := Decode(data)
		if tooLarge := errors.Is(err, ErrTooLarge); tooLarge != (scans > maxScans) {
			t.Errorf("%d scans more: %v", scans, err)
		}
	}
}
