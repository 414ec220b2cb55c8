package browser

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"homeward/door/public"
)

// TestSlowLine measures the first page and the first answer at 64 kbit/s with
// 400 ms of delay: what a phone has on 2G.
func TestSlowLine(t *testing.T) {
	base := site(t)
	ctx := open(t, 360, 640)
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: 400, DownloadThroughput: 8000, UploadThroughput: 8000}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "zh-Hant", "th"} {
		start := time.Now()
		do(t, ctx, chromedp.Navigate(base+"/?l="+lang))
		first := time.Since(start)
		do(t, ctx, chromedp.SetValue(chromedp.CSS("#t"), strongText))
		start = time.Now()
		do(t, ctx, chromedp.Click(chromedp.CSS("form button")))
		do(t, ctx, chromedp.WaitVisible(chromedp.CSS(".say")))
		answer := time.Since(start)
		t.Logf("%-8s first page %4d ms, answer %4d ms after the button", lang, first.Milliseconds(), answer.Milliseconds())
		if first > 20*time.Second || answer > 20*time.Second {
			t.Errorf("%s: too slow for 2G: %v, %v", lang, first, answer)
		}
	}
}

// TestLeave: from an answer, one tap leads to the other page at once. What it
// does not remove, the list of visited pages, is still there: /x/why says so.
func TestLeave(t *testing.T) {
	var base string
	other := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from := r.Header.Get("Referer"); strings.HasPrefix(from, base) {
			t.Errorf("the other site is told where the person came from: %s", from)
		}
		_, _ = w.Write([]byte("<title>weather</title><p id=w>rain</p>"))
	}))
	t.Cleanup(other.Close)
	base = serve(t, public.Config{Check: fakeCheck{}, Packs: fakePacks{}, Now: time.Now, LeaveTo: other.URL + "/"})
	ctx := open(t, 360, 640)
	send(t, ctx, base, "en", pleaText)
	start := time.Now()
	do(t, ctx, chromedp.Click(chromedp.CSS(".leave a")))
	short, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	do(t, short, chromedp.WaitVisible(chromedp.CSS("#w")))
	took := time.Since(start)
	t.Logf("leaving took %d ms", took.Milliseconds())
	if took > 20*time.Second {
		t.Errorf("leaving took %v", took)
	}
	if n := ask[int](t, ctx, `history.length`); n < 2 {
		t.Errorf("the history holds %d pages: /x/why says more than is true", n)
	}
}
