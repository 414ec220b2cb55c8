package office

import (
	"context"
	"errors"
	"html/template"
	"net/http"

	"homeward/form/picture"
	"homeward/form/say"
	"homeward/work/desk"
)

// hiring is how members come, change and go.
type hiring interface {
	Members(ctx context.Context, s *desk.Session) (desk.Members, error)
	Names(ctx context.Context, s *desk.Session) (map[string]string, error)
	GiveKeys(ctx context.Context, s *desk.Session) (int, error)
	Invite(ctx context.Context, s *desk.Session, roles []string) (string, error)
	Withdraw(ctx context.Context, s *desk.Session, id string) error
	Invitation(ctx context.Context, token string) (string, error)
	Join(ctx context.Context, token, login, passphrase string, second []byte, code string) (desk.Words, error)
	Applicant(ctx context.Context, s *desk.Session, id string) (desk.Invited, desk.Words, error)
	Confirm(ctx context.Context, s *desk.Session, id, same string) error
	SetRoles(ctx context.Context, s *desk.Session, member string, roles []string) error
	Leave(ctx context.Context, s *desk.Session, member, to string) error
	NewPassphrase(ctx context.Context, s *desk.Session, old, code, fresh string) error
	NewAuthenticator(ctx context.Context, s *desk.Session, passphrase, code string, second []byte, with string) error
	SetLanguages(ctx context.Context, s *desk.Session, tags []string) error
}

type membersView struct {
	desk.Members
	Message string
	Me      string
	Roles   []string
}

// members is GET /desk/members.
func (o *office) members(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.memberList(w, r, s, http.StatusOK, "")
}

func (o *office) memberList(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, message string) {
	m, err := o.Desk.Members(r.Context(), s)
	if err != nil {
		o.memberTrouble(w, r, err)
		return
	}
	o.show(w, r, status, "members", "Members", s, membersView{m, message, s.Member, desk.Roles})
}

// memberTrouble says what went wrong where there is nothing to show beside it.
func (o *office) memberTrouble(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, desk.ErrForbidden):
		o.forbidden(w, r)
	case errors.Is(err, desk.ErrNone):
		o.fail(w, r, http.StatusNotFound, "There is no such member or invitation, or no more.")
	case errors.Is(err, desk.ErrForged):
		o.Log.Error("stopped: the roll of members does not hold", "error", err)
		o.fail(w, r, http.StatusConflict, "Stopped: a key in the database was not made by this desk. Somebody has changed the database. Shut the door, keep the disk as it is, and compare the ledger with a checkpoint kept elsewhere.")
	default:
		o.broken(w, r, err)
	}
}

// hired ends what was done with members: back to the list.
func (o *office) hired(w http.ResponseWriter, r *http.Request, s *desk.Session, err error) {
	switch {
	case err == nil:
		http.Redirect(w, r, "/desk/members", http.StatusSeeOther)
	case errors.Is(err, desk.ErrRoles):
		o.memberList(w, r, s, http.StatusUnprocessableEntity, "Not done: choose at least one role.")
	case errors.Is(err, desk.ErrLast):
		o.memberList(w, r, s, http.StatusConflict, "Not done: a desk cannot be without an administrator and a coordinator who holds its keys.")
	case errors.Is(err, desk.ErrConflict):
		o.memberList(w, r, s, http.StatusConflict, "Not done: something was changed meanwhile. Look again.")
	case errors.Is(err, desk.ErrTaken):
		o.memberList(w, r, s, http.StatusConflict, "Not done: somebody signs in with this name already. Withdraw, and invite anew.")
	case errors.Is(err, desk.ErrKeyless):
		o.memberList(w, r, s, http.StatusConflict, "Not done: you have no keys of this desk yet.")
	default:
		o.memberTrouble(w, r, err)
	}
}

// giveKeys is POST /desk/members/keys.
func (o *office) giveKeys(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	_, err := o.Desk.GiveKeys(r.Context(), s)
	o.hired(w, r, s, err)
}

// chosen are the boxes that were ticked.
func chosen(r *http.Request) []string {
	_ = r.PostFormValue("") // reads the form
	return r.PostForm["role"]
}

// invite is POST /desk/members/invite. The link is shown once.
func (o *office) invite(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	token, err := o.Desk.Invite(r.Context(), s, chosen(r))
	if err != nil {
		o.hired(w, r, s, err)
		return
	}
	o.show(w, r, http.StatusOK, "invited", "A one-time link", s, o.origin(r)+"/desk/join/"+token)
}

// origin is how this site was reached, so that a link can be copied whole.
func (o *office) origin(r *http.Request) string {
	if o.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

type applicantView struct {
	Invited desk.Invited
	Words   desk.Words
}

// applicant is GET /desk/members/a/{id}.
func (o *office) applicant(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	i, words, err := o.Desk.Applicant(r.Context(), s, r.PathValue("id"))
	if err != nil {
		o.memberTrouble(w, r, err)
		return
	}
	o.show(w, r, http.StatusOK, "applicant", "Compare the words", s, applicantView{i, words})
}

// confirm is POST /desk/members/a/{id}/confirm.
func (o *office) confirm(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.hired(w, r, s, o.Desk.Confirm(r.Context(), s, r.PathValue("id"), r.PostFormValue("same")))
}

// withdraw is POST /desk/members/a/{id}/withdraw.
func (o *office) withdraw(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.hired(w, r, s, o.Desk.Withdraw(r.Context(), s, r.PathValue("id")))
}

// setRoles is POST /desk/members/m/{id}/roles.
func (o *office) setRoles(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.hired(w, r, s, o.Desk.SetRoles(r.Context(), s, r.PathValue("id"), chosen(r)))
}

type leaveView struct {
	Message string
	Who     desk.Colleague
	To      []desk.Colleague
}

// leaveForm is GET /desk/members/m/{id}/leave: all of it on one screen.
func (o *office) leaveForm(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.leaving(w, r, s, http.StatusOK, "")
}

func (o *office) leaving(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, message string) {
	m, err := o.Desk.Members(r.Context(), s)
	if err != nil {
		o.memberTrouble(w, r, err)
		return
	}
	v := leaveView{Message: message}
	for _, c := range m.All {
		switch {
		case c.State != "active":
		case c.ID == r.PathValue("id"):
			v.Who = c
		case desk.May(c.Roles, desk.AnswerReports):
			v.To = append(v.To, c)
		}
	}
	if v.Who.ID == "" {
		o.memberTrouble(w, r, desk.ErrNone)
		return
	}
	o.show(w, r, status, "leave", "They leave the desk", s, v)
}

// leave is POST /desk/members/m/{id}/leave.
func (o *office) leave(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	if r.PostFormValue("sure") != "yes" {
		o.leaving(w, r, s, http.StatusUnprocessableEntity, "Not done: tick the box.")
		return
	}
	err := o.Desk.Leave(r.Context(), s, r.PathValue("id"), r.PostFormValue("to"))
	if errors.Is(err, desk.ErrNotHere) {
		o.leaving(w, r, s, http.StatusUnprocessableEntity, "Not done: choose a colleague who answers reports.")
		return
	}
	o.hired(w, r, s, err)
}

// chooseView is the part of a form in which somebody chooses how to sign in.
type chooseView struct {
	say.Phrases
	Name, Second, URI string
	QR                template.HTML
}

// choosing makes that part, with a new authenticator's secret or the one that was
// shown before.
func (o *office) choosing(r *http.Request, name, second string) chooseView {
	secret, err := desk.SecondOf(second)
	if err != nil {
		secret = desk.NewSecond()
	}
	v := chooseView{Phrases: phrases(r), Name: name}
	v.Second, v.URI = desk.SecondText("", secret)
	if svg, err := picture.QR(v.URI, v.T("The same as a picture, for the camera of your phone")); err == nil {
		v.QR = template.HTML(svg) //nolint:gosec // of numbers and an escaped label
	}
	return v
}

type joinView struct {
	Message, Token, Roles string
	Choose                chooseView
}

// joinForm is GET /desk/join/{token}.
func (o *office) joinForm(w http.ResponseWriter, r *http.Request) {
	o.joining(w, r, http.StatusOK, "")
}

func (o *office) joining(w http.ResponseWriter, r *http.Request, status int, message string) {
	roles, err := o.Desk.Invitation(r.Context(), r.PathValue("token"))
	if err != nil {
		o.notInvited(w, r, err)
		return
	}
	v := joinView{Message: message, Token: r.PathValue("token"), Roles: roles, Choose: o.choosing(r, r.PostFormValue("name"), r.PostFormValue("second"))}
	o.show(w, r, status, "join", "Join this desk", nil, v)
}

func (o *office) notInvited(w http.ResponseWriter, r *http.Request, err error) {
	if !errors.Is(err, desk.ErrInvite) {
		o.broken(w, r, err)
		return
	}
	o.fail(w, r, http.StatusNotFound, "This link was used, or is over, or never was. If it was not you who used it, call whoever sent it now.")
}

// join is POST /desk/join/{token}.
func (o *office) join(w http.ResponseWriter, r *http.Request) {
	f := r.PostFormValue
	if f("passphrase") != f("again") {
		o.joining(w, r, http.StatusUnprocessableEntity, "Not done: the two passphrases are not the same.")
		return
	}
	second, err := desk.SecondOf(f("second"))
	var words desk.Words
	if err == nil {
		words, err = o.Desk.Join(r.Context(), r.PathValue("token"), f("name"), f("passphrase"), second, f("code"))
	}
	if err != nil {
		status, message := chosenBadly(err)
		switch {
		case message != "":
			o.joining(w, r, status, message)
		default:
			o.notInvited(w, r, err)
		}
		return
	}
	o.show(w, r, http.StatusOK, "words", "Read these words out", nil, words)
}

// chosenBadly says what is wrong with what somebody chose; "" if that is not it.
func chosenBadly(err error) (status int, message string) {
	var weak *desk.TooWeak
	switch {
	case errors.As(err, &weak):
		return http.StatusUnprocessableEntity, "Not done: the name has 2 to 60 letters, and the passphrase at least 15 characters; four or five words are good."
	case errors.Is(err, desk.ErrSecond):
		return http.StatusUnprocessableEntity, "Not done: this is not the code that the authenticator shows now."
	case errors.Is(err, desk.ErrTaken):
		return http.StatusConflict, "Not done: choose another name."
	case errors.Is(err, desk.ErrSignIn):
		return http.StatusForbidden, "Not done: the passphrase or the code you have is wrong, or the code was used already. A new code comes every 30 seconds."
	case errors.Is(err, desk.ErrBusy):
		return http.StatusServiceUnavailable, "Many sign in at this moment. Try again in a minute."
	}
	return 0, ""
}
