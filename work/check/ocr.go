package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"homeward/form/picture"
)

// What can keep a picture from being read. Test with errors.Is.
var (
	ErrNoReader = errors.New("pictures cannot be read here: Tesseract is not installed. On Debian: apt-get install " +
		"tesseract-ocr tesseract-ocr-chi-tra tesseract-ocr-chi-sim tesseract-ocr-tha tesseract-ocr-vie " +
		"tesseract-ocr-msa tesseract-ocr-ind tesseract-ocr-fil tesseract-ocr-mya tesseract-ocr-khm " +
		"tesseract-ocr-kor tesseract-ocr-hin tesseract-ocr-jpn")
	ErrBusy    = errors.New("too many pictures are waiting to be read: try again in a minute, or paste the text")
	ErrTooSlow = errors.New("reading this picture took too long: cut out the part with the text, or paste the text")
)

// The limits of a Tesseract where its fields are zero.
const (
	defaultQueue = 8
	defaultLimit = 25 * time.Second
	maxOutput    = 4 << 20 // bytes of one run; a full screen of Chinese gives 40 KB
)

// Reader reads the text in a picture that picture.ForReading prepared. The
// tags (BCP 47) are the languages it is likely to be in, likeliest first; a
// hint, not a limit.
type Reader interface {
	Read(ctx context.Context, png []byte, langs []string) (string, error)
}

// Tesseract is a Reader that runs Debian's tesseract program, for one picture
// at a time: it would otherwise take the whole machine. Those who come
// meanwhile wait in order; who would be one too many gets ErrBusy at once.
//
// Make it with NewTesseract. It may be used by many at the same time. The
// picture goes in and the text comes out through pipes: nothing is written to
// disk by us, and what the program gets is our own encoding, never the bytes
// a stranger sent.
type Tesseract struct {
	// Queue is how many may wait beside the one being read; 0 means 8.
	Queue int
	// Limit is the time for one picture, without waiting; 0 means 25 seconds.
	Limit time.Duration

	program   string
	data      string   // TESSDATA_PREFIX, empty for the program's own
	languages []string // installed, by the program's names
	turn      chan struct{}
	inLine    atomic.Int64
}

// NewTesseract finds the program in PATH and the languages installed for it.
// Without program or languages the error is ErrNoReader.
func NewTesseract(ctx context.Context) (*Tesseract, error) {
	program, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, ErrNoReader
	}
	t := &Tesseract{program: program, data: os.Getenv("TESSDATA_PREFIX"), turn: make(chan struct{}, 1)}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := t.run(ctx, nil, "--list-langs")
	if err != nil {
		return nil, fmt.Errorf("%w (%s --list-langs: %w)", ErrNoReader, program, err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if readable(name) {
			t.languages = append(t.languages, name)
		}
	}
	if len(t.languages) == 0 {
		return nil, ErrNoReader
	}
	return t, nil
}

// Languages gives the program's names of the languages that can be read here,
// such as eng or chi_tra.
func (t *Tesseract) Languages() []string { return slices.Clone(t.languages) }

// Waiting says how many pictures would be read before one that comes now: the
// one being read and those in line.
func (t *Tesseract) Waiting() int { return int(t.inLine.Load()) }

// Read reads a picture that picture.ForReading prepared: first a few of its
// lines, to see the script, then all of it with the languages of that script.
// A picture without text gives "". Errors are ErrBusy, ErrTooSlow, the
// context's own, or the program's.
func (t *Tesseract) Read(ctx context.Context, png []byte, langs []string) (string, error) {
	if err := t.wait(ctx); err != nil {
		return "", err
	}
	defer t.leave()
	limit := t.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	text, err := t.read(limited, png, langs)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		err = ErrTooSlow
	}
	return text, err
}

// wait takes a place in the line, and returns when it is the first.
func (t *Tesseract) wait(ctx context.Context) error {
	queue := t.Queue
	if queue <= 0 {
		queue = defaultQueue
	}
	if t.inLine.Add(1) > int64(queue)+1 {
		t.inLine.Add(-1)
		return ErrBusy
	}
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		t.inLine.Add(-1)
		return ctx.Err()
	}
}

func (t *Tesseract) leave() {
	<-t.turn
	t.inLine.Add(-1)
}

func (t *Tesseract) read(ctx context.Context, png []byte, langs []string) (string, error) {
	excerpt := picture.Excerpt(png, excerptLines)
	if excerpt == nil {
		return "", nil // no line of anything: a blank page
	}
	names, err := t.choose(ctx, excerpt, langs)
	if err != nil {
		return "", err
	}
	p, err := t.page(ctx, png, names, singleColumn)
	if err != nil {
		return "", err
	}
	return p.text(), nil
}

// Page segmentation modes, by the program's numbers.
const (
	singleColumn = "4" // of lines of different sizes: what ForReading lays out
	singleBlock  = "6" // of lines: an excerpt
)

// page reads a picture with these languages.
func (t *Tesseract) page(ctx context.Context, png []byte, names []string, mode string) (page, error) {
	out, err := t.run(ctx, png, "stdin", "stdout", "-l", strings.Join(names, "+"), "--psm", mode, "txt", "tsv")
	if err != nil {
		return page{}, err
	}
	return parsePage(out), nil
}

// run runs the program once, with almost no environment, in a process group
// of its own that is ended when the context is.
//
// One thread: measured with 5.3.0 on two cores, a second one saves no time on
// one screen and takes nearly twice the processor; and where the other core is
// busy, the two wait for each other so long that a screen of 0.4 seconds took
// 16.
func (t *Tesseract) run(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, t.program, args...)
	cmd.Env = []string{"OMP_THREAD_LIMIT=1", "LC_ALL=C.UTF-8"}
	if t.data != "" {
		cmd.Env = append(cmd.Env, "TESSDATA_PREFIX="+t.data)
	}
	cmd.Stdin = bytes.NewReader(input)
	out, complaint := &capped{limit: maxOutput}, &capped{limit: 500}
	cmd.Stdout, cmd.Stderr = out, complaint
	ownGroup(cmd)
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("tesseract: %w: %s", err, strings.TrimSpace(complaint.buf.String()))
	}
	return out.buf.Bytes(), nil
}

// capped keeps the first bytes written to it and drops the rest.
type capped struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	limit int
}

var _ io.Writer = (*capped)(nil)

func (c *capped) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.buf.Write(p[:min(len(p), c.limit-c.buf.Len())])
	return len(p), nil
}
