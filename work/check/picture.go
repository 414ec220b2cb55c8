package check

import (
	"context"
	"errors"
	"strings"

	"homeward/form/picture"
	"homeward/know/lure"
)

// ErrNoText says that a picture was read and holds neither text nor a code.
var ErrNoText = errors.New("no text could be read in this picture: cut out the part with the text, or type it")

// maxRead bounds the text of a picture, in bytes: ten full screens of Chinese.
const maxRead = 64 << 10

// Picture reads a picture, and screens what is written in it and what its QR
// codes say. Result.Text is what was read, a code's contents on lines of their
// own after it, so that the person can correct it and send it again as text.
// lang is the reader's language, for the answer and as a hint for reading.
//
// Errors are those of picture.Decode (an *picture.Error), ErrNoText, the
// context's, and those of the Reader: ErrNoReader (also where there is none),
// ErrBusy, ErrTooSlow. With an error of the Reader the Result still answers
// for the codes, if there were any; it has a Text then.
func (c *Checker) Picture(ctx context.Context, data []byte, lang string) (Result, error) {
	codes, png, err := c.prepare(ctx, data)
	if err != nil {
		return Result{}, err
	}
	text, err := c.read(ctx, png, lang)
	if len(text) > maxRead {
		text = strings.ToValidUTF8(text[:maxRead], "")
	}
	if len(codes) > 0 {
		text = strings.TrimLeft(text+"\n"+strings.Join(codes, "\n"), "\n")
	}
	if text == "" {
		if err == nil {
			err = ErrNoText
		}
		return Result{}, err
	}
	return Result{Assessment: c.Packs.Screen(lure.Request{Text: text, Lang: lang}), Text: text, Codes: codes}, err
}

// prepare decodes a picture, one at a time: the codes in it, and the picture
// made ready for reading. Who cannot begin before their time is over gets ErrBusy.
func (c *Checker) prepare(ctx context.Context, data []byte) (codes []string, png []byte, err error) {
	place := c.turns().pictures
	select {
	case place <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ErrBusy
	}
	defer func() { <-place }()
	img, err := picture.Decode(data)
	if err != nil {
		return nil, nil, err
	}
	if codes = picture.Codes(img); ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	return codes, picture.ForReading(img), nil
}

func (c *Checker) read(ctx context.Context, png []byte, lang string) (string, error) {
	if c.Reader == nil {
		return "", ErrNoReader
	}
	var langs []string
	if lang != "" {
		langs = append(langs, lang)
	}
	return c.Reader.Read(ctx, png, langs)
}
