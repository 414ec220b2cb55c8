package evidence

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"homeward/form/clean"
)

// How a page is drawn: 150 dots an inch, as a scanner would for reading, or fewer
// where the page is larger than A2.
const (
	dotsPerInch = 150
	maxPixels   = 18 << 20 // A2 at 150 has 17.4 million
	maxSide     = 16_000
)

// What the child may use. Its memory is address space, which is what can be
// limited; measured in docs/cleaning.md.
const (
	childMemory = 768 << 20

	childSays      = 1 << 20  // bytes of pdfinfo
	childComplains = 64 << 10 // bytes
)

// look asks pdfinfo about a PDF.
func (c *Copier) look(ctx context.Context, pdf []byte) (document, error) {
	var out capped
	out.limit = childSays
	last := c.pages()
	complaint, err := c.child(ctx, pdf, func(r io.Reader) error {
		_, err := io.Copy(&out, r)
		return err
	}, "pdfinfo", "-f", "1", "-l", strconv.Itoa(last), "-")
	if err != nil {
		return document{}, fault(err, complaint)
	}
	d, ok := parseInfo(out.text(), last)
	if !ok {
		return document{}, no("the pages of this PDF cannot be counted and measured")
	}
	return d, nil
}

const undrawn = "what could not be drawn: the PDF is partly broken, or lacks its letters"

// draw makes the copy of a PDF.
func (c *Copier) draw(ctx context.Context, pdf []byte) (clean.Result, error) {
	d, err := c.look(ctx, pdf)
	if err != nil {
		return clean.Result{}, err
	}
	var album clean.Album
	drawn, complained := 0, false
	for drawn < len(d.sizes) && !album.Full() {
		n, complaint, err := c.some(ctx, pdf, d.sizes, drawn, &album)
		if err != nil {
			return clean.Result{}, fault(err, complaint)
		}
		drawn += n
		// Not by mere warnings; but among very many there may be anything.
		complained = complained || strings.Contains(complaint, "Error") || len(complaint) >= childComplains
	}
	r := d.result(pdf)
	r.Missing = d.after(drawn)
	if complained {
		r.Missing = append(r.Missing, undrawn)
	}
	if len(r.Missing) > 0 {
		album.Note(append([]string{fmt.Sprintf("This copy ends here. Of %d pages it holds %d.", d.pages, drawn), "It may lack, and the original has:"}, r.Missing...)...)
	}
	r.Copy = album.PDF()
	return r, nil
}

// some draws the next pages that can be drawn in one go, because they are drawn
// equally fine, and gives how many those were.
func (c *Copier) some(ctx context.Context, pdf []byte, sizes []size, from int, album *clean.Album) (int, string, error) {
	dots := sizes[from].dots()
	to := from + 1
	for to < len(sizes) && sizes[to].dots() == dots {
		to++
	}
	n := 0
	complaint, err := c.child(ctx, pdf, func(r io.Reader) error {
		in := bufio.NewReaderSize(r, 1<<16)
		for ; from+n < to && !album.Full(); n++ {
			img, err := clean.ReadPPM(in, maxPixels+maxSide*4)
			if err != nil {
				return fmt.Errorf("page %d: %w", from+n+1, err)
			}
			s := sizes[from+n]
			if err := album.Add(img, s.width, s.height); err != nil {
				return fmt.Errorf("page %d: %w", from+n+1, err)
			}
		}
		if from+n < to {
			return errEnough
		}
		if _, err := in.Peek(1); err == nil {
			return errors.New("more came than was asked for")
		}
		return nil
	}, "pdftoppm", "-cropbox", "-r", dots, "-f", strconv.Itoa(from+1), "-l", strconv.Itoa(to), "-")
	return n, complaint, err
}

// dots says how fine a page is drawn, as the program's argument.
func (s size) dots() string {
	inch := 72.0
	dots := min(dotsPerInch, math.Sqrt(maxPixels/(s.width/inch)/(s.height/inch)), maxSide/(max(s.width, s.height)/inch))
	if dots < dotsPerInch {
		// Rounded down, so that pages of nearly one size are drawn in one go.
		step := math.Pow(10, math.Floor(math.Log10(dots))-1)
		dots = math.Floor(dots/step) * step
	}
	return strconv.FormatFloat(dots, 'f', -1, 64)
}

// errEnough ends a child that has written all that is wanted. It is no fault.
var errEnough = errors.New("enough")

// limits is what a child is held to before it becomes the program: memory, seconds
// of processor, no byte written to any file, no memory left behind when it falls.
// So a PDF cannot come to lie on the disk in clear, whatever the program would do.
const limits = `ulimit -v "$1" && ulimit -t "$2" && ulimit -f 0 && ulimit -c 0 && shift 2 && exec "$@"`

// child runs one of Poppler's programs with a PDF as its input; read gets what it
// writes, as it comes. The string is what it complained of.
func (c *Copier) child(ctx context.Context, pdf []byte, read func(io.Reader) error, program string, args ...string) (string, error) {
	if !canLimit {
		return "", ErrNoLimits
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return "", ErrNoDrawer
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	seconds := max(1, int(math.Ceil(c.limit().Seconds())))
	given := append([]string{"-c", limits, "sh", strconv.Itoa(childMemory >> 10), strconv.Itoa(seconds), path}, args...)
	cmd := exec.CommandContext(ctx, "/bin/sh", given...)
	cmd.Env = []string{"LC_ALL=C.UTF-8", "HOME=/nonexistent"}
	cmd.Dir = "/"
	cmd.Stdin = bytes.NewReader(pdf)
	complaint := &capped{limit: childComplains}
	cmd.Stderr = complaint
	confine(cmd, c.apart)
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	wrong := read(out)
	if wrong != nil {
		cancel() // nobody reads on, so it would wait for ever
	}
	err = cmd.Wait()
	said := complaint.text()
	switch {
	case errors.Is(wrong, errEnough):
		return said, nil
	case wrong != nil:
		return said, wrong
	case err == nil && wantedMore(said):
		return said, errMemory // it goes on all the same, and leaves things out
	}
	return said, err
}

var errMemory = no("drawing this PDF takes more than %d MB of memory", childMemory>>20)

// wantedMore says whether the program complained that it got no memory.
func wantedMore(complaint string) bool {
	return slices.ContainsFunc([]string{"Out of memory", "Bogus memory allocation", "bad_alloc"}, func(w string) bool { return strings.Contains(complaint, w) })
}

// fault puts what went wrong into words. What the program said is not repeated:
// it can hold what the PDF holds.
func fault(err error, complaint string) error {
	switch {
	case errors.Is(err, clean.ErrNoCopy):
		return err
	case strings.Contains(complaint, "Incorrect password"):
		return no("the PDF is locked with a password")
	case strings.Contains(complaint, "ulimit"):
		return ErrNoLimits
	case wantedMore(complaint):
		return errMemory
	}
	return no("the PDF is broken, or drawing it takes more than %d MB of memory", childMemory>>20)
}

func no(why string, args ...any) error {
	return fmt.Errorf("%w: %s", clean.ErrNoCopy, fmt.Sprintf(why, args...))
}

// capped keeps the first bytes written to it and drops the rest.
type capped struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	limit int
}

func (c *capped) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.buf.Write(p[:min(len(p), c.limit-c.buf.Len())])
	return len(p), nil
}

func (c *capped) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.String()
}
