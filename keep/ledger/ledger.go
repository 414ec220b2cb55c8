// Package ledger keeps a log that cannot be rewritten unseen.
//
// Each row holds an event, salted and hashed into a leaf. The leaves are a Merkle
// tree as in Certificate Transparency (RFC 6962), by way of golang.org/x/mod's
// sumdb/tlog. Each row is signed together with the row before it, by a key that the
// running server holds. A checkpoint (C2SP tlog-checkpoint) states the size and the
// root of the tree under a signature; whoever keeps one elsewhere can prove that
// nothing before it was changed since.
//
// What it proves is order and that nothing was taken out: not that an event is
// true. Whoever takes the disk with the key can rewrite what came after the last
// checkpoint that is kept elsewhere. So sign daily and send checkpoints out.
package ledger

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Event is one line of the log. Nothing in it identifies anybody: Of is a random id.
type Event struct {
	Kind   string            `json:"kind"`
	Day    int64             `json:"day"` // unix days; finer times would tell a rhythm
	By     string            `json:"by,omitempty"`
	Of     string            `json:"of,omitempty"`
	Detail map[string]string `json:"detail,omitempty"`
}

// Row is how an event is kept.
type Row struct {
	Seq                          int64
	Leaf, Event, Salt, Signature []byte
}

// Rows is where a ledger is kept, within one transaction of the caller.
type Rows interface {
	// LedgerSize locks the end against other appenders till the transaction ends.
	LedgerSize() (int64, error)
	AppendLedger(seq int64, leaf, event, salt, signature []byte) error
	// LedgerRows calls f for the rows from, inclusive, to, exclusive, in order.
	LedgerRows(from, to int64, f func(seq int64, leaf, event, salt, signature []byte) error) error
	// CountLedger counts the rows that are there, whatever LedgerSize says.
	CountLedger() (int64, error)
	PutLedgerHash(n int64, hash []byte) error
	LedgerHash(n int64) ([]byte, error)
	PutCheckpoint(size int64, note string, day int64) error
	// Checkpoints calls f for all checkpoints, smallest first.
	Checkpoints(f func(size int64, note string, day int64) error) error
}

// Log appends to a ledger. It is safe for use by many, as far as Rows is.
type Log struct {
	key  ed25519.PrivateKey
	name string
	salt io.Reader // 32 bytes a row; nil is crypto/rand
}

// Verifier checks a ledger: a name and a public key, printed by String and made to
// be kept by others.
type Verifier struct {
	key  ed25519.PublicKey
	name string
}

// NewLog makes a log by its name, a short word without spaces, and the 32-byte seed
// of its key.
func NewLog(name string, seed []byte) (*Log, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, errors.New("ledger: the key is not a seed of 32 bytes")
	}
	if name == "" || strings.ContainsFunc(name, unicode.IsSpace) || strings.Contains(name, "+") {
		return nil, fmt.Errorf("ledger: %q cannot be a name: one word, without a plus", name)
	}
	return &Log{key: ed25519.NewKeyFromSeed(seed), name: name}, nil
}

// Verifier gives what others need to check this log.
func (l *Log) Verifier() Verifier {
	return Verifier{l.key.Public().(ed25519.PublicKey), l.name}
}

// leafData is what is hashed into the tree for an event.
func leafData(event, salt []byte) []byte {
	h := sha256.New()
	h.Write([]byte("homeward/leaf/v1\n"))
	binary.Write(h, binary.BigEndian, uint32(len(event)))
	h.Write(event)
	h.Write(salt)
	return h.Sum(nil)
}

// rowMessage is what a row's signature signs: itself and the row before it.
func rowMessage(name string, seq int64, leaf, before []byte) []byte {
	b := append([]byte("homeward/row/v1\n"), name...)
	b = binary.BigEndian.AppendUint64(append(b, '\n'), uint64(seq))
	b = append(b, leaf...)
	return append(b, before...)
}

// Append adds an event and gives its number. It is kept when the caller's
// transaction is.
func (l *Log) Append(rows Rows, e Event) (int64, error) {
	size, err := rows.LedgerSize()
	if err != nil {
		return 0, err
	}
	return size, l.append(rows, size, e)
}

func (l *Log) append(rows Rows, seq int64, e Event) error {
	event, err := json.Marshal(e) // keys of maps in order: one event has one form
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	salt := make([]byte, 32)
	from := l.salt
	if from == nil {
		from = rand.Reader
	}
	if _, err := io.ReadFull(from, salt); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	leaf := leafData(event, salt)
	before, err := signatureBefore(rows, seq)
	if err != nil {
		return err
	}
	hashes, err := tlog.StoredHashes(seq, leaf, reader(rows))
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if err := rows.AppendLedger(seq, leaf, event, salt, ed25519.Sign(l.key, rowMessage(l.name, seq, leaf, before))); err != nil {
		return err
	}
	at := tlog.StoredHashIndex(0, seq)
	for i, h := range hashes {
		if err := rows.PutLedgerHash(at+int64(i), h[:]); err != nil {
			return err
		}
	}
	return nil
}

func signatureBefore(rows Rows, seq int64) (sig []byte, err error) {
	if seq == 0 {
		return nil, nil
	}
	err = rows.LedgerRows(seq-1, seq, func(_ int64, _, _, _, signature []byte) error {
		sig = signature
		return nil
	})
	if err == nil && sig == nil {
		err = fmt.Errorf("ledger: row %d is missing", seq-1)
	}
	return sig, err
}

// reader gives the tree's stored hashes.
func reader(rows Rows) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, n := range indexes {
			h, err := rows.LedgerHash(n)
			if err != nil {
				return nil, err
			}
			if len(h) != tlog.HashSize {
				return nil, fmt.Errorf("ledger: hash %d has %d bytes", n, len(h))
			}
			copy(out[i][:], h)
		}
		return out, nil
	})
}

// Checkpoint signs the state of the log and keeps the note; send it to somebody
// else. A day with a checkpoint of the same size gives the same note.
func (l *Log) Checkpoint(rows Rows, day int64) (string, error) {
	size, err := rows.LedgerSize()
	if err != nil {
		return "", err
	}
	return l.checkpoint(rows, size, day)
}

func (l *Log) checkpoint(rows Rows, size, day int64) (string, error) {
	signed, err := l.sign(rows, size)
	if err != nil {
		return "", err
	}
	return signed, rows.PutCheckpoint(size, signed, day)
}

// State signs the state of the log without keeping the note, so that reading is enough.
func (l *Log) State(rows Rows) (signed string, size int64, err error) {
	if size, err = rows.LedgerSize(); err != nil {
		return "", 0, err
	}
	signed, err = l.sign(rows, size)
	return signed, size, err
}

func (l *Log) sign(rows Rows, size int64) (string, error) {
	root, err := tlog.TreeHash(size, reader(rows))
	if err != nil {
		return "", fmt.Errorf("ledger: %w", err)
	}
	signer, err := note.NewSigner(l.signerKey())
	if err != nil {
		return "", fmt.Errorf("ledger: %w", err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", l.name, size, root)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return "", fmt.Errorf("ledger: %w", err)
	}
	return string(signed), nil
}

// EndDay fills the day up so that since the last checkpoint a multiple of perDay
// rows were added, and signs a checkpoint: the size of the log tells only how many
// days there were, and which were very busy.
func (l *Log) EndDay(rows Rows, day int64, perDay int64) (string, error) {
	size, err := rows.LedgerSize()
	if err != nil {
		return "", err
	}
	last := int64(0)
	if err := rows.Checkpoints(func(s int64, _ string, _ int64) error {
		last = s
		return nil
	}); err != nil {
		return "", err
	}
	for size == last || (size-last)%perDay != 0 {
		if err := l.append(rows, size, Event{Kind: "pad", Day: day}); err != nil {
			return "", err
		}
		size++
	}
	return l.checkpoint(rows, size, day)
}
