// Package evidence makes working copies of the files people send: what may be
// passed on when the original may not. Originals are kept by intake and are
// never changed.
//
// Most kinds are copied by form/clean alone. A PDF's copy is an album of its
// pages, drawn by a child process that is held within limits of time and memory:
// nothing a PDF can hold but the look of its pages gets into it.
package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"homeward/form/clean"
)

// What can keep a PDF from being copied, beside faults of the file itself. All
// wrap clean.ErrNoCopy; test with errors.Is.
var (
	ErrNoDrawer = fmt.Errorf("%w: PDFs cannot be drawn here, because poppler-utils is not installed. On Debian: apt-get install poppler-utils", clean.ErrNoCopy)
	ErrNoLimits = fmt.Errorf("%w: PDFs are drawn only where the program that does it can be held within limits, which is on Linux, with /bin/sh", clean.ErrNoCopy)
	ErrBusy     = fmt.Errorf("%w: too many PDFs are waiting to be drawn: try again in a minute", clean.ErrNoCopy)
	ErrTooSlow  = fmt.Errorf("%w: drawing this PDF took too long; its pages can be passed on as pictures of a screen", clean.ErrNoCopy)
)

// The limits of a Copier where its fields are zero, and those it always has.
const (
	defaultQueue = 4
	defaultLimit = 2 * time.Minute
	defaultPages = 100
)

// Copier makes working copies. Make it with NewCopier; it may be used by many at
// the same time. One PDF is drawn at a time; those who come meanwhile wait in
// order, and who would be one too many gets ErrBusy at once.
type Copier struct {
	// Queue is how many may wait beside the one being drawn; 0 means 4.
	Queue int
	// Limit is the time for one PDF, without waiting; 0 means two minutes.
	Limit time.Duration
	// Pages is how many pages a copy has at most; 0 means 100.
	Pages int

	turn   chan struct{}
	inLine atomic.Int64
	apart  bool // children can be cut off from the network and from us
}

// NewCopier makes a Copier, and tries out how far a child can be shut in here.
func NewCopier() *Copier {
	return &Copier{turn: make(chan struct{}, 1), apart: canBeApart()}
}

// Apart says whether the program that draws is cut off from the network and from
// this process's memory, as far as the system's kernel does that.
func (c *Copier) Apart() bool { return c.apart }

// Copy makes the working copy of a file. Any error wraps clean.ErrNoCopy. Time
// and memory are bounded for any input.
func (c *Copier) Copy(ctx context.Context, data []byte) (clean.Result, error) {
	return c.do(ctx, data, c.draw)
}

// Preview says what Copy would leave out and what would be missing. A PDF is only
// looked at, not drawn, so its Result has no Copy, and drawing may still fail.
func (c *Copier) Preview(ctx context.Context, data []byte) (clean.Result, error) {
	return c.do(ctx, data, func(ctx context.Context, data []byte) (clean.Result, error) {
		d, err := c.look(ctx, data)
		if err != nil {
			return clean.Result{}, err
		}
		return d.result(data), nil
	})
}

func (c *Copier) do(ctx context.Context, data []byte, pdf func(context.Context, []byte) (clean.Result, error)) (clean.Result, error) {
	r, err := clean.Clean(data)
	if !errors.Is(err, clean.ErrDraw) {
		return r, err
	}
	kind := r.Type
	if err := c.wait(ctx); err != nil {
		return clean.Result{Type: kind}, err
	}
	defer c.leave()
	limited, cancel := context.WithTimeout(ctx, c.limit())
	defer cancel()
	r, err = pdf(limited, data)
	switch {
	case err != nil && ctx.Err() != nil:
		err = fmt.Errorf("%w: %w", clean.ErrNoCopy, ctx.Err())
	case err != nil && limited.Err() != nil:
		err = ErrTooSlow
	}
	if err != nil {
		r = clean.Result{}
	}
	r.Type = kind
	return r, err
}

func (c *Copier) limit() time.Duration {
	if c.Limit > 0 {
		return c.Limit
	}
	return defaultLimit
}

func (c *Copier) pages() int {
	if c.Pages > 0 {
		return c.Pages
	}
	return defaultPages
}

// wait takes a place in the line, and returns when it is the first.
func (c *Copier) wait(ctx context.Context) error {
	queue := c.Queue
	if queue <= 0 {
		queue = defaultQueue
	}
	if c.inLine.Add(1) > int64(queue)+1 {
		c.inLine.Add(-1)
		return ErrBusy
	}
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		c.inLine.Add(-1)
		return fmt.Errorf("%w: %w", clean.ErrNoCopy, ctx.Err())
	}
}

func (c *Copier) leave() {
	<-c.turn
	c.inLine.Add(-1)
}

// everything is what goes from every PDF, seen or not.
const everything = "all but the look of the pages: text that can be searched or copied, links, scripts, forms, notes behind marks, files inside, descriptions, dates, names of programs, signatures, hidden layers, what lies outside a page or under something, earlier versions"

// result is what is known of the copy before a page is drawn.
func (d document) result(data []byte) clean.Result {
	r := clean.Result{Removed: []string{everything}}
	for _, w := range slices.Concat(d.tells, clean.PDFTraces(data)) {
		if w = "seen in this file: " + w; !slices.Contains(r.Removed, w) {
			r.Removed = append(r.Removed, w)
		}
	}
	r.Missing = d.after(len(d.sizes))
	return r
}

// after says which pages are missing where only the first so many were drawn.
func (d document) after(drawn int) []string {
	switch {
	case drawn >= d.pages:
		return nil
	case drawn+1 == d.pages:
		return []string{fmt.Sprintf("page %d, the last", d.pages)}
	}
	return []string{fmt.Sprintf("pages %d to %d", drawn+1, d.pages)}
}
