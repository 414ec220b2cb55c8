package backup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"filippo.io/age"
)

// Recipients are who a backup is sealed to.
type Recipients []age.Recipient

// passphraseCost is scrypt's, as a power of two: 256 MB of memory for a second. It is
// also the most that is spent on opening one, whatever the file says.
const passphraseCost = 18

// ErrWeak says that a passphrase is too short to keep a file that anybody may try.
var ErrWeak = errors.New("backup: the passphrase has fewer than 15 characters; five or six words are good, since whoever has the file can try as often as they like")

// ToPassphrase seals to a passphrase.
func ToPassphrase(passphrase string) (Recipients, error) {
	if len([]rune(passphrase)) < 15 {
		return nil, ErrWeak
	}
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	r.SetWorkFactor(passphraseCost)
	return Recipients{r}, nil
}

// ToRecipients reads recipients, one a line: age1pq1… or age1….
func ToRecipients(lines string) (Recipients, error) {
	r, err := age.ParseRecipients(strings.NewReader(lines))
	if err != nil {
		return nil, errors.New("backup: a recipient looks like age1pq1… or age1…, one a line")
	}
	hybrid := 0
	for _, one := range r {
		if _, ok := one.(*age.HybridRecipient); ok {
			hybrid++
		}
	}
	if hybrid != 0 && hybrid != len(r) {
		return nil, errors.New("backup: recipients of two kinds (age1pq1… and age1…) cannot share a file; a reader of the weaker kind would take the stronger one's safety")
	}
	return r, nil
}

// NewKey makes a key pair: what opens backups, which never belongs on the server, and
// who to seal them to.
func NewKey() (secret, recipient string, err error) {
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", "", err
	}
	return i.String(), i.Recipient().String(), nil
}

// Seal gives a writer that seals what is written to it; only after Close is it whole.
func Seal(w io.Writer, to Recipients) (io.WriteCloser, error) {
	out, err := age.Encrypt(w, to...)
	debug.FreeOSMemory() // a passphrase took a lot of it, which would else be let grow to twice as much
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return out, nil
}

// Key opens backups.
type Key struct{ identities []age.Identity }

// WithPassphrase opens with a passphrase.
func WithPassphrase(passphrase string) (Key, error) {
	i, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return Key{}, errors.New("backup: no passphrase is given")
	}
	i.SetMaxWorkFactor(passphraseCost)
	return Key{[]age.Identity{i}}, nil
}

// WithKeys opens with keys as NewKey made them, one a line.
func WithKeys(lines string) (Key, error) {
	i, err := age.ParseIdentities(strings.NewReader(lines))
	if err != nil {
		return Key{}, errors.New("backup: a key file has a line that begins with AGE-SECRET-KEY-")
	}
	return Key{i}, nil
}

// String hides the key from whatever prints.
func (Key) String() string { return "•" }

var (
	// ErrKey says that the key or passphrase does not open the file.
	ErrKey = errors.New("backup: this key or passphrase does not open the file")
	// ErrNoBackup says that a file is no sealed backup.
	ErrNoBackup = errors.New("backup: this is no sealed backup, or its beginning was changed")
)

// Sealed is a backup whose lock is open. It can be read as often as needed.
type Sealed struct{ r io.ReaderAt }

// Open opens the lock of a backup of a size in bytes.
func Open(r io.ReaderAt, size int64, with Key) (Sealed, error) {
	plain, _, err := age.DecryptReaderAt(r, size, with.identities...)
	debug.FreeOSMemory() // as in Seal
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return Sealed{}, ErrKey
	case err != nil && strings.Contains(err.Error(), "failed to read header"), err != nil && strings.Contains(err.Error(), "bad header MAC"):
		return Sealed{}, ErrNoBackup
	case err != nil:
		return Sealed{}, ErrCut
	}
	return Sealed{plain}, nil
}

// ByPassphrase says whether a file is sealed to a passphrase, from its first bytes.
func ByPassphrase(r io.ReaderAt) bool {
	b := make([]byte, 200)
	n, _ := r.ReadAt(b, 0)
	return strings.HasPrefix(string(b[:n]), "age-encryption.org/v1\n-> scrypt ")
}

// Read reads it, as the function Read does.
func (s Sealed) Read(into Into) (Summary, error) {
	in := changed{io.NewSectionReader(s.r, 0, whole)}
	return Read(bufio.NewReaderSize(in, 256<<10), into)
}

// changed gives errors of unsealing a name.
type changed struct{ r io.Reader }

func (c changed) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("backup: the file was changed, or the disk it lies on is failing: %w", err)
	}
	return n, err
}
