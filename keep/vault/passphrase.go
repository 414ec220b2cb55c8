package vault

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Stretcher turns passphrases into keys with Argon2id (RFC 9106), a few at a
// time, since each takes 64 MiB and half a second: a crowd that signs in waits in
// a queue and does not exhaust the machine. The zero Stretcher is not useful; use
// NewStretcher.
type Stretcher struct {
	work  chan struct{} // those at work
	queue chan struct{} // those at work or waiting
	cost  cost
}

// cost is what Argon2id is told to spend.
type cost struct {
	passes, kib uint32
	threads     uint8
}

// usual is the second recommended option of RFC 9106, section 4.
var usual = cost{3, 64 << 10, 4}

// What a stored cost may be: less would be a weakness slipped in, more a way to
// stop the server.
var least, most = cost{1, 8 << 10, 1}, cost{10, 256 << 10, 16}

// NewStretcher lets atOnce passphrases be worked on and waiting more wait.
func NewStretcher(atOnce, waiting int) *Stretcher {
	return &Stretcher{work: make(chan struct{}, atOnce), queue: make(chan struct{}, atOnce+waiting), cost: usual}
}

// NewQuickStretcher spends as little as is accepted. For tests alone.
func NewQuickStretcher() *Stretcher {
	s := NewStretcher(4, 100)
	s.cost = least
	return s
}

var (
	// ErrBusy says that too many wait already; nothing was tried.
	ErrBusy = errors.New("vault: too many sign in at this moment; try again in a minute")
	// ErrPassphrase says that the passphrase is not the one.
	ErrPassphrase = errors.New("vault: not the passphrase")
)

const saltSize = 16

// Lock seals a secret under a passphrase. The cost and salt stand before it.
func (s *Stretcher) Lock(ctx context.Context, passphrase string, at Place, plain []byte) ([]byte, error) {
	salt := NewKey().Bytes()[:saltSize]
	key, err := s.stretch(ctx, passphrase, salt, s.cost)
	if err != nil {
		return nil, err
	}
	out := []byte{version}
	out = binary.BigEndian.AppendUint32(out, s.cost.passes)
	out = binary.BigEndian.AppendUint32(out, s.cost.kib)
	out = append(out, s.cost.threads)
	out = append(out, salt...)
	return append(out, key.Seal(at, plain)...), nil
}

// Unlock opens what Lock made: ErrPassphrase for a wrong passphrase, another
// place or a changed byte, ErrBusy when too many wait, or what ctx says.
func (s *Stretcher) Unlock(ctx context.Context, passphrase string, at Place, locked []byte) ([]byte, error) {
	const head = 1 + 4 + 4 + 1 + saltSize
	if len(locked) < head || locked[0] != version {
		return nil, ErrPassphrase
	}
	c := cost{binary.BigEndian.Uint32(locked[1:]), binary.BigEndian.Uint32(locked[5:]), locked[9]}
	if c.passes < least.passes || c.kib < least.kib || c.threads < least.threads || c.passes > most.passes || c.kib > most.kib || c.threads > most.threads {
		return nil, ErrPassphrase
	}
	key, err := s.stretch(ctx, passphrase, locked[10:head], c)
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(at, locked[head:])
	if err != nil {
		return nil, ErrPassphrase
	}
	return plain, nil
}

func (s *Stretcher) stretch(ctx context.Context, passphrase string, salt []byte, c cost) (Key, error) {
	select {
	case s.queue <- struct{}{}:
		defer func() { <-s.queue }()
	default:
		return Key{}, ErrBusy
	}
	select {
	case s.work <- struct{}{}:
		defer func() { <-s.work }()
	case <-ctx.Done():
		return Key{}, ctx.Err()
	}
	// People type the same words on different keyboards: spaces at the ends and
	// ways to compose a letter make no difference.
	p := norm.NFKC.String(strings.TrimSpace(passphrase))
	return KeyOf(argon2.IDKey([]byte(p), salt, c.passes, c.kib, c.threads, KeySize))
}
