package public

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func from(addr string) *http.Request {
	r := httptest.NewRequest("POST", "/", nil)
	r.RemoteAddr = addr
	return r
}

// TestSlow: a source that asks too fast waits; others do not wait for it.
func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow(Limits{Every: 2 * time.Second, Burst: 3, Longest: 10 * time.Second})
		ctx := t.Context()
		start := time.Now()
		for range 5 {
			if err := s.wait(ctx, from("203.0.113.1:1"), time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d != 4*time.Second {
			t.Errorf("five checks took %v, want 4s", d)
		}
		start = time.Now()
		if err := s.wait(ctx, from("203.0.113.2:1"), time.Now()); err != nil || time.Since(start) != 0 {
			t.Errorf("another source waited %v, %v", time.Since(start), err)
		}
	})
}

// TestSlowRefuses: only a wait longer than the longest is refused, and what was
// refused does not count.
func TestSlowRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow(Limits{Every: time.Minute, Burst: 1, Longest: time.Second})
		now := time.Now()
		if err := s.wait(t.Context(), from("[2001:db8:1:2::1]:1"), now); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			// The same household, by another address of its network.
			if err := s.wait(t.Context(), from("[2001:db8:1:2::ffff]:1"), now); err == nil {
				t.Error("the same network is not slowed")
			}
		}
		time.Sleep(time.Minute)
		if err := s.wait(t.Context(), from("[2001:db8:1:2::1]:1"), time.Now()); err != nil {
			t.Error("refused attempts were counted")
		}
		for range 50 {
			if err := s.wait(t.Context(), from("127.0.0.1:1"), time.Now()); err != nil {
				t.Error("the machine itself is slowed")
			}
		}
	})
}

func TestSlowWaitsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow(Limits{All: 1, Waiting: 1})
		_ = s.wait(t.Context(), from("203.0.113.1:1"), time.Now())
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.wait(ctx, from("203.0.113.2:1"), time.Now()) }()
		synctest.Wait()
		if err := s.wait(t.Context(), from("203.0.113.3:1"), time.Now()); err == nil {
			t.Error("more wait than may")
		}
		stop()
		if err := <-done; err == nil {
			t.Error("waited on after the visitor left")
		}
	})
}

// TestSlowIsBounded: a flood of sources does not fill the memory.
func TestSlowIsBounded(t *testing.T) {
	s := newSlow(Limits{All: 1 << 30})
	for i := range 5 * sourcesKept {
		_ = s.wait(t.Context(), from(fmt.Sprintf("10.%d.%d.%d:1", i>>16&255, i>>8&255, i&255)), time.Now())
	}
	if n := len(s.now) + len(s.before); n > 2*sourcesKept {
		t.Errorf("%d sources are kept", n)
	}
}

// TestSlowDoor: the answer to somebody who is refused says when to come back.
func TestSlowDoor(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits = Limits{Every: time.Hour, Burst: 1, All: 100, Longest: time.Nanosecond} })
	s.post("/", "en", "t", "hello")
	w := s.post("/", "en", "t", "hello")
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Many people are asking") {
		t.Errorf("%d %q", w.Code, w.Header().Get("Retry-After"))
	}
	w = s.do(from("192.0.2.1:1"))
	if w.Code != 503 {
		t.Errorf("api: %d", w.Code)
	}
}
