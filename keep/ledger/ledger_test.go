package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// memRows is a ledger in memory, to be tampered with.
type memRows struct {
	size   int64
	rows   []Row
	hashes [][]byte
	checks []check
}

type check struct {
	size, day int64
	note      string
}

func (m *memRows) LedgerSize() (int64, error)  { return m.size, nil }
func (m *memRows) CountLedger() (int64, error) { return int64(len(m.rows)), nil }
func (m *memRows) AppendLedger(seq int64, leaf, event, salt, signature []byte) error {
	m.rows = append(m.rows, Row{seq, leaf, event, salt, signature})
	m.size = seq + 1
	return nil
}

func (m *memRows) LedgerRows(from, to int64, f func(int64, []byte, []byte, []byte, []byte) error) error {
	for _, r := range m.rows {
		if r.Seq >= from && r.Seq < to {
			if err := f(r.Seq, r.Leaf, r.Event, r.Salt, r.Signature); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *memRows) PutLedgerHash(n int64, h []byte) error {
	if n != int64(len(m.hashes)) {
		return fmt.Errorf("hash %d after %d", n, len(m.hashes))
	}
	m.hashes = append(m.hashes, h)
	return nil
}

func (m *memRows) LedgerHash(n int64) ([]byte, error) {
	if n >= int64(len(m.hashes)) {
		return nil, errors.New("no such hash")
	}
	return m.hashes[n], nil
}

func (m *memRows) PutCheckpoint(size int64, n string, day int64) error {
	m.checks = append(m.checks, check{size, day, n})
	return nil
}

func (m *memRows) Checkpoints(f func(int64, string, int64) error) error {
	for _, c := range m.checks {
		if err := f(c.size, c.note, c.day); err != nil {
			return err
		}
	}
	return nil
}

func (m *memRows) clone() *memRows {
	c := &memRows{size: m.size, checks: slices.Clone(m.checks)}
	for _, r := range m.rows {
		c.rows = append(c.rows, Row{r.Seq, bytes.Clone(r.Leaf), bytes.Clone(r.Event), bytes.Clone(r.Salt), bytes.Clone(r.Signature)})
	}
	for _, h := range m.hashes {
		c.hashes = append(c.hashes, bytes.Clone(h))
	}
	return c
}

func newLog(t testing.TB, seed byte) *Log {
	t.Helper()
	l, err := NewLog("ledger.invalid", bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func fill(t testing.TB, l *Log, m *memRows, n int) {
	t.Helper()
	for i := range n {
		if _, err := l.Append(m, Event{Kind: "report.received", Day: 20000, Of: fmt.Sprintf("R%d", i), Detail: map[string]string{"b": "2", "a": "1"}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWholeLedger(t *testing.T) {
	l, m := newLog(t, 1), &memRows{}
	if f, err := Verify(m, l.Verifier()); err != nil || f.Size != 0 {
		t.Errorf("empty: %v %v", f, err)
	}
	fill(t, l, m, 70)
	kept, err := l.Checkpoint(m, 20000)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, l, m, 13)
	f, err := Verify(m, l.Verifier(), kept)
	if err != nil || f.Size != 83 || f.Checkpoints != 1 || f.Kept != 1 || f.Covered != 70 {
		t.Errorf("%+v, %v", f, err)
	}
	if !strings.Contains(f.String(), "13 after them rest on the ledger's key alone") {
		t.Errorf("%s", f)
	}
	v, err := ParseVerifier(l.Verifier().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(m, v, kept); err != nil {
		t.Error(err)
	}
	if _, err := Verify(m, newLog(t, 2).Verifier()); err == nil {
		t.Error("another key verifies it")
	}
	if _, err := Verify(m, l.Verifier(), strings.Replace(kept, "70", "60", 1)); err == nil {
		t.Error("a changed checkpoint is taken")
	}
}

// TestAnyTamperingIsFound changes a random ledger in a random way, by somebody
// without its key.
func TestAnyTamperingIsFound(t *testing.T) {
	l, thief := newLog(t, 1), newLog(t, 9)
	rapid.Check(t, func(t *rapid.T) {
		m := &memRows{}
		n := rapid.IntRange(3, 40).Draw(t, "rows")
		for i := range n {
			l.Append(m, Event{Kind: "k", Of: fmt.Sprint(i)})
			if i == n/2 {
				l.Checkpoint(m, 1)
			}
		}
		if _, err := Verify(m, l.Verifier()); err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(0, n-1).Draw(t, "at")
		other := rapid.IntRange(0, n-1).Filter(func(o int) bool { return o != at }).Draw(t, "other")
		c := m.clone()
		how := rapid.SampledFrom([]string{"edit", "edit and hash", "salt", "leaf", "signature", "delete", "delete and close up", "swap", "swap whole", "duplicate", "forge", "forge over", "hash", "checkpoint", "size"}).Draw(t, "how")
		switch how {
		case "edit":
			c.rows[at].Event = []byte(`{"kind":"other","day":0}`)
		case "edit and hash":
			c.rows[at].Event = []byte(`{"kind":"other","day":0}`)
			c.rows[at].Leaf = leafData(c.rows[at].Event, c.rows[at].Salt)
		case "salt":
			c.rows[at].Salt[0] ^= 1
		case "leaf":
			c.rows[at].Leaf[0] ^= 1
		case "signature":
			c.rows[at].Signature[0] ^= 1
		case "delete":
			c.rows = slices.Delete(c.rows, at, at+1)
		case "delete and close up":
			if at == n-1 {
				t.Skip("cutting off the end is another test")
			}
			c.rows = slices.Delete(c.rows, at, at+1)
			for i := range c.rows {
				c.rows[i].Seq = int64(i)
			}
			c.size--
		case "swap":
			c.rows[at].Event, c.rows[other].Event = c.rows[other].Event, c.rows[at].Event
		case "swap whole":
			c.rows[at], c.rows[other] = c.rows[other], c.rows[at]
			c.rows[at].Seq, c.rows[other].Seq = int64(at), int64(other)
		case "duplicate":
			r := c.rows[at]
			r.Seq = c.size
			c.rows = append(c.rows, r)
			c.size++
		case "forge":
			thief.Append(c, Event{Kind: "forged"})
		case "forge over":
			var r Row
			tmp := &memRows{}
			thief.Append(tmp, Event{Kind: "forged"})
			r = tmp.rows[0]
			r.Seq = int64(at)
			c.rows[at] = r
		case "hash":
			c.hashes[rapid.IntRange(0, len(c.hashes)-1).Draw(t, "hash")][0] ^= 1
		case "checkpoint":
			c.checks[0].note = strings.Replace(c.checks[0].note, "\n", "x\n", 1)
		case "size":
			c.size--
		}
		if _, err := Verify(c, l.Verifier()); err == nil {
			t.Errorf("%s at %d was not found", how, at)
		}
	})
}

// cut takes rows off the end as somebody who knows the program would.
func cut(m *memRows, size int64) *memRows {
	c := m.clone()
	c.rows, c.size = c.rows[:size], size
	c.hashes = c.hashes[:tlog.StoredHashCount(size)]
	c.checks = slices.DeleteFunc(c.checks, func(k check) bool { return k.size > size })
	return c
}

func TestTruncationIsFoundFromElsewhereAlone(t *testing.T) {
	l, m := newLog(t, 1), &memRows{}
	fill(t, l, m, 20)
	early, _ := l.Checkpoint(m, 1)
	fill(t, l, m, 20)
	kept, _ := l.Checkpoint(m, 2)
	short := cut(m, 30)
	if _, err := Verify(short, l.Verifier()); err != nil {
		t.Errorf("cut without a checkpoint elsewhere is not seen, and the manual says so: %v", err)
	}
	if _, err := Verify(short, l.Verifier(), early); err != nil {
		t.Errorf("an older checkpoint still holds: %v", err)
	}
	var b *Broken
	if _, err := Verify(short, l.Verifier(), early, kept); !errors.As(err, &b) || b.Seq != 30 {
		t.Errorf("cut: %v", err)
	}
	// Whoever has the key too can write another history, but not past the checkpoint.
	fill(t, l, short, 10)
	if _, err := Verify(short, l.Verifier()); err != nil {
		t.Errorf("rewritten with the key: %v", err)
	}
	if _, err := Verify(short, l.Verifier(), kept); err == nil {
		t.Error("a rewritten end was not found")
	}
}

func TestProofs(t *testing.T) {
	l, m := newLog(t, 1), &memRows{}
	fill(t, l, m, 37)
	if _, err := l.Prove(m, 3); !errors.Is(err, ErrNotYet) {
		t.Errorf("before a checkpoint: %v", err)
	}
	l.Checkpoint(m, 1)
	fill(t, l, m, 1)
	if _, err := l.Prove(m, 37); !errors.Is(err, ErrNotYet) {
		t.Errorf("after the checkpoint: %v", err)
	}
	v := l.Verifier()
	root, _ := tlog.TreeHash(37, reader(m))
	for seq := range int64(37) {
		p, err := l.Prove(m, seq)
		if err != nil {
			t.Fatal(err)
		}
		r := m.rows[seq]
		if got, err := v.Check(p, r.Event, r.Salt); err != nil || got != seq {
			t.Fatalf("row %d: %d, %v", seq, got, err)
		}
		if _, err := v.Check(p, m.rows[(seq+1)%37].Event, r.Salt); err == nil {
			t.Error("a proof proved another event")
		}
		if _, err := newLog(t, 2).Verifier().Check(p, r.Event, r.Salt); err == nil {
			t.Error("a proof holds under another key")
		}
		// A second opinion, by code that shares nothing with ours.
		path, _ := tlog.ProveRecord(37, seq, reader(m))
		var hashes [][]byte
		for _, h := range path {
			hashes = append(hashes, bytes.Clone(h[:]))
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(seq), 37, rfc6962.DefaultHasher.HashLeaf(r.Leaf), hashes, root[:]); err != nil {
			t.Errorf("the other verifier: %v", err)
		}
	}
	p, _ := l.Prove(m, 5)
	r := m.rows[5]
	// Every bit of the proof counts, also those base64 has no use for.
	for i := range len(p) * 7 {
		b := []byte(p)
		b[i/7] ^= 1 << (i % 7)
		if _, err := v.Check(string(b), r.Event, r.Salt); err == nil {
			t.Errorf("a changed byte at %d: %q", i/7, b[i/7])
		}
	}
}

func TestDaysLookAlike(t *testing.T) {
	l, m := newLog(t, 1), &memRows{}
	for day, n := range []int{0, 1, 7, 10, 11, 0} {
		fill(t, l, m, n)
		if _, err := l.EndDay(m, int64(day), 10); err != nil {
			t.Fatal(err)
		}
	}
	want := []int64{10, 20, 30, 40, 60, 70}
	for i, c := range m.checks {
		if c.size != want[i] {
			t.Errorf("after day %d the ledger has %d rows, want %d", i, c.size, want[i])
		}
	}
	if _, err := Verify(m, l.Verifier()); err != nil {
		t.Error(err)
	}
}

func TestKeyFile(t *testing.T) {
	dir := t.TempDir()
	a, err := Seed(dir)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := Seed(dir); err != nil || !bytes.Equal(a, b) {
		t.Errorf("read again: %v", err)
	}
	if _, err := NewLog("two words", a); err == nil {
		t.Error("a name with a space")
	}
	if _, err := NewLog("x", a[:5]); err == nil {
		t.Error("a short key")
	}
}

func FuzzCheck(f *testing.F) {
	l, m := newLog(f, 1), &memRows{}
	fill(f, l, m, 9)
	cp, _ := l.Checkpoint(m, 1)
	p, _ := l.Prove(m, 4)
	f.Add(p)
	f.Add(cp)
	f.Fuzz(func(t *testing.T, s string) {
		l.Verifier().Check(s, m.rows[4].Event, m.rows[4].Salt)
		l.Verifier().open(s)
		ParseVerifier(s)
	})
}

func BenchmarkAppend(b *testing.B) {
	l, m := newLog(b, 1), &memRows{}
	for b.Loop() {
		l.Append(m, Event{Kind: "report.received", Of: "R"})
	}
}
