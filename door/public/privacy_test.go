package public

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// TestNothingIsKept plants a marker in everything a visitor can send, and looks
// for it in the log and in every later answer.
func TestNothingIsKept(t *testing.T) {
	const marker = "zebra4711"
	s := newSite(t, nil)
	send := func(method, target, body, kind string) {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("User-Agent", marker)
		r.Header.Set("Referer", "https://"+marker+".example/")
		r.Header.Set("Accept-Language", "en-"+marker+", en")
		r.RemoteAddr = "203.0.113.77:4711"
		s.do(r)
	}
	form := "application/x-www-form-urlencoded"
	send("POST", "/", "t=STRONG+"+marker+"&a-"+marker+"=yes", form)
	send("POST", "/", "t=PLEA+"+marker, form)
	send("POST", "/", "t=PANIC+"+marker, form)
	send("POST", "/", "t=%ff+"+marker, form)
	send("POST", "/", "t="+marker, "text/"+marker)
	send("POST", "/?l="+marker, "t=x", form)
	send("POST", "/n", "home=HK&here="+marker+"&s="+marker, form)
	send("POST", "/api/v1/screen", `{"id":"`+marker+`","text":"PANIC `+marker+`"}`, "application/json")
	send("POST", "/api/v1/screen", `{"id":"`+marker+`","text":"STRONG `+marker+`"}`+"\n"+marker, "application/x-ndjson")
	send("GET", "/"+marker, "", "")
	send("GET", "/w/"+marker, "", "")
	send("GET", "/?q="+marker, "", "")
	send(strings.ToUpper(marker), "/", "", "")
	r := httptest.NewRequest("POST", "/", nil)
	r.RemoteAddr = "[2001:db8::4711]:99"
	s.do(r)

	log := s.log.String()
	for _, secret := range []string{marker, strings.ToUpper(marker), "203.0.113", "4711", "2001:db8"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	if !strings.Contains(log, "route=/w/{n}") || !strings.Contains(log, "handler failed") {
		t.Errorf("the log does not say which routes were asked for:\n%s", log)
	}
	for _, p := range stillPages {
		if body := s.get(p, "en").Body.String(); strings.Contains(body, marker) {
			t.Errorf("%s holds what somebody else sent", p)
		}
	}
	if body := s.post("/", "en", "t", "SOME free flight").Body.String(); strings.Contains(body, marker) {
		t.Error("an answer holds what somebody else sent")
	}
}

// TestLogLine: the whole of what is logged of a request.
func TestLogLine(t *testing.T) {
	s := newSite(t, nil)
	s.post("/", "en", "t", "hello")
	line := s.log.String()
	if _, rest, _ := strings.Cut(line, " level="); rest != "INFO msg=request method=POST route=/{$} status=200 ms=0\n" {
		t.Errorf("logged: %s", line)
	}
}
