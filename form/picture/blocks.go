package picture

import (
	"image"
	"sort"
)

// block is what is written on one ground without a large gap between rows.
type block struct {
	box    image.Rectangle
	ground int32
	pixels []int32 // places of its pixels in the picture
}

// blocks sorts the ink by the ground it stands on, and gives it from top to
// bottom. Specks are left out.
func (s *grounds) blocks(ink *image.Gray) []block {
	owner := s.owners(ink)
	byGround := make(map[int32][]int32)
	for i, l := range owner {
		if l != 0 {
			byGround[l] = append(byGround[l], int32(i))
		}
	}
	gap := s.w / 36
	var all []block
	for l, pixels := range byGround {
		start, last := 0, -1
		for i, p := range pixels {
			if ink.Pix[p] >= dark {
				continue
			}
			y := int(p) / s.w
			if last >= 0 && y-last > gap {
				all = append(all, s.block(ink, l, pixels[start:i]))
				start = i
			}
			last = y
		}
		all = append(all, s.block(ink, l, pixels[start:]))
	}
	kept := all[:0]
	for _, b := range all {
		if b.box.Dy() >= 8 && b.box.Dx() >= 4 {
			kept = append(kept, b)
		}
	}
	sort.Slice(kept, func(i, j int) bool {
		a, b := kept[i], kept[j]
		if a.box.Min.Y != b.box.Min.Y {
			return a.box.Min.Y < b.box.Min.Y
		}
		return a.ground < b.ground
	})
	return kept
}

// block gives the frame of the dark pixels among these.
func (s *grounds) block(ink *image.Gray, ground int32, pixels []int32) block {
	var box image.Rectangle
	for _, p := range pixels {
		if ink.Pix[p] < dark {
			x, y := int(p)%s.w, int(p)/s.w
			box = box.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return block{box, ground, pixels}
}

// owners gives, for every pixel with ink, the ground it stands on: the one on
// both its sides in the row, or else in the column, or else the nearest to
// the left.
func (s *grounds) owners(ink *image.Gray) []int32 {
	below := make([]int32, len(s.of))
	for i := len(s.of) - 1; i >= 0; i-- {
		if below[i] = s.of[i]; below[i] == 0 && i+s.w < len(s.of) {
			below[i] = below[i+s.w]
		}
	}
	owner := make([]int32, len(s.of))
	above := make([]int32, s.w)
	right := make([]int32, s.w+1)
	for y := range s.h {
		row := s.of[y*s.w : (y+1)*s.w]
		for x := s.w - 1; x >= 0; x-- {
			if right[x] = row[x]; row[x] == 0 {
				right[x] = right[x+1]
			}
		}
		left := int32(0)
		for x, l := range row {
			if l != 0 {
				left, above[x] = l, l
				continue
			}
			i := y*s.w + x
			switch {
			case ink.Pix[i] == 255:
			case left != 0 && left == right[x]:
				owner[i] = left
			case above[x] != 0 && above[x] == below[i]:
				owner[i] = above[x]
			case left != 0:
				owner[i] = left
			default:
				owner[i] = right[x]
			}
		}
	}
	return owner
}

// layOut draws the blocks in one column, each moved to the left margin. Where
// that would need much more room than the picture, as with a pattern of little
// tiles, everything stays where it was.
func layOut(ink *image.Gray, blocks []block) *image.Gray {
	const margin, between = 24, 48
	w := 0
	h := margin
	for _, b := range blocks {
		w = max(w, b.box.Dx())
		h += b.box.Dy() + between
	}
	w += 2 * margin
	if w*h > maxReading {
		return ink
	}
	out := blank(w, h)
	stride := ink.Rect.Dx()
	y := margin
	for _, b := range blocks {
		for _, p := range b.pixels {
			px, py := int(p)%stride, int(p)/stride
			if (image.Point{X: px, Y: py}).In(b.box) {
				out.Pix[(py-b.box.Min.Y+y)*w+px-b.box.Min.X+margin] = ink.Pix[p]
			}
		}
		y += b.box.Dy() + between
	}
	return out
}
