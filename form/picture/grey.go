package picture

import (
	"image"
	"image/color"
)

// grey makes a greyscale picture of at most limit pixels with its origin at
// 0, 0. What is transparent shows white paper.
func grey(img image.Image, limit int) *image.Gray {
	if t, ok := img.(*turnedImage); ok {
		return turnGrey(grey(t.stored, limit), t.turn)
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	g := image.NewGray(image.Rect(0, 0, w, h))
	row := greyRow(img)
	for y := range h {
		row(g.Pix[y*w:(y+1)*w], b.Min.X, b.Min.Y+y)
	}
	return shrink(g, limit)
}

// greyRow gives a function that writes one row's luminance from x, y on. The
// kinds of image our decoders make have ways of their own; asking each pixel
// for its colour costs ten times as much.
func greyRow(img image.Image) func(dst []byte, x, y int) {
	switch m := img.(type) {
	case *image.Gray:
		return func(dst []byte, x, y int) { copy(dst, m.Pix[m.PixOffset(x, y):]) }
	case *image.YCbCr:
		return func(dst []byte, x, y int) { copy(dst, m.Y[m.YOffset(x, y):]) }
	case *image.RGBA:
		return func(dst []byte, x, y int) {
			p := m.Pix[m.PixOffset(x, y):]
			for i := range dst {
				dst[i] = luminance(p[4*i], p[4*i+1], p[4*i+2]) + 255 - p[4*i+3]
			}
		}
	case *image.NRGBA:
		return func(dst []byte, x, y int) {
			p := m.Pix[m.PixOffset(x, y):]
			for i := range dst {
				dst[i] = onPaper(luminance(p[4*i], p[4*i+1], p[4*i+2]), p[4*i+3])
			}
		}
	case *image.Paletted:
		var lut [256]byte
		for i, c := range m.Palette {
			lut[i] = greyOf(c)
		}
		return func(dst []byte, x, y int) {
			p := m.Pix[m.PixOffset(x, y):]
			for i := range dst {
				dst[i] = lut[p[i]]
			}
		}
	}
	return func(dst []byte, x, y int) {
		for i := range dst {
			dst[i] = greyOf(img.At(x+i, y))
		}
	}
}

// luminance weighs the colours as Rec. 601 does, as JPEG stores it.
func luminance(r, g, b byte) byte {
	return byte((19595*uint32(r) + 38470*uint32(g) + 7471*uint32(b) + 1<<15) >> 16)
}

func onPaper(y, alpha byte) byte {
	return byte((uint32(y)*uint32(alpha) + 255*(255-uint32(alpha)) + 127) / 255)
}

func greyOf(c color.Color) byte {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return onPaper(luminance(n.R, n.G, n.B), n.A)
}

func turnGrey(g *image.Gray, t turn) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	width, height := w, h
	if t.swapsSides() {
		width, height = h, w
	}
	out := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			sx, sy := t.from(x, y, w, h)
			out.Pix[y*width+x] = g.Pix[sy*w+sx]
		}
	}
	return out
}

// inverted gives the negative.
func inverted(g *image.Gray) *image.Gray {
	out := image.NewGray(g.Rect)
	for i, v := range g.Pix {
		out.Pix[i] = 255 - v
	}
	return out
}
