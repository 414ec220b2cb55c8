package cli

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSwaps(t *testing.T) {
	table := "Filename\tType\tSize\tUsed\tPriority\n/dev/zram0 partition 1 0 100\n/swapfile file 1 0 -2\n/dev/dm-1 partition 1 0 -3\n/dev/dm-2 partition 1 0 -4\n"
	got := swapsOf(table, func(dev string) string {
		return map[string]string{"/dev/dm-1": "CRYPT-PLAIN-swap\n", "/dev/dm-2": "LVM-invented\n"}[dev]
	})
	if !slices.Equal(got, []string{"/swapfile", "/dev/dm-2"}) {
		t.Errorf("%v", got)
	}
	if got := swapsOf("Filename\tType\n", nil); got != nil {
		t.Errorf("%v", got)
	}
}

func TestReachable(t *testing.T) {
	for address, want := range map[string]bool{
		"mailto:a@b.invalid": true, "mailto:a": false, "https://b.invalid/x": true, "https:///x": false,
		"http://b.invalid": false, "http://127.0.0.1:9/x": true, "http://localhost/x": true, "tel:+000": false, "somebody": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if reachable(u) != want {
			t.Errorf("%s: %v", address, !want)
		}
	}
}

func TestCertificateAge(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]string{-1: must, 5: must, 40: fine} {
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: now.AddDate(0, 0, days)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, pub, key)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "c.pem")
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		c := checkup{Env: &Env{Now: func() time.Time { return now }}}
		c.certificate(path)
		if c.out[0].State != want {
			t.Errorf("%d days left: %+v", days, c.out[0])
		}
	}
	c := checkup{Env: &Env{Now: func() time.Time { return now }}}
	c.certificate(filepath.Join(t.TempDir(), "nothere"))
	if c.out[0].State != look {
		t.Errorf("not there: %+v", c.out[0])
	}
}

// TestWriteNew: a file has its name only when it is whole, and nothing is overwritten.
func TestWriteNew(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	broken := errors.New("broken")
	err := writeNew(path, func(w io.Writer) error {
		if _, err := w.Write([]byte("half")); err != nil {
			return err
		}
		if _, err := os.Lstat(path); err == nil {
			t.Error("it has its name before it is whole")
		}
		return broken
	})
	if !errors.Is(err, broken) || names(t, dir) != "" {
		t.Errorf("%v, left %q", err, names(t, dir))
	}
	// Somebody else makes the file meanwhile: theirs stays.
	err = writeNew(path, func(w io.Writer) error { return os.WriteFile(path, []byte("theirs"), 0o600) })
	if b, _ := os.ReadFile(path); err == nil || !bytes.Equal(b, []byte("theirs")) || names(t, dir) != "f" {
		t.Errorf("%v, %q, %q", err, b, names(t, dir))
	}
}

func names(t *testing.T, dir string) string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		out = append(out, f.Name())
	}
	return strings.Join(out, " ")
}
