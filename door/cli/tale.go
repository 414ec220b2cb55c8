package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
	"homeward/work/intake"
)

// tale is the story of the demonstration: invented people, up to the point where
// somebody has to decide.
type tale struct {
	*house
	ctx  context.Context
	a, b *desk.Session // the visitor's member, and a colleague
}

// The colleague of the demonstration.
const (
	colleague           = "colleague"
	colleaguePassphrase = "other invented words for a demonstration"
)

// tell plays the story so far. The members it needs are signed out again at its end.
func (e *Env) tell(ctx context.Context, h *house, made desk.Made) (second desk.Made, err error) {
	in := func(login, pass, secret string, ahead time.Duration) (string, *desk.Session, error) {
		// The visitor's own first code must not be used up: these are of a moment ago.
		code, err := desk.SecondCode(secret, e.Now().Add(ahead))
		if err != nil {
			return "", nil, err
		}
		token, err := h.desk.SignIn(ctx, login, pass, code)
		if err != nil {
			return "", nil, err
		}
		s, err := h.desk.Session(token)
		return token, s, err
	}
	t := &tale{house: h, ctx: ctx}
	one, a, err := in(made.Login, demoPassphrase, made.Second, -30*time.Second)
	if err != nil {
		return second, err
	}
	defer h.desk.SignOut(one)
	t.a = a
	if second, err = h.desk.Enrol(ctx, a, colleague, colleaguePassphrase, []string{desk.Caseworker}); err != nil {
		return second, err
	}
	two, b, err := in(colleague, colleaguePassphrase, second.Second, -30*time.Second)
	if err != nil {
		return second, err
	}
	defer h.desk.SignOut(two)
	t.b = b
	return second, t.play()
}

// do runs steps until one fails.
func do(steps ...func() error) error {
	for _, s := range steps {
		if err := s(); err != nil {
			return err
		}
	}
	return nil
}

func (t *tale) play() error {
	return do(t.reports, t.channels, t.pasts, t.places, t.singer)
}

func (t *tale) reports() error {
	for _, r := range []intake.Report{
		{Kind: "missing", Relation: "family", Lang: "zh-Hant", Text: "我妹妹上個月跟一個「國際歌舞團」出國演出，說三個月就回來。上週開始訊息已讀不回，昨天她用別人的號碼傳了一句「姊，不要來」。（虛構示範）", Who: "示範的妹妹", Where: "只知道在邊境附近", When: "三週前", Contact: "範例帳號 demo-sister", Safe: "晚上九點後", Consent: "ask"},
		{Kind: "offer_seen", Relation: "other", Lang: "en", Text: "A group chat offers stage work abroad, flight paid, passport to be handed over on arrival. (invented for this demonstration)", Lure: "Dancers and singers wanted for a resort abroad. Flight and hotel paid, no experience needed, 3,000 USD a month. Your passport is kept at the office for the visa."},
		{Kind: "money_lost", Relation: "self", Lang: "ms", Text: "Saya kenal seorang lelaki dalam talian; dia suruh melabur. Wang saya hilang. (rekaan untuk demonstrasi)"},
	} {
		if _, err := t.intake.Receive(t.ctx, intake.Nonce(), r); err != nil {
			return err
		}
	}
	return nil
}

// Channels of the story; no such office exists.
var invented = []disclosure.Channel{
	{
		Name: "Police unit of Example District", Territory: "", Kind: "police", Prosecutes: "yes", Sureness: "own", Reach: "000 (invented)",
		Forwards:   []disclosure.Edge{{To: "Police of Example Province", How: "yes", Source: "they said so on the telephone (invented)"}},
		Experience: "Twenty minutes from the compound. Two tellings so far. Once they came within the hour; once the person had been moved before they came. (invented)",
	},
	{
		Name: "Embassy of Exampleland, consular desk", Territory: "", Kind: "embassy_line", Prosecutes: "no", Sureness: "own", Reach: "111 (invented)",
		Forwards:   []disclosure.Edge{{To: "Foreign ministry of Exampleland", How: "yes", Source: "their own page (invented)"}, {To: "Police of Example Province", How: "ask", Source: "they ask us first (invented)"}},
		Experience: "Answers after four to nine days. Has never passed anything on without asking. (invented)",
	},
}

func (t *tale) channels() error {
	for i := range invented {
		c := invented[i]
		c.Checked, c.CheckedBy = t.now().UTC().Format("2006-01-02"), "demo"
		id, err := t.telling.SaveChannel(t.ctx, t.a, casework.Nonce(), c)
		if err != nil {
			return err
		}
		invented[i].ID = id
	}
	return nil
}

// add adds a line to a case.
func (t *tale) add(id, kind string, pairs ...string) error {
	answers := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		answers[pairs[i]] = pairs[i+1]
	}
	e, err := t.cases.Book.Make(kind, 1, 0, answers, "Asia/Bangkok", t.now())
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	_, _, err = t.cases.Add(t.ctx, t.a, id, casework.Nonce(), e, 0)
	return err
}

func (t *tale) open(called, origin string) (string, error) {
	return t.cases.Open(t.ctx, t.a, casework.New{Nonce: casework.Nonce(), Called: called, Origin: origin, Members: map[string][]string{t.b.Member: {casework.File, casework.Identity}}})
}

// ago writes a moment of the past as a form takes it.
func (t *tale) ago(d time.Duration) string {
	loc, err := time.LoadLocation("Asia/Bangkok")
	if err != nil {
		loc = time.UTC
	}
	return t.now().Add(-d).In(loc).Format("2006-01-02 15:04")
}

// pasts are tellings of earlier cases, so that the channels have a record.
func (t *tale) pasts() error {
	for i, p := range []struct {
		channel int
		outcome string
	}{{0, "helped"}, {0, "moved"}, {1, "helped"}, {1, "nothing"}, {1, "helped"}, {1, "helped"}, {1, "nothing"}} {
		id, err := t.open(fmt.Sprintf("an earlier case %d", i+1), []string{"TW", "HK", "MY"}[i%3])
		if err != nil {
			return err
		}
		if err := do(
			func() error {
				return t.add(id, "place", "place", "Example Province", "accuracy", "district", "according", "themselves", "at", t.ago(90*24*time.Hour))
			},
			func() error {
				return t.add(id, "consent", "purpose", "rescue", "answer", "given", "by", "the person", "groups", "district")
			},
			func() error { return t.tellOne(id, p.channel, p.outcome) },
			func() error { return t.add(id, "stage", "stage", "closed", "text", "over (invented)") },
		); err != nil {
			return err
		}
	}
	return nil
}

func (t *tale) tellOne(id string, channel int, outcome string) error {
	n, err := t.plan(t.a, id, channel, "district", "Example Province")
	if err != nil {
		return err
	}
	if _, err := t.telling.TakeCopy(t.ctx, t.a, id, n, casework.Nonce()); err != nil {
		return err
	}
	at := map[string]string{"at": t.ago(80 * 24 * time.Hour), "way": "by telephone (invented)"}
	if err := t.telling.Sent(t.ctx, t.a, id, n, casework.Nonce(), at, "Asia/Bangkok"); err != nil {
		return err
	}
	return t.telling.Known(t.ctx, t.a, id, n, casework.Nonce(), map[string]string{"outcome": outcome}, "Asia/Bangkok")
}

// plan plans to tell what holds one of some words.
func (t *tale) plan(s *desk.Session, id string, channel int, stage string, words ...string) (int64, error) {
	c, err := t.cases.Read(t.ctx, s, id)
	if err != nil {
		return 0, err
	}
	p := disclosure.Plan{Channel: invented[channel].ID, Purpose: "rescue", Stage: stage, Lang: "en", People: []int{1}, Expect: "Somebody at the gate before she is moved. (invented)"}
	for _, o := range disclosure.Choices(t.cases.Book, c) {
		if o.Label == "Place" && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(o.Value, w) }) {
			p.Fields = append(p.Fields, o.Ref)
		}
	}
	if len(p.Fields) == 0 {
		return 0, errors.New("the story has nothing to tell")
	}
	return t.telling.Propose(t.ctx, s, id, casework.Nonce(), p)
}

func (t *tale) places() error {
	_, err := t.cases.SavePlace(t.ctx, t.a, casework.Place{Names: []string{"Example Garden", "範例花園"}, District: "Example District", Notes: "Invented for this demonstration."})
	return err
}

// singer is the case that ends in a choice.
func (t *tale) singer() error {
	id, err := t.open("the singer", "TW")
	if err != nil {
		return err
	}
	return do(
		func() error {
			return t.add(id, "identity", "name", "示範・王小歌（虛構）", "birth", "民國90年", "family", "a sister (invented)")
		},
		func() error {
			return t.add(id, "statement", "according", "her sister", "at", t.ago(20*24*time.Hour), "text", "She left with a troupe for a show of three months. Flight and hotel were paid. (invented)")
		},
		func() error {
			return t.add(id, "place", "place", "Example District", "accuracy", "district", "according", "herself", "at", t.ago(6*24*time.Hour))
		},
		func() error {
			return t.add(id, "place", "place", "Example Garden, building 3", "accuracy", "building", "according", "herself", "at", t.ago(4*24*time.Hour), "text", "She counted the floors from a window. (invented)")
		},
		func() error {
			return t.add(id, "harm", "what", "papers taken\nlocked in\nmade to commit crimes", "according", "herself", "referral", "none yet")
		},
		func() error {
			return t.add(id, "consent", "purpose", "rescue", "answer", "given", "by", "the person", "groups", "district\nplace", "how", "behind their code", "text", "Tell whoever gets me out. Not my name. (invented)")
		},
		func() error {
			return t.add(id, "contact", "at", t.ago(26*time.Hour), "who", "the person", "way", "behind their code", "safe_word", "right", "duress", "none seen", "next", t.ago(2*time.Hour), "text", "They say she will be sold on in two days. (invented)")
		},
		func() error { return t.add(id, "stage", "stage", "in contact", "text", "she wrote herself") },
		func() error { return t.add(id, "task", "text", "Decide whom to tell", "due", t.ago(-3*time.Hour)) },
		func() error {
			_, err := t.plan(t.b, id, 0, "building", "Example Garden")
			return err
		},
		func() error {
			_, err := t.plan(t.b, id, 1, "building", "Example Garden")
			return err
		},
	)
}
