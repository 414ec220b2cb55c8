package public

import (
	"cmp"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// guard stands before every route: it sets the headers, logs one line, and
// catches a handler's panic without telling anybody what it held.
func (d *door) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := d.Now()
		d.headers(w.Header())
		if r.TLS != nil {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		seen := &watched{ResponseWriter: w}
		r, read := reading(r)
		defer func() {
			p := recover()
			if p != nil {
				if !seen.wrote {
					d.broken(seen, r, read())
				}
				d.Log.Error("handler failed", "route", route(r), "at", whereItFailed())
			}
			d.Log.Info("request",
				"method", method(r), "route", route(r),
				"status", seen.status, "ms", d.Now().Sub(start).Milliseconds())
		}()
		next.ServeHTTP(seen, r)
	})
}

// broken answers where a fault of ours ended a request, with what was typed.
func (d *door) broken(w http.ResponseWriter, r *http.Request, a *asked) {
	_, told := writtenAt[r.URL.Path]
	switch {
	case a == nil || len(a.fields) == 0 && a.text == "":
		d.fail(w, r, "error.broken", http.StatusInternalServerError)
	case told:
		d.again(w, r, a, http.StatusInternalServerError, "again.broken")
	case r.URL.Path == "/" && a.text != "":
		s := d.siteIn(r, cmp.Or(a.fields["l"], r.URL.Query().Get("l")), "/", "check")
		d.back(w, r, s, http.StatusInternalServerError, s.T("error.broken"), strings.ToValidUTF8(a.text, "\uFFFD"))
	default:
		d.fail(w, r, "error.broken", http.StatusInternalServerError)
	}
}

func (d *door) headers(h http.Header) {
	h.Set("Content-Security-Policy", d.pages.policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // for browsers older than frame-ancestors
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=(), browsing-topics=()")
	h.Set("X-DNS-Prefetch-Control", "off")
	h.Set("Cache-Control", "no-store")
}

// watched remembers the status for the log.
type watched struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *watched) WriteHeader(code int) {
	if !w.wrote {
		w.status, w.wrote = code, true
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *watched) Write(b []byte) (int, error) {
	if !w.wrote {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// method is the request's method if it is an ordinary one; anything else is a
// visitor's own text and stays out of the log.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// route is the pattern that matched, never the path that was asked for.
func route(r *http.Request) string {
	_, path, ok := strings.Cut(r.Pattern, " ")
	if !ok {
		path = r.Pattern
	}
	if path == "" {
		return "none"
	}
	return path
}

// whereItFailed names the line of this program that panicked. The panic's own
// value is left out, since it may quote what somebody pasted.
func whereItFailed() string {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	panicked := false
	for {
		f, more := frames.Next()
		if panicked && !strings.HasPrefix(f.Function, "runtime.") {
			return f.Function + ":" + strconv.Itoa(f.Line)
		}
		if f.Function == "runtime.gopanic" {
			panicked = true
		}
		if !more {
			return "unknown"
		}
	}
}

// timeLeft is how long a request may still take before the door gives up.
const timeLeft = 40 * time.Second
