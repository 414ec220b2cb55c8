package picture

import (
	"image"
	"math"
)

// shrink scales a picture down to at most limit pixels.
func shrink(g *image.Gray, limit int) *image.Gray {
	n := g.Rect.Dx() * g.Rect.Dy()
	if n <= limit {
		return g
	}
	return scale(g, math.Sqrt(float64(limit)/float64(n)))
}

// scale resizes by a factor, with a triangle filter as wide as a source or a
// target pixel, whichever is larger: it averages when scaling down and
// interpolates when scaling up.
func scale(g *image.Gray, factor float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	nw := max(1, int(math.Round(float64(w)*factor)))
	nh := max(1, int(math.Round(float64(h)*factor)))
	if nw == w && nh == h {
		return g
	}
	// Each row to its new width; then rows to the new height.
	narrow := make([]byte, nw*h)
	columns := filter(w, nw)
	for y := range h {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		for x, t := range columns {
			narrow[y*nw+x] = t.sum(row, 1)
		}
	}
	out := image.NewGray(image.Rect(0, 0, nw, nh))
	for y, t := range filter(h, nh) {
		for x := range nw {
			out.Pix[y*nw+x] = t.sum(narrow[x:], nw)
		}
	}
	return out
}

// taps are the weights, out of 1<<16, of the source pixels from first on.
type taps struct {
	first   int
	weights []int32
}

func (t taps) sum(p []byte, stride int) byte {
	var s int32 = 1 << 15
	for i, k := range t.weights {
		s += k * int32(p[(t.first+i)*stride])
	}
	return byte(s >> 16)
}

func filter(from, to int) []taps {
	step := float64(from) / float64(to)
	reach := max(step, 1)
	all := make([]taps, to)
	for i := range all {
		centre := (float64(i)+0.5)*step - 0.5
		first := max(0, int(math.Ceil(centre-reach)))
		last := min(from-1, int(math.Floor(centre+reach)))
		raw := make([]float64, last-first+1)
		var sum float64
		for j := range raw {
			raw[j] = max(0, 1-math.Abs(float64(first+j)-centre)/reach)
			sum += raw[j]
		}
		if sum == 0 {
			raw[0], sum = 1, 1
		}
		weights := make([]int32, len(raw))
		var total int32
		for j, k := range raw {
			weights[j] = int32(k / sum * (1 << 16))
			total += weights[j]
		}
		weights[len(weights)/2] += 1<<16 - total // so that white stays white
		all[i] = taps{first, weights}
	}
	return all
}
