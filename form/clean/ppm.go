package clean

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"
)

// maxSide is the longest side of a picture of a page; a JPEG could not be longer
// than 65,535.
const maxSide = 20_000

// ReadPPM reads the next picture of a stream of them, as programs that draw pages
// write it (PPM, three bytes a pixel), of at most so many pixels. A picture
// without colour comes back as *image.Gray, others as *image.RGBA. At the end of
// the stream the error is io.EOF.
// Source: the ppm(5) manual of Netpbm.
func ReadPPM(r *bufio.Reader, pixels int) (image.Image, error) {
	if _, err := r.Peek(1); err != nil {
		return nil, err
	}
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:]) != "P6" {
		return nil, errors.New("not a picture of the kind PPM")
	}
	var n [3]int // width, height, the largest value
	for i := range n {
		var err error
		if n[i], err = ppmNumber(r); err != nil {
			return nil, err
		}
	}
	w, h := n[0], n[1]
	if w < 1 || h < 1 || w > maxSide || h > maxSide || w*h > pixels {
		return nil, fmt.Errorf("a picture of %d × %d pixels", w, h)
	}
	if n[2] != 255 {
		return nil, errors.New("a picture with other than 256 values of a colour")
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	row := make([]byte, 3*w)
	grey := true
	for y := range h {
		if _, err := io.ReadFull(r, row); err != nil {
			return nil, errors.New("a picture that ends too early")
		}
		to := img.Pix[y*img.Stride:]
		for x := range w {
			red, green, blue := row[3*x], row[3*x+1], row[3*x+2]
			to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = red, green, blue, 255
			grey = grey && red == green && green == blue
		}
	}
	if !grey {
		return img, nil
	}
	one := image.NewGray(img.Rect)
	for i := range one.Pix {
		one.Pix[i] = img.Pix[4*i]
	}
	return one, nil
}

// ppmNumber reads white space, a number of at most six digits, and the one white
// space after it. Comments are not read: the programs we run write none.
func ppmNumber(r *bufio.Reader) (int, error) {
	n, digits := 0, 0
	for {
		b, err := r.ReadByte()
		switch {
		case err != nil:
			return 0, errors.New("a picture that ends too early")
		case b >= '0' && b <= '9' && digits < 6:
			n = 10*n + int(b-'0')
			digits++
		case b == ' ' || b == '\n' || b == '\t' || b == '\r':
			if digits > 0 {
				return n, nil
			}
		default:
			return 0, errors.New("a picture with a strange head")
		}
	}
}
