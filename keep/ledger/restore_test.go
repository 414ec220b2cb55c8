package ledger

import (
	"errors"
	"strings"
	"testing"
)

func stateOf(t *testing.T, l *Log, m *memRows) string {
	t.Helper()
	note, size, err := l.State(m)
	if err != nil || size != m.size {
		t.Fatalf("%d, %v", size, err)
	}
	return note
}

// TestGapAfterRestore: a checkpoint newer than the backup is called a gap where a row
// says so, and broken where none does.
func TestGapAfterRestore(t *testing.T) {
	l, m := newLog(t, 1), &memRows{}
	fill(t, l, m, 10)
	atTen := stateOf(t, l, m)
	if len(m.checks) != 0 {
		t.Error("State kept its note")
	}
	backup := m.clone()
	fill(t, l, m, 5)
	newer := stateOf(t, l, m) // of 15, which the backup has not

	restored := backup.clone()
	if at, err := l.Restored(restored, 20001); at != 10 || err != nil {
		t.Fatalf("restored at %d, %v", at, err)
	}
	after := stateOf(t, l, restored)
	for _, more := range []int{0, 3, 20} { // shorter than the checkpoint, and longer
		now := restored.clone()
		fill(t, l, now, more)
		if _, err := Verify(now, l.Verifier(), atTen, after); err != nil {
			t.Errorf("+%d: what it continues: %v", more, err)
		}
		_, err := Verify(now, l.Verifier(), atTen, newer, after)
		var g *Gap
		if !errors.As(err, &g) || g.Kept != 15 || g.Restored != 10 || g.Found.Kept != 2 || g.Found.Covered != 11 {
			t.Fatalf("+%d: %v", more, err)
		}
		for _, says := range []string{"a gap after a restore", "row 10 says", "rows 10 to 14", "ask who restored"} {
			if !strings.Contains(err.Error(), says) {
				t.Errorf("it does not say %q: %v", says, err)
			}
		}
	}
	// Cut off without a row that says so: broken, as before.
	var b *Broken
	if _, err := Verify(backup, l.Verifier(), newer); !errors.As(err, &b) {
		t.Errorf("cut off: %v", err)
	}
	// A restore that came after explains nothing of what was changed before it.
	late := backup.clone()
	fill(t, l, late, 30)
	if _, err := l.Restored(late, 20001); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(late, l.Verifier(), newer); !errors.As(err, &b) {
		t.Errorf("rewritten, with a restore later on: %v", err)
	}
	// A row that names another size than its own number is no restore.
	odd := backup.clone()
	if _, err := l.Append(odd, Event{Kind: RestoredKind, Detail: map[string]string{"size": "3"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(odd, l.Verifier(), newer); !errors.As(err, &b) {
		t.Errorf("a row that names another size: %v", err)
	}
}

// TestTwoRestores: the last one that the checkpoint can be older than is named.
func TestTwoRestores(t *testing.T) {
	l, m := newLog(t, 1), &memRows{}
	fill(t, l, m, 10)
	first := m.clone()
	fill(t, l, m, 4)
	of14 := stateOf(t, l, m)
	if _, err := l.Restored(first, 1); err != nil {
		t.Fatal(err)
	}
	fill(t, l, first, 20)
	second := first.clone()
	fill(t, l, first, 9)
	of40 := stateOf(t, l, first)
	if _, err := l.Restored(second, 2); err != nil {
		t.Fatal(err)
	}
	fill(t, l, second, 30)
	for note, want := range map[string]int64{of14: 10, of40: 31} {
		var g *Gap
		if _, err := Verify(second, l.Verifier(), note); !errors.As(err, &g) || g.Restored != want {
			t.Errorf("want %d: %v", want, err)
		}
	}
}

func TestVerifyEnd(t *testing.T) {
	l, m := newLog(t, 1), &memRows{}
	if n, err := VerifyEnd(m, l.Verifier(), 5); n != 0 || err != nil {
		t.Errorf("empty: %d, %v", n, err)
	}
	fill(t, l, m, 20)
	if _, err := l.Checkpoint(m, 1); err != nil {
		t.Fatal(err)
	}
	fill(t, l, m, 3)
	for n, want := range map[int64]int64{0: 0, 5: 5, 23: 23, 1000: 23} {
		if got, err := VerifyEnd(m, l.Verifier(), n); got != want || err != nil {
			t.Errorf("%d: %d, %v", n, got, err)
		}
	}
	for what, harm := range map[string]func(*memRows){
		"an event":                func(m *memRows) { m.rows[21].Event[5] ^= 1 },
		"a leaf":                  func(m *memRows) { m.rows[20].Leaf[0] ^= 1 },
		"a signature":             func(m *memRows) { m.rows[22].Signature[0] ^= 1 },
		"the last row, taken out": func(m *memRows) { m.rows = m.rows[:22] },
		"one row, taken out":      func(m *memRows) { m.rows = append(m.rows[:20], m.rows[21:]...) },
		"a checkpoint's end":      func(m *memRows) { m.rows, m.size = m.rows[:15], 15 },
		"a stored hash":           func(m *memRows) { m.hashes[len(m.hashes)-1][0] ^= 1 },
		"a hash of the tree":      func(m *memRows) { m.hashes[30][0] ^= 1 }, // over the first sixteen rows
		"its own checkpoint":      func(m *memRows) { m.checks[0].note = strings.Replace(m.checks[0].note, "\n20\n", "\n19\n", 1) },
	} {
		bad := m.clone()
		harm(bad)
		var b *Broken
		if _, err := VerifyEnd(bad, l.Verifier(), 5); !errors.As(err, &b) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// It says what it is blind to.
	old := m.clone()
	old.rows[2].Event[5] ^= 1
	if _, err := VerifyEnd(old, l.Verifier(), 5); err != nil {
		t.Errorf("it looks further than it says: %v", err)
	}
	if _, err := Verify(old, l.Verifier()); err == nil {
		t.Error("the whole walk does not see it either")
	}
}
