// Package picture reads the pictures people bring: screenshots of chats, job
// offers photographed from a wall, QR codes.
//
// Decode turns a stranger's bytes into an image, within limits that are
// checked before anything large is allocated. Codes gives what the QR codes
// in it say. ForReading prepares it for a text-reading program, and Excerpt
// cuts a few lines from what ForReading made, so that their script can be
// told cheaply. Nothing here touches a file, a clock or the network, and
// nothing that is read is kept.
//
// Whatever is handed on from here was encoded by us: a program that reads
// text never sees the bytes a stranger sent.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"
)

// The limits of Decode. A phone's screenshot has 3 megapixels and 1 MB; a
// phone's photograph 12 megapixels and 5 MB.
const (
	MaxBytes  = 12 << 20   // of the file
	MaxPixels = 40_000_000 // width times height
	maxMemory = 160 << 20  // bytes the decoder may need for all samples
	// Nobody's screenshot is so long, or so thin, or comes in so many scans;
	// reading one that is would cost far more than its pixels.
	maxSide  = 65_500
	maxRatio = 200
	maxScans = 100
)

// Decode reads a PNG, JPEG, GIF, WebP or BMP picture and turns it upright as
// its EXIF data says. Of an animation it gives the first frame.
//
// Every error is an *Error around ErrNotPicture, ErrTooLarge or ErrBroken. A
// picture over a limit is refused from its header, before its pixels are
// allocated.
func Decode(data []byte) (img image.Image, err error) {
	if len(data) > MaxBytes {
		return nil, &Error{Kind: ErrTooLarge, Bytes: len(data)}
	}
	format := seems(data)
	open, ok := codecs[format]
	if !ok {
		return nil, &Error{Kind: ErrNotPicture, Seems: format}
	}
	// The decoders are well worn, but they read strangers' bytes: a panic in
	// one of them is a broken picture, not the end of the program.
	defer func() {
		if p := recover(); p != nil {
			img, err = nil, broken(format, fmt.Errorf("decoder stopped: %v", p))
		}
	}()
	config, err := open.config(bytes.NewReader(data))
	if err != nil {
		return nil, broken(format, err)
	}
	if config.Width <= 0 || config.Height <= 0 {
		return nil, broken(format, fmt.Errorf("size %d by %d", config.Width, config.Height))
	}
	turn, perPixel := upright, bytesPerPixel(config.ColorModel)
	scans := 0
	if format == JPEG {
		h := readJPEG(data)
		turn, perPixel, scans = h.orientation, h.bytesPerPixel(), h.scans
	}
	pixels := int64(config.Width) * int64(config.Height)
	long, short := max(config.Width, config.Height), min(config.Width, config.Height)
	if pixels > MaxPixels || pixels*perPixel > maxMemory || long > maxSide || long > maxRatio*short && long > 4096 || scans > maxScans {
		return nil, &Error{Kind: ErrTooLarge, Seems: format, Width: config.Width, Height: config.Height}
	}
	img, err = open.decode(bytes.NewReader(data))
	if err != nil {
		return nil, broken(format, err)
	}
	if img.Bounds().Empty() {
		return nil, broken(format, fmt.Errorf("no pixels"))
	}
	return turned(img, turn), nil
}

type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// codecs lists what Decode reads. The image package's register is not used:
// what may be decoded must not depend on what some other package imports.
var codecs = map[Format]codec{
	PNG:  {png.DecodeConfig, png.Decode},
	JPEG: {jpeg.DecodeConfig, jpeg.Decode},
	GIF:  {gif.DecodeConfig, gif.Decode},
	WebP: {webp.DecodeConfig, webp.Decode},
	BMP:  {bmp.DecodeConfig, bmp.Decode},
}

// bytesPerPixel is what a decoder allocates for one pixel of this colour
// model, at most. (JPEG is reckoned from its own header.)
func bytesPerPixel(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model, color.NYCbCrAModel:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}
