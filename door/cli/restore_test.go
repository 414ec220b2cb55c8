package cli

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/keep/backup"
	"homeward/keep/ledger"
	"homeward/keep/store"
)

// made seals frames that Write would not write.
func made(t *testing.T, dir string, frames ...string) (file, key string) {
	t.Helper()
	secret, recipient, err := backup.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	to, err := backup.ToRecipients(recipient)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := backup.Seal(&b, to)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "homeward backup\n")
	for _, f := range frames {
		w.Write(binary.BigEndian.AppendUint32([]byte{f[0]}, uint32(len(f)-1)))
		io.WriteString(w, f[1:])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file, key = filepath.Join(dir, "b.age"), filepath.Join(dir, "key")
	if err := errors.Join(os.WriteFile(file, b.Bytes(), 0o600), os.WriteFile(key, []byte(secret), 0o600)); err != nil {
		t.Fatal(err)
	}
	return file, key
}

// TestBadBackups: anybody can seal to a recipient. What such a file holds does no harm:
// it is refused, writes nowhere but into the place, and the place says that it is
// incomplete.
func TestBadBackups(t *testing.T) {
	seed := bytes.Repeat([]byte{7}, 32)
	log, err := ledger.NewLog(ledgerName, seed)
	if err != nil {
		t.Fatal(err)
	}
	head := func(schema int64) string {
		return fmt.Sprintf(`H{"format":1,"schema":%d,"verifier":%q}`, schema, log.Verifier())
	}
	const oneFile = `E{"tables":{},"files":1}`
	for name, c := range map[string]struct {
		frames []string
		says   string
		left   bool // a place is made, and says that it is incomplete
	}{
		"of a newer version":          {[]string{head(store.Known() + 1), `E{"tables":{},"files":0}`}, "newer version", false},
		"of another form":             {[]string{`H{"format":7}`, `E{}`}, "form is number 7", false},
		"a file outside":              {[]string{head(1), `F{"name":"../out","body":"eA=="}`, oneFile}, "not the inside", false},
		"a file over the database":    {[]string{head(1), `F{"name":"homeward.db-wal","body":"eA=="}`, oneFile}, "not made by this program", true},
		"a file over the mark":        {[]string{head(1), `F{"name":"RESTORE-NOT-FINISHED","body":"eA=="}`, oneFile}, "not made by this program", true},
		"a strange table":             {[]string{head(1), `T{"name":"sqlite_master","columns":["sql"]}`, `E{"tables":{"sqlite_master":0},"files":0}`}, "not as this program knows it", true},
		"no ledger's key":             {[]string{head(1), `E{"tables":{},"files":0}`}, "another ledger's key", true},
		"a key that is none":          {[]string{head(1), `F{"name":"ledger.key","body":"eA=="}`, oneFile}, "holds no key", true},
		"a version that never was":    {[]string{head(0), `E{"tables":{},"files":0}`}, "no version", true},
		"rows that do not fit":        {[]string{head(1), `T{"name":"ledger_head","columns":["one","size"]}`, "R\x02\x00\x00\x00\x01x\x00", `E{"tables":{"ledger_head":1},"files":0}`}, "ledger_head", true},
		"the mark among the settings": {[]string{head(1), `T{"name":"setting","columns":["name","value","revision"]}`, "R\x02\x00\x00\x00\x14restore not finished\x03\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01", `E{"tables":{"setting":1},"files":0}`}, "setting", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file, key := made(t, dir, c.frames...)
			place := filepath.Join(dir, "in", "place")
			var errs bytes.Buffer
			code := Main(Env{
				Context: t.Context(), Args: []string{"restore", "--key", key, "--data", place, file}, Stdin: strings.NewReader(""),
				Stdout: io.Discard, Stderr: &errs, Getenv: func(string) string { return "" }, Now: time.Now, Terminal: func(any) bool { return false },
			})
			if code != exitFailed || !strings.Contains(errs.String(), c.says) {
				t.Errorf("ended with %d, said %q", code, errs.String())
			}
			_, err := os.Stat(filepath.Join(place, unfinishedFile))
			if (err == nil) != c.left {
				t.Errorf("the place is marked: %v", err == nil)
			}
			if got := names(t, dir); c.left && got != "b.age in key" || !c.left && got != "b.age key" {
				t.Errorf("beside the place: %s", got)
			}
		})
	}
}
