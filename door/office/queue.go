package office

import (
	"net/http"
	"time"

	"homeward/work/desk"
)

type queueView struct {
	desk.Queue
	Head           string
	Of             string // only those like this one, or "mine", "muted", "asleep"
	Now            time.Time
	Names          map[string]string
	WaitingMembers int
}

// queue is GET /desk: what is unread, most urgent first; to others, the way in, or
// what their roles let them see.
func (o *office) queue(w http.ResponseWriter, r *http.Request) {
	s, err := o.who(r)
	if err != nil {
		o.askSignIn(w, r, http.StatusOK, "")
		return
	}
	if s.May(desk.ReadReports) != nil {
		http.Redirect(w, r, "/desk/members", http.StatusSeeOther)
		return
	}
	q, err := o.Desk.Queue(r.Context(), s)
	if err != nil {
		o.Log.Error("the queue could not be read", "error", err)
		o.fail(w, r, http.StatusInternalServerError, "The queue could not be read. Nothing is lost. Try again.")
		return
	}
	v := queueView{Queue: q, Head: "Unread", Of: r.URL.Query().Get("of"), Now: o.Now()}
	if v.Names, err = o.Desk.Names(r.Context(), s); err != nil {
		o.broken(w, r, err)
		return
	}
	if !q.Waits {
		m, err := o.Desk.Members(r.Context(), s)
		if err != nil {
			o.broken(w, r, err)
			return
		}
		v.WaitingMembers = m.Waiting
	}
	switch v.Of {
	case "":
	case "mine":
		v.Head, v.Rows = "Mine", nil
		for _, sum := range q.All {
			if sum.To == s.Member {
				v.Rows = append(v.Rows, sum)
			}
		}
	case "muted":
		v.Head, v.Rows = "Muted", q.Muted
	case "asleep":
		v.Head, v.Rows = "Put off", q.Asleep
	default:
		v.Head, v.Rows = "Nearly the same", o.Desk.Alike(s, v.Of)
	}
	// A page of more rows than anybody reads would only be slow.
	const most = 300
	v.Behind += max(0, len(v.Rows)-most)
	v.Rows = v.Rows[:min(most, len(v.Rows))]
	o.show(w, r, http.StatusOK, "queue", v.Head, s, v)
}

// broken says that something failed on our side, and notes it.
func (o *office) broken(w http.ResponseWriter, r *http.Request, err error) {
	o.Log.Error("a page of the desk failed", "route", r.Pattern, "error", err)
	o.fail(w, r, http.StatusInternalServerError, "That did not work, and not because of you. Nothing is lost. Try again; if it stays so, look into the server's log.")
}
