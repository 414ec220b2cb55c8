package store

// Server is one of several that run a desk. Public is new at each start.
type Server struct {
	ID      string
	Public  []byte
	Seen    int64  // unix microseconds
	Vouched []byte // by the key that servers have and the database has not
}

func (s *Server) fields() []any { return []any{&s.ID, &s.Public, &s.Seen, &s.Vouched} }

// PutServer keeps a server's row, or brings it up to date.
func (t *Tx) PutServer(s Server) error {
	_, err := t.exec("server_put", s.ID, s.Public, s.Seen, s.Vouched)
	return err
}

// Servers gives the servers that were there after a time.
func (t *Tx) Servers(after int64) ([]Server, error) {
	return list(t, "servers", []any{after}, (*Server).fields)
}

// DropServers takes out those that were last there at a time or before.
func (t *Tx) DropServers(until int64) error {
	_, err := t.exec("servers_drop", until)
	return err
}

// Session is a member's keys for some minutes, sealed so that neither the row nor
// the cookie opens them alone.
type Session struct {
	Member  string
	Sealed  []byte
	Expires int64  // unix microseconds
	Vouched []byte // as Server's
}

// PutSession keeps a new session under the hash of its token.
func (t *Tx) PutSession(id []byte, s Session) error {
	_, err := t.exec("session_put", id, s.Member, s.Sealed, s.Expires, s.Vouched)
	return err
}

// Session gives a session, or ErrNone. Whether it has expired is the caller's to see.
func (t *Tx) Session(id []byte) (s Session, err error) {
	return s, t.row("session", []any{id}, &s.Member, &s.Sealed, &s.Expires, &s.Vouched)
}

// TouchSession says that somebody is still there; ErrConflict if the session is gone.
func (t *Tx) TouchSession(id []byte, expires int64, vouched []byte) error {
	return t.one("session_touch", expires, vouched, id)
}

// DropSession destroys a session, with the keys to it.
func (t *Tx) DropSession(id []byte) error {
	if _, err := t.exec("session_drop", id); err != nil {
		return err
	}
	_, err := t.exec("session_keys_drop", id)
	return err
}

// ExpireSessions destroys sessions whose time is past.
func (t *Tx) ExpireSessions(now int64) error {
	if _, err := t.exec("sessions_expire", now); err != nil {
		return err
	}
	_, err := t.exec("session_keys_tidy")
	return err
}

// PutSessionKey keeps a server's key to a session; nothing happens if the session is
// gone or the server has one.
func (t *Tx) PutSessionKey(id []byte, server string, sealed []byte) error {
	_, err := t.exec("session_key_put", server, sealed, id)
	return err
}

// SessionKey gives a server's key to a session, or ErrNone.
func (t *Tx) SessionKey(id []byte, server string) (sealed []byte, err error) {
	return sealed, t.row("session_key", []any{id, server}, &sealed)
}
