package store

// The methods below are what keep/ledger asks of where it is kept.

// LedgerSize locks the end of the ledger against other appenders until the
// transaction ends, and gives its size.
func (t *Tx) LedgerSize() (size int64, err error) {
	if t.readOnly {
		return size, t.row("ledger_size", nil, &size)
	}
	return size, t.row("ledger_head", nil, &size)
}

// CountLedger counts the rows that are there.
func (t *Tx) CountLedger() (n int64, err error) { return n, t.row("ledger_rows", nil, &n) }

// AppendLedger adds a row at the end.
func (t *Tx) AppendLedger(seq int64, leaf, event, salt, signature []byte) error {
	if _, err := t.exec("ledger_append", seq, leaf, event, salt, signature); err != nil {
		return err
	}
	return t.one("ledger_grow", seq+1)
}

// LedgerRows calls f for the rows from, inclusive, to, exclusive, in order.
func (t *Tx) LedgerRows(from, to int64, f func(seq int64, leaf, event, salt, signature []byte) error) error {
	// In pages, so that f may ask for other rows: a transaction has one answer open
	// at a time.
	const page = 500
	type row struct {
		seq                          int64
		leaf, event, salt, signature []byte
	}
	for ; from < to; from += page {
		rows, err := list(t, "ledger_range", []any{from, min(to, from+page)}, func(r *row) []any {
			return []any{&r.seq, &r.leaf, &r.event, &r.salt, &r.signature}
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := f(r.seq, r.leaf, r.event, r.salt, r.signature); err != nil {
				return err
			}
		}
	}
	return nil
}

// PutLedgerHash keeps a hash of the tree; it must be new.
func (t *Tx) PutLedgerHash(n int64, hash []byte) error {
	_, err := t.exec("ledger_hash_put", n, hash)
	return err
}

// LedgerHash gives a hash of the tree, or ErrNone.
func (t *Tx) LedgerHash(n int64) (hash []byte, err error) {
	return hash, t.row("ledger_hash", []any{n}, &hash)
}

// PutCheckpoint keeps a signed checkpoint.
func (t *Tx) PutCheckpoint(size int64, note string, day int64) error {
	_, err := t.exec("checkpoint_put", size, note, day)
	return err
}

// Checkpoints calls f for all checkpoints, smallest first.
func (t *Tx) Checkpoints(f func(size int64, note string, day int64) error) error {
	type checkpoint struct {
		size, day int64
		note      string
	}
	all, err := list(t, "checkpoints", nil, func(c *checkpoint) []any { return []any{&c.size, &c.note, &c.day} })
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := f(c.size, c.note, c.day); err != nil {
			return err
		}
	}
	return nil
}
