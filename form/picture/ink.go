package picture

import "image"

const (
	faint = 16 // a difference from the ground that is not ink: noise, a drawn wall
	weak  = 72 // the least difference that is drawn out to full black
)

// ink draws what is written on the grounds: black where a pixel differs most
// from the ground it stands on, whichever of the two is lighter.
//
// A pixel's ground is what is found to its left and right in the row, and
// above and below in the column. Where these differ, the pixel lies between
// two grounds, and counts only as far as it is darker or lighter than both:
// so the soft edge of a bubble leaves no line.
func (s *grounds) ink(g *image.Gray) *image.Gray {
	differs := make([]byte, len(g.Pix))
	for i, l := range s.of {
		if l == 0 {
			differs[i] = 255
		}
	}
	for y := range s.h {
		s.compare(g.Pix, differs, y*s.w, 1, s.w)
	}
	for x := range s.w {
		s.compare(g.Pix, differs, x, s.w, s.h)
	}
	return strengthen(differs, s.w, s.h)
}

// compare lowers differs, for the pixels of one row or column that have no
// ground, to their difference from the grounds at both ends of their run.
func (s *grounds) compare(pix, differs []byte, start, stride, n int) {
	for i := 0; i < n; i++ {
		if s.of[start+i*stride] != 0 {
			continue
		}
		j := i
		for j < n && s.of[start+j*stride] == 0 {
			j++
		}
		if i == 0 && j == n {
			return
		}
		before, after := max(i-1, 0), min(j, n-1)
		if i == 0 {
			before = after
		}
		if j == n {
			after = before
		}
		lo, hi := pix[start+before*stride], pix[start+after*stride]
		if lo > hi {
			lo, hi = hi, lo
		}
		for k := start + i*stride; k < start+j*stride; k += stride {
			d := byte(0)
			switch v := pix[k]; {
			case v < lo:
				d = lo - v
			case v > hi:
				d = v - hi
			}
			differs[k] = min(differs[k], d)
		}
		i = j
	}
}

// strengthen draws differences as ink, each relative to the strongest nearby,
// so that grey writing is as black as any other.
func strengthen(differs []byte, w, h int) *image.Gray {
	const tile = 32
	tw, th := (w+tile-1)/tile, (h+tile-1)/tile
	strongest := make([]byte, tw*th)
	for y := range h {
		for x := range w {
			t := y/tile*tw + x/tile
			strongest[t] = max(strongest[t], differs[y*w+x])
		}
	}
	full := make([]int, tw*th)
	for ty := range th {
		for tx := range tw {
			m := byte(weak)
			for y := max(0, ty-1); y <= min(th-1, ty+1); y++ {
				for x := max(0, tx-1); x <= min(tw-1, tx+1); x++ {
					m = max(m, strongest[y*tw+x])
				}
			}
			full[ty*tw+tx] = int(m)
		}
	}
	out := blank(w, h)
	for y := range h {
		for x := range w {
			if d := int(differs[y*w+x]); d >= faint {
				out.Pix[y*w+x] = byte(255 - min(255, d*255/full[y/tile*tw+x/tile]))
			}
		}
	}
	return out
}
