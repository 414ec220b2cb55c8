package public

import (
	"context"

	"homeward/know/lure"
	"homeward/work/check"
)

// Checker assesses a message; *check.Checker is one, and its comments say what
// the errors mean.
type Checker interface {
	// Text assesses a text.
	Text(r lure.Request) (check.Result, error)
	// Picture reads a picture and assesses what it says; lang is the reader's
	// language. With an error there may be a result in part.
	Picture(ctx context.Context, data []byte, lang string) (check.Result, error)
}

// Packs gives the words for what an assessment names; *lure.Packs is one.
type Packs interface {
	Explanation(id, lang string) string
	Sources(id string) []lure.Source
	Questionnaire(kinds []string) []string
	QuestionText(key, lang string) string
}

var (
	_ Checker = (*check.Checker)(nil)
	_ Packs   = (*lure.Packs)(nil)
)
