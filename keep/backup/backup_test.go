package backup_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"homeward/keep/backup"
	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/test/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

var seed = bytes.Repeat([]byte{7}, 32)

func logOf(t testing.TB) *ledger.Log {
	t.Helper()
	l, err := ledger.NewLog("test-ledger", seed)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// furnish puts something of every shape into a store: empty and missing bytes, a
// chunk of a megabyte, text in several scripts, a negative number.
func furnish(t testing.TB, s *store.Store, log *ledger.Log) {
	t.Helper()
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		for i := range 700 { // more than is handed over at once
			id := fmt.Sprintf("REPORT%04d", i)
			if _, _, err := tx.AddReport(store.Report{ID: id, Lookup: []byte(id), Mailbox: []byte{}, Day: int64(i), Calm: i%2 == 0}); err != nil {
				return err
			}
			if _, err := log.Append(tx, ledger.Event{Kind: "test", Day: 1, Of: id}); err != nil {
				return err
			}
		}
		n, _, err := tx.NextMessage("REPORT0001", store.In, []byte("once"), true)
		if err != nil {
			return err
		}
		return errors.Join(
			tx.AddMessage(store.Message{Report: "REPORT0001", N: n, Direction: store.In, Body: []byte{0, 0xff}, ForIntake: []byte("x"), Once: []byte("once"), Day: 3}),
			tx.PutChunk("A", store.Original, -4, bytes.Repeat([]byte{0xfe}, 1<<20)),
			tx.PutSetting("護照", []byte("สวัสดี")),
			tx.Publish(store.Published{ID: "w", Revision: 1, Body: "招聘 \"quoted\"\n", Day: 9}),
			tx.AddJob(store.Job{ID: "j", Kind: "wake", Body: "b"}, 12),
			tx.Keep(store.Hold{Item: "REPORT0001", Why: store.Held, Day: 2}),
		)
	}); err != nil {
		t.Fatal(err)
	}
}

// all gives every row that a backup holds.
func all(t testing.TB, s *store.Store) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	var table string
	var order []int
	if err := s.Read(t.Context(), func(tx *store.Tx) error {
		return tx.Dump(func(name string, columns []string) error {
			table = name
			order = nil
			sorted := slices.Sorted(slices.Values(columns))
			for _, c := range sorted {
				order = append(order, slices.Index(columns, c))
			}
			out[table] = nil
			return nil
		}, func(values []any) error {
			var row strings.Builder
			for _, i := range order {
				fmt.Fprintf(&row, "%T %v|", values[i], values[i])
			}
			out[table] = append(out[table], row.String())
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	for _, rows := range out {
		slices.Sort(rows) // engines order text differently
	}
	return out
}

// place is an empty place on one engine.
type place struct{ url, dir string }

func places(t *testing.T) map[string]func(*testing.T) place {
	return map[string]func(*testing.T) place{
		"sqlite":   func(t *testing.T) place { return place{"", t.TempDir()} },
		"postgres": func(t *testing.T) place { return place{engines.Postgres(t), ""} },
	}
}

func fill(ctx context.Context, p place, r io.Reader) (*store.Store, error) {
	var f *store.Filling
	_, err := backup.Read(r, backup.Into{
		Head: func(h backup.Head) (err error) {
			f, err = store.Fill(ctx, p.url, p.dir, h.Schema)
			return err
		},
		Rows: func(table string, columns []string, rows [][]any) error { return f.Rows(ctx, table, columns, rows) },
	})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.Upgrade(ctx), f.Finish(ctx, func(*store.Tx) error { return nil })); err != nil {
		return nil, err
	}
	return store.Open(ctx, p.url, p.dir)
}

// TestThereAndBack: every row arrives as it was, from each engine on each engine.
func TestThereAndBack(t *testing.T) {
	for from, at := range places(t) {
		for to, there := range places(t) {
			t.Run(from+" to "+to, func(t *testing.T) {
				old, fresh := at(t), there(t)
				s, err := store.Open(t.Context(), old.url, old.dir)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				log := logOf(t)
				furnish(t, s, log)
				var b bytes.Buffer
				files := []backup.File{{Name: "a.key", Body: []byte{0, 1}}, {Name: "acme/b", Body: nil}}
				sum, err := backup.Write(t.Context(), &b, s, log, files, 20000)
				if err != nil {
					t.Fatal(err)
				}
				if sum.Tables["report"] != 700 || sum.Head.Ledger != 700 || sum.Files != 2 {
					t.Errorf("%+v", sum)
				}
				restored, err := fill(t.Context(), fresh, bytes.NewReader(b.Bytes()))
				if err != nil {
					t.Fatal(err)
				}
				defer restored.Close()
				if want, got := all(t, s), all(t, restored); !reflect.DeepEqual(want, got) {
					for name := range want {
						if !slices.Equal(want[name], got[name]) {
							t.Errorf("%s is not as it was", name)
						}
					}
				}
				if err := restored.Read(t.Context(), func(tx *store.Tx) error {
					_, err := ledger.Verify(tx, log.Verifier(), sum.Head.Checkpoint)
					return err
				}); err != nil {
					t.Error(err)
				}
				if _, err := store.Fill(t.Context(), fresh.url, fresh.dir, sum.Head.Schema); !errors.Is(err, store.ErrNotEmpty) {
					t.Errorf("filled twice: %v", err)
				}
			})
		}
	}
}

// TestWhileOthersWrite: a backup that is made while others write is of one moment, and
// they do not wait for it.
func TestWhileOthersWrite(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		log := logOf(t)
		furnish(t, s, log)
		var b bytes.Buffer
		slow := &meanwhile{w: &b, do: func() {
			// In the same goroutine: if a writer waited for the backup, this would hang.
			if err := s.Write(t.Context(), func(tx *store.Tx) error {
				_, err := log.Append(tx, ledger.Event{Kind: "meanwhile", Day: 1})
				return err
			}); err != nil {
				t.Error(err)
			}
		}}
		sum, err := backup.Write(t.Context(), slow, s, log, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		if slow.done < 50 || sum.Tables["ledger"] != 700 || sum.Tables["ledger_hash"] != 1394 || sum.Head.Ledger != 700 {
			t.Errorf("%d written meanwhile, %+v", slow.done, sum)
		}
	})
}

// meanwhile does something for every write it passes on.
type meanwhile struct {
	w       io.Writer
	do      func()
	n, done int
}

func (m *meanwhile) Write(b []byte) (int, error) {
	if m.n%50 == 0 {
		m.do()
		m.done++
	}
	m.n++
	return m.w.Write(b)
}

// written gives the inside of a small backup.
func written(t testing.TB) []byte {
	t.Helper()
	s, err := store.Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	log := logOf(t)
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		_, err := log.Append(tx, ledger.Event{Kind: "test", Day: 1})
		return errors.Join(err, tx.PutSetting("a", []byte{}), tx.PutSetting("b", []byte("c")))
	}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := backup.Write(t.Context(), &b, s, log, []backup.File{{Name: "ledger.key", Body: []byte("k")}}, 1); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBadInside: what is not written by Write is refused, wherever it was cut.
func TestBadInside(t *testing.T) {
	whole := written(t)
	if _, err := backup.Read(bytes.NewReader(whole), backup.Into{}); err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, err := backup.Read(bytes.NewReader(whole[:n]), backup.Into{}); err == nil {
			t.Fatalf("cut after %d of %d bytes and taken", n, len(whole))
		}
	}
	if _, err := backup.Read(bytes.NewReader(append(bytes.Clone(whole), 0)), backup.Into{}); err == nil {
		t.Error("more after the end, and taken")
	}
	frame := func(kind byte, body string) string {
		return string(binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)))) + body
	}
	const head = "homeward backup\n"
	h := frame('H', `{"format":1,"schema":4}`)
	e := frame('E', `{"tables":{},"files":0}`)
	table := frame('T', `{"name":"x","columns":["a","b"]}`)
	for name, in := range map[string]string{
		"nothing":                  "",
		"another file":             "PK\x03\x04",
		"no head":                  head + e,
		"two heads":                head + h + h + e,
		"a row before its table":   head + h + frame('R', "\x00\x00") + e,
		"a row too short":          head + h + table + frame('R', "\x00") + e,
		"a value that is cut":      head + h + table + frame('R', "\x00\x02\x00\x00\x00\x09x") + e,
		"a value of no kind":       head + h + table + frame('R', "\x00\x07") + e,
		"a table twice":            head + h + table + table + e,
		"a table without columns":  head + h + frame('T', `{"name":"x"}`) + e,
		"a file after a table":     head + h + table + frame('F', `{"name":"x"}`) + e,
		"a file outside":           head + h + frame('F', `{"name":"../x"}`) + e,
		"a file at the root":       head + h + frame('F', `{"name":"/etc/x"}`) + e,
		"a file for Windows":       head + h + frame('F', `{"name":"a\\..\\b"}`) + e,
		"a frame of no kind":       head + h + frame('Z', "") + e,
		"a frame too long":         head + "H\xff\xff\xff\xff",
		"fewer rows than written":  head + h + table + frame('E', `{"tables":{"x":1},"files":0}`),
		"fewer files than written": head + h + frame('E', `{"tables":{},"files":1}`),
		"another form":             head + frame('H', `{"format":2}`) + e,
		"an end that is no JSON":   head + h + frame('E', `{`),
	} {
		if _, err := backup.Read(strings.NewReader(in), backup.Into{}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestStrangeTablesAreRefused: names in a file never reach the database as SQL.
func TestStrangeTablesAreRefused(t *testing.T) {
	f, err := store.Fill(t.Context(), "", t.TempDir(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct {
		table   string
		columns []string
	}{
		{"nothere", []string{"a"}},
		{"setting; drop table report", []string{"name", "value", "revision"}},
		{"setting", []string{"name", "value"}},
		{"setting", []string{"name", "value", "revision) values (1,2,3); --"}},
		{"session", []string{"id", "member", "sealed", "expires"}},
		{"goose_db_version", []string{"id", "version_id", "is_applied", "tstamp"}},
		{"hold", []string{"item", "why", "day"}}, // not there yet in version 1
	} {
		if err := f.Rows(t.Context(), c.table, c.columns, nil); err == nil {
			t.Errorf("%s %v: taken", c.table, c.columns)
		}
	}
	if err := f.Rows(t.Context(), "setting", []string{"revision", "name", "value"}, [][]any{{int64(1), "n", []byte("v")}}); err != nil {
		t.Error(err)
	}
	// It is still marked, and a newer schema than ours is refused.
	if _, err := store.Fill(t.Context(), "", t.TempDir(), 9999); !errors.Is(err, store.ErrNewer) {
		t.Errorf("newer: %v", err)
	}
}

// TestOlderSchema: what a backup of an older version holds is brought up to date.
func TestOlderSchema(t *testing.T) {
	for name, at := range places(t) {
		t.Run(name, func(t *testing.T) {
			p := at(t)
			f, err := store.Fill(t.Context(), p.url, p.dir, 1)
			if err != nil {
				t.Fatal(err)
			}
			rows := [][]any{{"REPORT", []byte("l"), []byte("m"), int64(3), int64(1), "worked", int64(0), nil, int64(0), int64(0), int64(1), int64(0)}}
			if err := errors.Join(
				f.Rows(t.Context(), "report", []string{"id", "lookup", "mailbox", "day", "calm", "state", "messages", "summary", "summary_epoch", "erase_after", "revision", "touched"}, rows),
				f.Rows(t.Context(), "ledger_head", []string{"one", "size"}, [][]any{{int64(1), int64(0)}}),
				f.Upgrade(t.Context()),
				f.Finish(t.Context(), func(tx *store.Tx) error {
					_, err := logOf(t).Restored(tx, 1)
					return errors.Join(err, tx.Keep(store.Hold{Item: "REPORT", Why: store.Held}))
				})); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(t.Context(), p.url, p.dir)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.Read(t.Context(), func(tx *store.Tx) error {
				if h, err := tx.Holds("REPORT"); err != nil || len(h) != 1 {
					t.Errorf("%v, %v", h, err)
				}
				_, err := tx.Report("REPORT")
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestUnfinishedIsRefused: until it is finished nothing opens it, on either engine.
func TestUnfinishedIsRefused(t *testing.T) {
	for name, at := range places(t) {
		t.Run(name, func(t *testing.T) {
			p := at(t)
			f, err := store.Fill(t.Context(), p.url, p.dir, 2)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Open(t.Context(), p.url, p.dir); !errors.Is(err, store.ErrUnfinished) {
				t.Errorf("opened: %v", err)
			}
			if _, err := store.Fill(t.Context(), p.url, p.dir, 2); !errors.Is(err, store.ErrNotEmpty) {
				t.Errorf("filled again: %v", err)
			}
		})
	}
}

func sealedTo(t *testing.T, plain []byte, to backup.Recipients) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := backup.Seal(&b, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(b []byte, with backup.Key) error {
	s, err := backup.Open(bytes.NewReader(b), int64(len(b)), with)
	if err != nil {
		return err
	}
	_, err = s.Read(backup.Into{})
	return err
}

// TestSealed: only its key opens it, and a bit that was changed anywhere is found.
func TestSealed(t *testing.T) {
	plain := written(t)
	secret, recipient, err := backup.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := backup.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	to, err := backup.ToRecipients("# a comment\n" + recipient + "\n")
	if err != nil {
		t.Fatal(err)
	}
	b := sealedTo(t, plain, to)
	right, err := backup.WithKeys(secret)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := backup.WithKeys(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := read(b, right); err != nil {
		t.Fatal(err)
	}
	if err := read(b, wrong); !errors.Is(err, backup.ErrKey) {
		t.Errorf("another key: %v", err)
	}
	if backup.ByPassphrase(bytes.NewReader(b)) {
		t.Error("taken for one by passphrase")
	}
	for _, n := range []int{0, 10, len(b) / 2, len(b) - 1} {
		if err := read(b[:n], right); err == nil {
			t.Errorf("cut after %d bytes and taken", n)
		}
	}
	for n := 0; n < len(b); n += 61 {
		bad := bytes.Clone(b)
		bad[n] ^= 1
		if err := read(bad, right); err == nil {
			t.Errorf("byte %d was changed and it is taken", n)
		}
	}
	if bytes.Contains(b, []byte("ledger.key")) || bytes.Contains(b, []byte("setting")) {
		t.Error("words of the inside stand in the file")
	}
}

func TestPassphrase(t *testing.T) {
	if _, err := backup.ToPassphrase("too short"); !errors.Is(err, backup.ErrWeak) {
		t.Errorf("short: %v", err)
	}
	to, err := backup.ToPassphrase("six invented words for a backup")
	if err != nil {
		t.Fatal(err)
	}
	b := sealedTo(t, written(t), to)
	if !backup.ByPassphrase(bytes.NewReader(b)) {
		t.Error("not taken for one by passphrase")
	}
	right, err := backup.WithPassphrase("six invented words for a backup")
	if err != nil {
		t.Fatal(err)
	}
	if err := read(b, right); err != nil {
		t.Error(err)
	}
	wrong, err := backup.WithPassphrase("six invented words for another")
	if err != nil {
		t.Fatal(err)
	}
	if err := read(b, wrong); !errors.Is(err, backup.ErrKey) {
		t.Errorf("wrong passphrase: %v", err)
	}
	// A file that asks for gigabytes is refused, and costs nothing.
	if err := read(bytes.Replace(b, []byte(" 18\n"), []byte(" 22\n"), 1), right); err == nil {
		t.Error("a file that asks for 4 GB was tried")
	}
}

func TestRecipientsAreVouchedFor(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		log := logOf(t)
		_, recipient, err := backup.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		get := func() (lines string, err error) {
			err = errors.Join(err, s.Read(t.Context(), func(tx *store.Tx) (err error) { lines, err = backup.RecipientsOf(tx, log); return err }))
			return lines, err
		}
		if lines, err := get(); lines != "" || err != nil {
			t.Errorf("%q, %v", lines, err)
		}
		set := func(f func(tx *store.Tx) error) {
			if err := s.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		set(func(tx *store.Tx) error { return backup.SetRecipients(tx, log, recipient) })
		if lines, err := get(); lines != recipient || err != nil {
			t.Errorf("%q, %v", lines, err)
		}
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return backup.SetRecipients(tx, log, "nonsense") }); err == nil {
			t.Error("nonsense was taken")
		}
		// Somebody who can write to the database, and has not the server's key.
		_, theirs, err := backup.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := ledger.NewLog("test-ledger", bytes.Repeat([]byte{8}, 32))
		if err != nil {
			t.Fatal(err)
		}
		set(func(tx *store.Tx) error { return backup.SetRecipients(tx, stranger, theirs) })
		if lines, err := get(); lines != "" || !errors.Is(err, backup.ErrRecipients) {
			t.Errorf("a stranger's recipient: %q, %v", lines, err)
		}
	})
}

// FuzzRead: whatever stands inside a backup, it is read or refused, and what is read
// has the counts that it says.
func FuzzRead(f *testing.F) {
	f.Add(written(f))
	f.Add([]byte("homeward backup\n"))
	f.Add([]byte("homeward backup\nH\x00\x00\x00\x0c{\"format\":1}E\x00\x00\x00\x02{}"))
	f.Add([]byte("homeward backup\nH\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rows := map[string]int64{}
		files := 0
		sum, err := backup.Read(bytes.NewReader(b), backup.Into{
			Head: func(backup.Head) error { return nil },
			File: func(g backup.File) error {
				if !backup.Local(g.Name) {
					t.Errorf("a file at %q", g.Name)
				}
				files++
				return nil
			},
			Rows: func(table string, columns []string, some [][]any) error {
				rows[table] += int64(len(some))
				for _, r := range some {
					if len(r) != len(columns) {
						t.Errorf("a row of %d values for %d columns", len(r), len(columns))
					}
				}
				return nil
			},
		})
		if err != nil {
			return
		}
		if sum.Files != files || !reflect.DeepEqual(sum.Tables, rows) {
			t.Errorf("counted %v and %d, handed over %v and %d", sum.Tables, sum.Files, rows, files)
		}
	})
}
