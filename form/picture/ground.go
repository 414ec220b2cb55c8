package picture

import "image"

// The measures of a ground. Widths are shares of the picture's shorter side.
const (
	step      = 6  // luminance between neighbours on one ground, at most: gradients flow, edges do not
	tileShare = 90 // a ground holds a plain square of this share of the side
	padShare  = 18 // a plain patch this thick is a ground though nothing is written on it
	dark      = 128
)

// grounds are the plain areas of a picture that something is or could be
// written on: the wall of a chat, its bubbles, a card, a page.
type grounds struct {
	w, h int
	of   []int32 // per pixel the number of its ground, 0 where there is none
}

func (s *grounds) share() float64 {
	n := 0
	for _, l := range s.of {
		if l != 0 {
			n++
		}
	}
	return float64(n) / float64(max(1, len(s.of)))
}

// patch is a plain area that may be a ground.
type patch struct {
	light                  int // sum of its luminances
	area, edge             int // pixels; those at its outline
	left, top, right, down int

	// Of all rows and columns: the pixels of no patch between two of its own,
	// and the way from its first to its last pixel.
	enclosed, hull int

	line, end int // the row or column being measured, its last pixel
}

// findGrounds grows a patch from every plain tile, and keeps as grounds those
// that are not themselves what is written: the stroke of a large letter is as
// plain as a bubble, but it does not reach the sides of its frame in every row
// and column, and nothing stands on it.
func findGrounds(g *image.Gray) *grounds {
	s := &grounds{w: g.Rect.Dx(), h: g.Rect.Dy(), of: make([]int32, len(g.Pix))}
	side := min(s.w, s.h)
	tile := max(6, side/tileShare)
	patches := []patch{{}}
	var stack []int32
	for y := 0; y+tile <= s.h; y += tile {
		for x := 0; x+tile <= s.w; x += tile {
			if s.of[y*s.w+x] == 0 && plain(g, x, y, tile) {
				var p patch
				p, stack = s.grow(g, y*s.w+x, int32(len(patches)), stack)
				patches = append(patches, p)
			}
		}
	}
	patches = s.join(patches)
	s.measure(patches)
	keep := make([]bool, len(patches))
	for i, p := range patches[1:] {
		keep[i+1] = p.isGround(s.w*s.h, side)
	}
	for i, l := range s.of {
		if !keep[l] {
			s.of[i] = 0
		}
	}
	return s
}

func (p patch) isGround(pixels, side int) bool {
	if p.area*20 >= pixels {
		return true
	}
	frame := (p.right - p.left + 1) * (p.down - p.top + 1)
	pad := side / padShare
	if p.area < pad*pad || p.hull*100 < 2*frame*85 {
		return false
	}
	return p.enclosed*100 >= p.area || 2*p.area >= pad*p.edge
}

func plain(g *image.Gray, x, y, tile int) bool {
	lo, hi := byte(255), byte(0)
	for r := y; r < y+tile; r++ {
		for _, v := range g.Pix[r*g.Stride+x : r*g.Stride+x+tile] {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return hi-lo <= step
}

// grow numbers all pixels that can be reached from one over pixels whose four
// neighbours are all as plain. (Over single neighbours it would leak: along
// the soft round corner of a bubble there is always a way of small steps.)
func (s *grounds) grow(g *image.Gray, from int, number int32, stack []int32) (patch, []int32) {
	p := patch{left: s.w, top: s.h}
	s.of[from] = number
	stack = append(stack[:0], int32(from))
	var around [4]int
	for len(stack) > 0 {
		i := int(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		x, y := i%s.w, i/s.w
		p.area++
		p.light += int(g.Pix[i])
		p.left, p.right = min(p.left, x), max(p.right, x)
		p.top, p.down = min(p.top, y), max(p.down, y)
		near := around[:0]
		if x > 0 {
			near = append(near, i-1)
		}
		if x < s.w-1 {
			near = append(near, i+1)
		}
		if y > 0 {
			near = append(near, i-s.w)
		}
		if y < s.h-1 {
			near = append(near, i+s.w)
		}
		inside := true
		for _, j := range near {
			d := int(g.Pix[i]) - int(g.Pix[j])
			inside = inside && d <= step && d >= -step
		}
		if !inside {
			p.edge++
			continue
		}
		for _, j := range near {
			if s.of[j] == 0 {
				s.of[j] = number
				stack = append(stack, int32(j))
			}
		}
	}
	return p, stack
}

// join makes one patch of those that were cut apart by what is written on
// them, as the noise around letters does in a small JPEG: two that follow each
// other in a row or column, with nothing plain between, at one luminance.
func (s *grounds) join(patches []patch) []patch {
	root := make([]int32, len(patches))
	for i := range root {
		root[i] = int32(i)
	}
	find := func(l int32) int32 {
		for root[l] != l {
			root[l] = root[root[l]]
			l = root[l]
		}
		return l
	}
	scan := func(start, stride, n int) {
		last := int32(0)
		for i := start; i < start+n*stride; i += stride {
			l := s.of[i]
			if l == 0 {
				continue
			}
			if last != 0 && last != l && patches[l].like(patches[last]) {
				a, b := find(last), find(l)
				root[max(a, b)] = min(a, b)
			}
			last = l
		}
	}
	for y := range s.h {
		scan(y*s.w, 1, s.w)
	}
	for x := range s.w {
		scan(x, s.w, s.h)
	}
	joined := make([]patch, len(patches))
	for i, p := range patches {
		if r := find(int32(i)); joined[r].area == 0 {
			joined[r] = p
		} else {
			joined[r].add(p)
		}
	}
	for i, l := range s.of {
		s.of[i] = find(l)
	}
	return joined
}

func (p patch) like(q patch) bool {
	d := p.light/p.area - q.light/q.area
	return d <= 2*step && d >= -2*step
}

func (p *patch) add(q patch) {
	p.area += q.area
	p.light += q.light
	p.edge += q.edge
	p.left, p.top = min(p.left, q.left), min(p.top, q.top)
	p.right, p.down = max(p.right, q.right), max(p.down, q.down)
}

// measure counts what stands on each patch and how much it fills of its frame.
func (s *grounds) measure(patches []patch) {
	scan := func(start, stride, n, across int) {
		last, at := int32(0), -1
		for i := range n {
			l := s.of[start+i*stride]
			if l == 0 {
				continue
			}
			p := &patches[l]
			if gap := i - at - 1; l == last && gap < n*3/4 {
				p.enclosed += gap
			}
			last, at = l, i
			if p.line != across {
				p.line = across
				p.hull++
			} else {
				p.hull += i - p.end
			}
			p.end = i
		}
	}
	for y := range s.h {
		scan(y*s.w, 1, s.w, y+1)
	}
	for x := range s.w {
		scan(x, s.w, s.h, -x-1)
	}
}
