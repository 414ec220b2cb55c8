package picture

import (
	"image"

	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode/detector"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// The limits of one look. The library compares every three corner marks it
// sees with each other, and cannot be told to stop: a picture drawn to hold
// thousands would keep it busy for hours. Screens full of Chinese were seen to
// hold three at most that are none.
const (
	maxCorners = 150 // corner marks, else the look is given up
	maxTries   = 60  // groups of three corners that are read
)

// codesIn reads the codes of one view. The library may stop with a panic, on
// a picture it did not expect or because limited told it to; what was found
// until then counts.
func codesIn(g *image.Gray) (found []code) {
	defer func() { _ = recover() }()
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(&greySource{grey: g}))
	if err != nil {
		return nil
	}
	matrix, err := bitmap.GetBlackMatrix()
	if err != nil {
		return nil
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	groups, err := multi.NewMultiFinderPatternFinder(matrix, limited(maxCorners)).FindMulti(hints)
	if err != nil {
		return nil
	}
	for _, group := range groups[:min(len(groups), maxTries)] {
		if text := readCode(matrix, group, hints); text != "" {
			corner := group.GetTopLeft()
			found = append(found, code{text, corner.GetX(), corner.GetY()})
		}
	}
	return found
}

// readCode reads the code between three corner marks, or gives "".
func readCode(matrix *gozxing.BitMatrix, group *detector.FinderPatternInfo, hints map[gozxing.DecodeHintType]any) (text string) {
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	bits, err := detector.NewDetector(matrix).ProcessFinderPatternInfo(group)
	if err != nil {
		return ""
	}
	result, err := decoder.NewDecoder().Decode(bits.GetBits(), hints)
	if err != nil {
		return ""
	}
	return clean(result.GetText())
}

// limited stops the finder, by the only way it can be stopped, once it has
// seen more than n corner marks.
func limited(n int) gozxing.ResultPointCallback {
	return func(gozxing.ResultPoint) {
		if n--; n < 0 {
			panic("too many corner marks")
		}
	}
}

// greySource hands our pixels to the library as they are; its own adapter
// asks for the colour of each.
type greySource struct {
	gozxing.LuminanceSource // the methods that are never called
	grey                    *image.Gray
}

func (s *greySource) GetMatrix() []byte { return s.grey.Pix }
func (s *greySource) GetWidth() int     { return s.grey.Rect.Dx() }
func (s *greySource) GetHeight() int    { return s.grey.Rect.Dy() }

func (s *greySource) GetRow(y int, _ []byte) ([]byte, error) {
	w := s.GetWidth()
	return s.grey.Pix[y*w : (y+1)*w], nil
}
