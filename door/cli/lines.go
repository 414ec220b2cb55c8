package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"homeward/know/lure"
	"homeward/work/check"
)

// maxLine is the longest JSON line: a text of the largest size with every
// character written as an escape, and a picture in base64.
const maxLine = 18 << 20

var errLongLine = fmt.Errorf("the line is longer than %d MB", maxLine>>20)

// lines streams JSON lines: one answer a line, in order. A bad line gives an
// object with "error" and does not stop the rest.
func (s *screening) lines(r io.Reader) error {
	in := bufio.NewReaderSize(r, 1<<16)
	bar := s.progress(r)
	defer bar.done()
	for n := 1; s.Context.Err() == nil; n++ {
		b, err := readLine(in, maxLine)
		if errors.Is(err, io.EOF) && len(b) == 0 {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errLongLine) {
			return err
		}
		bar.add(len(b) + 1)
		if len(bytes.TrimSpace(b)) == 0 && !errors.Is(err, errLongLine) {
			continue
		}
		if err := s.print(s.line(b, err, n)); err != nil {
			return err
		}
		// A reader that waits for each answer gets it: flush when no more input is at hand.
		if in.Buffered() == 0 {
			if err := s.out.Flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// line answers one line; n is its number, for a line without an id.
func (s *screening) line(b []byte, readErr error, n int) check.Answer {
	l, err := check.ParseLine(b)
	if errors.Is(readErr, errLongLine) {
		l, err = check.Line{}, errLongLine
	}
	if l.ID == "" {
		l.ID = strconv.Itoa(n)
	}
	if err == nil {
		var r check.Result
		if len(l.Image) > 0 {
			r, err = s.check.Picture(s.Context, l.Image, l.Lang)
		} else {
			r, err = s.check.Text(lure.Request{Text: l.Text, Lang: l.Lang, Answers: l.Answers})
		}
		if err == nil {
			s.high = max(s.high, r.Assessment.Level)
			return check.Good(l.ID, r.Assessment, r.Text)
		}
	}
	s.failed++
	return check.Bad(l.ID, err)
}

// readLine reads up to a newline and at most limit bytes; of a longer line it
// reads the rest away and says so.
func readLine(in *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if !long && len(line)+len(part) > limit {
			long = true
			line = nil
		}
		if !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long:
			return nil, errLongLine
		}
		return bytes.TrimSuffix(line, []byte("\n")), err
	}
}

// progressBar shows how far a long run is, on a terminal only.
type progressBar struct {
	w           io.Writer
	size, seen  int64
	lines, last int64
}

// progress makes a bar where standard error is a terminal and standard output
// is not: otherwise the answers themselves show that it moves.
func (s *screening) progress(r io.Reader) *progressBar {
	b := &progressBar{}
	if !s.Terminal(s.Stderr) || s.Terminal(s.Stdout) {
		return b
	}
	b.w = s.Stderr
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			b.size = info.Size()
		}
	}
	return b
}

func (b *progressBar) add(n int) {
	b.seen += int64(n)
	b.lines++
	if b.w == nil || b.lines-b.last < 500 {
		return
	}
	b.last = b.lines
	b.show()
}

func (b *progressBar) show() {
	if b.size == 0 {
		fmt.Fprintf(b.w, "\r%d messages", b.lines)
		return
	}
	const width = 30
	full := int(min(width, width*b.seen/b.size))
	fmt.Fprintf(b.w, "\r[%s%s] %3d %%  %d messages", bytes.Repeat([]byte("#"), full), bytes.Repeat([]byte("."), width-full), min(100, 100*b.seen/b.size), b.lines)
}

func (b *progressBar) done() {
	if b.w == nil || b.lines == 0 {
		return
	}
	b.seen = b.size
	b.show()
	fmt.Fprintln(b.w)
}
