package check

import (
	"errors"
	"reflect"
	"testing"

	"homeward/know/lure"
)

func TestParseLine(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Line
		err  string
	}{
		{`{"id":"a","text":"hello","lang":"th","answers":{"contract":"no"}}`, Line{ID: "a", Text: "hello", Lang: "th", Answers: map[string]string{"contract": "no"}}, ""},
		{`{"id":7,"text":"x","more":[1]}`, Line{ID: "7", Text: "x"}, ""},
		{`{"id":null,"text":"x"}`, Line{Text: "x"}, ""},
		{`{"id":"p","image":"AQID"}`, Line{ID: "p", Image: []byte{1, 2, 3}}, ""},
		{`{"id":"b","text":5}`, Line{ID: "b"}, `"text" must be a string`},
		{`{"id":"c","text":"x","answers":["yes"]}`, Line{ID: "c", Text: "x"}, `"answers" must be an object like {"contract": "yes"}`},
		{`{"id":"d","image":"*"}`, Line{ID: "d"}, `"image" must be a picture in base64`},
		{`[1]`, Line{}, `the line is not a JSON object like {"id": "1", "text": "…"}`},
		{`{"text":`, Line{}, `the line is not a JSON object like {"id": "1", "text": "…"}`},
		{"{\"text\":\"\xff\"}", Line{}, "the line is not valid UTF-8"},
	} {
		got, err := ParseLine([]byte(c.in))
		if msg := text(err); msg != c.err {
			t.Errorf("%s: error %q, want %q", c.in, msg, c.err)
		}
		if len(got.Image) == 0 {
			got.Image = nil
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.in, got, c.want)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestAnswerJSON(t *testing.T) {
	b, err := Good("x", lure.Assessment{Level: lure.Strong, Packs: "p"}, "read <me>").JSON()
	want := `{"id":"x","level":"strong","kinds":[],"findings":[],"counter_signs":[],"missing":[],"not_counted":[],"questions":[],"languages":[],"packs":"p","text":"read <me>"}`
	if err != nil || string(b) != want {
		t.Errorf("got  %s %v\nwant %s", b, err, want)
	}
	b, err = Bad("y", errors.New("no text")).JSON()
	if err != nil || string(b) != `{"id":"y","error":"no text"}` {
		t.Errorf("%s %v", b, err)
	}
}
