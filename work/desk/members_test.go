package desk

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/test/engines"
	"homeward/work/intake"
)

// person is somebody with an authenticator.
type person struct {
	login, pass string
	second      []byte
}

func newPerson(login string) *person {
	return &person{login, "invented words of " + login, NewSecond()}
}

func (r *rig) codeOf(t testing.TB, p *person) string {
	t.Helper()
	text, _ := SecondText("", p.second)
	c, err := SecondCode(text, r.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// hire invites, joins, compares and confirms.
func (r *rig) hire(t testing.TB, by *Session, login string, roles ...string) *person {
	t.Helper()
	p := newPerson(login)
	token, err := r.Invite(t.Context(), by, roles)
	if err != nil {
		t.Fatal(err)
	}
	words, err := r.Join(t.Context(), token, p.login, p.pass, p.second, r.codeOf(t, p))
	if err != nil {
		t.Fatal(err)
	}
	id := r.waiting(t, by)
	_, here, err := r.Applicant(t.Context(), by, id)
	if err != nil || here.String() != words.String() || len(words.English) != 4 {
		t.Fatalf("words %v and %v: %v", words, here, err)
	}
	if err := r.Confirm(t.Context(), by, id, words.String()); err != nil {
		t.Fatal(err)
	}
	return p
}

// waiting gives the one invitation that was used.
func (r *rig) waiting(t testing.TB, by *Session) string {
	t.Helper()
	m, err := r.Members(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range m.Invited {
		if i.Taken {
			return i.ID
		}
	}
	t.Fatal("nobody waits")
	return ""
}

func (r *rig) enter(t testing.TB, p *person) (*Session, error) {
	t.Helper()
	r.clock.Add(31 * time.Second)
	token, err := r.SignIn(t.Context(), p.login, p.pass, r.codeOf(t, p))
	if err != nil {
		return nil, err
	}
	return r.Session(token)
}

func (r *rig) must(t testing.TB, p *person) *Session {
	t.Helper()
	s, err := r.enter(t, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// events counts what the ledger says.
func (r *rig) events(t testing.TB, kind string) (n int) {
	t.Helper()
	if err := r.Store.Read(t.Context(), func(tx *store.Tx) error {
		size, err := tx.LedgerSize()
		if err != nil {
			return err
		}
		return tx.LedgerRows(0, size, func(_ int64, _, event, _, _ []byte) error {
			if strings.Contains(string(event), `"kind":"`+kind+`"`) {
				n++
			}
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestANewMemberReadsAndAnswers(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		r.tell(t, intake.Report{Text: "before they came"})
		boss, _ := r.signIn(t)
		case1 := r.hire(t, boss, "grey owl", Caseworker)
		s := r.must(t, case1)
		if q := r.queue(t, s); len(q) != 1 || q[0].First != "before they came" {
			t.Errorf("%+v", q)
		}
		for _, kind := range []string{"member.set_up", "member.invited", "member.applied", "member.confirmed", "member.keys_given"} {
			if n := r.events(t, kind); n != 1 {
				t.Errorf("%s stands %d times in the ledger", kind, n)
			}
		}
		// A caseworker does not do what an administrator does.
		if _, err := r.Invite(t.Context(), s, []string{Caseworker}); !errors.Is(err, ErrForbidden) {
			t.Errorf("invite: %v", err)
		}
		if err := r.SetRoles(t.Context(), s, s.Member, []string{Administrator}); !errors.Is(err, ErrForbidden) {
			t.Errorf("roles: %v", err)
		}
		if _, err := r.VerifyLedger(t.Context(), s); !errors.Is(err, ErrForbidden) {
			t.Errorf("ledger: %v", err)
		}
		found, err := r.VerifyLedger(t.Context(), boss)
		if err != nil || found.Size == 0 {
			t.Errorf("%+v %v", found, err)
		}
	})
}

func TestAnInvitationIsUsedOnceAndInTime(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		boss, _ := r.signIn(t)
		p := newPerson("grey owl")
		join := func(token string, p *person, code string) error {
			_, err := r.Join(t.Context(), token, p.login, p.pass, p.second, code)
			return err
		}
		if _, err := r.Invite(t.Context(), boss, nil); !errors.Is(err, ErrRoles) {
			t.Errorf("no roles: %v", err)
		}
		if _, err := r.Invite(t.Context(), boss, []string{Caseworker, "owner"}); !errors.Is(err, ErrRoles) {
			t.Errorf("a made-up role: %v", err)
		}
		token, err := r.Invite(t.Context(), boss, []string{Auditor, Caseworker, Auditor})
		if err != nil {
			t.Fatal(err)
		}
		if roles, err := r.Invitation(t.Context(), token); err != nil || roles != "caseworker auditor" {
			t.Errorf("%q %v", roles, err)
		}
		for name, c := range map[string]struct {
			err  error
			want error
		}{
			"another token":    {join("AAAA", p, r.codeOf(t, p)), ErrInvite},
			"a wrong code":     {join(token, p, "000000"), ErrSecond},
			"a taken name":     {join(token, &person{name, p.pass, p.second}, r.codeOf(t, p)), ErrTaken},
			"no authenticator": {join(token, &person{p.login, p.pass, nil}, ""), ErrSecond},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		var weak *TooWeak
		if err := join(token, &person{p.login, "short", p.second}, r.codeOf(t, p)); !errors.As(err, &weak) {
			t.Errorf("a short passphrase: %v", err)
		}
		if err := join(token, p, r.codeOf(t, p)); err != nil {
			t.Fatal(err)
		}
		if err := join(token, newPerson("a thief"), r.codeOf(t, p)); !errors.Is(err, ErrInvite) {
			t.Errorf("used twice: %v", err)
		}
		if _, err := r.enter(t, p); !errors.Is(err, ErrSignIn) {
			t.Errorf("signs in before the words were compared: %v", err)
		}
		id := r.waiting(t, boss)
		if err := r.Confirm(t.Context(), boss, id, "some other four words"); !errors.Is(err, ErrConflict) {
			t.Errorf("confirmed with other words: %v", err)
		}
		if err := r.Withdraw(t.Context(), boss, id); err != nil {
			t.Error(err)
		}
		if err := r.Confirm(t.Context(), boss, id, "x"); !errors.Is(err, ErrNone) {
			t.Errorf("confirmed after it was withdrawn: %v", err)
		}
		late, err := r.Invite(t.Context(), boss, []string{Caseworker})
		if err != nil {
			t.Fatal(err)
		}
		r.clock.Add(73 * time.Hour)
		if err := join(late, p, r.codeOf(t, p)); !errors.Is(err, ErrInvite) {
			t.Errorf("after three days: %v", err)
		}
	})
}

// TestOnlyTheInviterConfirms: another administrator has compared nothing.
func TestOnlyTheInviterConfirms(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		boss, _ := r.signIn(t)
		other := r.must(t, r.hire(t, boss, "grey owl", Administrator))
		token, err := r.Invite(t.Context(), boss, []string{Caseworker})
		if err != nil {
			t.Fatal(err)
		}
		p := newPerson("red fox")
		w, err := r.Join(t.Context(), token, p.login, p.pass, p.second, r.codeOf(t, p))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Confirm(t.Context(), other, r.waiting(t, boss), w.String()); !errors.Is(err, ErrForbidden) {
			t.Errorf("%v", err)
		}
	})
}

// TestKeysWaitForACoordinator: an administrator without keys hires, a coordinator
// gives the keys with one press.
func TestKeysWaitForACoordinator(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		report := intake.Report{Text: "invented words"}
		r.tell(t, report)
		boss, _ := r.signIn(t)
		admin := r.must(t, r.hire(t, boss, "grey owl", Administrator))
		if !admin.Keyless() {
			t.Error("an administrator alone holds keys")
		}
		if _, err := r.Queue(t.Context(), admin); !errors.Is(err, ErrForbidden) {
			t.Errorf("an administrator alone reads: %v", err)
		}
		fox := r.hire(t, admin, "red fox", Caseworker)
		s := r.must(t, fox)
		if q, err := r.Queue(t.Context(), s); err != nil || !q.Waits || len(q.Rows) != 0 {
			t.Errorf("%+v %v", q, err)
		}
		if _, err := r.GiveKeys(t.Context(), s); !errors.Is(err, ErrKeyless) {
			t.Errorf("gives what they have not: %v", err)
		}
		boss, _ = r.signIn(t)
		if m, err := r.Members(t.Context(), boss); err != nil || m.Waiting != 1 {
			t.Errorf("%+v %v", m, err)
		}
		if n, err := r.GiveKeys(t.Context(), boss); err != nil || n != 1 {
			t.Errorf("%d %v", n, err)
		}
		if m, _ := r.Members(t.Context(), boss); m.Waiting != 0 {
			t.Errorf("%d still wait", m.Waiting)
		}
		if q := r.queue(t, r.must(t, fox)); len(q) != 1 || q[0].First != report.Text {
			t.Errorf("%+v", q)
		}
	})
}

// TestTheRollHolds: whatever somebody writes into the database, the next sign-in
// finds it.
func TestTheRollHolds(t *testing.T) {
	stranger := vault.NewSigner()
	for what, forge := range map[string]func(t *testing.T, r *rig, owl string) func(tx *store.Tx) error{
		"a member with more roles": func(_ *testing.T, _ *rig, owl string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error { return tx.SetMember(owl, "administrator coordinator", active) }
		},
		"a member who had left, back": func(_ *testing.T, _ *rig, owl string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error { return tx.SetMember(owl, "caseworker", "suspended") }
		},
		"a member nobody confirmed": func(_ *testing.T, _ *rig, _ string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				return tx.AddMember(store.Member{ID: "M", Login: "m", Roles: Coordinator, Public: vault.NewPrivate().Public().Bytes(), Verifier: stranger.Verifier(), Locked: []byte{1}})
			}
		},
		"and with a line of their own": func(_ *testing.T, _ *rig, _ string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				m := store.Member{ID: "M", Login: "m", Roles: Administrator, Public: vault.NewPrivate().Public().Bytes(), Verifier: stranger.Verifier(), Locked: []byte{1}, State: active}
				if err := tx.AddMember(m); err != nil {
					return err
				}
				return forgeLine(tx, lineOf(lineConfirmed, m), "M", stranger)
			}
		},
		"as if trustees had let them in": func(_ *testing.T, _ *rig, _ string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				m := store.Member{ID: "M", Login: "m", Roles: Administrator, Public: vault.NewPrivate().Public().Bytes(), Verifier: stranger.Verifier(), Locked: []byte{1}, State: active}
				if err := tx.AddMember(m); err != nil {
					return err
				}
				l := lineOf(lineRecovered, m)
				l.Epoch = 1
				l.Proof = proof(l, vault.NewKey())
				return forgeLine(tx, l, "M", stranger)
			}
		},
		"by a member who may not": func(t *testing.T, r *rig, owl string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				m, err := tx.Member(owl)
				if err != nil {
					return err
				}
				m.Roles = "administrator"
				if err := tx.SetMember(owl, m.Roles, active); err != nil {
					return err
				}
				return forgeLine(tx, lineOf(lineRoles, m), owl, stranger)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			engines.Each(t, func(t *testing.T, st *store.Store) {
				r := newRig(t, st)
				boss, _ := r.signIn(t)
				owl := r.must(t, r.hire(t, boss, "grey owl", Caseworker))
				if err := st.Write(t.Context(), forge(t, r, owl.Member)); err != nil {
					t.Fatal(err)
				}
				r.clock.Add(31 * time.Second)
				if _, err := r.SignIn(t.Context(), name, passphrase, r.code(t)); !errors.Is(err, ErrForged) {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

// forgeLine adds a line that follows rightly and is signed by a stranger's key.
func forgeLine(tx *store.Tx, l line, author string, signer vault.Signer) error {
	all, err := tx.Roll()
	if err != nil {
		return err
	}
	r := roll{lines: int64(len(all)), head: hashOf(all[len(all)-1])}
	s, err := r.sign(&Desk{Now: time.Now}, l, author, signer)
	if err != nil {
		return err
	}
	return tx.AddStatement(s)
}

// TestWhoLeftReadsNothingNew: keys are destroyed, sessions dropped, and what comes
// after is sealed to keys that they never had.
func TestWhoLeftReadsNothingNew(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		r.tell(t, intake.Report{Text: "before"})
		boss, _ := r.signIn(t)
		owl := r.hire(t, boss, "grey owl", Caseworker)
		s := r.must(t, owl)
		boss, bossToken := r.signIn(t)
		id := r.queue(t, boss)[0].ID
		if err := r.Assign(t.Context(), boss, id, "", s.Member); err != nil {
			t.Fatal(err)
		}
		// What they would still know from a copied disk.
		var copied intake.Keys
		var tokens []int64
		if err := s.with(func(k intake.Keys) error {
			copied = intake.Keys{Intake: map[int64]vault.Private{}, Desk: map[int64]vault.Key{}}
			for e, p := range k.Intake {
				copied.Intake[e], _ = vault.PrivateOf(p.Bytes())
			}
			for e, p := range k.Desk {
				copied.Desk[e], _ = vault.KeyOf(p.Bytes())
			}
			for e := range s.tokens {
				tokens = append(tokens, e)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		handed := ""
		r.Leaving = func(_ context.Context, _ *Session, from, to string) error { handed = from + ">" + to; return nil }
		if err := r.Leave(t.Context(), boss, s.Member, boss.Member); err != nil {
			t.Fatal(err)
		}
		if handed != s.Member+">"+boss.Member {
			t.Errorf("handed over %q", handed)
		}
		if _, err := r.Read(t.Context(), s, id); !errors.Is(err, ErrSignedOut) {
			t.Errorf("their session lives: %v", err)
		}
		if _, err := r.enter(t, owl); !errors.Is(err, ErrSignIn) {
			t.Errorf("they sign in: %v", err)
		}
		if boss, err := r.Session(bossToken); err != nil {
			t.Fatal(err)
		} else if got, err := r.Read(t.Context(), boss, id); err != nil || got.Summary.To != boss.Member {
			t.Errorf("assigned to %q: %v", got.Summary.To, err)
		}
		r.tell(t, intake.Report{Text: "after"})
		boss, _ = r.signIn(t)
		q := r.queue(t, boss)
		if len(q) != 2 {
			t.Fatalf("%+v", q)
		}
		for _, sum := range q {
			o, err := r.Intake.Open(t.Context(), sum.ID, copied)
			if sum.First == "after" && err == nil {
				t.Errorf("who left opens what came after: %+v", o.Report)
			}
			if sum.First == "after" {
				read, err := r.Read(t.Context(), boss, sum.ID)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Worked(t.Context(), boss, sum.ID, read.Row.Revision); err != nil {
					t.Fatal(err)
				}
				if _, err := r.Intake.Open(t.Context(), sum.ID, copied); err == nil {
					t.Error("who left opens what was worked after")
				}
			}
		}
		if err := st.Read(t.Context(), func(tx *store.Tx) error {
			w, err := tx.Wraps(s.Member)
			if len(w) != 0 {
				t.Errorf("%d keys are still sealed to them", len(w))
			}
			m, err2 := tx.Member(s.Member)
			if len(m.Locked) != 0 || m.State != left {
				t.Error("their row keeps their keys")
			}
			for _, purpose := range []string{forIntake, forWorking, forTokens} {
				if e, err := tx.NewestEpoch(purpose); err != nil || e.ID != 2 {
					t.Errorf("%s: epoch %d %v", purpose, e.ID, err)
				}
			}
			return errors.Join(err, err2)
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(tokens, []int64{1}) {
			t.Errorf("tokens of epochs %v", tokens)
		}
		if r.events(t, "member.left") != 1 || r.events(t, "epoch.opened") != 6 {
			t.Error("the ledger does not say it")
		}
		if err := r.Leave(t.Context(), boss, s.Member, ""); !errors.Is(err, ErrNone) {
			t.Errorf("left twice: %v", err)
		}
	})
}

func TestTheLastOnesStay(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		boss, _ := r.signIn(t)
		me := boss.Member
		for _, err := range []error{
			r.Leave(t.Context(), boss, me, ""),
			r.SetRoles(t.Context(), boss, me, []string{Administrator}),
			r.SetRoles(t.Context(), boss, me, []string{Coordinator}),
		} {
			if !errors.Is(err, ErrLast) {
				t.Errorf("%v", err)
			}
		}
		// A coordinator who has no keys yet is no keeper of them.
		admin := r.must(t, r.hire(t, boss, "grey owl", Administrator))
		r.hire(t, admin, "red fox", Coordinator)
		boss, _ = r.signIn(t)
		if err := r.SetRoles(t.Context(), boss, me, []string{Auditor}); !errors.Is(err, ErrLast) {
			t.Errorf("nobody would hold the keys: %v", err)
		}
		if _, err := r.GiveKeys(t.Context(), boss); err != nil {
			t.Fatal(err)
		}
		if err := r.SetRoles(t.Context(), boss, me, []string{Auditor}); err != nil {
			t.Errorf("%v", err)
		}
		s, _ := r.signIn(t)
		if s.Roles != Auditor || !s.Keyless() {
			t.Errorf("%q, keyless %v", s.Roles, s.Keyless())
		}
	})
}

// TestRecoveredMembersAreBelieved by colleagues who hold the desk's keys.
func TestRecoveredMembersAreBelieved(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		boss, _ := r.signIn(t)
		owl := r.hire(t, boss, "grey owl", Caseworker)
		all, err := r.AskTrustees(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		var answers []string
		for _, paper := range r.made.Shares[:2] {
			share, err := vault.ShareOf(paper)
			if err != nil {
				t.Fatal(err)
			}
			a, err := all.AnswerWith(share)
			if err != nil {
				t.Fatal(err)
			}
			answers = append(answers, a)
		}
		made, err := r.RecoverDesk(t.Context(), "back again", "other invented words for tests", answers)
		if err != nil {
			t.Fatal(err)
		}
		second, err := SecondOf(made.Second)
		if err != nil {
			t.Fatal(err)
		}
		r.must(t, owl)
		s := r.must(t, &person{"back again", "other invented words for tests", second})
		r.hire(t, s, "red fox", Caseworker)
		r.signIn(t)
	})
}

// TestAnOlderDeskGetsARoll: members from before there was one are taken as they are
// by the first administrator who signs in, and from then on nothing else is.
func TestAnOlderDeskGetsARoll(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := emptyRig(t, st)
		circle, _, err := vault.Deal(2, 3)
		if err != nil {
			t.Fatal(err)
		}
		add := func(tx *store.Tx, login, roles string) (*person, store.Member, secrets, error) {
			m, own, err := r.newMember(t.Context(), applicant{login: login, passphrase: passphrase, roles: roles})
			if err != nil {
				return nil, m, own, err
			}
			return &person{login, passphrase, own.Second}, m, own, tx.AddMember(m)
		}
		var boss, owl *person
		if err := st.Write(t.Context(), func(tx *store.Tx) error {
			var m, n store.Member
			var own secrets
			var err error
			if boss, m, own, err = add(tx, "blue heron", Administrator+" "+Coordinator); err != nil {
				return err
			}
			if owl, n, _, err = add(tx, "grey owl", Caseworker); err != nil {
				return err
			}
			signer, err := vault.SignerOf(own.Sign)
			if err != nil {
				return err
			}
			if err := tx.PutSetting("circle", circle.Bytes()); err != nil {
				return err
			}
			key := vault.NewPrivate()
			for _, e := range []struct {
				purpose        string
				public, secret []byte
			}{{forIntake, key.Public().Bytes(), key.Bytes()}, {forWorking, nil, vault.NewKey().Bytes()}, {forTokens, nil, vault.NewTokenKey().Bytes()}} {
				if err := r.openEpoch(tx, store.Epoch{Purpose: e.purpose, ID: 1, Public: e.public, Opened: r.today()}, e.secret, []store.Member{m, n}, circle, m.ID, signer); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		r.must(t, owl) // before there is a roll, as before
		s := r.must(t, boss)
		if s.root == "" || r.events(t, "member.set_up") != 1 || r.events(t, "member.adopted") != 1 {
			t.Error("no roll was made")
		}
		if again := r.must(t, owl); again.root != s.root {
			t.Error("another member knows another roll")
		}
		r.hire(t, r.must(t, boss), "red fox", Caseworker)
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SetMember(s.Member, Auditor, active) }); err != nil {
			t.Fatal(err)
		}
		if _, err := r.enter(t, owl); !errors.Is(err, ErrForged) {
			t.Errorf("changed in the table: %v", err)
		}
	})
}

// TestARoleThatComesWithKeysBringsThem when who gives it holds them.
func TestARoleThatComesWithKeysBringsThem(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		r.tell(t, intake.Report{Text: "invented words"})
		boss, _ := r.signIn(t)
		owl := r.hire(t, boss, "grey owl", Auditor)
		s := r.must(t, owl)
		if !s.Keyless() {
			t.Error("an auditor holds keys")
		}
		if err := r.SetRoles(t.Context(), boss, s.Member, []string{Auditor, Caseworker}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Read(t.Context(), s, "x"); !errors.Is(err, ErrForbidden) && !errors.Is(err, ErrSignedOut) {
			t.Errorf("still signed in as before: %v", err)
		}
		if q := r.queue(t, r.must(t, owl)); len(q) != 1 || q[0].First != "invented words" {
			t.Errorf("%+v", q)
		}
	})
}

func TestAccount(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		boss, _ := r.signIn(t)
		owl := r.hire(t, boss, "grey owl", Caseworker)
		s := r.must(t, owl)
		const fresh = "quite other invented words"
		r.clock.Add(31 * time.Second)
		if err := r.NewPassphrase(t.Context(), s, "wrong words for all of it", r.codeOf(t, owl), fresh); !errors.Is(err, ErrSignIn) {
			t.Errorf("with a wrong one: %v", err)
		}
		if err := r.NewPassphrase(t.Context(), s, owl.pass, "000000", fresh); !errors.Is(err, ErrSignIn) {
			t.Errorf("with a wrong code: %v", err)
		}
		var weak *TooWeak
		if err := r.NewPassphrase(t.Context(), s, owl.pass, r.codeOf(t, owl), "short"); !errors.As(err, &weak) {
			t.Errorf("to a short one: %v", err)
		}
		if err := r.NewPassphrase(t.Context(), s, owl.pass, r.codeOf(t, owl), fresh); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Read(t.Context(), s, "x"); !errors.Is(err, ErrSignedOut) {
			t.Errorf("still signed in: %v", err)
		}
		if _, err := r.enter(t, owl); !errors.Is(err, ErrSignIn) {
			t.Errorf("the old one opens: %v", err)
		}
		owl.pass = fresh
		s = r.must(t, owl)
		second := &person{owl.login, owl.pass, NewSecond()}
		r.clock.Add(31 * time.Second)
		if err := r.NewAuthenticator(t.Context(), s, owl.pass, r.codeOf(t, owl), second.second, "000000"); !errors.Is(err, ErrSecond) {
			t.Errorf("an authenticator that does not work: %v", err)
		}
		if err := r.NewAuthenticator(t.Context(), s, owl.pass, r.codeOf(t, owl), second.second, r.codeOf(t, second)); err != nil {
			t.Fatal(err)
		}
		if _, err := r.enter(t, owl); !errors.Is(err, ErrSignIn) {
			t.Errorf("the old authenticator opens: %v", err)
		}
		s = r.must(t, second)
		if err := r.SetLanguages(t.Context(), s, []string{"not a language!"}); !errors.Is(err, ErrLanguage) {
			t.Errorf("%v", err)
		}
		if err := r.SetLanguages(t.Context(), s, []string{" th", "zh-hant", "th", ""}); err != nil {
			t.Fatal(err)
		}
		m, err := r.Members(t.Context(), boss)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range m.All {
			if c.ID == s.Member && !slices.Equal(c.Languages, []string{"th", "zh-Hant"}) {
				t.Errorf("%q", c.Languages)
			}
		}
	})
}

func TestMarks(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		code := r.tell(t, intake.Report{Text: "ฉันถูกขังอยู่ที่นี่ ช่วยด้วย พวกเขาไม่ให้เราออกไปไหน", Lang: "th"})
		r.tell(t, intake.Report{Text: "the same told in other words"})
		boss, _ := r.signIn(t)
		owl := r.must(t, r.hire(t, boss, "grey owl", Caseworker))
		q := r.queue(t, boss)
		id, other := q[0].ID, q[1].ID
		if !strings.HasPrefix(q[0].First, "ฉัน") {
			id, other = other, id
		}
		find := func(s *Session, id string) Summary {
			t.Helper()
			got, err := r.Queue(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range append(got.Rows, got.Asleep...) {
				if x.ID == id {
					return x
				}
			}
			t.Fatalf("%s is gone", id)
			return Summary{}
		}
		if find(boss, id).Foreign {
			t.Error("needs translation before anybody said what they read")
		}
		if err := r.SetLanguages(t.Context(), boss, []string{"en", "zh-Hant"}); err != nil {
			t.Fatal(err)
		}
		if !find(boss, id).Foreign || find(boss, other).Foreign {
			t.Error("which need translation")
		}
		if err := r.SetLanguages(t.Context(), owl, []string{"th"}); err != nil {
			t.Fatal(err)
		}
		if find(boss, id).Foreign {
			t.Error("a colleague reads it")
		}
		if err := r.Assign(t.Context(), boss, id, "", "NOBODY"); !errors.Is(err, ErrNotHere) {
			t.Errorf("assigned to nobody: %v", err)
		}
		for _, err := range []error{
			r.Assign(t.Context(), boss, id, "", owl.Member),
			r.Note(t.Context(), owl, id, "  called the hotline <b>  "),
			r.Judge(t.Context(), owl, id, other, true, "same phone"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Assign(t.Context(), boss, id, "", boss.Member); !errors.Is(err, ErrConflict) {
			t.Errorf("a colleague's assignment is overwritten: %v", err)
		}
		if err := r.Note(t.Context(), owl, id, " "); !errors.Is(err, ErrEmpty) {
			t.Errorf("an empty note: %v", err)
		}
		if err := r.Judge(t.Context(), owl, id, other, true, ""); !errors.Is(err, ErrEmpty) {
			t.Errorf("a judgement without a reason: %v", err)
		}
		if err := r.Judge(t.Context(), owl, id, id, true, "x"); !errors.Is(err, ErrItself) {
			t.Errorf("the same as itself: %v", err)
		}
		if err := r.Judge(t.Context(), owl, id, "NONE", true, "x"); !errors.Is(err, ErrNone) {
			t.Errorf("the same as nothing: %v", err)
		}
		read, err := r.Read(t.Context(), boss, id)
		if err != nil || len(read.Marks) != 3 || read.Marks[1].Text != "called the hotline <b>" || read.Marks[1].By != owl.Member || read.Summary.To != owl.Member || !slices.Equal(read.Summary.Same, []string{other}) || !slices.Equal(read.Readers, []string{owl.Member}) {
			t.Errorf("%+v %v", read.Marks, err)
		}
		if got := find(boss, other); !slices.Equal(got.Same, []string{id}) || got.To != "" {
			t.Errorf("the other: %+v", got.Marked)
		}
		if err := r.Judge(t.Context(), boss, other, id, false, "another phone"); err != nil {
			t.Fatal(err)
		}
		if got := find(boss, id); len(got.Same) != 0 || got.Notes != 1 {
			t.Errorf("taken back: %+v", got.Marked)
		}
		// Snoozed until its sender writes.
		if err := r.Snooze(t.Context(), boss, id, r.clock.Now().Add(31*24*time.Hour)); !errors.Is(err, ErrWhen) {
			t.Errorf("for a month and a day: %v", err)
		}
		if err := r.Snooze(t.Context(), boss, id, r.clock.Now().Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if rows := r.queue(t, boss); len(rows) != 1 || rows[0].ID != other {
			t.Errorf("asleep and still there: %+v", rows)
		}
		v, err := r.Intake.Visit(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Intake.Add(t.Context(), v, "n", "more", false); err != nil {
			t.Fatal(err)
		}
		if rows := r.queue(t, boss); len(rows) != 2 || find(boss, id).To != owl.Member {
			t.Errorf("more came and it sleeps: %+v", rows)
		}
		// And what is noted outlives memory, answering, and muting.
		read, err = r.Read(t.Context(), owl, id)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Mute(t.Context(), owl, id, true); err != nil {
			t.Fatal(err)
		}
		if read, err = r.Read(t.Context(), owl, id); err != nil || !read.Summary.Muted {
			t.Fatalf("%v", err)
		}
		if err := r.Answer(t.Context(), owl, id, "an answer", read.Row.Revision); err != nil {
			t.Fatal(err)
		}
		r.mu.Lock()
		r.summaries = nil
		r.mu.Unlock()
		if read, err = r.Read(t.Context(), boss, id); err != nil || read.Summary.To != owl.Member || read.Summary.Notes != 1 || !read.Summary.Muted {
			t.Errorf("%+v %v", read.Summary, err)
		}
		// A mark that is taken out, or changed, is found.
		if err := st.Write(t.Context(), func(tx *store.Tx) error {
			return tx.AddMark(store.Mark{Report: id, N: int64(len(read.Marks)) + 1, Sealed: vault.NewKey().Seal(markPlace(id, 9, 1), []byte("{}")), Epoch: 1})
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Read(t.Context(), boss, id); !errors.Is(err, vault.ErrSealed) {
			t.Errorf("a forged mark: %v", err)
		}
	})
}

// TestNotesAtOnce: many members write on one report at once; none is lost or doubled.
func TestNotesAtOnce(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		r.tell(t, intake.Report{Text: "one"})
		r.tell(t, intake.Report{Text: "two"})
		boss, _ := r.signIn(t)
		owl := r.must(t, r.hire(t, boss, "grey owl", Caseworker))
		q := r.queue(t, boss)
		const each = 12
		var wg sync.WaitGroup
		for i := range each {
			for j, s := range []*Session{boss, owl} {
				wg.Go(func() {
					if err := r.Note(t.Context(), s, q[0].ID, fmt.Sprintf("%d/%d", i, j)); err != nil {
						t.Error(err)
					}
					// Both ways round, so that they could lock each other out.
					if err := r.Judge(t.Context(), s, q[j].ID, q[1-j].ID, i%2 == 0, "x"); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		read, err := r.Read(t.Context(), boss, q[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, m := range read.Marks {
			if m.Kind == Noted {
				if seen[m.Text] {
					t.Errorf("%s twice", m.Text)
				}
				seen[m.Text] = true
			}
		}
		if len(seen) != 2*each || len(read.Marks) != 4*each || read.Summary.Notes != 2*each {
			t.Errorf("%d notes, %d marks, the sum says %d", len(seen), len(read.Marks), read.Summary.Notes)
		}
	})
}

// TestTwoAdministratorsCannotRemoveEachOther at one moment.
func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		boss, _ := r.signIn(t)
		owl := r.must(t, r.hire(t, boss, "grey owl", Administrator, Coordinator))
		boss, _ = r.signIn(t)
		var wg sync.WaitGroup
		errs := make([]error, 2)
		wg.Go(func() { errs[0] = r.Leave(t.Context(), boss, owl.Member, "") })
		wg.Go(func() { errs[1] = r.Leave(t.Context(), owl, boss.Member, "") })
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("%v and %v", errs[0], errs[1])
		}
	})
}

func TestPapers(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		r.tell(t, intake.Report{Kind: "held", Text: "they lock us in and the boss keeps our passports in the office safe"})
		r.tell(t, intake.Report{Kind: "held", Text: "they lock us in, nothing else to say"})
		r.tell(t, intake.Report{Kind: "offer_seen", Text: "our office keeps all passports for registration"})
		s, _ := r.signIn(t)
		q := r.queue(t, s)
		if len(q) != 3 || !slices.Contains(q[0].Why, "papers") || slices.Contains(q[1].Why, "papers") || slices.Contains(q[2].Why, "papers") {
			t.Errorf("%+v", q)
		}
	})
}

// TestMayIsAskedFirst: a member whose roles allow nothing gets ErrForbidden from every
// room, before anything else is looked at.
func TestMayIsAskedFirst(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		none := &Session{Member: "M"}
		ctx := t.Context()
		forbidden := map[string]error{}
		_, forbidden["Queue"] = r.Queue(ctx, none)
		_, forbidden["Read"] = r.Read(ctx, none, "x")
		_, _, forbidden["File"] = r.File(ctx, none, "x", "y")
		forbidden["Answer"] = r.Answer(ctx, none, "x", "", 0)
		forbidden["Worked"] = r.Worked(ctx, none, "x", 0)
		forbidden["Mute"] = r.Mute(ctx, none, "x", true)
		_, forbidden["TypeIn"] = r.TypeIn(ctx, none, "n", intake.Report{})
		forbidden["Attach"] = r.Attach(ctx, none, intake.Receipt{}, "x", nil)
		_, _, forbidden["WorkedPage"] = r.WorkedPage(ctx, none, store.Report{}, 1)
		_, forbidden["EachReport"] = r.EachReport(ctx, none, nil)
		forbidden["TurnEpochs"] = r.TurnEpochs(ctx, none)
		_, forbidden["Members"] = r.Members(ctx, none)
		_, forbidden["Names"] = r.Names(ctx, none)
		_, forbidden["Invite"] = r.Invite(ctx, none, nil)
		_, forbidden["Hire"] = r.Hire(ctx, none, "x", "x")
		forbidden["Withdraw"] = r.Withdraw(ctx, none, "x")
		_, _, forbidden["Applicant"] = r.Applicant(ctx, none, "x")
		forbidden["Confirm"] = r.Confirm(ctx, none, "x", "")
		_, forbidden["GiveKeys"] = r.GiveKeys(ctx, none)
		forbidden["SetRoles"] = r.SetRoles(ctx, none, "x", nil)
		forbidden["Leave"] = r.Leave(ctx, none, "x", "")
		forbidden["NewPassphrase"] = r.NewPassphrase(ctx, none, "", "", "")
		forbidden["NewAuthenticator"] = r.NewAuthenticator(ctx, none, "", "", nil, "")
		forbidden["SetLanguages"] = r.SetLanguages(ctx, none, nil)
		forbidden["Assign"] = r.Assign(ctx, none, "x", "", "")
		forbidden["Snooze"] = r.Snooze(ctx, none, "x", r.clock.Now())
		forbidden["Note"] = r.Note(ctx, none, "x", "")
		forbidden["Judge"] = r.Judge(ctx, none, "x", "x", true, "")
		_, forbidden["Settings"] = r.Settings(ctx, none)
		forbidden["ChangeOperator"] = r.ChangeOperator(ctx, none, intake.Operator{}, intake.Operator{})
		_, _, _, forbidden["LedgerPage"] = r.LedgerPage(ctx, none, 0, 1)
		_, forbidden["VerifyLedger"] = r.VerifyLedger(ctx, none)
		for name, err := range forbidden {
			if !errors.Is(err, ErrForbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if r.Alike(none, "x") != nil {
			t.Error("Alike")
		}
		askSessions(t, forbidden)
	})
}

func TestSettingsAndLedger(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		s, _ := r.signIn(t)
		none := intake.Operator{}
		o := intake.Operator{Name: " An invented desk ", Jurisdiction: "Nowhere", Hours: "never", OnCall: "mailto:nobody@test.invalid"}
		if err := r.ChangeOperator(t.Context(), s, none, intake.Operator{OnCall: "call me"}); !errors.Is(err, ErrOnCall) {
			t.Errorf("%v", err)
		}
		if err := r.ChangeOperator(t.Context(), s, none, o); err != nil {
			t.Fatal(err)
		}
		if err := r.ChangeOperator(t.Context(), s, none, intake.Operator{Name: "another"}); !errors.Is(err, ErrConflict) {
			t.Errorf("overwritten: %v", err)
		}
		got, err := r.Settings(t.Context(), s)
		if err != nil || got.Name != "An invented desk" {
			t.Errorf("%+v %v", got, err)
		}
		if err := r.ChangeOperator(t.Context(), s, got, got); err != nil || r.events(t, "settings.changed") != 1 {
			t.Errorf("nothing changed, and it says so: %v", err)
		}
		// All of the ledger, page by page, newest first, without what fills a day.
		if err := st.Write(t.Context(), func(tx *store.Tx) error {
			_, err := r.Ledger.EndDay(tx, r.today(), 700)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var kinds []string
		last := int64(1 << 60)
		for before := int64(0); ; {
			page, size, next, err := r.LedgerPage(t.Context(), s, before, 3)
			if err != nil || size != 700 {
				t.Fatalf("%d %v", size, err)
			}
			for _, e := range page {
				if e.Seq >= last || e.Kind == "pad" {
					t.Errorf("%d %s after %d", e.Seq, e.Kind, last)
				}
				last = e.Seq
				kinds = append(kinds, e.Kind)
			}
			if before = next; next == 0 {
				break
			}
		}
		if kinds[0] != "settings.changed" || last != 0 || len(kinds) < 7 {
			t.Errorf("%v", kinds)
		}
	})
}

// askSessions fails for a method that takes a session and was not asked.
func askSessions(t *testing.T, asked map[string]error) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range tree.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() {
				continue
			}
			for _, p := range fn.Type.Params.List {
				star, ok := p.Type.(*ast.StarExpr)
				if !ok {
					continue
				}
				if id, ok := star.X.(*ast.Ident); ok && id.Name == "Session" {
					if _, ok := asked[fn.Name.Name]; !ok && fn.Name.Name != "Alike" {
						t.Errorf("%s takes a session; nobody asked it whether a member may", fn.Name.Name)
					}
				}
			}
		}
	}
}
