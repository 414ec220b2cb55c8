package public

import (
	"context"
	"io"
	"time"

	"homeward/know/lure"
	"homeward/work/check"
	"homeward/work/intake"
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

// Intake takes reports and keeps mailboxes; *intake.Intake is one, and its comments
// say what the errors mean.
type Intake interface {
	Door(ctx context.Context) (intake.Door, error)
	Receive(ctx context.Context, nonce string, r intake.Report) (intake.Receipt, error)
	Visit(ctx context.Context, r intake.Receipt) (*intake.Visit, error)
	Continue(ctx context.Context, token string) (*intake.Visit, error)
	Newest(ctx context.Context, v *intake.Visit) (*intake.Answer, error)
	Talk(ctx context.Context, r intake.Receipt) ([]intake.Line, error)
	Add(ctx context.Context, v *intake.Visit, nonce, text string, danger bool) error
	Attach(ctx context.Context, v *intake.Visit, nonce, name string, r io.Reader) error
	BeginFile(ctx context.Context, v *intake.Visit, nonce string) (string, error)
	PutPiece(ctx context.Context, v *intake.Visit, id string, n int64, b []byte) error
	Pieces(ctx context.Context, v *intake.Visit, id string) (have []int64, whole bool, err error)
	FinishFile(ctx context.Context, v *intake.Visit, id, name, sum string) error
	Withdraw(ctx context.Context, v *intake.Visit) (time.Time, error)
	Filing(ctx context.Context, v *intake.Visit) (string, error)
}

var (
	_ Intake  = (*intake.Intake)(nil)
	_ Checker = (*check.Checker)(nil)
	_ Packs   = (*lure.Packs)(nil)
)
