package say

import (
	"embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed phrases/*.toml
var embeddedPhrases embed.FS

// PhraseLanguages are those of the phrasebook.
var PhraseLanguages = []string{"en", "zh-Hant", "zh-Hans", "th", "vi", "id", "ms", "tl", "my", "km"}

// Phrasebook holds numbered questions and their answers in one language. The same
// number means the same in each.
type Phrasebook struct {
	Tag        string           `toml:"-"`
	ReviewedBy string           `toml:"reviewed_by"`
	Intro      string           `toml:"intro"`
	Questions  []PhraseQuestion `toml:"question"`
}

// PhraseQuestion is one question; its answers are a, b, c and so on.
type PhraseQuestion struct {
	Ask     string   `toml:"ask"`
	Answers []string `toml:"answers"`
}

var phrasebooks = sync.OnceValue(func() map[string]Phrasebook {
	out := map[string]Phrasebook{}
	for _, tag := range PhraseLanguages {
		raw, err := embeddedPhrases.ReadFile("phrases/" + tag + ".toml")
		if err != nil {
			panic(err)
		}
		p := Phrasebook{Tag: tag}
		if err := toml.NewDecoder(strings.NewReader(string(raw))).DisallowUnknownFields().Decode(&p); err != nil {
			panic(fmt.Sprintf("say: phrases/%s.toml: %v", tag, err))
		}
		out[tag] = p
	}
	return out
})

// Asking gives the phrasebook of a language, or of the nearest; ok is false if there
// is none, and then it is the English one. It panics if a file is broken, which a
// test rules out.
func Asking(tag string) (p Phrasebook, ok bool) {
	if p, ok = phrasebooks()[tag]; ok {
		return p, true
	}
	t, err := language.Parse(tag)
	if err == nil {
		base, _ := t.Base()
		near := base.String()
		switch near {
		case "zh":
			near = "zh-Hans"
			// Malaysia's schools and papers use simplified characters, whatever CLDR says.
			region, _ := t.Region()
			if script, _ := t.Script(); script.String() == "Hant" && region.String() != "MY" {
				near = "zh-Hant"
			}
		case "fil":
			near = "tl"
		}
		if p, ok = phrasebooks()[near]; ok {
			return p, true
		}
	}
	return phrasebooks()["en"], false
}

// Letter gives the letter of an answer by its place.
func (Phrasebook) Letter(i int) string { return string(rune('a' + i)) }

// Text writes questions, by number from one, to be sent. Numbers that there are not
// are left out.
func (p Phrasebook) Text(numbers []int) string {
	var b strings.Builder
	for _, n := range numbers {
		if n < 1 || n > len(p.Questions) {
			continue
		}
		if b.Len() == 0 {
			b.WriteString(p.Intro + "\n")
		}
		q := p.Questions[n-1]
		fmt.Fprintf(&b, "\n%d. %s\n", n, q.Ask)
		for i, a := range q.Answers {
			fmt.Fprintf(&b, "   %d%s  %s\n", n, p.Letter(i), a)
		}
	}
	return b.String()
}

// Meant is an answer that somebody gave by its number.
type Meant struct{ Given, Ask, Answer string }

// A number is not read out of a longer word, time or number.
var givenAnswer = regexp.MustCompile(`(?:^|[^\p{L}\p{N}.:-])(\d{1,2}) ?\.?([a-hA-H])(?:$|[^\p{L}\p{N}])`)

// Understand finds answers such as 7b in what somebody wrote, and says what they mean
// in this language. Each is given once, the first twenty.
func (p Phrasebook) Understand(text string) (out []Meant) {
	seen := map[string]bool{}
	for len(out) < 20 {
		at := givenAnswer.FindStringSubmatchIndex(text)
		if at == nil {
			return out
		}
		n, _ := strconv.Atoi(text[at[2]:at[3]])
		letter := strings.ToLower(text[at[4]:at[5]])
		text = text[at[5]:] // what ends one answer may begin the next
		given := strconv.Itoa(n) + letter
		i := int(letter[0] - 'a')
		if n < 1 || n > len(p.Questions) || i >= len(p.Questions[n-1].Answers) || seen[given] {
			continue
		}
		seen[given] = true
		out = append(out, Meant{given, p.Questions[n-1].Ask, p.Questions[n-1].Answers[i]})
	}
	return out
}
