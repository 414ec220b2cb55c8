package picture

import (
	"image"
	"image/color"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestQRIsReadBack: what is drawn is what our own reader finds.
func TestQRIsReadBack(t *testing.T) {
	const text = "otpauth://totp/Desk:member?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Desk"
	svg, err := QR(text, `a <label> & "more"`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(svg, `aria-label="a &lt;label&gt; &amp; &quot;more&quot;"`) || strings.Contains(svg, "style=") {
		t.Errorf("%.200s", svg)
	}
	size, err := strconv.Atoi(regexp.MustCompile(`viewBox="0 0 (\d+) `).FindStringSubmatch(svg)[1])
	if err != nil {
		t.Fatal(err)
	}
	const scale = 8
	img := image.NewGray(image.Rect(0, 0, size*scale, size*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h1v1h-1z`).FindAllStringSubmatch(svg, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		for dx := range scale {
			for dy := range scale {
				img.SetGray(x*scale+dx, y*scale+dy, color.Gray{})
			}
		}
	}
	if got := Codes(img); len(got) != 1 || got[0] != text {
		t.Errorf("%q", got)
	}
	for _, bad := range []string{"", strings.Repeat("x", longestQR+1)} {
		if _, err := QR(bad, ""); err == nil {
			t.Errorf("a code of %d bytes", len(bad))
		}
	}
}
