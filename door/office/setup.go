package office

import (
	"crypto/subtle"
	"net/http"
	"sync"
	"time"

	"homeward/work/desk"
	"homeward/work/intake"
)

// setup is a desk that is about to be set up: what was made waits in memory until its
// shares are on paper, and is forgotten after a while.
type setup struct {
	mu       sync.Mutex
	prepared *desk.Prepared
	who      intake.Operator
	until    time.Time
}

const (
	setupFor = 30 * time.Minute
	// trustees who get shares, and how many of them open something together.
	sharesNeeded, sharesMade = 2, 3
)

// mayBegin says whether a request holds the token, on a desk that nobody has set up.
func (o *office) mayBegin(w http.ResponseWriter, r *http.Request, token string) bool {
	empty, err := o.Desk.Empty(r.Context())
	if err != nil {
		o.broken(w, r, err)
		return false
	}
	if o.SetUpToken == "" || !empty {
		o.fail(w, r, http.StatusNotFound, "There is no such page.")
		return false
	}
	return r.Method == http.MethodGet || subtle.ConstantTimeCompare([]byte(token), []byte(o.SetUpToken)) == 1
}

type setupView struct {
	Message, Token string
	Choose         chooseView
	Form           operatorForm
}

// setupForm is GET /desk/setup.
func (o *office) setupForm(w http.ResponseWriter, r *http.Request) {
	if o.mayBegin(w, r, "") {
		o.settingUp(w, r, http.StatusOK, "")
	}
}

func (o *office) settingUp(w http.ResponseWriter, r *http.Request, status int, message string) {
	f := r.PostFormValue
	o.show(w, r, status, "setup", "Set up the desk", nil, setupView{message, f("token"), o.choosing(r, f("name"), f("second")), operatorForm{Phrases: phrases(r), O: operatorOf(r, "")}})
}

// prepare is POST /desk/setup: keys and shares are made, and nothing is kept yet.
func (o *office) prepare(w http.ResponseWriter, r *http.Request) {
	f := r.PostFormValue
	if empty, err := o.Desk.Empty(r.Context()); err != nil || !empty || o.SetUpToken == "" {
		o.mayBegin(w, r, "")
		return
	}
	if !o.mayBegin(w, r, f("token")) {
		o.settingUp(w, r, http.StatusForbidden, "Not done: this is not the token that the server printed.")
		return
	}
	if f("passphrase") != f("again") {
		o.settingUp(w, r, http.StatusUnprocessableEntity, "Not done: the two passphrases are not the same.")
		return
	}
	who := operatorOf(r, "")
	if err := desk.CheckOperator(&who); err != nil {
		o.settingUp(w, r, http.StatusUnprocessableEntity, "Not done: who is on call is mailto: and an address, or https:// and an address, and no box holds more than 600 characters.")
		return
	}
	second, err := desk.SecondOf(f("second"))
	if err == nil {
		err = desk.CheckSecond(second, f("code"), o.Now())
	}
	var p *desk.Prepared
	if err == nil {
		p, err = o.Desk.Prepare(r.Context(), f("name"), f("passphrase"), second, sharesNeeded, sharesMade)
	}
	if err != nil {
		if status, message := chosenBadly(err); message != "" {
			o.settingUp(w, r, status, message)
			return
		}
		o.broken(w, r, err)
		return
	}
	o.setup.mu.Lock()
	o.setup.prepared, o.setup.who, o.setup.until = p, who, o.Now().Add(setupFor)
	o.setup.mu.Unlock()
	o.shares(w, r, http.StatusOK, "", p)
}

type sharesView struct {
	Message, Token string
	K              int
	Shares         []string
}

func (o *office) shares(w http.ResponseWriter, r *http.Request, status int, message string, p *desk.Prepared) {
	o.show(w, r, status, "shares", "Print these shares", nil, sharesView{message, o.SetUpToken, p.K, p.Shares})
}

// begin is POST /desk/setup/done: with the last group of a share the desk is kept.
func (o *office) begin(w http.ResponseWriter, r *http.Request) {
	if empty, err := o.Desk.Empty(r.Context()); err != nil || !empty || o.SetUpToken == "" {
		o.mayBegin(w, r, "")
		return
	}
	if !o.mayBegin(w, r, r.PostFormValue("token")) {
		o.settingUp(w, r, http.StatusForbidden, "Not done: this is not the token that the server printed.")
		return
	}
	o.setup.mu.Lock()
	defer o.setup.mu.Unlock()
	p := o.setup.prepared
	if p == nil || o.Now().After(o.setup.until) {
		o.setup.prepared = nil
		o.settingUp(w, r, http.StatusGone, "It took too long, and nothing was kept. Throw away what you printed and begin again.")
		return
	}
	if !p.Holds(r.PostFormValue("group")) {
		o.shares(w, r, http.StatusUnprocessableEntity, "That is not the last group of any of these shares. Look at the paper.", p)
		return
	}
	if err := o.Desk.Begin(r.Context(), p, o.setup.who); err != nil {
		o.broken(w, r, err)
		return
	}
	o.setup.prepared = nil
	o.askSignIn(w, r, http.StatusOK, "The desk is set up. Sign in with the next code of your authenticator.")
}
