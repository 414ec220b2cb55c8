package name

import "math/bits"

// maxSyllable is the longest stretch of letters taken for one syllable.
const maxSyllable = 10

// leastSlip is the price beyond which nothing is called a slip.
const leastSlip = -9.6

// mayslip sorts out, by their letters alone, words too far apart: each slip
// changes at most two letters of the set, and two that change four cost more.
func mayslip(a, b uint32) bool { return bits.OnesCount32(a^b) <= 3 }

// slip is the log2 probability that somebody who meant to write want wrote got,
// given that there is a slip: the likeliest row of single slips, each with its
// price. Confusions of the region (n and ng, s and sh, oo and u) are cheap,
// any other letter dear. Below -20 nothing is computed.
func slip(got, want string) float32 {
	if got == want {
		return 0
	}
	n, m := len(got), len(want)
	if n == 0 || m == 0 || n-m > 2 || m-n > 2 || n > 10 || m > 10 {
		return -20
	}
	var rows [11][11]float32
	for i := 0; i <= n; i++ {
		top := never
		if i == 0 {
			top = 0
		}
		for j := 0; j <= m; j++ {
			if i == 0 && j == 0 {
				continue
			}
			best := float32(-20)
			if i > 0 && j > 0 {
				p := float32(0)
				if got[i-1] != want[j-1] {
					p = swap(got[i-1], want[j-1])
				}
				best = max(best, rows[i-1][j-1]+p)
			}
			if i > 0 {
				best = max(best, rows[i-1][j]+added(got, i-1))
			}
			if j > 0 {
				best = max(best, rows[i][j-1]+added(want, j-1))
			}
			if i > 1 && j > 1 && got[i-1] == want[j-2] && got[i-2] == want[j-1] && got[i-1] != got[i-2] {
				best = max(best, rows[i-2][j-2]-7)
			}
			rows[i][j] = best
			top = max(top, best)
		}
		if top < leastSlip {
			return -20
		}
	}
	return rows[n][m]
}

var alikeLetters = func() (a [26][26]bool) {
	for _, p := range []string{"gk", "pb", "td", "lr", "ln", "iy", "uw", "vw", "vu", "ea", "ei", "ou", "sz", "cs", "cz", "cj", "jz", "ck", "kq", "fh", "ao", "jy", "bm"} {
		x, y := p[0]-'a', p[1]-'a'
		a[x][y], a[y][x] = true, true
	}
	return a
}()

func swap(x, y byte) float32 {
	if x >= 'a' && x <= 'z' && y >= 'a' && y <= 'z' && alikeLetters[x-'a'][y-'a'] {
		return -5
	}
	return -9
}

// added is the price of a letter that one of the two has not.
func added(s string, i int) float32 {
	switch {
	case i > 0 && s[i] == s[i-1]: // doubled: ee, oo, ck
		return -4
	case s[i] == 'h':
		return -4.5
	case s[i] == 'g' && i > 0 && s[i-1] == 'n':
		return -5
	case s[i] == 'k' && i > 0 && s[i-1] == 'c':
		return -4
	case s[i] == 'e' || s[i] == 'u' || s[i] == 'i':
		return -5.5
	}
	return -8
}
