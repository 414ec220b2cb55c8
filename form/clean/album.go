package clean

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"strconv"
	"strings"
)

// Album is a PDF that holds nothing but pictures of pages: no text, no link, no
// date, no name of a program, no number of its own. The same pictures give the
// same bytes. The zero value is an empty one.
type Album struct {
	out   bytes.Buffer
	at    []int // where each object begins, by number; 0 is none
	pages []int // numbers of the pages' objects
}

// Numbers of the objects every album has; the others follow.
const (
	albumRoot  = 1
	albumTree  = 2
	albumFirst = 3
)

// The longest and shortest side of a page that programs are asked to bear, in
// points. Source: ISO 32000-1, annex C.2.
const (
	longestPage  = 14_400
	shortestPage = 3
)

// albumQuality keeps small print readable at 150 dots an inch.
const albumQuality = 85

// Add adds a page of this size in points, filled by its picture. A size beyond
// what a PDF may have is brought back to it in proportion.
func (a *Album) Add(img image.Image, width, height float64) error {
	if !(width > 0 && height > 0) || math.IsInf(width, 0) || math.IsInf(height, 0) {
		return fmt.Errorf("a page of %g × %g points", width, height)
	}
	if long := max(width, height); long > longestPage {
		width, height = width*longestPage/long, height*longestPage/long
	}
	width, height = max(width, shortestPage), max(height, shortestPage)
	var packed bytes.Buffer
	if err := jpeg.Encode(&packed, img, &jpeg.Options{Quality: albumQuality}); err != nil {
		return err
	}
	space := "DeviceRGB"
	if _, ok := img.(*image.Gray); ok {
		space = "DeviceGray"
	}
	picture := a.object()
	b := img.Bounds()
	fmt.Fprintf(&a.out, "<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n", b.Dx(), b.Dy(), space, packed.Len())
	a.out.Write(packed.Bytes())
	a.out.WriteString("\nendstream\nendobj\n")
	w, h := points(width), points(height)
	a.page(w, h, fmt.Sprintf("/XObject<</P %d 0 R>>", picture), fmt.Sprintf("q %s 0 0 %s 0 0 cm /P Do Q", w, h))
	return nil
}

// Size is how many bytes the album has so far.
func (a *Album) Size() int { return a.out.Len() }

// Full says that no page should be added: the album is as large as a file may be
// that gets a working copy.
func (a *Album) Full() bool { return a.Size() > maxFile }

// Note adds a page of A4 that says something in plain ASCII, a string a line. It
// is the one page that is not a picture.
func (a *Album) Note(lines ...string) {
	font := a.object()
	a.out.WriteString("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n")
	text := "BT /F 14 Tf 20 TL 60 760 Td"
	for _, l := range lines {
		text += " (" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(l) + ") Tj T*"
	}
	a.page("595", "842", fmt.Sprintf("/Font<</F %d 0 R>>", font), text+" ET")
}

// page writes a page's object and its contents.
func (a *Album) page(width, height, resources, contents string) {
	shown := a.object()
	fmt.Fprintf(&a.out, "<</Length %d>>stream\n%s\nendstream\nendobj\n", len(contents), contents)
	a.pages = append(a.pages, a.object())
	fmt.Fprintf(&a.out, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources<<%s>>/Contents %d 0 R>>\nendobj\n", albumTree, width, height, resources, shown)
}

// object begins the next object and gives its number.
func (a *Album) object() int {
	a.start()
	a.at = append(a.at, 0)
	a.begin(len(a.at) - 1)
	return len(a.at) - 1
}

// start writes what stands before all objects, once.
func (a *Album) start() {
	if a.at == nil {
		a.out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n") // the second line says: not text
		a.at = make([]int, albumFirst)
	}
}

func (a *Album) begin(number int) {
	a.at[number] = a.out.Len()
	fmt.Fprintf(&a.out, "%d 0 obj\n", number)
}

// PDF ends the album and gives its bytes. Nothing can be added after.
func (a *Album) PDF() []byte {
	a.start()
	a.begin(albumRoot)
	fmt.Fprintf(&a.out, "<</Type/Catalog/Pages %d 0 R>>\nendobj\n", albumTree)
	a.begin(albumTree)
	fmt.Fprintf(&a.out, "<</Type/Pages/Count %d/Kids[", len(a.pages))
	for _, p := range a.pages {
		fmt.Fprintf(&a.out, "%d 0 R ", p)
	}
	a.out.WriteString("]>>\nendobj\n")
	table := a.out.Len()
	fmt.Fprintf(&a.out, "xref\n0 %d\n0000000000 65535 f \n", len(a.at))
	for _, at := range a.at[1:] {
		fmt.Fprintf(&a.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&a.out, "trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(a.at), albumRoot, table)
	return a.out.Bytes()
}

// points writes a length to a hundredth of a point.
func points(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
