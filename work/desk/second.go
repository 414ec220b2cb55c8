package desk

import (
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"

	"homeward/keep/vault"
)

// One-time codes: TOTP (RFC 6238) with SHA-1, six digits and 30 seconds, which is
// what every authenticator speaks.

const period = 30

// secondSize is the length of an authenticator's secret (RFC 4226 asks for 160 bits).
const secondSize = 20

// NewSecond makes the secret of an authenticator.
func NewSecond() []byte { return vault.NewKey().Bytes()[:secondSize] }

// SecondText gives such a secret as authenticators take it, and as a link.
func SecondText(login string, secret []byte) (text, uri string) {
	return secondText(secret), secondURI(login, secret)
}

// ErrSecond says that a secret is none.
var ErrSecond = errors.New("desk: not the secret of an authenticator")

// SecondOf reads a secret that SecondText gave.
func SecondOf(text string) ([]byte, error) {
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
	if err != nil || len(b) != secondSize {
		return nil, ErrSecond
	}
	return b, nil
}

func secondText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

func secondURI(login string, secret []byte) string {
	if login == "" {
		login = "member" // some authenticators want a name
	}
	return "otpauth://totp/" + url.PathEscape("Desk:"+login) + "?secret=" + secondText(secret) + "&issuer=Desk"
}

// secondCounter finds the counter of a code, one step before or after now, that was
// not used before; ok is false if there is none.
func secondCounter(secret []byte, code string, now time.Time, after int64) (counter int64, ok bool) {
	code = strings.Join(strings.Fields(code), "")
	at := now.Unix() / period
	for _, c := range []int64{at, at - 1, at + 1} {
		want, err := hotp.GenerateCode(secondText(secret), uint64(c))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && c > after {
			counter, ok = c, true
		}
	}
	return counter, ok
}

// CheckSecond returns ErrSecond unless code is what an authenticator with this secret
// shows now.
func CheckSecond(secret []byte, code string, now time.Time) error {
	if _, ok := secondCounter(secret, code, now, 0); !ok || len(secret) != secondSize {
		return ErrSecond
	}
	return nil
}

// SecondCode gives the code of a secret at a time, for scripts that set a desk up
// and sign in without a phone.
func SecondCode(secret string, now time.Time) (string, error) {
	return hotp.GenerateCode(secret, uint64(now.Unix()/period))
}
