package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// proofHead is the first line of a C2SP tlog-proof.
const proofHead = "c2sp.org/tlog-proof@v1"

// ErrNotYet says that no checkpoint covers the row yet.
var ErrNotYet = errors.New("ledger: no checkpoint covers this row yet; the next one will, within a day")

// Prove gives a file (C2SP tlog-proof) that shows to anybody who has the ledger's
// verifier, without the ledger, that the row is in it: the largest checkpoint and
// the path from the leaf to its root. ErrNotYet until a checkpoint covers the row.
func (l *Log) Prove(rows Rows, seq int64) (string, error) {
	var size int64
	var signed string
	if err := rows.Checkpoints(func(s int64, n string, _ int64) error {
		size, signed = s, n
		return nil
	}); err != nil {
		return "", err
	}
	if seq < 0 || seq >= size {
		return "", ErrNotYet
	}
	path, err := tlog.ProveRecord(size, seq, reader(rows))
	if err != nil {
		return "", fmt.Errorf("ledger: %w", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nindex %d\n", proofHead, seq)
	for _, h := range path {
		fmt.Fprintln(&b, h)
	}
	b.WriteString("\n" + signed)
	return b.String(), nil
}

var errProof = errors.New("ledger: the proof does not hold")

// longestProof bounds what is read as a proof, in bytes.
const longestProof = 16 << 10

// Check says which row a proof proves, if it proves that a row with this event and
// salt is in the ledger.
func (v Verifier) Check(proof string, event, salt []byte) (seq int64, err error) {
	if len(proof) > longestProof {
		return 0, errProof
	}
	head, signed, ok := strings.Cut(proof, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 2 || lines[0] != proofHead {
		return 0, errProof
	}
	number, ok := strings.CutPrefix(lines[1], "index ")
	if seq, err = strconv.ParseInt(number, 10, 64); !ok || err != nil || seq < 0 {
		return 0, errProof
	}
	var path tlog.RecordProof
	for _, l := range lines[2:] {
		h, err := tlog.ParseHash(l)
		if err != nil || h.String() != l {
			return 0, errProof // one hash has one spelling, though base64 has several
		}
		path = append(path, h)
	}
	t, err := v.open(signed)
	if err != nil || seq >= t.N {
		return 0, errProof
	}
	if tlog.CheckRecord(path, t.N, t.Hash, seq, tlog.RecordHash(leafData(event, salt))) != nil {
		return 0, errProof
	}
	return seq, nil
}
