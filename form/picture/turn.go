package picture

import (
	"image"
	"image/color"
)

// turn is an EXIF orientation: where the stored picture's first row and first
// column belong.
type turn uint16

const (
	upright  turn = 1
	lastTurn turn = 8
)

// swapsSides reports whether width and height change places.
func (t turn) swapsSides() bool { return t >= 5 && t <= 8 }

// from gives the place in the stored picture of size w by h for the place x, y
// in the upright one.
func (t turn) from(x, y, w, h int) (int, int) {
	switch t {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // mirrored, upside down
		return x, h - 1 - y
	case 5: // mirrored, on its side
		return y, x
	case 6: // its left side is at the top: to be turned clockwise
		return y, h - 1 - x
	case 7: // mirrored, on its other side
		return w - 1 - y, h - 1 - x
	case 8: // its right side is at the top: to be turned counterclockwise
		return w - 1 - y, x
	}
	return x, y
}

// turned gives the picture upright. The pixels stay where they are: a
// photograph turned by copying would need its memory twice.
func turned(img image.Image, t turn) image.Image {
	if t <= upright || t > lastTurn {
		return img
	}
	return &turnedImage{img, t}
}

type turnedImage struct {
	stored image.Image
	turn   turn
}

func (t *turnedImage) ColorModel() color.Model { return t.stored.ColorModel() }

func (t *turnedImage) Bounds() image.Rectangle {
	b := t.stored.Bounds()
	if t.turn.swapsSides() {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

func (t *turnedImage) At(x, y int) color.Color {
	b := t.stored.Bounds()
	x, y = t.turn.from(x, y, b.Dx(), b.Dy())
	return t.stored.At(b.Min.X+x, b.Min.Y+y)
}
