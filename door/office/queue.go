package office

import (
	"net/http"
	"time"

	"homeward/work/desk"
)

type queueView struct {
	desk.Queue
	Of  string // only those like this one, or "muted"
	Now time.Time
}

// queue is GET /desk: what is unread, most urgent first; to others, the way in.
func (o *office) queue(w http.ResponseWriter, r *http.Request) {
	s, err := o.who(r)
	if err != nil {
		o.askSignIn(w, r, http.StatusOK, "")
		return
	}
	if s.May(desk.ReadReports) != nil {
		o.forbidden(w, r)
		return
	}
	q, err := o.Desk.Queue(r.Context(), s)
	if err != nil {
		o.Log.Error("the queue could not be read", "error", err)
		o.fail(w, r, http.StatusInternalServerError, "The queue could not be read. Nothing is lost. Try again.")
		return
	}
	v := queueView{Queue: q, Of: r.URL.Query().Get("of"), Now: o.Now()}
	switch v.Of {
	case "":
	case "muted":
		v.Rows = q.Muted
	default:
		v.Rows = o.Desk.Alike(v.Of)
	}
	// A page of more rows than anybody reads would only be slow.
	const most = 300
	v.Behind += max(0, len(v.Rows)-most)
	v.Rows = v.Rows[:min(most, len(v.Rows))]
	o.show(w, r, http.StatusOK, "queue", "Unread", s, v)
}
