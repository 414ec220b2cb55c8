package picture

import (
	"image"
	"math"
)

// tilt turns a picture by 45 degrees about its middle, on white paper, and
// gives the way back for places in it.
func tilt(g *image.Gray) (*image.Gray, func(x, y float64) (float64, float64)) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	side := int(math.Ceil(float64(w+h) * math.Sqrt2 / 2))
	out := image.NewGray(image.Rect(0, 0, side, side))
	middle, cx, cy := float64(side)/2, float64(w)/2, float64(h)/2
	back := func(x, y float64) (float64, float64) {
		dx, dy := (x-middle)*math.Sqrt2/2, (y-middle)*math.Sqrt2/2
		return cx + dx - dy, cy + dx + dy
	}
	for y := range side {
		row := out.Pix[y*side : (y+1)*side]
		for x := range row {
			sx, sy := back(float64(x)+0.5, float64(y)+0.5)
			row[x] = between(g, sx-0.5, sy-0.5)
		}
	}
	return out, back
}

// between interpolates; outside is white.
func between(g *image.Gray, x, y float64) byte {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if x0 < 0 || y0 < 0 || x0+1 >= w || y0+1 >= h {
		return 255
	}
	fx, fy := int((x-float64(x0))*256), int((y-float64(y0))*256)
	p := g.Pix[y0*g.Stride+x0:]
	top := int(p[0])*(256-fx) + int(p[1])*fx
	bottom := int(p[g.Stride])*(256-fx) + int(p[g.Stride+1])*fx
	return byte((top*(256-fy) + bottom*fy) >> 16)
}
