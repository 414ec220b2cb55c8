package parts

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

const kind = "multipart/form-data; boundary=b"

func part(name, file, body string) string {
	if file != "" {
		name += `"; filename="` + file
	}
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + body + "\r\n"
}

// read lists a form as name=body, or says of a part that it broke off, and how it ended.
func read(t testing.TB, r *Reader, most int64) (out []string, err error) {
	t.Helper()
	for range 100 {
		p, err := r.Next()
		if err != nil {
			return out, err
		}
		b, err := io.ReadAll(io.LimitReader(p, most))
		if err != nil {
			out = append(out, p.FormName()+" broke off")
			continue
		}
		out = append(out, p.FormName()+"="+string(b))
	}
	t.Fatal("it does not end")
	return nil, nil
}

func TestParts(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, c := range []struct {
		name, body string
		most       int64
		want       string
		whole      bool
	}{
		{"two", part("a", "", "1") + part("file", "f.png", "2") + "--b--\r\n", 100, "[a=1 file=2]", true},
		{"without the last line end", part("a", "", "1") + "--b--", 100, "[a=1]", true},
		{"the rest is passed over", part("file", "f", long) + part("a", "", "1") + "--b--\r\n", 1, "[file=x a=1]", true},
		{"broken off in a part", part("a", "", "1") + "--b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\nab", 100, "[a=1 c broke off]", false},
		{"broken off between", part("a", "", "1"), 100, "[a broke off]", false},
		{"broken off in a head", part("a", "", "1") + "--b\r\nContent-Dispo", 100, "[a=1]", false},
		{"broken off in a head's value", part("a", "", "1") + "--b\r\nContent-Disposition: form-", 100, "[a=1]", false},
		{"broken off after a head", part("a", "", "1") + "--b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n", 100, "[a=1 c broke off]", false},
		{"broken off after a head's line", part("a", "", "1") + "--b\r\nContent-Disposition: form-data; name=\"c\"\r\n", 100, "[a=1 c broke off]", false},
		{"broken off in the last boundary", part("a", "", "1") + "--b-", 100, "[a broke off]", false},
		{"broken off before the last boundary's marks", part("a", "", "1") + "--b", 100, "[a=1]", false},
		{"more after the end", part("a", "", "1") + "--b--\r\n" + long, 100, "[a=1]", true},
		{"a head without end", "--b\r\nX: " + long, 100, "[]", false},
		{"many heads", "--b\r\n" + strings.Repeat("X: y\r\n", 10000) + "\r\n\r\n", 100, "[]", false},
		{"nothing", "", 100, "[]", false},
		{"no form", "text=words", 100, "[]", false},
		{"no parts", "--b--\r\n", 100, "[]", true},
	} {
		r, err := New(kind, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(t, r, c.most)
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if c.whole != (err == io.EOF) || !c.whole && (!errors.Is(err, ErrForm) || errors.Is(err, io.EOF)) {
			t.Errorf("%s: ended with %v", c.name, err)
		}
	}
	for _, bad := range []string{"", "text/plain", "multipart/form-data", "multipart/mixed; boundary=b", "multipart/form-data; boundary=\"\"", "application/x-www-form-urlencoded", ";"} {
		if _, err := New(bad, strings.NewReader("")); !errors.Is(err, ErrForm) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzParts: any body ends, in parts that were there or in a word of what was wrong.
func FuzzParts(f *testing.F) {
	f.Add(kind, part("a", "", "1")+part("file", "f.png", "2")+"--b--\r\n")
	f.Add(kind, "--b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\nab")
	f.Add("multipart/form-data; boundary=\"a b\"", "--a b\r\n\r\n\r\n--a b--")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r, err := New(kind, strings.NewReader(body))
		if err != nil {
			if !errors.Is(err, ErrForm) {
				t.Error(err)
			}
			return
		}
		for n := 0; ; n++ {
			p, err := r.Next()
			if err != nil {
				if err != io.EOF && !errors.Is(err, ErrForm) {
					t.Error(err)
				}
				return
			}
			if n > len(body) {
				t.Fatal("more parts than bytes")
			}
			if b, _ := io.ReadAll(p); len(b) > len(body) {
				t.Error("more than was sent")
			}
		}
	})
}
