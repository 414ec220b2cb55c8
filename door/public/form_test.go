package public

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"mime/multipart"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
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

// TestTextHasItsOwnMemory: pictures that fill the memory for bodies keep out
// pictures, not words.
func TestTextHasItsOwnMemory(t *testing.T) {
	for _, c := range []struct {
		field string
		want  error
	}{{"t", nil}, {"p", errCrowd}} {
		d := &door{Config: Config{Now: time.Now}}
		d.bytes.Store(heldMax)
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField(c.field, "hello")
		_ = form.Close()
		r := httptest.NewRequest("POST", "/", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		a, err := d.readForm(httptest.NewRecorder(), r)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.field, err, c.want)
		}
		a.free()
		if d.bytes.Load() != heldMax || d.textBytes.Load() != 0 {
			t.Errorf("%s: %d and %d bytes stay counted", c.field, d.bytes.Load()-heldMax, d.textBytes.Load())
		}
	}
}

// TestStalledBody: a sender who says nothing more is cut off. The door's clock
// runs behind, so that its minute is over at once.
func TestStalledBody(t *testing.T) {
	for _, kind := range []string{"application/x-www-form-urlencoded", asJSON} {
		path := "/"
		if kind == asJSON {
			path = "/api/v1/screen"
		}
		s := newSite(t, func(c *Config) {
			c.Now = func() time.Time { return time.Now().Add(-chunkWithin + 200*time.Millisecond) }
		})
		server := httptest.NewServer(s)
		defer server.Close()
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		_, _ = io.WriteString(conn, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Type: "+kind+"\r\nContent-Length: 1000\r\n\r\nt=he")
		answer := make([]byte, 12)
		if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "HTTP/1.1 400" {
			t.Errorf("%s: %q, %v; want to be cut off with 400", kind, answer, err)
		}
	}
}

// TestOnlyOverTLS: browsers are told to stay with TLS where there is TLS.
func TestOnlyOverTLS(t *testing.T) {
	s := newSite(t, nil)
	r := httptest.NewRequest("GET", "/", nil)
	if h := s.do(r).Header().Get("Strict-Transport-Security"); h != "" {
		t.Errorf("without TLS: %q", h)
	}
	r.TLS = &tls.ConnectionState{}
	if h := s.do(r).Header().Get("Strict-Transport-Security"); h == "" {
		t.Error("with TLS: nothing")
	}
}
