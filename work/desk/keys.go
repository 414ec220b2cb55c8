package desk

import (
	"context"

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

// Colleague is a member as others see them.
type Colleague struct {
	ID, Login, Roles, State string
	Public, Verifier        []byte
}

// Colleagues gives all members, also those who left: what they signed still counts.
func Colleagues(tx *store.Tx) ([]Colleague, error) {
	all, err := tx.Members()
	var out []Colleague
	for _, m := range all {
		out = append(out, Colleague{m.ID, m.Login, m.Roles, m.State, m.Public, m.Verifier})
	}
	return out, err
}

// Circle gives the desk's circle of trustees.
func Circle(tx *store.Tx) (vault.Circle, error) {
	b, err := tx.Setting("circle")
	if err != nil {
		return vault.Circle{}, err
	}
	return vault.CircleOf(b)
}

// Members gives all members.
func (d *Desk) Members(ctx context.Context) (out []Colleague, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		out, err = Colleagues(tx)
		return err
	})
	return out, err
}
