package lure

import (
	"strings"
	"testing"
)

// A name of a messenger over and over was once read to the end of the text
// from each of them: minutes, not a blink.
func TestOneWordOverAndOver(t *testing.T) {
	for _, s := range []string{"line-", "telegram.", "wechat-a-", "kakao--", "line : ", "+1", "1 ", "@a.", "https://", "w.w."} {
		Default().Screen(Request{Text: strings.Repeat(s, (1<<20)/len(s))})
	}
}

// Every name of a messenger is found where an account follows it.
func TestEveryApp(t *testing.T) {
	p := Default()
	for _, app := range p.words.Apps {
		if got := p.Screen(Request{Text: "x, " + app + ": demo_88"}); !has(got, "MESSENGER") {
			t.Errorf("%q and an account: no messenger", app)
		}
	}
}

func has(a Assessment, id string) bool {
	for _, f := range a.Findings {
		if f.Indicator == id {
			return true
		}
	}
	for _, f := range a.NotCounted {
		if f.Indicator == id {
			return true
		}
	}
	return false
}
