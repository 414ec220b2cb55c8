package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

var (
	// ErrInvite says that an invitation was used, or is over, or never was.
	ErrInvite = errors.New("desk: no such invitation, or used, or over")
	// ErrRoles says that these are no roles.
	ErrRoles = errors.New("desk: choose at least one role")
	// ErrLast says that a desk cannot be without an administrator and a coordinator.
	ErrLast = errors.New("desk: the last administrator and the last coordinator cannot go")
	// ErrTaken says that somebody signs in with this name already.
	ErrTaken = errors.New("desk: somebody signs in with this name already")
	// ErrKeyless says that a member has not been given the desk's keys.
	ErrKeyless = errors.New("desk: you have no keys of this desk yet")
)

// inviteFor is how long an invitation is good.
const inviteFor = 72 * time.Hour

// Keyless says whether a member holds none of the desk's keys: they wait for them, or
// their roles need none.
func (s *Session) Keyless() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.keys.Desk) == 0
}

// Colleague is a member as the others see them.
type Colleague struct {
	ID, Login, Roles, State string
	Languages               []string // they read; known to those with keys alone
	Waits                   bool     // for the desk's keys
}

// Invited is an invitation as administrators see it.
type Invited struct {
	ID, Roles, Login string
	Expires          int64
	Taken            bool
	Mine             bool // made by who looks
}

// Members is who works here.
type Members struct {
	All     []Colleague
	Invited []Invited // for administrators
	Waiting int       // members who wait for keys
}

// Members lists who works here, and who is about to.
func (d *Desk) Members(ctx context.Context, s *Session) (out Members, err error) {
	if err := s.May(SeeMembers); err != nil {
		return out, err
	}
	err = s.with(func(k intake.Keys) error {
		return d.Store.Read(ctx, func(tx *store.Tx) error {
			out = Members{}
			r, err := d.rollOf(tx, s, k)
			if err != nil {
				return err
			}
			newest, err := tx.NewestEpoch(forWorking)
			if err != nil {
				return err
			}
			holders, err := tx.Holders(forWorking, newest.ID)
			if err != nil {
				return err
			}
			languages, err := profiles(tx, k)
			if err != nil {
				return err
			}
			for id, l := range r.members {
				c := Colleague{ID: id, Login: l.Login, Roles: l.Roles, State: l.State, Languages: languages[id]}
				if c.Waits = l.State == active && holding(l.Roles) && !slices.Contains(holders, id); c.Waits {
					out.Waiting++
				}
				out.All = append(out.All, c)
			}
			slices.SortFunc(out.All, func(a, b Colleague) int {
				return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.Login, b.Login))
			})
			if s.May(InviteMembers) != nil {
				return nil
			}
			all, err := tx.Invitations()
			for _, i := range all {
				if i.Expires > d.Now().Unix() {
					out.Invited = append(out.Invited, Invited{ID: i.ID, Roles: i.Roles, Login: i.Login, Expires: i.Expires, Taken: i.State == store.InviteTaken, Mine: i.Author == s.Member})
				}
			}
			return err
		})
	})
	return out, err
}

// RolesOf reads chosen roles: each once, in the order of the table.
func RolesOf(chosen []string) (string, error) {
	var out []string
	for _, r := range Roles {
		if slices.Contains(chosen, r) {
			out = append(out, r)
		}
	}
	for _, c := range chosen {
		if !slices.Contains(Roles, c) {
			return "", ErrRoles
		}
	}
	if len(out) == 0 {
		return "", ErrRoles
	}
	return strings.Join(out, " "), nil
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte("homeward/invitation/v1/" + token))
	return sum[:]
}

// Invite makes a one-time link's token, good for three days. It is shown once.
func (d *Desk) Invite(ctx context.Context, s *Session, chosen []string) (token string, err error) {
	if err := s.May(InviteMembers); err != nil {
		return "", err
	}
	roles, err := RolesOf(chosen)
	if err != nil {
		return "", err
	}
	token = rand.Text()
	id := rand.Text()
	return token, d.Store.Write(ctx, func(tx *store.Tx) error {
		// What is over is swept away here, where a new one comes.
		old, err := tx.Invitations()
		if err != nil {
			return err
		}
		for _, i := range old {
			if i.Expires <= d.Now().Unix() {
				if err := tx.DropInvitation(i.ID); err != nil {
					return err
				}
			}
		}
		if err := tx.AddInvitation(store.Invitation{ID: id, Token: tokenHash(token), Roles: roles, Author: s.Member, Expires: d.Now().Add(inviteFor).Unix()}); err != nil {
			return err
		}
		_, err = d.Ledger.Append(tx, ledger.Event{Kind: "member.invited", Day: d.today(), By: s.Member, Of: id, Detail: map[string]string{"roles": roles}})
		return err
	})
}

// Withdraw takes an invitation back, used or not.
func (d *Desk) Withdraw(ctx context.Context, s *Session, id string) error {
	if err := s.May(InviteMembers); err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropInvitation(id); err != nil {
			return noneFor(err)
		}
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: "member.invitation_withdrawn", Day: d.today(), By: s.Member, Of: id})
		return err
	})
}

// noneFor gives ErrNone for a row that an update did not find.
func noneFor(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return store.ErrNone
	}
	return err
}

// Invitation says for which roles a token invites. ErrInvite if it does not.
func (d *Desk) Invitation(ctx context.Context, token string) (roles string, err error) {
	i, err := d.invitation(ctx, token)
	return i.Roles, err
}

func (d *Desk) invitation(ctx context.Context, token string) (i store.Invitation, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		i, err = tx.InvitationByToken(tokenHash(token))
		return err
	})
	if errors.Is(err, store.ErrNone) || err == nil && (i.State != store.InviteOpen || i.Expires <= d.Now().Unix()) {
		return store.Invitation{}, ErrInvite
	}
	return i, err
}

// Words are the four to be compared over the phone, in the languages of the rooms.
type Words struct{ English, Chinese []string }

func (w Words) String() string { return strings.Join(w.English, " ") }

// words are those of an invitation that was taken: of the new keys, the invitation
// and the roll's first line, which the new member keeps.
func (d *Desk) words(ctx context.Context, i store.Invitation, root string) (Words, error) {
	w, err := d.Stretcher.Spoken(ctx, []byte(i.ID), i.Token, []byte(i.Roles), []byte(i.Author), []byte(i.Member), []byte(i.Login), i.Public, i.Verifier, []byte(root))
	return Words{w.In("en"), w.In("zh-Hant")}, err
}

// Join takes what an invited person chose, once, and gives the words that they read
// out to whoever invited them. second is the secret of their authenticator and code
// one of its codes, so that nobody joins with an authenticator that does not work.
func (d *Desk) Join(ctx context.Context, token, login, passphrase string, second []byte, code string) (Words, error) {
	i, err := d.invitation(ctx, token)
	if err != nil {
		return Words{}, err
	}
	login = strings.TrimSpace(login)
	if err := strong(login, passphrase); err != nil {
		return Words{}, err
	}
	if _, ok := secondCounter(second, code, d.Now(), 0); !ok || len(second) != secondSize {
		return Words{}, ErrSecond
	}
	root := ""
	if err := d.Store.Read(ctx, func(tx *store.Tx) error {
		r, err := tx.Roll()
		if err != nil || len(r) == 0 {
			return errors.Join(err, ErrInvite)
		}
		root = hashOf(r[0])
		return nil
	}); err != nil {
		return Words{}, err
	}
	m, _, err := d.newMember(ctx, applicant{login: login, passphrase: passphrase, second: second, root: root})
	if err != nil {
		return Words{}, err
	}
	i.Member, i.Login, i.Public, i.Verifier, i.Locked = m.ID, m.Login, m.Public, m.Verifier, m.Locked
	w, err := d.words(ctx, i, root)
	if err != nil {
		return Words{}, err
	}
	return w, d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := alone(tx); err != nil {
			return err
		}
		if err := d.free(tx, login, i.ID); err != nil {
			return err
		}
		if err := tx.TakeInvitation(i); errors.Is(err, store.ErrConflict) {
			return ErrInvite
		} else if err != nil {
			return err
		}
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: "member.applied", Day: d.today(), Of: i.ID})
		return err
	})
}

// free returns ErrTaken if somebody has a name already, or is about to.
func (d *Desk) free(tx *store.Tx, login, but string) error {
	switch _, err := tx.MemberByLogin(login); {
	case err == nil:
		return ErrTaken
	case !errors.Is(err, store.ErrNone):
		return err
	}
	all, err := tx.Invitations()
	for _, i := range all {
		if i.ID != but && i.Login == login && i.Expires > d.Now().Unix() {
			return ErrTaken
		}
	}
	return err
}

// Applicant gives an invitation that was used, with the words to compare.
func (d *Desk) Applicant(ctx context.Context, s *Session, id string) (Invited, Words, error) {
	if err := s.May(InviteMembers); err != nil {
		return Invited{}, Words{}, err
	}
	i, err := d.applicant(ctx, id)
	if err != nil {
		return Invited{}, Words{}, err
	}
	w, err := d.words(ctx, i, s.root)
	return Invited{ID: i.ID, Roles: i.Roles, Login: i.Login, Expires: i.Expires, Taken: true, Mine: i.Author == s.Member}, w, err
}

func (d *Desk) applicant(ctx context.Context, id string) (i store.Invitation, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		i, err = tx.Invitation(id)
		return err
	})
	if err == nil && (i.State != store.InviteTaken || i.Expires <= d.Now().Unix()) {
		err = store.ErrNone
	}
	return i, err
}

// Confirm makes an applicant a member, after the words were compared: same are those
// that stood on the inviter's page, so that nothing has changed between looking and
// pressing. Only who invited can have compared them. Keys are given at once, if the
// roles come with keys and who confirms has them; otherwise a coordinator gives them.
func (d *Desk) Confirm(ctx context.Context, s *Session, id, same string) error {
	if err := s.May(InviteMembers); err != nil {
		return err
	}
	i, err := d.applicant(ctx, id)
	if err != nil {
		return err
	}
	if i.Author != s.Member {
		return ErrForbidden
	}
	w, err := d.words(ctx, i, s.root)
	if err != nil {
		return err
	}
	if w.String() != same {
		return store.ErrConflict
	}
	m := store.Member{ID: i.Member, Login: i.Login, Roles: i.Roles, Public: i.Public, Verifier: i.Verifier, Locked: i.Locked, State: active}
	return s.with(func(k intake.Keys) error {
		return d.Store.Write(ctx, func(tx *store.Tx) error {
			if err := alone(tx); err != nil {
				return err
			}
			now, err := tx.Invitation(id)
			if err != nil {
				return err
			}
			if !slices.Equal(now.Public, i.Public) || !slices.Equal(now.Verifier, i.Verifier) || now.Roles != i.Roles || now.Member != i.Member || now.Login != i.Login {
				return store.ErrConflict
			}
			if err := d.free(tx, m.Login, id); err != nil {
				return err
			}
			r, err := d.rollOf(tx, s, k)
			if err != nil {
				return err
			}
			if err := tx.AddMember(m); err != nil {
				return err
			}
			if err := r.write(d, tx, lineOf(lineConfirmed, m), s.Member, s.signer); err != nil {
				return err
			}
			if err := tx.DropInvitation(id); err != nil {
				return err
			}
			if holding(m.Roles) && len(k.Desk) > 0 {
				return d.give(tx, s, k, m)
			}
			return nil
		})
	})
}

// give seals to a member the keys of the desk that the giver holds and they have not.
func (d *Desk) give(tx *store.Tx, s *Session, k intake.Keys, m store.Member) error {
	public, err := vault.PublicOf(m.Public)
	if err != nil {
		return err
	}
	have, err := tx.Wraps(m.ID)
	if err != nil {
		return err
	}
	type key struct {
		purpose string
		epoch   int64
		secret  []byte
	}
	var keys []key
	for e, p := range k.Intake {
		keys = append(keys, key{forIntake, e, p.Bytes()})
	}
	for e, p := range k.Desk {
		keys = append(keys, key{forWorking, e, p.Bytes()})
	}
	for e, p := range s.tokens {
		keys = append(keys, key{forTokens, e, p.Bytes()})
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.purpose, b.purpose), cmp.Compare(a.epoch, b.epoch))
	})
	open, err := tx.Epochs(forIntake)
	if err != nil {
		return err
	}
	given := 0
	for _, key := range keys {
		if slices.ContainsFunc(have, func(w store.Wrap) bool { return w.Purpose == key.purpose && w.Epoch == key.epoch }) {
			continue
		}
		if key.purpose == forIntake && !slices.ContainsFunc(open, func(e store.Epoch) bool { return e.ID == key.epoch && e.Retired == 0 }) {
			continue // destroyed on the disk; it stays so
		}
		sealed, err := public.Wrap(wrapPlace(key.purpose, m.ID, key.epoch), "epoch", key.secret)
		clear(key.secret)
		if err != nil {
			return err
		}
		if err := addWrap(tx, store.Wrap{Purpose: key.purpose, Epoch: key.epoch, Member: m.ID, Sealed: sealed, Author: s.Member}, s.signer); err != nil {
			return err
		}
		given++
	}
	_, err = d.Ledger.Append(tx, ledger.Event{Kind: "member.keys_given", Day: d.today(), By: s.Member, Of: m.ID, Detail: map[string]string{"keys": fmt.Sprint(given)}})
	return err
}

// GiveKeys seals the desk's keys to all members who wait for them, and says to how
// many. They have them from their next sign-in.
func (d *Desk) GiveKeys(ctx context.Context, s *Session) (n int, err error) {
	if err := s.May(ReadReports); err != nil {
		return 0, err
	}
	var to []string
	err = s.with(func(k intake.Keys) error {
		if len(k.Desk) == 0 {
			return ErrKeyless
		}
		return d.Store.Write(ctx, func(tx *store.Tx) error {
			to = nil
			if err := alone(tx); err != nil {
				return err
			}
			r, err := d.rollOf(tx, s, k)
			if err != nil {
				return err
			}
			holders, err := tx.Holders(forWorking, s.epoch)
			if err != nil {
				return err
			}
			members, err := tx.Members()
			if err != nil {
				return err
			}
			for _, m := range r.entitled(members) {
				if slices.Contains(holders, m.ID) {
					continue
				}
				if err := d.give(tx, s, k, m); err != nil {
					return err
				}
				to = append(to, m.ID)
			}
			return nil
		})
	})
	d.drop(func(_ [32]byte, other *Session) bool { return err == nil && slices.Contains(to, other.Member) })
	return len(to), err
}

// SetRoles changes what a member may do; they sign in anew. Who loses the desk's keys
// is shut out of what comes after, like somebody who leaves.
func (d *Desk) SetRoles(ctx context.Context, s *Session, member string, chosen []string) error {
	if err := s.May(InviteMembers); err != nil {
		return err
	}
	roles, err := RolesOf(chosen)
	if err != nil {
		return err
	}
	return d.change(ctx, s, member, lineRoles, roles, active)
}

// Leave takes a member away from the desk: the reports assigned to them, and what
// other rooms hold for them, go to a colleague; their keys are destroyed, and new
// keys are opened that they never had. to may be empty where nothing is handed over.
func (d *Desk) Leave(ctx context.Context, s *Session, member, to string) error {
	if err := s.May(InviteMembers); err != nil {
		return err
	}
	// Who may not go keeps what they have.
	if err := s.with(func(k intake.Keys) error {
		return d.Store.Read(ctx, func(tx *store.Tx) error {
			r, err := d.rollOf(tx, s, k)
			if err != nil {
				return err
			}
			return r.maySpare(member, "")
		})
	}); err != nil {
		return err
	}
	if to != "" {
		if err := d.handOver(ctx, s, member, to); err != nil {
			return err
		}
	} else if d.Leaving != nil {
		if err := d.Leaving(ctx, s, member, ""); err != nil {
			return err
		}
	}
	if err := d.change(ctx, s, member, lineLeft, "", left); err != nil || d.Leaving == nil || member == s.Member {
		return err
	}
	// What they began while this was done is handed over too; nothing more can come.
	if err := d.Leaving(ctx, s, member, to); err != nil {
		d.Log.Error("somebody left, and what they began at the last moment could not be handed over", "error", err)
	}
	return nil
}

// maySpare says whether a member works here and the desk could do with other roles of
// theirs: ErrLast if nobody else had one that somebody must have.
func (r *roll) maySpare(member, roles string) error {
	was, ok := r.members[member]
	if !ok || was.State != active {
		return store.ErrNone
	}
	for _, role := range []string{Administrator, Coordinator} {
		had, has := slices.Contains(strings.Fields(was.Roles), role), slices.Contains(strings.Fields(roles), role)
		if had && !has && r.others(member, role) == 0 {
			return ErrLast
		}
	}
	return nil
}

// change writes roles and state of a member into roll and table.
func (d *Desk) change(ctx context.Context, s *Session, member, kind, roles, state string) error {
	fresh := map[string]freshKey{}
	err := s.with(func(k intake.Keys) error {
		return d.Store.Write(ctx, func(tx *store.Tx) error {
			clear(fresh)
			if err := alone(tx); err != nil {
				return err
			}
			r, err := d.rollOf(tx, s, k)
			if err != nil {
				return err
			}
			if err := r.maySpare(member, roles); err != nil {
				return err
			}
			was := r.members[member]
			l := was
			l.Kind, l.Roles, l.State, l.Epoch, l.Proof = kind, roles, state, 0, nil
			lose := holding(was.Roles) && !holding(roles)
			if lose {
				newest, err := tx.NewestEpoch(forWorking)
				if err != nil {
					return err
				}
				l.Epoch = newest.ID + 1
			}
			if err := r.write(d, tx, l, s.Member, s.signer); err != nil {
				return err
			}
			if err := tx.SetMember(member, roles, state); err != nil {
				return err
			}
			if err := tx.EndSessionsOf(member); err != nil {
				return err
			}
			if state == left {
				m, err := tx.Member(member)
				if err != nil {
					return err
				}
				if err := tx.LockMember(member, []byte{}, m.Revision); err != nil {
					return err
				}
				if err := tx.DropProfile(member); err != nil {
					return err
				}
			}
			if !lose {
				if holding(was.Roles) || !holding(roles) || len(k.Desk) == 0 {
					return nil
				}
				m, err := tx.Member(member)
				if err != nil {
					return err
				}
				return d.give(tx, s, k, m)
			}
			if err := tx.DropWrapsOf(member); err != nil {
				return err
			}
			return d.turnAll(tx, s, &r, fresh)
		})
	})
	if err != nil {
		return err
	}
	d.drop(func(_ [32]byte, other *Session) bool { return other.Member == member })
	for purpose, f := range fresh {
		d.lend(purpose, f.epoch, f.secret)
	}
	return nil
}

// freshKey is the secret half of an epoch that was just opened.
type freshKey struct {
	epoch  int64
	secret []byte
}

// turnAll opens new epochs of all the desk's keys for those who are entitled now.
func (d *Desk) turnAll(tx *store.Tx, s *Session, r *roll, fresh map[string]freshKey) error {
	to, err := r.holders(tx)
	if err != nil {
		return err
	}
	if len(to) == 0 {
		return ErrLast // nobody who has the keys would be left
	}
	circle, err := s.Circle(tx)
	if err != nil {
		return err
	}
	private := vault.NewPrivate()
	for _, e := range []struct {
		purpose        string
		public, secret []byte
	}{{forIntake, private.Public().Bytes(), private.Bytes()}, {forWorking, nil, vault.NewKey().Bytes()}, {forTokens, nil, vault.NewTokenKey().Bytes()}} {
		newest, err := tx.NewestEpoch(e.purpose)
		if err != nil {
			return err
		}
		id := newest.ID + 1
		if err := d.openEpoch(tx, store.Epoch{Purpose: e.purpose, ID: id, Public: e.public, Opened: d.today()}, e.secret, to, circle, s.Member, s.signer); err != nil {
			return err
		}
		fresh[e.purpose] = freshKey{id, e.secret}
	}
	return nil
}

// lend gives a new epoch's key to all at work who may hold it.
func (d *Desk) lend(purpose string, epoch int64, secret []byte) {
	d.mu.Lock()
	sessions := slices.Collect(maps.Values(d.sessions))
	d.mu.Unlock()
	for _, s := range sessions {
		s.take(purpose, epoch, secret)
	}
}

func (s *Session) take(purpose string, epoch int64, secret []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone || !holding(s.Roles) || len(s.keys.Desk) == 0 {
		return
	}
	switch purpose {
	case forIntake:
		if k, err := vault.PrivateOf(secret); err == nil {
			s.keys.Intake = maps.Clone(s.keys.Intake)
			s.keys.Intake[epoch] = k
		}
	case forWorking:
		if k, err := vault.KeyOf(secret); err == nil {
			s.keys.Desk = maps.Clone(s.keys.Desk)
			s.keys.Desk[epoch] = k
			s.epoch = max(s.epoch, epoch)
		}
	case forTokens:
		if k, err := vault.TokenKeyOf(secret); err == nil {
			s.tokens = maps.Clone(s.tokens)
			s.tokens[epoch] = k
		}
	}
}

// Names gives the sign-in name of every member there ever was, by id.
func (d *Desk) Names(ctx context.Context, s *Session) (map[string]string, error) {
	if err := s.May(SeeMembers); err != nil {
		return nil, err
	}
	out := map[string]string{}
	err := d.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Members()
		for _, m := range all {
			out[m.ID] = m.Login
		}
		return err
	})
	return out, err
}
