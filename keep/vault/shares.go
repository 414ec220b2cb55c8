package vault

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gtank/ristretto255"
	"golang.org/x/text/unicode/norm"
)

// Recovery by k of n printed shares, without anybody ever holding a master key:
// threshold ElGamal (Desmedt and Frankel, CRYPTO 1989) on ristretto255 (RFC 9496)
// with Feldman's commitments (FOCS 1987). A thing is sealed to the Circle of
// trustees; each of k trustees answers for that one thing; the answers together
// open it and nothing else. The dealer who made the shares is trusted to have
// forgotten them. The curve is classical: a machine that breaks it in years to
// come, and has the disk, opens what was sealed to the Circle.

// Circle is the public side of a set of shares: who something can be sealed to.
type Circle struct {
	K, N        int
	commitments []*ristretto255.Element // of the polynomial; the first is the key
}

// Share is one trustee's part. It prints nothing; Text is for paper.
type Share struct {
	secret
	K, Index int // 1 to n
}

const maxShares = 20

// Deal makes n shares of which any k open what is sealed to the circle. The
// secret they share is forgotten here and never rebuilt.
func Deal(k, n int) (Circle, []Share, error) {
	if k < 2 || n < k || n > maxShares {
		return Circle{}, nil, fmt.Errorf("vault: shares: want 2 ≤ k ≤ n ≤ %d, not %d of %d", maxShares, k, n)
	}
	c := Circle{K: k, N: n}
	poly := make([]*ristretto255.Scalar, k)
	for i := range poly {
		poly[i] = randomScalar()
		c.commitments = append(c.commitments, ristretto255.NewIdentityElement().ScalarBaseMult(poly[i]))
	}
	shares := make([]Share, n)
	for i := range shares {
		x, y := scalarOf(i+1), ristretto255.NewScalar()
		for j := k - 1; j >= 0; j-- {
			y.Multiply(y, x)
			y.Add(y, poly[j])
		}
		shares[i] = shareOf(k, i+1, y)
	}
	for i := range poly {
		poly[i].Zero()
	}
	return c, shares, nil
}

func shareOf(k, index int, y *ristretto255.Scalar) Share {
	s, err := KeyOf(y.Bytes())
	if err != nil {
		panic(err) // a scalar has 32 bytes
	}
	return Share{s.secret, k, index}
}

// Bytes gives a circle as it is stored; CircleOf reads it.
func (c Circle) Bytes() []byte {
	b := []byte{version, byte(c.K), byte(c.N)}
	for _, e := range c.commitments {
		b = append(b, e.Bytes()...)
	}
	return b
}

// CircleOf reads a circle that Bytes gave.
func CircleOf(b []byte) (Circle, error) {
	if len(b) < 3 || b[0] != version || len(b) != 3+32*int(b[1]) || b[1] < 2 || b[2] < b[1] || b[2] > maxShares {
		return Circle{}, errors.New("vault: not a circle of trustees")
	}
	c := Circle{K: int(b[1]), N: int(b[2])}
	for i := 3; i < len(b); i += 32 {
		e := ristretto255.NewIdentityElement()
		if _, err := e.SetCanonicalBytes(b[i : i+32]); err != nil {
			return Circle{}, fmt.Errorf("vault: not a circle of trustees: %w", err)
		}
		c.commitments = append(c.commitments, e)
	}
	return c, nil
}

// of gives the public half of one share: the commitments as a polynomial at its
// index, in the exponent.
func (c Circle) of(index int) *ristretto255.Element {
	x, sum := scalarOf(index), ristretto255.NewIdentityElement()
	for j := len(c.commitments) - 1; j >= 0; j-- {
		sum.ScalarMult(x, sum)
		sum.Add(sum, c.commitments[j])
	}
	return sum
}

// Holds says whether a share is of this circle and whole. Each trustee asks it of
// their own.
func (c Circle) Holds(s Share) bool {
	y, ok := s.scalar()
	return ok && s.K == c.K && s.Index >= 1 && s.Index <= c.N &&
		ristretto255.NewIdentityElement().ScalarBaseMult(y).Equal(c.of(s.Index)) == 1
}

// Wrap seals a key to the circle, for a purpose and a place.
func (c Circle) Wrap(at Place, purpose string, key []byte) []byte {
	e := randomScalar()
	head := ristretto255.NewIdentityElement().ScalarBaseMult(e).Bytes()
	shared := ristretto255.NewIdentityElement().ScalarMult(e, c.commitments[0]).Bytes()
	return append(append([]byte{version}, head...), circleKey(shared, head, purpose).Seal(at, key)...)
}

func circleKey(shared, head []byte, purpose string) Key {
	k, err := KeyOf(derive(append(shared, head...), "homeward/circle/v1/"+purpose, KeySize))
	if err != nil {
		panic(err) // derive gives what it is asked for
	}
	return k
}

// Answer is what one trustee gives so that one wrapped thing can be opened. It
// opens nothing else, and proves that it was made with the trustee's share.
type Answer struct {
	Index  int
	point  *ristretto255.Element
	proofC *ristretto255.Scalar
	proofR *ristretto255.Scalar
}

var errWrapped = errors.New("vault: this was not sealed to trustees")

// Answer answers for one wrapped thing.
func (s Share) Answer(wrapped []byte) (Answer, error) {
	head, err := headOf(wrapped)
	y, ok := s.scalar()
	if err != nil || !ok {
		return Answer{}, errWrapped
	}
	a := Answer{Index: s.Index, point: ristretto255.NewIdentityElement().ScalarMult(y, head)}
	// That one scalar stands behind both points (Chaum and Pedersen, CRYPTO 1992),
	// made to need no talk by hashing (Fiat and Shamir, CRYPTO 1986).
	r := randomScalar()
	a.proofC = challenge(s.Index, head, ristretto255.NewIdentityElement().ScalarBaseMult(y), a.point,
		ristretto255.NewIdentityElement().ScalarBaseMult(r), ristretto255.NewIdentityElement().ScalarMult(r, head))
	a.proofR = ristretto255.NewScalar().Add(r, ristretto255.NewScalar().Multiply(a.proofC, y))
	return a, nil
}

func (c Circle) proves(a Answer, head *ristretto255.Element) bool {
	if a.point == nil || a.Index < 1 || a.Index > c.N {
		return false
	}
	minus := ristretto255.NewScalar().Negate(a.proofC)
	pub := c.of(a.Index)
	u := ristretto255.NewIdentityElement().VarTimeDoubleScalarBaseMult(minus, pub, a.proofR)
	v := ristretto255.NewIdentityElement().VarTimeMultiScalarMult([]*ristretto255.Scalar{a.proofR, minus}, []*ristretto255.Element{head, a.point})
	return challenge(a.Index, head, pub, a.point, u, v).Equal(a.proofC) == 1
}

func challenge(index int, points ...*ristretto255.Element) *ristretto255.Scalar {
	h := sha512.New()
	h.Write([]byte("homeward/answer/v1"))
	h.Write([]byte{byte(index)})
	for _, p := range points {
		h.Write(p.Bytes())
	}
	return uniform(h.Sum(nil))
}

// Combine opens one wrapped thing with the answers of k different trustees. Who
// gave a false answer is named; fewer than k open nothing.
func (c Circle) Combine(at Place, purpose string, wrapped []byte, answers []Answer) ([]byte, error) {
	head, err := headOf(wrapped)
	if err != nil {
		return nil, err
	}
	of := map[int]Answer{}
	for _, a := range answers {
		if !c.proves(a, head) {
			return nil, fmt.Errorf("vault: the answer of share %d is not for this, or not from its share", a.Index)
		}
		of[a.Index] = a
	}
	if len(of) < c.K {
		return nil, fmt.Errorf("vault: %d answers of different shares are needed, there are %d", c.K, len(of))
	}
	sum := ristretto255.NewIdentityElement()
	for i, a := range of {
		// Lagrange at zero.
		num, den := scalarOf(1), scalarOf(1)
		for j := range of {
			if j != i {
				num.Multiply(num, scalarOf(j))
				den.Multiply(den, ristretto255.NewScalar().Subtract(scalarOf(j), scalarOf(i)))
			}
		}
		l := num.Multiply(num, ristretto255.NewScalar().Invert(den))
		sum.Add(sum, ristretto255.NewIdentityElement().ScalarMult(l, a.point))
	}
	return circleKey(sum.Bytes(), wrapped[1:33], purpose).Open(at, wrapped[33:])
}

func headOf(wrapped []byte) (*ristretto255.Element, error) {
	if len(wrapped) < 33 || wrapped[0] != version {
		return nil, errWrapped
	}
	e, err := ristretto255.NewIdentityElement().SetCanonicalBytes(wrapped[1:33])
	if err != nil || e.Equal(ristretto255.NewIdentityElement()) == 1 {
		return nil, errWrapped
	}
	return e, nil
}

// uniform makes a scalar of 64 bytes.
func uniform(b []byte) *ristretto255.Scalar {
	s, err := ristretto255.NewScalar().SetUniformBytes(b)
	if err != nil {
		panic(err) // only for another length
	}
	return s
}

func randomScalar() *ristretto255.Scalar {
	var b [64]byte
	rand.Read(b[:])
	return uniform(b[:])
}

func scalarOf(n int) *ristretto255.Scalar {
	var b [64]byte
	binary.LittleEndian.PutUint64(b[:], uint64(n))
	return uniform(b[:])
}

func (s Share) scalar() (*ristretto255.Scalar, bool) {
	if s.None() {
		return nil, false
	}
	y, err := ristretto255.NewScalar().SetCanonicalBytes(s.bytes()[:])
	return y, err == nil
}

// paper is Crockford's base 32, which has no I, L, O and U to be misread.
var paper = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Text gives a share for paper: "HW", k and index, then groups of five letters and
// digits, the last of which hold a checksum.
func (s Share) Text() string { return onPaper("HW", byte(s.K), byte(s.Index), s.bytes()[:]) }

// ShareOf reads a share from paper: in any case, with any spaces, with I and L
// for 1 and O for 0.
func ShareOf(typed string) (Share, error) {
	k, index, b, err := fromPaper("HW", typed, KeySize)
	if err != nil {
		return Share{}, err
	}
	s, err := KeyOf(b)
	return Share{s.secret, int(k), int(index)}, err
}

// Text gives an answer for a message or paper: it is no secret beyond the one thing
// that it helps to open.
func (a Answer) Text() string {
	return onPaper("HA", 0, byte(a.Index), slices.Concat(a.point.Bytes(), a.proofC.Bytes(), a.proofR.Bytes()))
}

// AnswerOf reads an answer that Text gave.
func AnswerOf(typed string) (Answer, error) {
	_, index, b, err := fromPaper("HA", typed, 96)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Index: int(index)}
	var e1, e2, e3 error
	a.point, e1 = ristretto255.NewIdentityElement().SetCanonicalBytes(b[:32])
	a.proofC, e2 = ristretto255.NewScalar().SetCanonicalBytes(b[32:64])
	a.proofR, e3 = ristretto255.NewScalar().SetCanonicalBytes(b[64:])
	if errors.Join(e1, e2, e3) != nil {
		return Answer{}, errPaper
	}
	return a, nil
}

var errPaper = errors.New("vault: a letter is wrong or missing; compare it with the paper, group by group")

func onPaper(head string, k, index byte, body []byte) string {
	b := append([]byte{version, k, index}, body...)
	sum := sha256.Sum256(append([]byte(head), b...))
	s := paper.EncodeToString(append(b, sum[:4]...))
	var out strings.Builder
	out.WriteString(head)
	for len(s) > 0 {
		n := min(5, len(s))
		out.WriteByte('-')
		out.WriteString(s[:n])
		s = s[n:]
	}
	return out.String()
}

func fromPaper(head, typed string, size int) (k, index byte, body []byte, err error) {
	if len(typed) > longestCode {
		return 0, 0, nil, errPaper
	}
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, strings.ToUpper(norm.NFKC.String(typed)))
	s, ok := strings.CutPrefix(s, head)
	if !ok {
		return 0, 0, nil, fmt.Errorf("vault: this does not begin with %s", head)
	}
	b, err := paper.DecodeString(strings.NewReplacer("I", "1", "L", "1", "O", "0").Replace(s))
	if err != nil || len(b) != 3+size+4 || b[0] != version {
		return 0, 0, nil, errPaper
	}
	sum := sha256.Sum256(append([]byte(head), b[:3+size]...))
	if string(sum[:4]) != string(b[3+size:]) {
		return 0, 0, nil, errPaper
	}
	return b[1], b[2], b[3 : 3+size], nil
}
