package picture

import (
	"fmt"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// longestQR is how much is put into one code, in bytes: more is hard to read off a
// screen.
const longestQR = 500

// QR draws a text as a QR code, an SVG of black modules without a size of its own.
// label is what somebody who does not see it is told.
func QR(text, label string) (string, error) {
	if text == "" || len(text) > longestQR {
		return "", fmt.Errorf("picture: a QR code holds 1 to %d bytes", longestQR)
	}
	// Size 0: one dot a module, with its quiet zone.
	m, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 0, 0, nil)
	if err != nil {
		return "", fmt.Errorf("picture: %w", err)
	}
	var path strings.Builder
	for y := range m.GetHeight() {
		for x := range m.GetWidth() {
			if m.Get(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	label = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(label)
	return fmt.Sprintf(`<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`,
		label, m.GetWidth(), m.GetHeight(), m.GetWidth(), m.GetHeight(), &path), nil
}
