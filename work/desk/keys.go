package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"homeward/keep/store"
	"homeward/keep/vault"
)

// What the rooms beside this one need of a member's keys. None of it hands a key out.

// Unwrap opens a key that was sealed to the member.
func (s *Session) Unwrap(at vault.Place, purpose string, sealed []byte) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.gone {
		return nil, ErrSignedOut
	}
	return s.pair.Unwrap(at, purpose, sealed)
}

// Sign signs parts as the member.
func (s *Session) Sign(purpose string, parts ...[]byte) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.gone {
		return nil, ErrSignedOut
	}
	return s.signer.Sign(purpose, parts...), nil
}

// Seal seals something to the whole desk, and says under which epoch.
func (s *Session) Seal(at vault.Place, plain []byte) (sealed []byte, epoch int64, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.gone {
		return nil, 0, ErrSignedOut
	}
	at.Epoch = uint64(s.epoch)
	k, ok := s.keys.Desk[s.epoch]
	if !ok {
		return nil, 0, ErrForbidden
	}
	return k.Seal(at, plain), s.epoch, nil
}

// Open opens what Seal made.
func (s *Session) Open(at vault.Place, epoch int64, sealed []byte) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.gone {
		return nil, ErrSignedOut
	}
	at.Epoch = uint64(epoch)
	k, ok := s.keys.Desk[epoch]
	if !ok {
		return nil, vault.ErrSealed
	}
	return k.Open(at, sealed)
}

// Room gives what another room keeps for the member while they are at work, made by
// make the first time. When their keys are dropped it is forgotten; if it has a
// method Wipe, that is called.
func (s *Session) Room(name string, make func() any) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return nil, ErrSignedOut
	}
	r, ok := s.rooms[name]
	if !ok {
		r = make()
		if s.rooms == nil {
			s.rooms = map[string]any{}
		}
		s.rooms[name] = r
	}
	return r, nil
}

// Card is what it takes to seal something to a member, and to check what they signed.
type Card struct {
	ID, Login, Roles, State string
	Public, Verifier        []byte
}

// Cards gives the cards of all members, also of those who left: what they signed still
// counts.
func Cards(tx *store.Tx) ([]Card, error) {
	all, err := tx.Members()
	var out []Card
	for _, m := range all {
		out = append(out, Card{m.ID, m.Login, m.Roles, m.State, m.Public, m.Verifier})
	}
	return out, err
}

// CheckedCards is Cards, once the roll of members has been found whole: asked before
// anything is sealed to somebody. ErrForged if it is not.
func (s *Session) CheckedCards(tx *store.Tx) ([]Card, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.gone {
		return nil, ErrSignedOut
	}
	if _, err := readRoll(tx, s.root, s.keys.Desk); err != nil {
		return nil, err
	}
	return Cards(tx)
}

var errCircle = fmt.Errorf("%w: the circle of trustees is not the one you knew", ErrForged)

func circleHash(b []byte) string {
	sum := sha256.Sum256(append([]byte("circle\x00"), b...))
	return hex.EncodeToString(sum[:])
}

// Circle gives the desk's circle of trustees, if it is still the one that the member
// knew when they signed in. ErrForged if it is not: it stands in the clear, and whoever
// can write to the database could have everything sealed to shares of their own.
func (s *Session) Circle(tx *store.Tx) (vault.Circle, error) {
	b, err := tx.Setting("circle")
	if err != nil {
		return vault.Circle{}, err
	}
	if s.circle != "" && s.circle != circleHash(b) {
		return vault.Circle{}, errCircle
	}
	return vault.CircleOf(b)
}
