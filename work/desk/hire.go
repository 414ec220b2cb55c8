package desk

import (
	"context"
	"errors"
)

// Hire brings a member in by oneself: invitation, joining and confirmation in one, for
// demonstrations and tests, where nobody is at the other end of a telephone. An
// administrator could do no less by hand.
func (d *Desk) Hire(ctx context.Context, s *Session, login, passphrase string, roles ...string) (Made, error) {
	token, err := d.Invite(ctx, s, roles)
	if err != nil {
		return Made{}, err
	}
	second := NewSecond()
	text, uri := SecondText(login, second)
	code, err := SecondCode(text, d.Now())
	if err != nil {
		return Made{}, err
	}
	words, err := d.Join(ctx, token, login, passphrase, second, code)
	if err != nil {
		return Made{}, err
	}
	all, err := d.Members(ctx, s)
	if err != nil {
		return Made{}, err
	}
	for _, i := range all.Invited {
		if i.Login == login {
			return Made{Login: login, Second: text, URI: uri}, d.Confirm(ctx, s, i.ID, words.String())
		}
	}
	return Made{}, errors.New("desk: the invitation is gone")
}
