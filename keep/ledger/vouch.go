package ledger

import (
	"crypto/ed25519"
	"encoding/binary"
)

// Vouch signs what a running server says to the desk's other servers. They have the
// same key; whoever can only write to the database has not. Parts cannot be shifted
// into one another, and what is signed is neither a row nor a checkpoint.
func (l *Log) Vouch(purpose string, parts ...[]byte) []byte {
	return ed25519.Sign(l.key, vouchMessage(l.name, purpose, parts))
}

// Vouched says whether a server with this log's key signed these parts for this
// purpose.
func (l *Log) Vouched(signature []byte, purpose string, parts ...[]byte) bool {
	return ed25519.Verify(l.key.Public().(ed25519.PublicKey), vouchMessage(l.name, purpose, parts), signature)
}

func vouchMessage(name, purpose string, parts [][]byte) []byte {
	b := []byte("homeward/vouch/v1\n")
	for _, p := range append([][]byte{[]byte(name), []byte(purpose)}, parts...) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}
