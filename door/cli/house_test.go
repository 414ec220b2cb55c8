package cli

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/retention"
)

// TestTidy: the daily work erases by age, waits while a backup reads, and ends the
// ledger's day even when the setting cannot be read.
func TestTidy(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	e := &Env{Context: t.Context(), Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Now: func() time.Time { return now }}
	h, err := e.openHouse(t.Context(), houseOptions{data: t.TempDir(), stretcher: vault.NewQuickStretcher()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	write := func(f func(tx *store.Tx) error) {
		t.Helper()
		if err := h.store.Write(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	reports := func() (n int64) {
		t.Helper()
		if err := h.store.Read(t.Context(), func(tx *store.Tx) (err error) { n, err = tx.CountReports(store.Worked); return err }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	days := func() (n int) {
		t.Helper()
		if err := h.store.Read(t.Context(), func(tx *store.Tx) error {
			return tx.Checkpoints(func(int64, string, int64) error { n++; return nil })
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	write(func(tx *store.Tx) error {
		if _, _, err := tx.AddReport(store.Report{ID: "R", Lookup: []byte("l"), Mailbox: []byte("m"), Day: h.day(), Calm: true}); err != nil {
			return err
		}
		r, err := tx.Report("R")
		if err != nil {
			return err
		}
		return tx.SetState(r, store.Worked, 0)
	})
	if err := h.age.Set(t.Context(), "", retention.Policy{Leads: 90}); err != nil {
		t.Fatal(err)
	}
	if err := h.tidy(t.Context(), "me"); err != nil || reports() != 1 || days() != 1 {
		t.Errorf("%v, %d reports, %d days", err, reports(), days())
	}
	now = now.AddDate(0, 0, 90)
	ctx, stop := context.WithCancel(t.Context())
	holdErasing(ctx, h)
	if err := h.tidy(t.Context(), "me"); err != nil || reports() != 1 || days() != 2 {
		t.Errorf("while a backup reads: %v, %d reports, %d days", err, reports(), days())
	}
	stop()
	now = now.Add(6 * time.Minute) // the backup is done, or was killed
	if err := h.tidy(t.Context(), "me"); err != nil || reports() != 0 {
		t.Errorf("after it: %v, %d reports", err, reports())
	}
	now = now.AddDate(0, 0, 1)
	write(func(tx *store.Tx) error { return tx.PutSetting("retention", []byte("{")) })
	if err := h.tidy(t.Context(), "me"); err == nil || days() != 3 {
		t.Errorf("a setting that cannot be read: %v, %d days", err, days())
	}
}
