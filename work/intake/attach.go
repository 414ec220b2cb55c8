package intake

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
)

// MaxFile is the largest file that is taken, in bytes.
const MaxFile = 50 << 20

// ChunkSize is how much of a file is sealed at once. With padding and seal it is
// less than 1 MB.
const ChunkSize = 1<<20 - 32<<10

// maxFiles is how many files one report can have.
const maxFiles = 40

var (
	// ErrHeavy says that a file is larger than MaxFile, or one of too many.
	ErrHeavy = errors.New("intake: the file is too large, or there are too many")
	// ErrFile says that a file did not arrive whole, and was not kept.
	ErrFile = errors.New("intake: the file did not arrive whole")
)

// FileMeta is what is known of a file, sealed.
type FileMeta struct {
	Name   string `json:"name"` // as the sender's device called it
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // of the whole, in hexadecimal
	At     int64  `json:"at"`
	By     string `json:"by,omitempty"` // the member who attached it, if one did
}

func filePlace(id, field string, n int64, epoch int64) vault.Place {
	return vault.Place{Table: "attachment", Row: id, Field: field, Revision: uint64(n), Epoch: uint64(epoch)}
}

// Attach takes one file, chunk by chunk as it arrives, so that no more than a chunk
// is ever in memory and nothing of it on the disk in the clear. What the report
// holds already is untouched by a file that breaks off: ErrFile then, ErrHeavy for
// one that is too large. The same nonce gives one file.
func (in *Intake) Attach(ctx context.Context, v *Visit, nonce, name string, r io.Reader) error {
	return in.attach(ctx, v, nonce, FileMeta{Name: name}, r)
}

func (in *Intake) attach(ctx context.Context, v *Visit, nonce string, m FileMeta, r io.Reader) error {
	up, again, err := in.begin(ctx, v, nonce)
	if err != nil || again {
		return err
	}
	buf := make([]byte, ChunkSize)
	sum := sha256.New()
	size := int64(0)
	for n := int64(0); ; n++ {
		k, err := io.ReadFull(wholly{r}, buf)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return in.giveUp(ctx, up, errors.Join(ErrFile, err))
		}
		if size += int64(k); size > MaxFile {
			return in.giveUp(ctx, up, ErrHeavy)
		}
		if k > 0 {
			sum.Write(buf[:k])
			if err := in.chunk(ctx, up, n, buf[:k]); err != nil {
				return in.giveUp(ctx, up, err)
			}
		}
		if last {
			break
		}
	}
	if size == 0 {
		return in.giveUp(ctx, up, ErrFile)
	}
	m.Name, m.Size, m.SHA256 = fileName(m.Name), size, hexSum(sum)
	if m.By != "" && in.holds(ctx, v, m) {
		return in.giveUp(ctx, up, nil)
	}
	return in.finish(ctx, v, up, m)
}

// wholly tells the end of a file from a line that broke: both io.ReadFull and a body
// that is shorter than it said have io.ErrUnexpectedEOF for it.
type wholly struct{ r io.Reader }

func (w wholly) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = ErrFile
	}
	return n, err
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// fileName is the last part of a name, capped.
func fileName(s string) string {
	s = clean(s)
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	r := []rune(s)
	return string(r[:min(len(r), 120)])
}

// upload is a file on its way in.
type upload struct {
	id     string
	report string
	key    vault.Key
}

// begin makes the row of a file that is to come.
func (in *Intake) begin(ctx context.Context, v *Visit, nonce string) (up upload, again bool, err error) {
	t, err := in.sealTo(ctx, v.code.Mailbox().Public())
	if err != nil {
		return up, false, err
	}
	up = upload{id: rand.Text(), report: v.report.ID, key: vault.NewKey()}
	a := store.Attachment{ID: up.id, Report: up.report, Epoch: t.epoch.ID, Once: v.code.Once([]byte("file " + nonce)), State: store.Partial, Day: day(in.Now())}
	if a.ForIntake, err = t.intake.Wrap(filePlace(up.id, "key", 0, a.Epoch), forIntake, up.key.Bytes()); err != nil {
		return up, false, err
	}
	if a.ForMailbox, err = t.mailbox.Wrap(filePlace(up.id, "key", 0, 0), forMailbox, up.key.Bytes()); err != nil {
		return up, false, err
	}
	a.ForCircle = t.circle.Wrap(filePlace(up.id, "key", 0, 0), forCircle, up.key.Bytes())
	a.Meta = up.key.Seal(filePlace(up.id, "meta", 0, 0), nil)
	err = in.Store.Write(ctx, func(tx *store.Tx) error {
		r, err := tx.Report(up.report)
		if err != nil || r.State == store.Closing {
			return errors.Join(ErrUnknown, err)
		}
		all, err := tx.Attachments(up.report)
		if err != nil {
			return err
		}
		for _, old := range all {
			if bytes.Equal(old.Once, a.Once) {
				if old.State == store.Whole {
					again = true
					return nil
				}
				// It broke off before; it comes anew.
				if err := tx.DropAttachment(old.ID); err != nil {
					return err
				}
			}
		}
		if len(all) >= maxFiles {
			return ErrHeavy
		}
		a.N = int64(len(all)) + 1
		_, _, err = tx.AddAttachment(a)
		return err
	})
	return up, again, err
}

// chunk seals and keeps one piece.
func (in *Intake) chunk(ctx context.Context, up upload, n int64, b []byte) error {
	sealed := up.key.Seal(filePlace(up.id, store.Original, n, 0), b)
	return in.Store.Write(ctx, func(tx *store.Tx) error { return tx.PutChunk(up.id, store.Original, n, sealed) })
}

// giveUp takes out what arrived of a file that broke off.
func (in *Intake) giveUp(ctx context.Context, up upload, why error) error {
	err := in.Store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.DropAttachment(up.id) })
	return errors.Join(why, err)
}

// finish marks a file as whole; from then on it is part of the report.
func (in *Intake) finish(ctx context.Context, v *Visit, up upload, m FileMeta) error {
	now := in.Now()
	m.At = now.Unix()
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	meta := up.key.Seal(filePlace(up.id, "meta", 0, 0), b)
	sum := sha256.Sum256(append([]byte("homeward/file/v1"), meta...))
	return in.Store.Write(ctx, func(tx *store.Tx) error {
		// The report has something unread; the file itself is no message.
		if _, _, err := tx.NextMessage(up.report, store.In, []byte(up.id), true); err != nil {
			return err
		}
		if err := tx.SetAttachment(up.id, meta, m.Size, store.Whole); err != nil {
			return err
		}
		_, err := in.Ledger.Append(tx, ledger.Event{Kind: "file.received", Day: day(now), Of: up.report, Detail: map[string]string{"seal": hex.EncodeToString(sum[:])}})
		return err
	})
}

// File is an attachment as the desk sees it.
type File struct {
	ID string
	FileMeta
}

// fileKey gives a file's data key with whichever of the keys is its own.
func (k Keys) fileKey(a store.Attachment) (vault.Key, error) {
	if d, ok := k.Desk[a.DeskEpoch]; ok && a.ForDesk != nil {
		b, err := d.Open(filePlace(a.ID, "desk key", 0, a.DeskEpoch), a.ForDesk)
		if err != nil {
			return vault.Key{}, err
		}
		return vault.KeyOf(b)
	}
	if p, ok := k.Intake[a.Epoch]; ok && a.ForIntake != nil {
		b, err := p.Unwrap(filePlace(a.ID, "key", 0, a.Epoch), forIntake, a.ForIntake)
		if err != nil {
			return vault.Key{}, err
		}
		return vault.KeyOf(b)
	}
	if !k.Mailbox.None() && a.ForMailbox != nil {
		b, err := k.Mailbox.Unwrap(filePlace(a.ID, "key", 0, 0), forMailbox, a.ForMailbox)
		if err != nil {
			return vault.Key{}, err
		}
		return vault.KeyOf(b)
	}
	return vault.Key{}, vault.ErrSealed
}

// Files lists the whole files of a report.
func (in *Intake) Files(ctx context.Context, report string, k Keys) (out []File, err error) {
	var all []store.Attachment
	if err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.Attachments(report)
		return err
	}); err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.State != store.Whole {
			continue
		}
		f, err := k.meta(a)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func (k Keys) meta(a store.Attachment) (File, error) {
	key, err := k.fileKey(a)
	if err != nil {
		return File{}, err
	}
	b, err := key.Open(filePlace(a.ID, "meta", 0, 0), a.Meta)
	if err != nil {
		return File{}, err
	}
	f := File{ID: a.ID}
	return f, json.Unmarshal(b, &f.FileMeta)
}

// ReadFile opens a whole file of a report and checks it against what it was when it
// arrived.
func (in *Intake) ReadFile(ctx context.Context, report, id string, k Keys) (File, []byte, error) {
	var a store.Attachment
	if err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.Attachment(id)
		return err
	}); err != nil {
		return File{}, nil, err
	}
	if a.Report != report || a.State != store.Whole {
		return File{}, nil, store.ErrNone
	}
	f, err := k.meta(a)
	if err != nil {
		return f, nil, err
	}
	key, err := k.fileKey(a)
	if err != nil {
		return f, nil, err
	}
	out := make([]byte, 0, f.Size)
	for n := int64(0); int64(len(out)) < f.Size; n++ {
		var sealed []byte
		if err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
			sealed, err = tx.Chunk(id, store.Original, n)
			return err
		}); err != nil {
			return f, nil, err
		}
		b, err := key.Open(filePlace(id, store.Original, n, 0), sealed)
		if err != nil {
			return f, nil, err
		}
		out = append(out, b...)
	}
	sum := sha256.Sum256(out)
	if int64(len(out)) != f.Size || hex.EncodeToString(sum[:]) != f.SHA256 {
		return f, nil, vault.ErrSealed
	}
	return f, out, nil
}

// resealFiles seals files' keys to the desk.
func (in *Intake) resealFiles(tx *store.Tx, report string, k Keys, epoch int64) error {
	all, err := tx.Attachments(report)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.ForIntake == nil || a.State != store.Whole {
			continue
		}
		key, err := k.fileKey(a)
		if err != nil {
			return err
		}
		if err := tx.AttachmentWorked(a.ID, k.Desk[epoch].Seal(filePlace(a.ID, "desk key", 0, epoch), key.Bytes()), epoch); err != nil {
			return fmt.Errorf("file %s: %w", a.ID, err)
		}
	}
	return nil
}
