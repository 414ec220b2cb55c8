package vault

// KeyOfBoth gives the key that follows from two secrets together, for one purpose.
// Who has one of them has nothing. The first may be of any length, such as the token
// in a cookie; both must be random.
func KeyOfBoth(purpose string, one []byte, other Key) Key {
	if other.None() || len(one) == 0 {
		panic("vault: one of two secrets is missing")
	}
	from := append(other.Bytes(), one...) // the length of a Key is fixed: no two pairs are alike
	k, err := KeyOf(derive(from, "homeward/both/v1/"+purpose, KeySize))
	clear(from)
	if err != nil {
		panic(err) // KeySize bytes are always a key
	}
	return k
}
