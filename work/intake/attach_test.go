package intake

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/test/engines"
)

func noise(n int) []byte {
	r := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	r.Read(b)
	return b
}

func TestFiles(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		rc := d.receive(t, Nonce(), told("with pictures"))
		v, err := d.Visit(t.Context(), rc)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, ChunkSize, 2*ChunkSize + 7} {
			data := noise(size)
			nonce := Nonce()
			for range 2 { // sent twice, kept once
				if err := d.Attach(t.Context(), v, nonce, `C:\pictures\..\room.jpg`, iotest.OneByteReader(io.LimitReader(bytes.NewReader(data), int64(min(size, 100))))); size <= 100 && err != nil {
					t.Fatal(err)
				} else if size > 100 {
					break
				}
			}
			if size > 100 {
				if err := d.Attach(t.Context(), v, nonce+"x", `C:\pictures\..\room.jpg`, bytes.NewReader(data)); err != nil {
					t.Fatal(err)
				}
			}
			files, err := d.Files(t.Context(), rc.code.ID(), d.keys)
			if err != nil {
				t.Fatal(err)
			}
			last := files[len(files)-1]
			_, got, err := d.ReadFile(t.Context(), rc.code.ID(), last.ID, d.keys)
			if err != nil || last.Name != "room.jpg" || size > 100 && !bytes.Equal(got, data) {
				t.Errorf("%d bytes: %+v, %d back, %v", size, last, len(got), err)
			}
			// Who has the code can open it too.
			if _, _, err := d.ReadFile(t.Context(), rc.code.ID(), last.ID, Keys{Mailbox: rc.code.Mailbox()}); err != nil {
				t.Error(err)
			}
			if _, _, err := d.ReadFile(t.Context(), "another report", last.ID, d.keys); !errors.Is(err, store.ErrNone) {
				t.Errorf("by another report: %v", err)
			}
		}
	})
}

func TestABrokenFileCostsOnlyItself(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		rc := d.receive(t, Nonce(), told("the words stay"))
		v, err := d.Visit(t.Context(), rc)
		if err != nil {
			t.Fatal(err)
		}
		broken := io.MultiReader(bytes.NewReader(noise(ChunkSize+9)), iotest.ErrReader(errors.New("the line went")))
		if err := d.Attach(t.Context(), v, "n", "a.jpg", broken); !errors.Is(err, ErrFile) {
			t.Errorf("broken off: %v", err)
		}
		// As a body says it that is shorter than was announced.
		for _, n := range []int{0, 9, ChunkSize, ChunkSize + 9} {
			short := io.MultiReader(bytes.NewReader(noise(n)), iotest.ErrReader(io.ErrUnexpectedEOF))
			if err := d.Attach(t.Context(), v, "n", "a.jpg", short); !errors.Is(err, ErrFile) {
				t.Errorf("broken off after %d bytes: %v", n, err)
			}
		}
		if err := d.Attach(t.Context(), v, "n", "a.jpg", strings.NewReader("")); !errors.Is(err, ErrFile) {
			t.Errorf("empty: %v", err)
		}
		if err := d.Attach(t.Context(), v, "n", "a.jpg", io.LimitReader(zeros{}, MaxFile+1)); !errors.Is(err, ErrHeavy) {
			t.Errorf("too large: %v", err)
		}
		if files, err := d.Files(t.Context(), rc.code.ID(), d.keys); len(files) != 0 || err != nil {
			t.Errorf("%v %v", files, err)
		}
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			all, err := tx.Attachments(rc.code.ID())
			if len(all) != 0 {
				t.Errorf("%d rows stay", len(all))
			}
			return err
		}); err != nil {
			t.Error(err)
		}
		if ms := d.rows(t, rc.code.ID()); len(ms) != 1 {
			t.Errorf("%d messages", len(ms))
		}
		if err := d.Attach(t.Context(), v, "n", "a.jpg", bytes.NewReader(noise(10))); err != nil {
			t.Errorf("the same file once more: %v", err)
		}
	})
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestSwappedChunksAreFound(t *testing.T) {
	s := engines.SQLite(t)
	d := newDesk(t, s)
	rc := d.receive(t, Nonce(), told("x"))
	v, err := d.Visit(t.Context(), rc)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Attach(t.Context(), v, "n", "a", bytes.NewReader(noise(2*ChunkSize))); err != nil {
		t.Fatal(err)
	}
	files, err := d.Files(t.Context(), rc.code.ID(), d.keys)
	if err != nil {
		t.Fatal(err)
	}
	id := files[0].ID
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		a, err := tx.Chunk(id, store.Original, 0)
		if err != nil {
			return err
		}
		b, err := tx.Chunk(id, store.Original, 1)
		if err != nil {
			return err
		}
		if len(a) > 1<<20 {
			t.Errorf("a chunk has %d bytes", len(a))
		}
		return errors.Join(tx.PutChunk(id, store.Original, 0, b), tx.PutChunk(id, store.Original, 1, a))
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.ReadFile(t.Context(), rc.code.ID(), id, d.keys); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("swapped chunks: %v", err)
	}
}
