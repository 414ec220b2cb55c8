package person

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"homeward/know/name"
)

func listOf(records []Record) List {
	return List{Len: len(records), At: func(row int) Record { return records[row] }}
}

func compareAll(t *testing.T, a []Record, b *List, p Plan) ([]Pair, Compared) {
	t.Helper()
	var out []Pair
	got, err := CompareLists(t.Context(), DefaultWeights(), listOf(a), b, p, func(x Pair) error {
		out = append(out, x)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, got
}

func inventedList(n int) []Record {
	r := rand.New(rand.NewPCG(7, 7))
	var out []Record
	for i := range n {
		x := name.Invent(r.Float64)
		born := fmt.Sprintf("%d-%02d-%02d", 1970+r.IntN(30), 1+r.IntN(12), 1+r.IntN(28))
		out = append(out, Record{ID: fmt.Sprint(i), Name: x.Han, BirthDate: born, Phone: fmt.Sprintf("0900%06d", r.IntN(1e6))})
		if i%4 == 0 {
			out = append(out, Record{ID: fmt.Sprintf("%d again", i), Name: x.Latin, BirthDate: born})
		}
	}
	return out
}

// TestListsFindWhatPairsSay: inside one list every pair that a full comparison
// of all with all calls the same is found, once, with the same bits.
func TestListsFindWhatPairsSay(t *testing.T) {
	records := inventedList(150)
	pairs, got := compareAll(t, records, nil, Plan{})
	if got.Records != len(records) || got.Pairs != len(pairs) {
		t.Errorf("%+v, %d pairs", got, len(pairs))
	}
	found := map[[2]int]float64{}
	for i, p := range pairs {
		if p.A >= p.B {
			t.Fatalf("pair %+v", p)
		}
		if _, twice := found[[2]int{p.A, p.B}]; twice {
			t.Fatalf("twice: %+v", p)
		}
		found[[2]int{p.A, p.B}] = p.Bits
		if i > 0 && (pairs[i-1].A > p.A || pairs[i-1].A == p.A && pairs[i-1].Bits < p.Bits) {
			t.Errorf("order: %+v before %+v", pairs[i-1], p)
		}
	}
	m := Default()
	wanted := 0
	for i := range records {
		for j := i + 1; j < len(records); j++ {
			bits, kind := m.Score(Read(records[i]), Read(records[j]))
			if kind != IsSame {
				continue
			}
			wanted++
			if b, ok := found[[2]int{i, j}]; !ok || b != bits {
				t.Errorf("%v and %v: %.3f bits, found %v with %.3f", records[i], records[j], bits, ok, b)
			}
		}
	}
	if wanted < 25 {
		t.Fatalf("only %d pairs to find: the test says nothing", wanted)
	}
}

// TestListsOrder: the answer does not depend on how many work at it.
func TestListsOrder(t *testing.T) {
	records := inventedList(200)
	one, _ := compareAll(t, records, nil, Plan{Workers: 1, Explain: 6})
	many, _ := compareAll(t, records, nil, Plan{Workers: 7, Explain: 6})
	if !reflect.DeepEqual(one, many) {
		t.Error("one worker and seven give different answers")
	}
	for _, p := range one {
		if p.Verdict == nil || p.Verdict.Bits != p.Bits || p.Verdict.Kind != p.Kind {
			t.Fatalf("%+v has the verdict %+v", p, p.Verdict)
		}
	}
}

func TestTwoLists(t *testing.T) {
	a := []Record{{ID: "1", Name: "黃測明", BirthDate: "民國87年3月5日"}, {ID: "2"}, {ID: "3", Name: "黃測明", BirthDate: "1998-03-05"}}
	b := listOf([]Record{{ID: "x", Name: "Acme Holdings Ltd"}, {ID: "y", Name: "Wong Chak Ming", BirthDate: "1998-03-05", Phone: "0900 000 111"}, {ID: "z", Phone: "0900000111"}})
	pairs, got := compareAll(t, a, &b, Plan{})
	var ids []string
	for _, p := range pairs {
		ids = append(ids, a[p.A].ID+b.At(p.B).ID)
	}
	if want := []string{"1y", "3y"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("%v, want %v: pairs inside a list are no pairs across", ids, want)
	}
	var unused []int
	for _, n := range got.Noted {
		if n.Unused {
			unused = append(unused, n.Row)
		}
	}
	if !reflect.DeepEqual(unused, []int{1}) {
		t.Errorf("unused rows %v, want that without anything", unused)
	}
}

// TestListsCut: what a budget leaves out is said.
func TestListsCut(t *testing.T) {
	var records []Record
	for i := range 200 {
		records = append(records, Record{ID: fmt.Sprint(i), Name: "王測試"})
	}
	pairs, got := compareAll(t, records, nil, Plan{Postings: 10, Each: 5})
	if got.CutRecords < 100 || got.CutEntries == 0 || got.Crowded == 0 || len(pairs) > 5*200 {
		t.Errorf("%+v, %d pairs", got, len(pairs))
	}
	_, got = compareAll(t, records[:5], nil, Plan{})
	if got.CutRecords+got.CutEntries+got.Crowded != 0 {
		t.Errorf("five records were cut: %+v", got)
	}
}

func TestListsStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := CompareLists(ctx, DefaultWeights(), listOf(inventedList(20)), nil, Plan{}, func(Pair) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, and %v", err)
	}
	full := errors.New("full")
	if _, err := CompareLists(t.Context(), DefaultWeights(), listOf(inventedList(50)), nil, Plan{}, func(Pair) error { return full }); !errors.Is(err, full) {
		t.Errorf("nobody takes the pairs, and %v", err)
	}
	if got, err := CompareLists(t.Context(), DefaultWeights(), List{}, nil, Plan{}, nil); err != nil || got.Records != 0 {
		t.Errorf("empty: %+v %v", got, err)
	}
}

// Two records of one person are found whichever list is the first, however many
// others share a name, in small lists and in large ones.
func TestFoundBothWays(t *testing.T) {
	defer func(was int) { wideLists = was }(wideLists)
	var others []Record
	for i := range 40 {
		others = append(others, Record{ID: "other", Name: "Zhang Siuming", BirthDate: fmt.Sprintf("%d-01-02", 1960+i%30)})
	}
	for name, pair := range map[string][2]Record{
		"another name":                {{Name: "Zhang Siuming", BirthDate: "1999-03-05"}, {Name: "Wu Qiangqiang", OtherNames: "Zhang Siuming", BirthDate: "1999-03-05"}},
		"only the year":               {{Name: "黃小明", BirthDate: "1990-03-05"}, {Name: "Wong Siu Ming", BirthDate: "1990"}},
		"another spelling, the year":  {{Name: "Huang Xiaoming", BirthDate: "1990-03-05"}, {Name: "Wong Siu Ming", BirthDate: "1990"}},
		"another spelling, the month": {{Name: "Huang Xiaoming", BirthDate: "1990-03-05"}, {Name: "Wong Siu Ming", BirthDate: "1990-03-15"}},
		"another script, no date":     {{Name: "黃測明", Phone: "0900000111"}, {Name: "Huang Tse-ming", Phone: "0900000111"}},
	} {
		for _, wideLists = range []int{60_000, 10} {
			for _, turn := range []bool{false, true} {
				a, b := []Record{pair[0]}, append([]Record{pair[1]}, others...)
				if turn {
					a, b = b, a
				}
				second := listOf(b)
				pairs, _ := compareAll(t, a, &second, Plan{})
				if !slices.ContainsFunc(pairs, func(p Pair) bool { return a[p.A].ID == "" && b[p.B].ID == "" }) {
					t.Errorf("%s: not found (lists of %d are large, turned %v)", name, wideLists, turn)
				}
			}
		}
	}
}

// A number that many records have, such as an office's phone, says little.
func TestNumbersOfMany(t *testing.T) {
	var records []Record
	for i := range 60 {
		records = append(records, Record{ID: fmt.Sprint(i), Name: "Testa Madeup" + fmt.Sprint(i), Phone: "0900000111"})
	}
	records = append(records, Record{ID: "x", Name: "Borla Samplan", Phone: "0900000222"}, Record{ID: "y", Name: "Borla Samplan", Phone: "0900000222"})
	pairs, _ := compareAll(t, records, nil, Plan{Explain: 1, Each: 100})
	least, says := 0., ""
	for _, p := range pairs {
		for _, f := range p.Verdict.Factors {
			if f.Field == "phone" && records[p.A].ID == "0" {
				least, says = f.Bits, f.Says
			}
			if f.Field == "phone" && records[p.A].ID == "x" && f.Bits < 14 {
				t.Errorf("a phone of two: %g bits", f.Bits)
			}
		}
	}
	if least > 6 || says != "the same; 60 records have it" {
		t.Errorf("a phone of sixty: %g bits, %q", least, says)
	}
}
