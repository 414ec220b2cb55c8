package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Found is what a check of a whole ledger found in order.
type Found struct {
	Size        int64
	Root        string
	Checkpoints int   // of its own
	Kept        int   // kept elsewhere, that it continues
	Covered     int64 // rows before the largest of those
}

func (f Found) String() string {
	s := fmt.Sprintf("%d rows in order, none changed or missing; %d checkpoints of its own hold.", f.Size, f.Checkpoints)
	switch f.Kept {
	case 0:
		s += " Nothing kept elsewhere was compared: whoever has the ledger's key could have cut or rewritten all of it."
	default:
		s += fmt.Sprintf(" It continues the %d kept elsewhere; the %d rows before them are as they were then. The %d after them rest on the ledger's key alone.", f.Kept, f.Covered, f.Size-f.Covered)
	}
	return s + " This says nothing of whether an event is true."
}

// Broken says what is wrong with a ledger, and where.
type Broken struct {
	Seq int64 // the first row concerned, or -1
	Why string
}

func (b *Broken) Error() string {
	if b.Seq < 0 {
		return "ledger: " + b.Why
	}
	return fmt.Sprintf("ledger: row %d: %s", b.Seq, b.Why)
}

// Gap says that a checkpoint kept elsewhere is of a time that a restore took back.
type Gap struct {
	Kept     int64 // rows that the checkpoint has
	Restored int64 // row that says: restored from a backup of so many rows
	Found    Found // what holds apart from it
}

func (g *Gap) Error() string {
	return fmt.Sprintf("ledger: a gap after a restore. A checkpoint kept elsewhere has %d rows; row %d says that this ledger was restored from a backup of %d rows. "+
		"What stood in rows %d to %d when the checkpoint was signed is gone, and what was done then is not in this database. "+
		"That checkpoint cannot tell whether the rows before %d are as they were; one of at most %d rows can. "+
		"Whoever has the ledger's key could write such a row to hide what they cut off: ask who restored, when and why",
		g.Kept, g.Restored, g.Restored, g.Restored, g.Kept-1, g.Restored, g.Restored)
}

// RestoredKind is the kind of the event that says: from here on this is a copy that
// was put back. Its detail "size" is its own number.
const RestoredKind = "restored"

// Restored appends that the ledger was restored from a backup.
func (l *Log) Restored(rows Rows, day int64) (int64, error) {
	size, err := rows.LedgerSize()
	if err != nil {
		return 0, err
	}
	return size, l.append(rows, size, Event{Kind: RestoredKind, Day: day, Detail: map[string]string{"size": strconv.FormatInt(size, 10)}})
}

// Verify walks the whole ledger: each row's leaf from its event and salt, its
// signature with the row before, the tree, the ledger's own checkpoints, and the
// checkpoints kept elsewhere, which alone show that the end was cut off. The error
// is *Broken, *Gap if only a restore explains what a kept checkpoint says, or one of
// reading.
func Verify(rows Rows, v Verifier, kept ...string) (Found, error) {
	size, err := rows.LedgerSize()
	if err != nil {
		return Found{}, err
	}
	there, err := rows.CountLedger()
	if err != nil {
		return Found{}, err
	}
	if there != size {
		return Found{}, &Broken{-1, fmt.Sprintf("%d rows are there, and it says it has %d", there, size)}
	}
	own, err := checkpoints(rows, v)
	if err != nil {
		return Found{}, err
	}
	outside := make([]tlog.Tree, 0, len(kept))
	for i, k := range kept {
		t, err := v.open(k)
		if err != nil {
			return Found{}, &Broken{-1, fmt.Sprintf("the kept checkpoint number %d is not of this ledger, or was changed", i+1)}
		}
		outside = append(outside, t)
	}
	roots, restores, err := walk(rows, v, size)
	if err != nil {
		return Found{}, err
	}
	var gap *Gap
	f := Found{Size: size}
	for _, t := range own {
		if err := roots.holds(t, size, "a checkpoint of its own"); err != nil {
			return f, err
		}
		f.Checkpoints++
	}
	for _, t := range outside {
		if err := roots.holds(t, size, "a checkpoint kept elsewhere"); err != nil {
			at := restoredBefore(restores, t.N)
			if at < 0 {
				return f, err
			}
			if gap == nil || t.N > gap.Kept {
				gap = &Gap{Kept: t.N, Restored: at}
			}
			continue
		}
		f.Kept++
		f.Covered = max(f.Covered, t.N)
	}
	root, err := tlog.TreeHash(size, roots)
	f.Root = root.String()
	if err == nil && gap != nil {
		gap.Found = f
		return f, gap
	}
	return f, err
}

// restoredBefore gives the last restore that a checkpoint of n rows can be older than, or -1.
func restoredBefore(restores []int64, n int64) int64 {
	at := int64(-1)
	for _, r := range restores {
		if r < n {
			at = r
		}
	}
	return at
}

// VerifyEnd checks the last n rows as Verify does, and the newest checkpoint against
// the stored tree: quick, and blind to what was changed before.
func VerifyEnd(rows Rows, v Verifier, n int64) (checked int64, err error) {
	size, err := rows.LedgerSize()
	if err != nil {
		return 0, err
	}
	from := max(0, size-n)
	prior, err := signatureBefore(rows, from)
	if err != nil {
		return 0, &Broken{from - 1, "missing"}
	}
	next := from
	if err := rows.LedgerRows(from, size, func(seq int64, leaf, event, salt, signature []byte) error {
		if seq != next {
			return &Broken{next, "missing"}
		}
		if _, err := v.row(seq, leaf, event, salt, signature, prior); err != nil {
			return err
		}
		h, stored := tlog.RecordHash(leaf), []byte(nil)
		if stored, err = rows.LedgerHash(tlog.StoredHashIndex(0, seq)); err != nil || !bytes.Equal(stored, h[:]) {
			return &Broken{seq, "a stored hash of its tree is missing or was changed"}
		}
		prior, next = signature, next+1
		return nil
	}); err != nil {
		return 0, err
	}
	if next != size {
		return 0, &Broken{next, "missing"}
	}
	own, err := checkpoints(rows, v)
	if err != nil || len(own) == 0 {
		return size - from, err
	}
	last := own[len(own)-1]
	if last.N > size {
		return 0, &Broken{size, fmt.Sprintf("missing, with all that followed: a checkpoint of its own has %d rows", last.N)}
	}
	if root, err := tlog.TreeHash(last.N, reader(rows)); err != nil || root != last.Hash {
		return 0, &Broken{-1, fmt.Sprintf("something before row %d is not what it was when a checkpoint of its own was signed", last.N)}
	}
	return size - from, nil
}

// row checks one row by itself and with the signature before it.
func (v Verifier) row(seq int64, leaf, event, salt, signature, before []byte) (e Event, err error) {
	switch {
	case json.Unmarshal(event, &e) != nil:
		return e, &Broken{seq, "holds no event"}
	case !bytes.Equal(leaf, leafData(event, salt)):
		return e, &Broken{seq, "its event was changed"}
	case !ed25519.Verify(v.key, rowMessage(v.name, seq, leaf, before), signature):
		return e, &Broken{seq, "not signed by this ledger in this place: forged, or moved, or the row before it was"}
	}
	return e, nil
}

// tree holds all hashes, computed anew from the rows.
type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, n := range indexes {
		if n < 0 || n >= int64(len(t)) {
			return nil, errors.New("ledger: no such hash")
		}
		out[i] = t[n]
	}
	return out, nil
}

func (t tree) holds(c tlog.Tree, size int64, what string) error {
	if c.N > size {
		return &Broken{size, fmt.Sprintf("missing, with all that followed: %s has %d rows", what, c.N)}
	}
	root, err := tlog.TreeHash(c.N, t)
	if err != nil {
		return err
	}
	if root != c.Hash {
		return &Broken{-1, fmt.Sprintf("something before row %d is not what it was when %s was signed", c.N, what)}
	}
	return nil
}

// walk checks row after row and the stored hashes, and says which rows tell of a
// restore.
func walk(rows Rows, v Verifier, size int64) (t tree, restores []int64, err error) {
	var before []byte
	next := int64(0)
	err = rows.LedgerRows(0, size, func(seq int64, leaf, event, salt, signature []byte) error {
		if seq != next {
			return &Broken{next, "missing"}
		}
		e, err := v.row(seq, leaf, event, salt, signature, before)
		if err != nil {
			return err
		}
		if e.Kind == RestoredKind && e.Detail["size"] == strconv.FormatInt(seq, 10) {
			restores = append(restores, seq)
		}
		hashes, err := tlog.StoredHashes(seq, leaf, t)
		if err != nil {
			return err
		}
		for _, h := range hashes {
			stored, err := rows.LedgerHash(int64(len(t)))
			if err != nil || !bytes.Equal(stored, h[:]) {
				return &Broken{seq, "a stored hash of its tree is missing or was changed"}
			}
			t = append(t, h)
		}
		before = signature
		next++
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if next != size {
		return nil, nil, &Broken{next, "missing"}
	}
	return t, restores, nil
}

func checkpoints(rows Rows, v Verifier) (out []tlog.Tree, err error) {
	err = rows.Checkpoints(func(size int64, text string, _ int64) error {
		t, err := v.open(text)
		if err != nil || t.N != size {
			return &Broken{-1, fmt.Sprintf("its own checkpoint of %d rows was changed", size)}
		}
		out = append(out, t)
		return nil
	})
	return out, err
}

// open reads a checkpoint of this ledger.
func (v Verifier) open(signed string) (tlog.Tree, error) {
	nv, err := v.note()
	if err != nil {
		return tlog.Tree{}, err
	}
	n, err := note.Open([]byte(signed), note.VerifierList(nv))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("ledger: %w", err)
	}
	for _, s := range append(n.Sigs, n.UnverifiedSigs...) {
		// The note's own reader lets the unused bits at the end of base64 be anything.
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return tlog.Tree{}, errors.New("ledger: a signature that is not written as one")
		}
	}
	lines := strings.SplitN(n.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != v.name {
		return tlog.Tree{}, errors.New("ledger: a checkpoint of another ledger")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, errors.New("ledger: a checkpoint without a size")
	}
	h, err := tlog.ParseHash(lines[2])
	if err == nil && h.String() != lines[2] {
		err = errors.New("ledger: a hash that is not written as one")
	}
	return tlog.Tree{N: size, Hash: h}, err
}
