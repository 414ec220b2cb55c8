package public

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"homeward/work/intake"
)

// A file in pieces, for scripts and clients: begin it, put its pieces, ask which are
// there, finish it. The visit that a code opens stands in the Authorization header.

type pieceError struct {
	Error string `json:"error"`
}

// visitor gives the visit of a program.
func (d *door) visitor(w http.ResponseWriter, r *http.Request) *intake.Visit {
	if d.Intake == nil {
		sendValue(w, http.StatusServiceUnavailable, pieceError{"no desk stands behind this door"})
		return nil
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		sendValue(w, http.StatusUnauthorized, pieceError{"give the visit as Authorization: Bearer …; it is the field v of the page that a code opens"})
		return nil
	}
	v, err := d.Intake.Continue(r.Context(), token)
	if err != nil {
		sendValue(w, http.StatusForbidden, pieceError{"this visit is over; open the code again"})
		return nil
	}
	return v
}

// failPiece says what went wrong with a piece.
func (d *door) failPiece(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, intake.ErrUnknown):
		sendValue(w, http.StatusNotFound, pieceError{"there is no such file under this code"})
	case errors.Is(err, intake.ErrHeavy):
		sendValue(w, http.StatusRequestEntityTooLarge, pieceError{"too large, too many, or no piece of this file"})
	case errors.Is(err, intake.ErrFile):
		sendValue(w, http.StatusConflict, pieceError{"pieces are missing, or together they have another hash; nothing is lost: ask which are there and send the others"})
	default:
		d.Log.Error("a piece of a file could not be kept", "error", err)
		sendValue(w, http.StatusServiceUnavailable, pieceError{"not kept; send it again"})
	}
}

func readSmall(r *http.Request, into any) error {
	return json.NewDecoder(io.LimitReader(r.Body, 4<<10)).Decode(into)
}

// fileBegin is POST /api/v1/files.
func (d *door) fileBegin(w http.ResponseWriter, r *http.Request) {
	v := d.visitor(w, r)
	if v == nil {
		return
	}
	var b struct{ Nonce string }
	if err := readSmall(r, &b); err != nil || len(b.Nonce) < 8 || len(b.Nonce) > 64 {
		sendValue(w, http.StatusBadRequest, pieceError{`send {"nonce": "8 to 64 letters of your choice, the same when you try again"}`})
		return
	}
	id, err := d.Intake.BeginFile(r.Context(), v, b.Nonce)
	if err != nil {
		d.failPiece(w, err)
		return
	}
	sendValue(w, http.StatusOK, struct {
		ID    string `json:"id"`
		Piece int    `json:"piece"` // bytes of each but the last
		Most  int    `json:"most"`  // bytes of a file
	}{id, intake.ChunkSize, intake.MaxFile})
}

// filePiece is PUT /api/v1/files/{id}/{n}.
func (d *door) filePiece(w http.ResponseWriter, r *http.Request) {
	v := d.visitor(w, r)
	if v == nil {
		return
	}
	a := d.newAsked(w, r)
	defer a.free()
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 64)
	if err != nil {
		d.failPiece(w, intake.ErrHeavy)
		return
	}
	b, err := a.read(a.held, r.Body, intake.ChunkSize, intake.ErrHeavy)
	if err == nil {
		err = d.Intake.PutPiece(r.Context(), v, r.PathValue("id"), n, b)
	}
	if err != nil {
		d.failPiece(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// fileHave is GET /api/v1/files/{id}.
func (d *door) fileHave(w http.ResponseWriter, r *http.Request) {
	v := d.visitor(w, r)
	if v == nil {
		return
	}
	have, whole, err := d.Intake.Pieces(r.Context(), v, r.PathValue("id"))
	if err != nil {
		d.failPiece(w, err)
		return
	}
	if have == nil {
		have = []int64{}
	}
	sendValue(w, http.StatusOK, struct {
		Have  []int64 `json:"have"`
		Whole bool    `json:"whole"`
	}{have, whole})
}

// fileDone is POST /api/v1/files/{id}.
func (d *door) fileDone(w http.ResponseWriter, r *http.Request) {
	v := d.visitor(w, r)
	if v == nil {
		return
	}
	var b struct{ Name, SHA256 string }
	if err := readSmall(r, &b); err != nil {
		sendValue(w, http.StatusBadRequest, pieceError{`send {"name": "…", "sha256": "…"}`})
		return
	}
	if err := d.Intake.FinishFile(r.Context(), v, r.PathValue("id"), b.Name, strings.ToLower(b.SHA256)); err != nil {
		d.failPiece(w, err)
		return
	}
	sendValue(w, http.StatusOK, struct {
		Whole bool `json:"whole"`
	}{true})
}

func sendValue(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that is gone cannot be told
}
