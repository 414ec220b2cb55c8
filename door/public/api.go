package public

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"homeward/know/lure"
	"homeward/work/check"
)

// What the programs' door takes, beside textMax and pictureMax.
const (
	objectMax = pictureMax/3*4 + 2*textMax // one JSON object: a picture in base64, and text with escapes
	linesMax  = 16 << 20                   // a body of JSON Lines
	// linesCount bounds its lines: an answer is many times longer than a short line.
	linesCount = 5000
)

// screen is POST /api/v1/screen: one JSON object in, one out; or JSON Lines in
// and out, in order, where a bad line yields an object with an error.
func (d *door) screen(w http.ResponseWriter, r *http.Request) {
	if err := d.slow.wait(r.Context(), r, d.Now()); err != nil {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		sendJSON(w, http.StatusServiceUnavailable, check.Bad("", err))
		return
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	a := d.newAsked(w, r)
	defer a.free()
	switch kind {
	case "application/json":
		d.screenOne(w, r, a)
	case "application/x-ndjson", "application/jsonl", "application/json-lines":
		d.screenLines(w, r, a)
	default:
		sendJSON(w, http.StatusUnsupportedMediaType, check.Bad("", errors.New("send Content-Type: application/json or application/x-ndjson")))
	}
}

func (d *door) screenOne(w http.ResponseWriter, r *http.Request, a *asked) {
	body, ok := d.body(w, r, a, objectMax)
	if !ok {
		return
	}
	l, err := check.ParseLine(body)
	if err != nil {
		sendJSON(w, http.StatusBadRequest, check.Bad(l.ID, err))
		return
	}
	found, err := d.screenLine(r.Context(), l)
	if err != nil {
		status := foreseen(err).status
		if status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		}
		sendJSON(w, status, check.Bad(l.ID, plain(err, status)))
		return
	}
	sendJSON(w, http.StatusOK, check.Good(l.ID, found.Assessment, found.Text))
}

// screenLines reads the whole body before it answers: a caller that writes
// everything before it reads would otherwise wait for us while we wait for it.
func (d *door) screenLines(w http.ResponseWriter, r *http.Request, a *asked) {
	body, ok := d.body(w, r, a, linesMax)
	if !ok {
		return
	}
	if n := bytes.Count(body, []byte("\n")); n > linesCount {
		sendJSON(w, http.StatusRequestEntityTooLarge, check.Bad("", fmt.Errorf("the body has more than %d lines: send several", linesCount)))
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	for line := range bytes.Lines(body) {
		if r.Context().Err() != nil {
			return
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		out, err := d.screenRaw(r.Context(), line).JSON()
		if err != nil {
			out, _ = check.Bad("", errors.New("the answer could not be written")).JSON()
		}
		if _, err := w.Write(append(out, '\n')); err != nil {
			return // the caller is gone
		}
	}
}

func (d *door) screenRaw(ctx context.Context, line []byte) check.Answer {
	l, err := check.ParseLine(line)
	if err != nil {
		return check.Bad(l.ID, err)
	}
	found, err := d.screenLine(ctx, l)
	if err != nil {
		return check.Bad(l.ID, plain(err, foreseen(err).status))
	}
	return check.Good(l.ID, found.Assessment, found.Text)
}

func (d *door) screenLine(ctx context.Context, l check.Line) (check.Result, error) {
	if len(l.Image) == 0 {
		if strings.TrimSpace(l.Text) == "" {
			return check.Result{}, check.ErrEmpty
		}
		if len(l.Text) > textMax {
			return check.Result{}, check.ErrTooLong
		}
		return d.Check.Text(lure.Request{Text: l.Text, Lang: l.Lang, Answers: l.Answers})
	}
	if len(l.Image) > pictureMax {
		return check.Result{}, errHeavy
	}
	ctx, cancel := context.WithTimeout(ctx, timeLeft)
	defer cancel()
	found, err := d.Check.Picture(ctx, l.Image, l.Lang)
	if found.Text != "" && !errors.Is(err, context.Canceled) {
		return found, nil // a code was read, if not the words
	}
	return found, err
}

// plain words an error for a program. What we did not foresee is not told: it
// might quote what was sent.
func plain(err error, status int) error {
	if status == http.StatusInternalServerError {
		return errors.New("something went wrong here; nothing was kept")
	}
	return err
}

func (d *door) body(w http.ResponseWriter, r *http.Request, a *asked, limit int) ([]byte, bool) {
	from := io.LimitReader(r.Body, drainMax)
	b, err := a.read(a.held, from, limit, check.ErrTooLong)
	switch {
	case errors.Is(err, check.ErrTooLong):
		_, _ = io.Copy(io.Discard, from)
		sendJSON(w, http.StatusRequestEntityTooLarge, check.Bad("", fmt.Errorf("the body is larger than %d bytes", limit)))
	case errors.Is(err, errCrowd):
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		sendJSON(w, http.StatusServiceUnavailable, check.Bad("", errCrowd))
	case err != nil:
		sendJSON(w, http.StatusBadRequest, check.Bad("", errors.New("the body did not arrive whole")))
	}
	return b, err == nil
}

func sendJSON(w http.ResponseWriter, status int, a check.Answer) {
	b, err := a.JSON()
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"id":"","error":"the answer could not be written"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n'))
}
