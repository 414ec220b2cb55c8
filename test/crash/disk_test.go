package crash

import (
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
)

// send posts a form and gives status and page, whatever the status is.
func send(t *testing.T, at string, v url.Values) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, strings.NewReader(v.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b strings.Builder
	buf := make([]byte, 64<<10)
	for {
		n, err := resp.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return resp.StatusCode, b.String()
		}
	}
}

// TestFullAndReadOnlyDisk: nothing is acknowledged that was not kept, what was typed
// stays on the page, and all works again when there is room.
func TestFullAndReadOnlyDisk(t *testing.T) {
	dir := t.TempDir()
	mount := func(args ...string) error { return exec.Command("mount", args...).Run() }
	if err := mount("-t", "tmpfs", "-o", "size=1500k,mode=700", "tmpfs", dir); err != nil {
		t.Skip("a small disk can be made by root alone: ", err)
	}
	run(t, "init", "--for-test", "--data", dir)
	s := serve(t, dir, "")
	// t.Cleanup runs last first: the server is gone before its disk.
	t.Cleanup(func() { s.kill(); exec.Command("umount", "-l", dir).Run() })
	k := &teller{codes: map[string]string{}}
	tell := func(nonce, text string) (int, string) {
		status, page := send(t, s.url+"/t", url.Values{"n": {nonce}, "step": {"3"}, "text": {text}})
		if m := digits.FindStringSubmatch(page); status == http.StatusOK && m != nil {
			k.codes[nonce] = strings.Join(strings.Fields(tags.ReplaceAllString(m[1], " ")), " ")
		}
		return status, page
	}
	full := false
	for i := range 500 {
		words := "Invented words that must not be lost, told for the " + strings.Repeat("nth ", i%7) + "time."
		status, page := tell("a nonce of more than twenty letters "+strings.Repeat("x", i%20)+strings.Repeat("y", i/20), words)
		if status == http.StatusOK {
			continue
		}
		full = true
		if status != http.StatusServiceUnavailable || !strings.Contains(page, words) || digits.MatchString(page) {
			t.Errorf("a full disk: status %d, words kept %v, code shown %v", status, strings.Contains(page, words), digits.MatchString(page))
		}
		break
	}
	if !full {
		t.Fatal("the disk was never full: this test saw nothing")
	}
	if lost := k.lost(t, s.url); len(lost) > 0 {
		t.Errorf("%d of %d codes do not open on a full disk", len(lost), len(k.codes))
	}
	if err := mount("-o", "remount,size=30m", dir); err != nil {
		t.Fatal(err)
	}
	if status, _ := tell("a nonce for after there is room again", "and then there was room"); status != http.StatusOK {
		t.Errorf("with room again: status %d", status)
	}
	if err := mount("-o", "remount,ro", dir); err == nil {
		if status, page := tell("a nonce for a disk that is read only", "words for a disk that takes none"); status != http.StatusServiceUnavailable || !strings.Contains(page, "words for a disk that takes none") {
			t.Errorf("a read-only disk: status %d", status)
		}
		if err := mount("-o", "remount,rw", dir); err != nil {
			t.Fatal(err)
		}
		if status, _ := tell("a nonce for after it can be written", "written again"); status != http.StatusOK {
			t.Errorf("writable again: status %d", status)
		}
	}
	if lost := k.lost(t, s.url); len(lost) > 0 {
		t.Errorf("%d of %d codes do not open", len(lost), len(k.codes))
	}
	s.kill()
	run(t, "ledger", "verify", "--data", dir)
}
