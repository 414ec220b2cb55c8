package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// TestFiling: whoever has the proof, the code and the desk's key can check it, without
// the desk; with another code, key or a changed proof it does not hold.
func TestFiling(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	env := Env{Context: t.Context(), Stderr: &bytes.Buffer{}, Stdout: &bytes.Buffer{}, Now: func() time.Time { return now }, Getenv: func(string) string { return "" }, Terminal: func(any) bool { return false }}
	h, err := env.openHouse(t.Context(), houseOptions{data: t.TempDir(), stretcher: vault.NewQuickStretcher()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if _, err := h.desk.SetUp(t.Context(), "blue heron", "five invented words for tests", 2, 3); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Write(t.Context(), func(tx *store.Tx) error {
		return intake.SetOperator(tx, intake.Operator{Name: "n", Jurisdiction: "j", Hours: "h", OnCall: "mailto:nobody@test.invalid"})
	}); err != nil {
		t.Fatal(err)
	}
	code, err := h.intake.Receive(t.Context(), intake.Nonce(), intake.Report{Text: "invented words"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := h.ledger.EndDay(tx, h.day(), 10)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	visit, err := h.intake.Visit(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := h.intake.Filing(t.Context(), visit)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "proof")
	if err := os.WriteFile(file, []byte(proof), 0o600); err != nil {
		t.Fatal(err)
	}
	other := intake.CodeFor(intake.Nonce())
	key := h.ledger.Verifier().String()
	for _, c := range []struct {
		name, key, code string
		want            int
	}{
		{"as it is", key, strings.Join(code.Words("en"), " "), 0},
		{"in digits", key, strings.Join(code.Digits(), " "), 0},
		{"another code", key, strings.Join(other.Words("en"), " "), 1},
		{"no code", key, "hello", 2},
		{"no key", "x", strings.Join(code.Words("en"), " "), 2},
	} {
		var out, errs bytes.Buffer
		e := Env{Context: context.Background(), Args: []string{"filing", "--key", c.key, file}, Stdin: strings.NewReader(c.code + "\n"), Stdout: &out, Stderr: &errs, Now: env.Now, Getenv: env.Getenv, Terminal: env.Terminal}
		if got := Main(e); got != c.want {
			t.Errorf("%s: ends with %d, want %d: %s", c.name, got, c.want, &errs)
		}
		if c.want == 0 && !strings.Contains(out.String(), "on 2026-05-04") {
			t.Errorf("%s: %s", c.name, &out)
		}
	}
}
