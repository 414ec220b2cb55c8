package public

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHeadReader: what stands before a part of a form is bounded, the part is not.
func TestHeadReader(t *testing.T) {
	h := &headReader{r: strings.NewReader(strings.Repeat("x", 100)), left: 40}
	if b, err := io.ReadAll(h); len(b) != 40 || !errors.Is(err, errForm) {
		t.Errorf("%d bytes, %v; want 40 and an error", len(b), err)
	}
	h.left = -1
	if b, err := io.ReadAll(h); len(b) != 60 || err != nil {
		t.Errorf("%d bytes, %v; want the other 60", len(b), err)
	}
}

// TestLongHead: a form whose part brings a megabyte of header is refused.
func TestLongHead(t *testing.T) {
	s := newSite(t, nil)
	body := "--x\r\nContent-Disposition: form-data; name=\"t\"\r\nX-Long: " + strings.Repeat("a", 1<<20) + "\r\n\r\nhello\r\n--x--\r\n"
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if w := s.do(r); w.Code != 400 {
		t.Errorf("%d, want 400", w.Code)
	}
}
