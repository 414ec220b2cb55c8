package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"homeward/know/lure"
)

// Line is one message as the command and the API take it: a JSON object, or
// one of many in JSON Lines.
type Line struct {
	ID      string            `json:"id"`
	Text    string            `json:"text"`
	Lang    string            `json:"lang,omitempty"`    // the reader's language
	Answers map[string]string `json:"answers,omitempty"` // of the questionnaire
	Image   []byte            `json:"image,omitempty"`   // a picture in base64, instead of text
}

// Answer is what comes back for a Line: an assessment, or an error and nothing
// else. Text is there only where it was read from a picture.
type Answer struct {
	ID string `json:"id"`
	*lure.Assessment
	Text  string `json:"text,omitempty"`
	Error string `json:"error,omitempty"`
}

// ParseLine reads one object. Fields it does not know are passed over. An id
// that is a number comes back as its digits. Where the object is bad, the Line
// still holds the id if there was one, so that the error can be told apart.
func ParseLine(b []byte) (Line, error) {
	var raw struct {
		Line
		ID      json.RawMessage `json:"id"`
		Text    json.RawMessage `json:"text"`
		Lang    json.RawMessage `json:"lang"`
		Answers json.RawMessage `json:"answers"`
		Image   json.RawMessage `json:"image"`
	}
	if !utf8.Valid(b) {
		return Line{}, errors.New("the line is not valid UTF-8")
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return Line{}, errors.New(`the line is not a JSON object like {"id": "1", "text": "…"}`)
	}
	var l Line
	if id := bytes.TrimSpace(raw.ID); len(id) > 0 && !bytes.Equal(id, []byte("null")) {
		if json.Unmarshal(id, &l.ID) != nil {
			l.ID = string(id)
		}
	}
	for _, f := range []struct {
		name string
		raw  json.RawMessage
		into any
		want string
	}{
		{"text", raw.Text, &l.Text, "a string"},
		{"lang", raw.Lang, &l.Lang, "a language tag"},
		{"answers", raw.Answers, &l.Answers, `an object like {"contract": "yes"}`},
		{"image", raw.Image, &l.Image, "a picture in base64"},
	} {
		if len(f.raw) == 0 {
			continue
		}
		if err := json.Unmarshal(f.raw, f.into); err != nil {
			return l, fmt.Errorf("%q must be %s", f.name, f.want)
		}
	}
	return l, nil
}

// Good makes the answer that holds an assessment.
func Good(id string, a lure.Assessment, text string) Answer {
	a.Kinds = listed(a.Kinds)
	a.Findings = listed(a.Findings)
	a.Counter = listed(a.Counter)
	a.Missing = listed(a.Missing)
	a.NotCounted = listed(a.NotCounted)
	a.Questions = listed(a.Questions)
	a.Languages = listed(a.Languages)
	return Answer{ID: id, Assessment: &a, Text: text}
}

// listed gives an empty list for none, so that a program reads [] and not null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Bad makes the answer that holds only an error.
func Bad(id string, err error) Answer { return Answer{ID: id, Error: err.Error()} }

// JSON writes the answer as one line without its end, the same bytes each time.
func (a Answer) JSON() ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(a); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}
