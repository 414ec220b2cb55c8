package public

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"homeward/form/picture"
	"homeward/work/check"
)

func (s *site) api(kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/api/v1/screen", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return s.do(r)
}

const asJSON, asLines = "application/json", "application/x-ndjson"

func TestAPI(t *testing.T) {
	s := newSite(t, nil)
	picture := base64.StdEncoding.EncodeToString([]byte("STRONG free flight"))
	for _, c := range []struct {
		name, kind, body string
		status           int
		holds            string
	}{
		{"text", asJSON, `{"id":"a","text":"STRONG free flight"}`, 200, `{"id":"a","level":"strong","kinds":["compound_job"],"findings":[{"indicator":"FREE_TRAVEL","role":"sign","start":7,"end":18,"quote":"free flight","source":"FBI"}]`},
		{"unclear", asJSON + "; charset=utf-8", `{"id":7,"text":"hello"}`, 200, `{"id":"7","level":"unclear","kinds":[],"findings":[],`},
		{"answers", asJSON, `{"id":"q","text":"hello","answers":{"passport_asked":"yes"}}`, 200, `"answer":"passport_asked=yes"`},
		{"picture", asJSON, `{"id":"p","image":"` + picture + `"}`, 200, `"text":"STRONG free flight"`},
		{"empty", asJSON, `{"id":"e","text":"  "}`, 422, `{"id":"e","error":"there is no text: paste the message"}`},
		{"not an object", asJSON, `["x"]`, 400, `{"id":"","error":"the line is not a JSON object`},
		{"wrong type", asJSON, `{"id":"w","text":3}`, 400, `{"id":"w","error":"\"text\" must be a string"}`},
		{"not UTF-8", asJSON, "{\"text\":\"\xff\"}", 400, "not valid UTF-8"},
		{"long", asJSON, `{"id":"l","text":"` + strings.Repeat("a", textMax+1) + `"}`, 413, `{"id":"l","error":"the text is longer than 1 MB: paste`},
		{"too large", asJSON, strings.Repeat(" ", objectMax+1), 413, "the body is larger than"},
		{"wrong kind", "text/plain", `{}`, 415, "send Content-Type"},
		{"no kind", "", `{}`, 415, "send Content-Type"},
		{"panic", asJSON, `{"id":"x","text":"PANIC"}`, 500, `{"id":"","error":"Not checked.`},
		{"lines", asLines, "{\"id\":\"1\",\"text\":\"PLEA\"}\r\n\n{bad\n{\"id\":\"3\",\"text\":\"SOME\"}", 200, ""},
		{"too many lines", asLines, strings.Repeat("{}\n", linesCount+1), 413, "more than 5000 lines"},
		{"no lines", asLines, "\n\n", 200, ""},
	} {
		w := s.api(c.kind, c.body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.holds) {
			t.Errorf("%s: %d %.300s, want %d %s", c.name, w.Code, w.Body, c.status, c.holds)
		}
	}
}

// TestAPILines: one answer a line, in order; a bad line does not stop the rest.
func TestAPILines(t *testing.T) {
	s := newSite(t, nil)
	w := s.api(asLines, `{"id":"1","text":"PLEA"}`+"\n{bad\n"+`{"id":"3","text":"SOME"}`+"\n"+`{"id":"4"}`)
	var got []string
	for line := range bytes.Lines(w.Body.Bytes()) {
		var a struct{ ID, Level, Error string }
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got = append(got, a.ID+" "+a.Level+" "+a.Error)
	}
	want := []string{"1 plea ", `  the line is not a JSON object like {"id": "1", "text": "…"}`, "3 some ", "4  there is no text: paste the message"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if w.Header().Get("Content-Type") != "application/x-ndjson; charset=utf-8" {
		t.Error(w.Header().Get("Content-Type"))
	}
}

func TestAPIPictureRefusals(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		retry  bool
	}{{picture.ErrNotPicture, 415, false}, {picture.ErrTooLarge, 413, false}, {picture.ErrBroken, 422, false}, {check.ErrNoReader, 501, false}, {check.ErrBusy, 503, true}, {check.ErrTooSlow, 503, true}} {
		s := newSite(t, func(cfg *Config) { cfg.Check = fakeCheck{err: c.err} })
		w := s.api(asJSON, `{"id":"p","image":"AQID"}`)
		if w.Code != c.status || (w.Header().Get("Retry-After") != "") != c.retry || !strings.Contains(w.Body.String(), c.err.Error()) {
			t.Errorf("%v: %d %s", c.err, w.Code, w.Body)
		}
	}
}

// TestOpenAPI: what the door really answers fits its own description.
func TestOpenAPI(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal(openapiFile, &doc); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	for _, body := range []string{
		`{"id":"a","text":"STRONG free flight, no experience in Cambodia","answers":{"passport_asked":"yes"}}`,
		`{"id":"b","text":"hello"}`, `{"id":"c","text":"PLEA"}`, `{"id":"d","image":"U1RST05HIGZyZWUgZmxpZ2h0"}`,
	} {
		fits(t, doc, schema(doc, "Answer"), s.api(asJSON, body).Body.Bytes())
		fits(t, doc, schema(doc, "Answer"), bytes.TrimSpace(s.api(asLines, body).Body.Bytes()))
	}
	for _, body := range []string{`{}`, `{"id":"a","text":""}`, `x`, `{"id":"p","text":"PANIC"}`} {
		fits(t, doc, schema(doc, "Failure"), s.api(asJSON, body).Body.Bytes())
	}
	// Every status that is described happens in a test above, and no other.
	post := doc["paths"].(map[string]any)["/api/v1/screen"].(map[string]any)["post"].(map[string]any)
	for _, status := range []string{"200", "400", "413", "415", "422", "500", "501", "503"} {
		if _, ok := post["responses"].(map[string]any)[status]; !ok {
			t.Errorf("status %s is not described", status)
		}
	}
}

func schema(doc map[string]any, name string) map[string]any {
	return doc["components"].(map[string]any)["schemas"].(map[string]any)[name].(map[string]any)
}

func fits(t *testing.T, doc, schema map[string]any, raw []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	if why := misfit(doc, schema, v, "answer"); why != "" {
		t.Errorf("%s\n%s", why, raw)
	}
}

// misfit checks a value against the few words of JSON Schema that the
// description uses, and says what does not fit.
func misfit(doc, schema map[string]any, v any, at string) string {
	if ref, ok := schema["$ref"].(string); ok {
		return misfit(doc, schemaAt(doc, ref), v, at)
	}
	if list, ok := schema["enum"].([]any); ok {
		for _, e := range list {
			if e == v {
				return ""
			}
		}
		return at + " is none of the values described"
	}
	switch v := v.(type) {
	case map[string]any:
		props, _ := schema["properties"].(map[string]any)
		if schema["type"] != "object" {
			return at + " is an object"
		}
		required, _ := schema["required"].([]any)
		for _, r := range required {
			if _, ok := v[r.(string)]; !ok {
				return at + " lacks " + r.(string)
			}
		}
		for name, x := range v {
			p, ok := props[name].(map[string]any)
			if !ok {
				return at + " has " + name + ", which is not described"
			}
			if why := misfit(doc, p, x, at+"."+name); why != "" {
				return why
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		if schema["type"] != "array" {
			return at + " is an array"
		}
		for _, x := range v {
			if why := misfit(doc, items, x, at+"[]"); why != "" {
				return why
			}
		}
	case string:
		if schema["type"] != "string" {
			return at + " is a string"
		}
	case float64:
		if schema["type"] != "integer" || v != float64(int(v)) || v < 0 {
			return at + " is a number"
		}
	default:
		return at + " is null or a boolean"
	}
	return ""
}

func schemaAt(doc map[string]any, ref string) map[string]any {
	at := doc
	for _, name := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		at = at[name].(map[string]any)
	}
	return at
}
