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
		d := &door{Config: Config{Now: time.Now}, slow: newSlow(Limits{})}
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

// TestPicturesOfOneSource: who holds all that one source may have keeps out
// their own further pictures, not those of others and not words; and is
// forgotten with their last request.
func TestPicturesOfOneSource(t *testing.T) {
	d := &door{Config: Config{Now: time.Now}, slow: newSlow(Limits{})}
	send := func(field, addr string, size int) (*asked, error) {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField(field, strings.Repeat("x", size))
		_ = form.Close()
		r := httptest.NewRequest("POST", "/", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.RemoteAddr = addr
		return d.readForm(httptest.NewRecorder(), r)
	}
	const greedy, other = "203.0.113.1:1", "203.0.113.2:1"
	var open []*asked
	for range heldBySource / (10 << 20) { // two pictures fill the source's part
		a, err := send("p", greedy, 10<<20)
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, a)
	}
	for _, c := range []struct {
		field, addr string
		want        error
	}{
		{"p", greedy, errCrowd},
		{"p", "203.0.113.1:2", errCrowd}, // another connection, the same source
		{"p", other, nil},
		{"p", "127.0.0.1:1", nil}, // a proxy: everybody seems to come from there
		{"t", greedy, nil},
	} {
		a, err := send(c.field, c.addr, 1000)
		if !errors.Is(err, c.want) {
			t.Errorf("%s from %s: %v, want %v", c.field, c.addr, err, c.want)
		}
		a.free()
	}
	if n := d.bytes.Load(); n != heldBySource {
		t.Errorf("%d bytes are counted, want %d", n, heldBySource)
	}
	// When all is full, a refusal costs the source nothing.
	d.bytes.Store(heldMax)
	if _, err := send("p", other, 1000); !errors.Is(err, errCrowd) {
		t.Errorf("all is full: %v", err)
	}
	d.bytes.Store(heldBySource)
	if n := len(d.slow.pictures); n != 1 {
		t.Errorf("%d sources are remembered, want the one that is sending", n)
	}
	for _, a := range open {
		a.free()
	}
	if d.bytes.Load() != 0 || len(d.slow.pictures) != 0 {
		t.Errorf("%d bytes and %d sources stay after the last request", d.bytes.Load(), len(d.slow.pictures))
	}
	if a, err := send("p", greedy, 1000); err != nil {
		t.Errorf("afterwards: %v", err)
	} else {
		a.free()
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

// TestLargestBodyFits: one source may send what one request may bring.
func TestLargestBodyFits(t *testing.T) {
	if largest := max(pictureMax, objectMax, linesMax); largest > heldBySource {
		t.Errorf("the largest body has %d bytes, one source may hold %d", largest, heldBySource)
	}
}
