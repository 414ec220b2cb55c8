package public

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"homeward/know/lure"
)

// Long texts are shown only around their signs.
const (
	wholeUpTo  = 1600 // bytes shown as they are
	around     = 240  // bytes kept on both sides of a sign
	timesShown = 3    // places of one sign marked in a long text
)

// piece is a stretch of the person's own words. Nums are the signs that cover
// it; Ends are those whose number is printed after it. Cut stands for words
// that are left out, and has no text.
type piece struct {
	Text string
	Nums string
	Ends string
	Cut  bool
}

// numbered gives each indicator that has a place in the text its number, in the
// order in which they first appear.
func numbered(fs []lure.Finding) map[string]int {
	nums := map[string]int{}
	for _, f := range inOrder(fs) {
		if nums[f.Indicator] == 0 {
			nums[f.Indicator] = len(nums) + 1
		}
	}
	return nums
}

func inOrder(fs []lure.Finding) []lure.Finding {
	out := slices.DeleteFunc(slices.Clone(fs), func(f lure.Finding) bool { return f.End <= f.Start })
	slices.SortStableFunc(out, func(a, b lure.Finding) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	return out
}

// pieces cuts a text at the bounds of its findings.
func pieces(text string, fs []lure.Finding, nums map[string]int) []piece {
	fs = slices.DeleteFunc(inOrder(fs), func(f lure.Finding) bool {
		return f.Start < 0 || f.End > len(text) || !onRune(text, f.Start) || !onRune(text, f.End)
	})
	if len(text) > wholeUpTo {
		fs = firstOfEach(fs)
	}
	var out []piece
	end := 0
	for _, w := range windows(text, fs) {
		if w.from > end {
			out = append(out, piece{Cut: true})
		}
		out = append(out, cutAt(text, w, fs, nums)...)
		end = w.to
	}
	if end < len(text) {
		out = append(out, piece{Cut: true})
	}
	return out
}

func onRune(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

func firstOfEach(fs []lure.Finding) []lure.Finding {
	seen := map[string]int{}
	return slices.DeleteFunc(fs, func(f lure.Finding) bool {
		seen[f.Indicator]++
		return seen[f.Indicator] > timesShown
	})
}

type window struct{ from, to int }

// windows says which parts of a text are shown: all of a short one, else the
// beginning and what is around each sign.
func windows(text string, fs []lure.Finding) []window {
	if len(text) <= wholeUpTo {
		return []window{{0, len(text)}}
	}
	ws := []window{{0, atSpace(text, 2*around)}}
	for _, f := range fs {
		w := window{atSpace(text, max(0, f.Start-around)), atSpace(text, min(len(text), max(f.End, 0)+around))}
		// A sign that is itself longer than a page is shown by its beginning.
		w.to = min(w.to, atSpace(text, f.Start+wholeUpTo))
		if last := &ws[len(ws)-1]; w.from <= last.to {
			last.to = max(last.to, w.to)
		} else {
			ws = append(ws, w)
		}
	}
	return ws
}

// atSpace moves a place in the text to the start of a letter, and to a space or
// line end if one is near.
func atSpace(text string, at int) int {
	if at <= 0 || at >= len(text) {
		return min(max(at, 0), len(text))
	}
	if i := strings.LastIndexAny(text[max(0, at-24):at], " \n"); i >= 0 {
		return max(0, at-24) + i + 1
	}
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

func cutAt(text string, w window, fs []lure.Finding, nums map[string]int) []piece {
	bounds := []int{w.from, w.to}
	for _, f := range fs {
		for _, b := range []int{f.Start, f.End} {
			if b > w.from && b < w.to {
				bounds = append(bounds, b)
			}
		}
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	var out []piece
	for i := 0; i+1 < len(bounds); i++ {
		from, to := bounds[i], bounds[i+1]
		p := piece{Text: text[from:to]}
		var cover, ends []int
		for _, f := range fs {
			if f.Start <= from && f.End >= to {
				cover = append(cover, nums[f.Indicator])
				if f.End == to || to == w.to {
					ends = append(ends, nums[f.Indicator])
				}
			}
		}
		p.Nums, p.Ends = list(cover), list(ends)
		out = append(out, p)
	}
	return out
}

func list(nums []int) string {
	slices.Sort(nums)
	var s []string
	for _, n := range slices.Compact(nums) {
		s = append(s, strconv.Itoa(n))
	}
	return strings.Join(s, " ")
}
