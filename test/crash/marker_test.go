package crash

import (
	"bytes"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"homeward/test/servers"
	"homeward/work/desk"
)

const planted = "PLANTED-MARKER-93c1"

// TestNothingSaidStandsOnTheDisk plants a marker in everything that people and the
// desk can say, and looks for it in the data directory, in temporary files, and in
// all that the server printed, while it runs and after kill -9.
func TestNothingSaidStandsOnTheDisk(t *testing.T) {
	dir, tmp := t.TempDir(), t.TempDir()
	made := run(t, "init", "--for-test", "--data", dir)
	c := program(t, "serve", "--data", dir, "--listen", "127.0.0.1:0")
	c.Env = append(c.Env, "TMPDIR="+tmp)
	var printed servers.Output
	c.Stderr = &printed
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	line := make([]byte, 200)
	n, _ := out.Read(line)
	at := strings.TrimSpace(string(line[:n]))
	at = strings.TrimRight(at[strings.Index(at, "http"):], "/")
	go io.Copy(&printed, out)

	v := url.Values{"n": {"a nonce of more than twenty letters"}, "step": {"3"}, "kind": {"held"}, "danger": {"yes"}}
	for _, f := range []string{"text", "who", "where", "when", "contact", "safe", "unsafe", "duress", "lure"} {
		v.Set(f, f+" "+planted)
	}
	_, page := send(t, at+"/t", v)
	m := digits.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no code")
	}
	code := strings.Join(strings.Fields(tags.ReplaceAllString(m[1], " ")), " ")
	_, page = send(t, at+"/b", url.Values{"code": {code}})
	visit := regexp.MustCompile(`name="v" value="([^"]+)"`).FindStringSubmatch(page)[1]
	send(t, at+"/b", url.Values{"v": {visit}, "do": {"add"}, "n": {"n"}, "text": {planted}})
	send(t, at+"/", url.Values{"t": {planted + " free flight"}})
	upload(t, at+"/b", visit)

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	member := &http.Client{Jar: jar}
	secret := regexp.MustCompile(`Authenticator: (\S+)`).FindStringSubmatch(made)[1]
	otp, err := desk.SecondCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	queue := form(t, member, at+"/desk/in", url.Values{"name": {"admin"}, "passphrase": {"five invented words for tests"}, "code": {otp}})
	if !strings.Contains(queue, planted) {
		t.Fatal("the desk does not see what was told: this test sees nothing")
	}
	id := regexp.MustCompile(`/desk/r/([A-Z0-9]+)`).FindStringSubmatch(queue)[1]
	resp, err := member.Get(at + "/desk/r/" + id)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	revision := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(string(b))[1]
	form(t, member, at+"/desk/r/"+id+"/answer", url.Values{"revision": {revision}, "text": {"an answer " + planted}})
	if _, page := send(t, at+"/b", url.Values{"code": {code}, "do": {"talk"}}); strings.Count(page, planted) < 3 {
		t.Error("the sender does not see what was said")
	}
	look(t, "while it runs", dir, tmp)
	c.Process.Kill()
	c.Wait()
	look(t, "after kill -9", dir, tmp)
	for _, secret := range []string{planted, code, strings.ReplaceAll(code, " ", ""), visit} {
		if strings.Contains(printed.String(), secret) {
			t.Errorf("the server printed %.20q", secret)
		}
	}
}

func form(t *testing.T, c *http.Client, to string, v url.Values) string {
	t.Helper()
	resp, err := c.PostForm(to, v)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func upload(t *testing.T, to, visit string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("v", visit)
	w.WriteField("n", "a file")
	f, err := w.CreateFormFile("file", planted+".txt")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, strings.Repeat(planted+"\n", 100_000))
	w.Close()
	resp, err := http.Post(to, w.FormDataContentType(), &b)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the file: status %d", resp.StatusCode)
	}
}

func look(t *testing.T, when string, dirs ...string) {
	t.Helper()
	files := 0
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files++
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range []string{planted, "PLANTED-"} {
				if bytes.Contains(b, []byte(m)) {
					t.Errorf("%s: %s holds %s", when, filepath.Base(path), m)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files == 0 {
		t.Error("no file was looked at")
	}
}
