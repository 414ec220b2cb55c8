package evidence

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// planted is what no copy may hold. All of it is invented.
const planted = "PLANTEDTomasInvented"

// maker writes a PDF, object by object.
type maker struct {
	out   bytes.Buffer
	at    []int
	extra string // for the trailer
}

func (m *maker) object(body string) int {
	if m.out.Len() == 0 {
		m.out.WriteString("%PDF-1.5\n")
	}
	m.at = append(m.at, m.out.Len())
	fmt.Fprintf(&m.out, "%d 0 obj\n%s\nendobj\n", len(m.at), body)
	return len(m.at)
}

func (m *maker) stream(head, body string) int {
	return m.object(fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", head, len(body), body))
}

func (m *maker) end(root int) {
	table := m.out.Len()
	fmt.Fprintf(&m.out, "xref\n0 %d\n0000000000 65535 f \n", len(m.at)+1)
	for _, at := range m.at {
		fmt.Fprintf(&m.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&m.out, "trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(m.at)+1, root, m.extra, table)
}

// sheet is a page of a PDF made here.
type sheet struct {
	box      string // MediaBox and what else stands in the page's object
	contents string
	packed   bool // contents are already packed with zlib
}

const a4 = "/MediaBox[0 0 595 842]"

func hello(n int) sheet {
	return sheet{a4, fmt.Sprintf("BT /F 40 Tf 60 700 Td (Invented page %d) Tj ET 60 100 300 200 re f", n), false}
}

func hellos(n int) []sheet {
	var all []sheet
	for i := range n {
		all = append(all, hello(i+1))
	}
	return all
}

// add writes pages and their tree; root is what else stands in the catalogue.
func (m *maker) add(sheets []sheet, root string) int {
	font := m.object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	tree := len(m.at) + 1 + 2*len(sheets)
	var kids strings.Builder
	for _, s := range sheets {
		head := ""
		if s.packed {
			head = "/Filter/FlateDecode"
		}
		shown := m.stream(head, s.contents)
		fmt.Fprintf(&kids, "%d 0 R ", m.object(fmt.Sprintf("<</Type/Page/Parent %d 0 R%s/Resources<</Font<</F %d 0 R>>>>/Contents %d 0 R>>", tree, s.box, font, shown)))
	}
	m.object(fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(sheets), kids.String()))
	return m.object(fmt.Sprintf("<</Type/Catalog/Pages %d 0 R%s>>", tree, root))
}

func pages(sheets ...sheet) []byte {
	var m maker
	m.end(m.add(sheets, ""))
	return m.out.Bytes()
}

// telling is a PDF that holds the marker in every place beside its look.
func telling() []byte {
	var m maker
	file := m.stream("/Type/EmbeddedFile", planted)
	spec := m.object(fmt.Sprintf("<</Type/Filespec/F(%s.txt)/EF<</F %d 0 R>>>>", planted, file))
	script := m.object("<</S/JavaScript/JS(app.alert\\('" + planted + "'\\))>>")
	xmp := m.stream("/Type/Metadata/Subtype/XML", `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">`+planted+`</x:xmpmeta><?xpacket end="w"?>`)
	link := m.object("<</Type/Annot/Subtype/Link/Rect[0 0 90 90]/Border[0 0 0]/A<</S/URI/URI(http://" + planted + ".invalid)>>>>")
	note := m.object("<</Type/Annot/Subtype/Popup/Rect[0 0 90 90]/Contents(" + planted + ")>>")
	field := m.object("<</Type/Annot/Subtype/Widget/FT/Tx/F 2/Rect[0 0 9 9]/T(" + planted + ")/V(" + planted + ")>>")
	info := m.object("<</Title(" + planted + ")/Author(" + planted + ")/Producer(" + planted + ")/CreationDate(D:20260101000000Z)>>")
	m.extra = fmt.Sprintf("/Info %d 0 R/ID[<%x><%x>]", info, planted, planted)
	page := hello(1)
	page.box = fmt.Sprintf("/MediaBox[0 0 595 1200]/CropBox[0 0 595 842]/Annots[%d 0 R %d 0 R %d 0 R]", link, note, field)
	// Words that no eye sees: drawn in no ink, outside the page, under a bar.
	page.contents += " BT 3 Tr /F 12 Tf 60 500 Td (" + planted + ") Tj ET BT 0 Tr /F 12 Tf 60 1000 Td (" + planted + ") Tj ET BT /F 12 Tf 70 150 Td (" + planted + ") Tj ET 60 100 300 200 re f"
	first := m.add([]sheet{page, hello(2)}, fmt.Sprintf("/OpenAction %d 0 R/Metadata %d 0 R/Names<</EmbeddedFiles<</Names[(a)%d 0 R]>>>>/AcroForm<</Fields[%d 0 R]>>", script, xmp, spec, field))
	m.end(first)
	// A later version takes the properties back; the earlier one is still there.
	m.end(first)
	return m.out.Bytes()
}

func packed(b []byte) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.String()
}

// locked asks for a password that nobody has.
func locked() []byte {
	var m maker
	lock := m.object("<</Filter/Standard/V 1/R 2/P -4/O<" + strings.Repeat("ab", 32) + ">/U<" + strings.Repeat("cd", 32) + ">>>")
	m.extra = fmt.Sprintf("/Encrypt %d 0 R/ID[<01><01>]", lock)
	m.end(m.add(hellos(1), ""))
	return m.out.Bytes()
}

// manyPages is a PDF of so many small empty pages.
func manyPages(n int) []byte {
	var all []sheet
	for range n {
		all = append(all, sheet{"/MediaBox[0 0 90 90]", "", false})
	}
	return pages(all...)
}

// hugePicture is a page with a picture of so many pixels a side, in few bytes.
func hugePicture(side int) []byte {
	var m maker
	// Rows of zeros, as a stream packed twice, so that the file is small.
	raw := make([]byte, 1<<20)
	once := packed(bytes.Repeat(raw, 16))
	pic := m.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Interpolate true/Filter[/FlateDecode/FlateDecode]", side, side), packed([]byte(once)))
	shown := m.stream("", "q 500 0 0 500 50 50 cm /P Do Q")
	page := m.object(fmt.Sprintf("<</Type/Page/Parent %d 0 R%s/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>", len(m.at)+2, a4, pic, shown))
	m.object(fmt.Sprintf("<</Type/Pages/Count 1/Kids[%d 0 R]>>", page))
	m.end(m.object(fmt.Sprintf("<</Type/Catalog/Pages %d 0 R>>", len(m.at))))
	return m.out.Bytes()
}

// nested is a page of A2 that is see-through so many times over: each needs a
// picture of the whole page in memory while the next is drawn.
func nested(deep int) []byte {
	var m maker
	const head = "/Type/XObject/Subtype/Form/BBox[0 0 1190 1684]/Group<</S/Transparency/I true/CS/DeviceRGB>>"
	const half = "/ExtGState<</G<</ca .5>>>>"
	inner := m.stream(head, "0 0 1190 1684 re f")
	for range deep {
		inner = m.stream(fmt.Sprintf("%s/Resources<<%s/XObject<</X %d 0 R>>>>", head, half, inner), "/G gs /X Do")
	}
	shown := m.stream("", "/G gs /X Do")
	page := m.object(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 1190 1684]/Resources<<%s/XObject<</X %d 0 R>>>>/Contents %d 0 R>>", len(m.at)+2, half, inner, shown))
	m.object(fmt.Sprintf("<</Type/Pages/Count 1/Kids[%d 0 R]>>", page))
	m.end(m.object(fmt.Sprintf("<</Type/Catalog/Pages %d 0 R>>", len(m.at))))
	return m.out.Bytes()
}

// endless is a page of a few kilobytes that asks for so much to be painted that it
// takes many minutes.
func endless() []byte {
	one := []byte(strings.Repeat("0 0 595 842 re f* ", 1<<12))
	return pages(sheet{a4, packed(bytes.Repeat(one, 16)), true})
}

func TestMakersMakeWhatTheyClaim(t *testing.T) {
	if n := bytes.Count(telling(), []byte(planted)); n < 12 {
		t.Errorf("the marker is planted %d times", n)
	}
	if n := len(endless()); n > 1<<20 {
		t.Errorf("a bomb of %d bytes", n)
	}
}
