// Package backup writes a whole desk into one sealed stream, and reads it again.
//
// The stream is an age file (age-encryption.org/v1), to a passphrase or to recipients,
// so nothing of it ever stands in the clear on a disk. Inside are frames: a head, the
// files of the data directory (the ledger's key among them), every table of keep/store
// with its rows, and an end that counts them. The same stream fills SQLite and
// PostgreSQL.
//
// age shows that a stream was cut or changed; it does not show who made it, where it
// was sealed to a recipient: anybody may seal to one. The ledger's key, compared with
// one written down elsewhere, does.
package backup

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
)

// Format is the version of the frames.
const Format = 1

// Bounds of what a frame may hold, in bytes: a longer one is refused when it is
// written and when it is read.
const (
	mostHead = 1 << 20
	mostFile = 16 << 20
	mostRow  = 64 << 20
)

const magic = "homeward backup\n"

// Kinds of frames, in the order in which they come.
const (
	headFrame  = 'H'
	fileFrame  = 'F'
	tableFrame = 'T'
	rowFrame   = 'R'
	endFrame   = 'E'
)

// Head is what a backup says of itself.
type Head struct {
	Format     int    `json:"format"`
	Schema     int64  `json:"schema"`
	Day        int64  `json:"day"`        // it was made, unix days
	Ledger     int64  `json:"ledger"`     // rows
	Verifier   string `json:"verifier"`   // of the ledger
	Checkpoint string `json:"checkpoint"` // of the ledger as it is in the backup
}

// File is a small file of the data directory, by its path there with slashes.
type File struct {
	Name string `json:"name"`
	Body []byte `json:"body"`
}

// Summary counts what a backup holds.
type Summary struct {
	Head   Head             `json:"-"`
	Tables map[string]int64 `json:"tables"` // rows
	Files  int              `json:"files"`
}

// Rows counts the rows of all tables.
func (s Summary) Rows() (n int64) {
	for _, t := range s.Tables {
		n += t
	}
	return n
}

// Write writes a backup, in the clear: hand it a sealed writer. All of it is of one
// moment.
func Write(ctx context.Context, w io.Writer, s *store.Store, log *ledger.Log, files []File, day int64) (Summary, error) {
	sum := Summary{Tables: map[string]int64{}, Files: len(files)}
	schema, err := s.Schema(ctx)
	if err != nil {
		return sum, err
	}
	out := &writer{w: w}
	err = s.Read(ctx, func(tx *store.Tx) error {
		note, size, err := log.State(tx)
		if err != nil {
			return err
		}
		sum.Head = Head{Format, schema, day, size, log.Verifier().String(), note}
		if _, err := io.WriteString(w, magic); err != nil {
			return err
		}
		if err := out.json(headFrame, sum.Head, mostHead); err != nil {
			return err
		}
		for _, f := range files {
			if err := out.json(fileFrame, f, mostFile); err != nil {
				return err
			}
		}
		table := ""
		if err := tx.Dump(func(name string, columns []string) error {
			table = name
			sum.Tables[name] = 0
			return out.json(tableFrame, tableHead{name, columns}, mostHead)
		}, func(values []any) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			sum.Tables[table]++
			return out.row(values)
		}); err != nil {
			return err
		}
		return out.json(endFrame, sum, mostHead)
	})
	return sum, err
}

type tableHead struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

type writer struct {
	w       io.Writer
	scratch []byte
}

func (w *writer) frame(kind byte, body []byte, most int) error {
	if len(body) > most {
		return fmt.Errorf("backup: a frame of %d bytes is longer than can be read again", len(body))
	}
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)))
	if _, err := w.w.Write(head); err != nil {
		return err
	}
	_, err := w.w.Write(body)
	return err
}

func (w *writer) json(kind byte, v any, most int) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.frame(kind, b, most)
}

// Kinds of values in a row.
const (
	isNull  = 0
	isInt   = 1
	isText  = 2
	isBytes = 3
)

func (w *writer) row(values []any) error {
	b := w.scratch[:0]
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, isNull)
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, isInt), uint64(v))
		case string:
			b = append(binary.BigEndian.AppendUint32(append(b, isText), uint32(len(v))), v...)
		case []byte:
			b = append(binary.BigEndian.AppendUint32(append(b, isBytes), uint32(len(v))), v...)
		default:
			return fmt.Errorf("backup: a value of type %T", v)
		}
	}
	w.scratch = b
	return w.frame(rowFrame, b, mostRow)
}

// values reads a row. Empty bytes are not null.
func values(b []byte) (out []any, err error) {
	for len(b) > 0 {
		kind := b[0]
		b = b[1:]
		switch kind {
		case isNull:
			out = append(out, nil)
		case isInt:
			if len(b) < 8 {
				return nil, errBroken
			}
			out = append(out, int64(binary.BigEndian.Uint64(b)))
			b = b[8:]
		case isText, isBytes:
			if len(b) < 4 {
				return nil, errBroken
			}
			n := int64(binary.BigEndian.Uint32(b))
			b = b[4:]
			if n > int64(len(b)) {
				return nil, errBroken
			}
			if kind == isText {
				out = append(out, string(b[:n]))
			} else {
				out = append(out, append([]byte{}, b[:n]...))
			}
			b = b[n:]
		default:
			return nil, errBroken
		}
	}
	return out, nil
}

// ErrCut says that a backup ends before its end.
var ErrCut = errors.New("backup: the file ends too early; it was cut off, or not copied to its end")

var errBroken = errors.New("backup: this is not the inside of a backup")

// Into is where a backup is read to. A nil function takes nothing.
type Into struct {
	Head func(Head) error
	File func(File) error
	// Rows is called for each table at least once, with no rows if it has none.
	Rows func(table string, columns []string, rows [][]any) error
}

// together bounds how much is handed over at once.
const (
	rowsTogether  = 500
	bytesTogether = 4 << 20
)

// Read reads a backup to its end and checks its counts. What it handed on before an
// error must not be used.
func Read(r io.Reader, into Into) (Summary, error) {
	in := &reader{r: r, into: into, sum: Summary{Tables: map[string]int64{}}}
	got := make([]byte, len(magic))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != magic {
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return in.sum, err
		}
		return in.sum, errBroken
	}
	for {
		done, err := in.next()
		if err != nil {
			return in.sum, err
		}
		if done {
			return in.sum, nil
		}
	}
}

type reader struct {
	r       io.Reader
	into    Into
	sum     Summary
	buf     bytes.Buffer
	last    byte
	table   tableHead
	rows    [][]any
	size    int
	waiting bool // a table was begun and nothing of it handed over yet
}

// next reads one frame, and says whether it was the end.
func (in *reader) next() (done bool, err error) {
	var head [5]byte
	if _, err := io.ReadFull(in.r, head[:]); err != nil {
		return false, cut(err)
	}
	kind, n := head[0], int64(binary.BigEndian.Uint32(head[1:]))
	most := int64(mostHead)
	switch kind {
	case rowFrame:
		most = mostRow
	case fileFrame:
		most = mostFile
	}
	if n > most {
		return false, errBroken
	}
	in.buf.Reset()
	// Copied as it arrives: a length that lies costs no memory.
	if _, err := io.CopyN(&in.buf, in.r, n); err != nil {
		return false, cut(err)
	}
	if !follows(in.last, kind) {
		return false, errBroken
	}
	in.last = kind
	switch b := in.buf.Bytes(); kind {
	case headFrame:
		return false, in.head(b)
	case fileFrame:
		return false, in.file(b)
	case tableFrame:
		return false, in.begin(b)
	case rowFrame:
		return false, in.row(b)
	default:
		return true, in.end(b)
	}
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrCut
	}
	return err
}

// follows says whether a frame may come after another.
func follows(last, kind byte) bool {
	switch kind {
	case headFrame:
		return last == 0
	case fileFrame:
		return last == headFrame || last == fileFrame
	case tableFrame, endFrame:
		return last != 0
	case rowFrame:
		return last == tableFrame || last == rowFrame
	}
	return false
}

func (in *reader) head(b []byte) error {
	if json.Unmarshal(b, &in.sum.Head) != nil {
		return errBroken
	}
	if in.sum.Head.Format != Format {
		return fmt.Errorf("backup: its form is number %d and this program reads number %d; use the program it was made with, or a newer one", in.sum.Head.Format, Format)
	}
	if in.into.Head == nil {
		return nil
	}
	return in.into.Head(in.sum.Head)
}

func (in *reader) file(b []byte) error {
	var f File
	if json.Unmarshal(b, &f) != nil || !Local(f.Name) {
		return errBroken
	}
	in.sum.Files++
	if in.into.File == nil {
		return nil
	}
	return in.into.File(f)
}

// Local says whether a name is a path inside a directory, written plainly.
func Local(name string) bool {
	return fs.ValidPath(name) && name != "." && path.Clean(name) == name && !strings.ContainsAny(name, "\\:\x00")
}

func (in *reader) begin(b []byte) error {
	if err := in.flush(); err != nil {
		return err
	}
	in.table = tableHead{}
	if json.Unmarshal(b, &in.table) != nil || len(in.table.Columns) == 0 {
		return errBroken
	}
	if _, twice := in.sum.Tables[in.table.Name]; twice {
		return errBroken
	}
	in.sum.Tables[in.table.Name] = 0
	in.waiting = true
	return nil
}

func (in *reader) row(b []byte) error {
	v, err := values(b)
	if err != nil || len(v) != len(in.table.Columns) {
		return errBroken
	}
	in.sum.Tables[in.table.Name]++
	in.rows = append(in.rows, v)
	if in.size += len(b); len(in.rows) >= rowsTogether || in.size >= bytesTogether {
		return in.flush()
	}
	return nil
}

func (in *reader) flush() error {
	if !in.waiting && len(in.rows) == 0 {
		return nil
	}
	rows := in.rows
	in.rows, in.size, in.waiting = nil, 0, false
	if in.into.Rows == nil {
		return nil
	}
	return in.into.Rows(in.table.Name, in.table.Columns, rows)
}

func (in *reader) end(b []byte) error {
	if err := in.flush(); err != nil {
		return err
	}
	var said Summary
	if json.Unmarshal(b, &said) != nil {
		return errBroken
	}
	if said.Files != in.sum.Files || len(said.Tables) != len(in.sum.Tables) {
		return fmt.Errorf("backup: %d tables and %d files are there, and %d and %d were written", len(in.sum.Tables), in.sum.Files, len(said.Tables), said.Files)
	}
	for name, n := range said.Tables {
		if in.sum.Tables[name] != n {
			return fmt.Errorf("backup: %d rows of %q are there, and %d were written", in.sum.Tables[name], name, n)
		}
	}
	var more [1]byte
	switch n, err := in.r.Read(more[:]); {
	case n > 0:
		return errBroken
	case err != nil && !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// whole is a length that no stream has.
const whole = math.MaxInt64
