package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"

	"homeward/keep/store"
	"homeward/test/engines"
)

func TestAFileInPieces(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		rc, other := d.receive(t, Nonce(), told("x")), d.receive(t, Nonce(), told("y"))
		v, err := d.Visit(t.Context(), rc)
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := d.Visit(t.Context(), other)
		if err != nil {
			t.Fatal(err)
		}
		data := noise(2*ChunkSize + 100)
		sum := sha256.Sum256(data)
		hexed := hex.EncodeToString(sum[:])
		id, err := d.BeginFile(t.Context(), v, "my file")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := d.BeginFile(t.Context(), v, "my file"); again != id || err != nil {
			t.Errorf("begun again: %q, %v", again, err)
		}
		if err := d.PutPiece(t.Context(), v, id, 2, data[2*ChunkSize:]); err != nil {
			t.Fatal(err)
		}
		if err := d.FinishFile(t.Context(), v, id, "a.bin", hexed); !errors.Is(err, ErrFile) {
			t.Errorf("finished with a hole: %v", err)
		}
		if err := d.PutPiece(t.Context(), stranger, id, 0, data[:ChunkSize]); !errors.Is(err, ErrUnknown) {
			t.Errorf("under another code: %v", err)
		}
		for _, n := range []int64{-1, 1 << 40} {
			if err := d.PutPiece(t.Context(), v, id, n, []byte("x")); !errors.Is(err, ErrHeavy) {
				t.Errorf("piece %d: %v", n, err)
			}
		}
		for range 2 {
			for n := range int64(2) {
				if err := d.PutPiece(t.Context(), v, id, n, data[n*ChunkSize:(n+1)*ChunkSize]); err != nil {
					t.Fatal(err)
				}
			}
		}
		if have, whole, err := d.Pieces(t.Context(), v, id); len(have) != 3 || whole || err != nil {
			t.Errorf("%v %v %v", have, whole, err)
		}
		if err := d.FinishFile(t.Context(), v, id, "a.bin", "00"); !errors.Is(err, ErrFile) {
			t.Errorf("another hash: %v", err)
		}
		for range 2 {
			if err := d.FinishFile(t.Context(), v, id, "a.bin", hexed); err != nil {
				t.Fatal(err)
			}
		}
		if _, got, err := d.ReadFile(t.Context(), rc.code.ID(), id, d.keys); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes back, %v", len(got), err)
		}
	})
}
