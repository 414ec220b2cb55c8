package office

import (
	"net/http"
	"time"

	"homeward/work/desk"
)

type queueView struct {
	Rows   []desk.Summary
	Behind int // still being opened
	Now    time.Time
}

// queue is GET /desk: what is unread, most urgent first; to others, the way in.
func (o *office) queue(w http.ResponseWriter, r *http.Request) {
	s, err := o.who(r)
	if err != nil {
		o.askSignIn(w, http.StatusOK, "")
		return
	}
	rows, behind, err := o.Desk.Queue(r.Context(), s)
	if err != nil {
		o.Log.Error("the queue could not be read", "error", err)
		o.fail(w, http.StatusInternalServerError, "The queue could not be read. Nothing is lost. Try again.")
		return
	}
	// A page of more rows than anybody reads would only be slow.
	const most = 300
	o.show(w, http.StatusOK, "queue", "Unread", s, queueView{rows[:min(most, len(rows))], behind + max(0, len(rows)-most), o.Now()})
}
