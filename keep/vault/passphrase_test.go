package vault

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"testing"
	"testing/synctest"
)

func TestPassphrases(t *testing.T) {
	s := NewQuickStretcher()
	ctx := t.Context()
	locked, err := s.Lock(ctx, "five invented words é", here, []byte("seed"))
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{"five invented words é", "  five invented words e\u0301 \n"} {
		if got, err := s.Unlock(ctx, same, here, locked); err != nil || !bytes.Equal(got, []byte("seed")) {
			t.Errorf("%q: %v", same, err)
		}
	}
	for _, bad := range []string{"", "Five invented words é"} {
		if _, err := s.Unlock(ctx, bad, here, locked); !errors.Is(err, ErrPassphrase) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := s.Unlock(ctx, "five invented words é", elsewhere[1], locked); !errors.Is(err, ErrPassphrase) {
		t.Errorf("at another place: %v", err)
	}
	for _, kib := range []uint32{0, 1, 1 << 31} {
		evil := bytes.Clone(locked)
		binary.BigEndian.PutUint32(evil[5:], kib)
		if _, err := s.Unlock(ctx, "five invented words é", here, evil); !errors.Is(err, ErrPassphrase) {
			t.Errorf("a cost of %d KiB: %v", kib, err)
		}
	}
	if _, err := s.Unlock(ctx, "x", here, locked[:10]); !errors.Is(err, ErrPassphrase) {
		t.Errorf("cut: %v", err)
	}
}

func TestStretcherQueues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewQuickStretcher()
		s.work, s.queue = make(chan struct{}, 1), make(chan struct{}, 2)
		s.work <- struct{}{} // one at work
		s.queue <- struct{}{}
		ctx, cancel := context.WithCancel(t.Context())
		waiting := make(chan error)
		go func() {
			_, err := s.Lock(ctx, "x", here, nil)
			waiting <- err
		}()
		synctest.Wait()
		if _, err := s.Lock(ctx, "x", here, nil); !errors.Is(err, ErrBusy) {
			t.Errorf("the third: %v", err)
		}
		cancel()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up: %v", err)
		}
	})
}
