package intake

import (
	"context"
	"crypto/sha256"
	"errors"

	"homeward/keep/store"
	"homeward/keep/vault"
)

// A file can also come in pieces, each in a request of its own, in any order and as
// often as it takes: for scripts, and for clients that pick up where a line broke.

// BeginFile makes room for a file, or finds the one that was begun with this nonce.
func (in *Intake) BeginFile(ctx context.Context, v *Visit, nonce string) (id string, err error) {
	once := v.code.Once([]byte("file " + nonce))
	err = in.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Attachments(v.report.ID)
		for _, a := range all {
			if string(a.Once) == string(once) {
				id = a.ID
			}
		}
		return err
	})
	if err != nil || id != "" {
		return id, err
	}
	up, _, err := in.begin(ctx, v, nonce)
	return up.id, err
}

// resume takes up a file that was begun under this visit's code.
func (in *Intake) resume(ctx context.Context, v *Visit, id string) (upload, store.Attachment, error) {
	var a store.Attachment
	if err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.Attachment(id)
		return err
	}); err != nil && !errors.Is(err, store.ErrNone) {
		return upload{}, a, err
	}
	if a.Report != v.report.ID {
		return upload{}, a, ErrUnknown
	}
	key, err := Keys{Mailbox: v.code.Mailbox()}.fileKey(a)
	return upload{id, a.Report, key}, a, err
}

// PutPiece keeps piece n, counted from zero: ChunkSize bytes, but for the last. Sent
// twice, the later one stands.
func (in *Intake) PutPiece(ctx context.Context, v *Visit, id string, n int64, b []byte) error {
	if n < 0 || n >= MaxFile/ChunkSize+1 || len(b) == 0 || len(b) > ChunkSize {
		return ErrHeavy
	}
	up, a, err := in.resume(ctx, v, id)
	if err != nil {
		return err
	}
	if a.State == store.Whole {
		return nil
	}
	return in.chunk(ctx, up, n, b)
}

// Pieces says which pieces are there, and whether the file is whole.
func (in *Intake) Pieces(ctx context.Context, v *Visit, id string) (have []int64, whole bool, err error) {
	_, a, err := in.resume(ctx, v, id)
	if err != nil {
		return nil, false, err
	}
	err = in.Store.Read(ctx, func(tx *store.Tx) error {
		have, err = tx.Chunks(id, store.Original)
		return err
	})
	return have, a.State == store.Whole, err
}

// FinishFile makes a file whole whose pieces are all there and have this hash:
// ErrFile if they have not, and nothing is lost.
func (in *Intake) FinishFile(ctx context.Context, v *Visit, id, name, sum string) error {
	up, a, err := in.resume(ctx, v, id)
	if err != nil || a.State == store.Whole {
		return err
	}
	have, _, err := in.Pieces(ctx, v, id)
	if err != nil {
		return err
	}
	h := sha256.New()
	size := int64(0)
	for i, n := range have {
		if n != int64(i) {
			return ErrFile
		}
		var sealed []byte
		if err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
			sealed, err = tx.Chunk(id, store.Original, n)
			return err
		}); err != nil {
			return err
		}
		b, err := up.key.Open(filePlace(id, store.Original, n, 0), sealed)
		if err != nil {
			return vault.ErrSealed
		}
		if i < len(have)-1 && len(b) != ChunkSize {
			return ErrFile
		}
		h.Write(b)
		size += int64(len(b))
	}
	if size == 0 || hexSum(h) != sum {
		return ErrFile
	}
	if size > MaxFile {
		return in.giveUp(ctx, up, ErrHeavy)
	}
	return in.finish(ctx, v, up, FileMeta{Name: fileName(name), Size: size, SHA256: sum})
}
