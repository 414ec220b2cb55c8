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
	"homeward/work/casework"
	"homeward/work/desk"
)

const planted = "PLANTED-MARKER-93c1"

var visitField = regexp.MustCompile(`name="v" value="([^"]+)"`)

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
	visit := visitField.FindStringSubmatch(page)[1]
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
	form(t, member, at+"/desk/r/"+id+"/note", url.Values{"note": {"a note " + planted}})
	resp, err := member.Get(at + "/desk/r/" + id)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if !strings.Contains(string(b), "a note "+planted) {
		t.Error("the note was not kept: this test sees nothing")
	}
	revision := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(string(b))[1]
	form(t, member, at+"/desk/r/"+id+"/answer", url.Values{"revision": {revision}, "text": {"an answer " + planted}})
	if _, page := send(t, at+"/b", url.Values{"code": {code}, "do": {"talk"}}); strings.Count(page, planted) < 3 {
		t.Error("the sender does not see what was said")
	}
	plantCases(t, member, at, id)
	look(t, "while it runs", dir, tmp)
	c.Process.Kill()
	c.Wait()
	look(t, "after kill -9", dir, tmp)
	// The control: what stands in the clear is found, beside the database as in it.
	if err := os.WriteFile(filepath.Join(tmp, "a file in the clear"), []byte("before "+planted), 0o600); err != nil {
		t.Fatal(err)
	}
	if names, files := holding(t, dir, tmp); len(names) != 1 || files < 3 {
		t.Errorf("one file of %d holds the marker, and %q were found", files, names)
	}
	for _, secret := range []string{planted, code, strings.ReplaceAll(code, " ", ""), visit} {
		if strings.Contains(printed.String(), secret) {
			t.Errorf("the server printed %.20q", secret)
		}
	}
}

// plantCases plants the marker in every field of every line that a case can hold, in a
// plan of whom to tell, its copy and what came of it, and in the register of channels.
func plantCases(t *testing.T, member *http.Client, at, report string) {
	t.Helper()
	get := func(to string) string {
		t.Helper()
		resp, err := member.Get(at + to)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d, %v", to, resp.StatusCode, err)
		}
		return string(b)
	}
	// send posts a form and wants to land on a page that shows what was planted.
	send := func(to string, v url.Values) (where string) {
		t.Helper()
		v.Set("n", casework.Nonce())
		resp, err := member.PostForm(at+to, v)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(b), planted) {
			t.Fatalf("%s %v: status %d, %v\n%s", to, v, resp.StatusCode, err, b)
		}
		return resp.Request.URL.Path
	}
	c := send("/desk/cases/new", url.Values{"report": {report}, "called": {"called " + planted}, "origin": {"TW"}, "stage": {"missing"}})
	lines := 0
	for _, k := range casework.Default().Kinds {
		if k.Own && k.ID != "stage" {
			continue
		}
		v := url.Values{"person": {"1"}, "zone": {"Asia/Bangkok"}}
		for _, f := range k.Fields {
			value := f.ID + " " + planted
			switch f.Type {
			case "choice", "some":
				value = f.Options[0]
			case "when", "day":
				value = "2026-01-02"
			case "country":
				value = "TW"
			case "position":
				value = "13.7563, 100.5018"
			}
			v.Set("f-"+f.ID, value)
		}
		switch k.ID {
		case "someone":
			v.Set("person", "0") // a second one
		case "place":
			v.Set("f-accuracy", "district")
		case "consent":
			v["f-groups"] = casework.Groups
			v.Set("f-until", "2030-01-01")
		case "contact":
			v.Set("f-next", "2030-01-01")
		}
		send(c+"/add/"+k.ID, v)
		lines++
	}
	if lines < 15 {
		t.Fatalf("only %d kinds of line: this test sees little", lines)
	}
	// Refused forms give words back and keep none.
	form(t, member, at+c+"/add/contact", url.Values{"n": {casework.Nonce()}, "person": {"1"}, "f-at": {"2026-02-30 " + planted}, "f-text": {planted}})
	get("/desk/cases?q=" + planted)
	get("/desk/cases.csv")
	get("/desk/day")
	get(c + "/sheet")

	var tell []string
	for _, m := range regexp.MustCompile(`name="tell" value="([^"]+)"[^>]*> <span>[^<]*<b dir="auto">place `+planted).FindAllStringSubmatch(get(c+"/tell"), -1) {
		tell = append(tell, m[1])
	}
	plan := url.Values{"do": {"keep"}, "channel": {"tw-mofa"}, "purpose": {"rescue"}, "stage": {"district"}, "lang": {"en"}, "person": {"1"}, "tell": tell, "without": {planted}, "expect": {planted}}
	p := send(c+"/tell", plan)
	send(p+"/object", url.Values{"text": {planted}})
	send(p+"/copy", url.Values{})
	send(p+"/sent", url.Values{"f-at": {"2026-01-02"}, "f-way": {planted}})
	send(p+"/told", url.Values{"f-outcome": {"helped"}, "f-at": {"2026-01-02"}, "f-text": {planted}})
	p = send(c+"/tell", plan)
	send(p+"/cancel", url.Values{"text": {planted}})

	channel := url.Values{"territory": {"TW"}, "kind": {"ngo"}, "prosecutes": {"no"}, "revision": {"0"}, "forwards": {"yes | " + planted + " | " + planted}}
	for _, f := range []string{"name", "reach", "demands", "warning", "experience"} {
		channel.Set(f, f+" "+planted)
	}
	send("/desk/channels/new", channel)
	send("/desk/channels/tw-mofa", channel)
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
	names, files := holding(t, dirs...)
	for _, n := range names {
		t.Errorf("%s: %s holds what was planted", when, n)
	}
	if files == 0 {
		t.Error("no file was looked at")
	}
}

// holding gives the files that hold the marker, or a part of it.
func holding(t *testing.T, dirs ...string) (names []string, files int) {
	t.Helper()
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files++
			b, err := os.ReadFile(path)
			if bytes.Contains(b, []byte("PLANTED-")) {
				names = append(names, filepath.Base(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names, files
}
