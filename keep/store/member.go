package store

// Statement is one line of the roll, as it was signed.
type Statement struct {
	N         int64
	Statement []byte
	Author    string
	Signature []byte
}

func (s *Statement) fields() []any { return []any{&s.N, &s.Statement, &s.Author, &s.Signature} }

// AddStatement adds a line to the roll; its number must be new.
func (t *Tx) AddStatement(s Statement) error {
	_, err := t.exec("roll_add", s.N, s.Statement, s.Author, s.Signature)
	return err
}

// Roll gives the whole roll, first line first.
func (t *Tx) Roll() ([]Statement, error) {
	return list(t, "roll", nil, (*Statement).fields)
}

// SetMember changes roles and state as the roll says.
func (t *Tx) SetMember(id, roles, state string) error {
	return t.one("member_set", roles, state, id)
}

// LockMember keeps a member's secrets under another passphrase; ErrConflict if the
// row was changed since.
func (t *Tx) LockMember(id string, locked []byte, revision int64) error {
	return t.one("member_lock", locked, id, revision)
}

// DropWrapsOf destroys every key that was sealed to a member.
func (t *Tx) DropWrapsOf(member string) error {
	_, err := t.exec("wraps_of_member_drop", member)
	return err
}

// Holders gives the members to whom an epoch's key is sealed.
func (t *Tx) Holders(purpose string, epoch int64) (out []string, err error) {
	type row struct{ member string }
	rows, err := list(t, "wrap_holders", []any{purpose, epoch}, func(r *row) []any { return []any{&r.member} })
	for _, r := range rows {
		out = append(out, r.member)
	}
	return out, err
}

// EndSessionsOf destroys all sessions of a member.
func (t *Tx) EndSessionsOf(member string) error {
	_, err := t.exec("sessions_of_member_drop", member)
	return err
}

// States of an invitation: nobody has used it, or somebody has and waits.
const (
	InviteOpen  = "open"
	InviteTaken = "taken"
)

// Invitation is a way in for one person, once.
type Invitation struct {
	ID      string
	Token   []byte // its hash
	Roles   string
	Author  string
	Expires int64 // unix seconds
	State   string
	// What the invited person chose.
	Member, Login            string
	Public, Verifier, Locked []byte
}

func (i *Invitation) fields() []any {
	return []any{&i.ID, &i.Token, &i.Roles, &i.Author, &i.Expires, &i.State, &i.Member, &i.Login, &i.Public, &i.Verifier, &i.Locked}
}

// AddInvitation adds an open invitation.
func (t *Tx) AddInvitation(i Invitation) error {
	_, err := t.exec("invitation_add", i.ID, i.Token, i.Roles, i.Author, i.Expires)
	return err
}

// InvitationByToken finds an invitation by the hash of its token, or ErrNone.
func (t *Tx) InvitationByToken(hash []byte) (i Invitation, err error) {
	return i, t.row("invitation_by_token", []any{hash}, i.fields()...)
}

// Invitation gives an invitation by id, or ErrNone.
func (t *Tx) Invitation(id string) (i Invitation, err error) {
	return i, t.row("invitation_by_id", []any{id}, i.fields()...)
}

// Invitations gives all that are open or waiting.
func (t *Tx) Invitations() ([]Invitation, error) {
	return list(t, "invitations", nil, (*Invitation).fields)
}

// TakeInvitation keeps what the invited person chose; ErrConflict if it was used.
func (t *Tx) TakeInvitation(i Invitation) error {
	return t.one("invitation_take", i.Member, i.Login, i.Public, i.Verifier, i.Locked, i.ID)
}

// DropInvitation takes an invitation away.
func (t *Tx) DropInvitation(id string) error {
	return t.one("invitation_drop", id)
}

// Mark is one thing that members noted on a report, sealed.
type Mark struct {
	Report string
	N      int64
	Sealed []byte
	Epoch  int64
	Day    int64
}

func (m *Mark) fields() []any { return []any{&m.Report, &m.N, &m.Sealed, &m.Epoch, &m.Day} }

// AddMark adds a mark; its number must be new.
func (t *Tx) AddMark(m Mark) error {
	_, err := t.exec("mark_add", m.Report, m.N, m.Sealed, m.Epoch, m.Day)
	return err
}

// Marks gives what was noted on a report, oldest first.
func (t *Tx) Marks(report string) ([]Mark, error) {
	return list(t, "marks_of", []any{report}, (*Mark).fields)
}

// Profile is what a member says of themselves to their colleagues, sealed.
type Profile struct {
	Member string
	Sealed []byte
	Epoch  int64
}

func (p *Profile) fields() []any { return []any{&p.Member, &p.Sealed, &p.Epoch} }

// PutProfile keeps a profile.
func (t *Tx) PutProfile(p Profile) error {
	_, err := t.exec("profile_put", p.Member, p.Sealed, p.Epoch)
	return err
}

// DropProfile destroys a profile.
func (t *Tx) DropProfile(member string) error {
	_, err := t.exec("profile_drop", member)
	return err
}

// Profiles gives all profiles.
func (t *Tx) Profiles() ([]Profile, error) {
	return list(t, "profiles", nil, (*Profile).fields)
}
