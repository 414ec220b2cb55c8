package intake

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"homeward/keep/store"
	"homeward/test/engines"
)

// TestDangerWakesWithoutContents follows a report in danger to whoever is on call.
func TestDangerWakesWithoutContents(t *testing.T) {
	s := engines.SQLite(t)
	d := newDesk(t, s)
	var got, signature string
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, signature = string(b), r.Header.Get("Homeward-Signature")
	}))
	defer hook.Close()
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		return SetOperator(tx, Operator{Name: "n", Jurisdiction: "j", Hours: "h", OnCall: hook.URL})
	}); err != nil {
		t.Fatal(err)
	}
	woken := 0
	d.Wake = func() { woken++ }
	d.receive(t, Nonce(), told("no hurry"))
	rc := d.receive(t, Nonce(), Report{Text: "PLANTED words", Danger: true})
	if woken != 1 {
		t.Errorf("woken %d times", woken)
	}
	secret := []byte("of the server")
	run := d.WakeJob(&Pager{Secret: secret, Now: d.clock.Now})
	if err := run(t.Context(), rc.code.ID()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "PLANTED") || strings.Contains(got, rc.code.ID()) || got == "" {
		t.Errorf("sent %q", got)
	}
	m := hmac.New(sha256.New, secret)
	fmt.Fprintf(m, "%d.%s", d.clock.Now().Unix(), got)
	if want := fmt.Sprintf("t=%d,v1=%s", d.clock.Now().Unix(), hex.EncodeToString(m.Sum(nil))); signature != want {
		t.Errorf("signed %q, want %q", signature, want)
	}
	hook.Close()
	if err := run(t.Context(), ""); err == nil || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("nobody there: %v", err)
	}
}

// TestMailWakes speaks to a mail server that takes one mail.
func TestMailWakes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	mail := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		r := bufio.NewReader(c)
		fmt.Fprint(c, "220 test\r\n")
		var body strings.Builder
		for data := false; ; {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			switch {
			case data && line == ".\r\n":
				data = false
				mail <- body.String()
				fmt.Fprint(c, "250 ok\r\n")
			case data:
				body.WriteString(line)
			case strings.HasPrefix(line, "DATA"):
				data = true
				fmt.Fprint(c, "354 go\r\n")
			case strings.HasPrefix(line, "QUIT"):
				fmt.Fprint(c, "221 bye\r\n")
				return
			default:
				fmt.Fprint(c, "250 ok\r\n")
			}
		}
	}()
	p := &Pager{SMTP: l.Addr().String(), From: "desk@test.invalid", Now: time.Now}
	if err := p.Page(t.Context(), "mailto:oncall@test.invalid"); err != nil {
		t.Fatal(err)
	}
	if got := <-mail; !strings.Contains(got, wakeText) || !strings.Contains(got, "Subject: Please sign in") {
		t.Errorf("mail: %q", got)
	}
	for _, bad := range []string{"", "ftp://x", "mailto:a\r\nBcc: b", ":"} {
		if err := p.Page(t.Context(), bad); err == nil {
			t.Errorf("%q was taken for an address", bad)
		}
	}
	if err := (&Pager{Now: time.Now}).Page(t.Context(), "mailto:a@test.invalid"); err == nil {
		t.Error("without a mail server")
	}
}
