package lure

// age is a range asked for, in years. To is 0 where only one number stands.
type age struct {
	start, end int32
	from, to   int
}

// ages reads "18-35 歲", "age 18 to 40", "umur 20-35": two numbers between 10
// and 70 beside a word for age.
func (p *Packs) ages(s string) []age {
	var out []age
	for i, seen := 0, 0; i < len(s) && seen < maxNumbers; i++ {
		if !digit(rune(s[i])) || !numberStart(s, i) {
			continue
		}
		seen++
		a, j := digits(s, i)
		if a >= 10 && a <= 70 {
			b, k := 0.0, j
			e := j
			for e < len(s) && (s[e] == ' ' || s[e] == '-' || s[e] == '~') {
				e++
			}
			for _, mark := range []string{"to ", "至", "到", "ถึง", "hingga ", "sampai ", "den ", "–", "—"} {
				if len(s) > e && startsWith(s[e:], mark) {
					e += len(mark)
				}
			}
			if e > j && e < len(s) && digit(rune(s[e])) {
				b, k = digits(s, e)
			}
			before, after := window(s, i, k)
			if b <= 75 && (b == 0 || b > a) && p.words.ageCue(before, after) {
				out = append(out, age{int32(i), int32(k), int(a), int(b)})
				j = k
			}
		}
		i = max(i, j-1)
	}
	return out
}

func (w *extractorWords) ageCue(before, after string) bool {
	return w.age.in(lastN(before, 24)) || w.age.in(first(after, 12))
}
