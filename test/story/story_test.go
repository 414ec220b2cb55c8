package story

import (
	"strings"
	"testing"
	"time"
)

// The advertisement, and everybody in these chapters, is invented.
const ad = `誠徵線上客服，地點東南亞，月薪NT$90,000起，包機票包食宿
無經驗可，會打字就行，名額有限，本週可飛
合法正規公司，不是詐騙，來去自由
意者加LINE：demo_hr_0000`

// TestFromTheAdToTheAnswer: a mother finds the advertisement that her son answered
// before his phone went silent. She has it looked at, tells us, and reads an answer
// the next morning.
func TestFromTheAdToTheAnswer(t *testing.T) {
	house := opensADesk(t)
	mother := house.withAPhone("mother", "zh-TW")

	// At two in the morning she pastes what he had been sent.
	mother.opens("/")
	mother.writes(mother.says("check.text"), ad)
	mother.presses(mother.says("check.button"))

	// The answer begins with what to do, and shows in his own message why.
	mother.reads(mother.says("answer.strong"), mother.says("answer.words"), mother.says("answer.explained"), "包機票")

	// From there it is one press to us; the message comes along. Before she types a
	// word she reads who will read it, when, which court could compel them, what
	// they cannot do, and what to leave out.
	mother.presses(mother.says("tell.this"))
	mother.reads(mother.says("tell.who", "Operator", "A test desk"), mother.says("tell.when", "Hours", "never"), mother.says("tell.court", "Jurisdiction", "Nowhere"))
	mother.reads(mother.says("tell.cannot"), mother.says("tell.others"), mother.says("tell.leave_out"), mother.says("tell.phone"))
	mother.reads(mother.says("tell.carried"), "意者加LINE：demo_hr_0000")
	mother.reads(mother.says("tell.late")) // nobody has ever signed in, and it says so
	mother.presses(mother.says("tell.start"))

	// First of all: is anyone held?
	mother.reads(mother.says("tell.step", "At", 1, "Of", 3), mother.says("tell.held"), mother.says("tell.danger_hint"))
	mother.chooses(mother.says("tell.held_unsure"))
	mother.picks(mother.says("tell.kind_missing"))
	mother.picks(mother.says("tell.relation_family"))
	mother.presses(mother.says("tell.next"))

	// What happened, in her words. It is the only box that she must fill.
	mother.reads(mother.says("tell.step", "At", 2, "Of", 3), mother.says("tell.text_hint"))
	mother.writes(mother.says("tell.text"), "兒子說去當客服，三天前上飛機，之後手機就關機了。")
	mother.writes(mother.says("tell.who_field"), "阿明，23 歲")
	mother.writes(mother.says("tell.where"), "他最後說在機場")
	mother.presses(mother.says("tell.next"))

	// How to reach her, and a word that will tell us if somebody makes her write.
	// Unless she says otherwise, we do not write first.
	mother.reads(mother.says("tell.step", "At", 3, "Of", 3), mother.says("tell.contact_hint"), mother.says("tell.duress_hint"))
	if !mother.hasChosen(mother.says("tell.first_no")) {
		t.Error("we would write to her first, and she has not said that we may")
	}
	mother.writes(mother.says("tell.quiet"), "晚上九點以後")
	mother.writes(mother.says("tell.duress"), "青鳥")
	mother.presses(mother.says("tell.send"))

	// It has arrived. Here is a code, twice; what happens next; what it cannot
	// protect her from; and once more what the message looks like. She writes the
	// nine characters on paper.
	mother.reads(mother.says("code.lead"), mother.says("code.either"), mother.says("code.keep"), mother.says("code.first_no"))
	mother.reads(mother.says("code.come_back", "Path", "/b"), mother.says("code.limits"), mother.says("answer.strong"))
	paper := mother.copies(mother.says("code.words"))
	if n := len([]rune(strings.ReplaceAll(paper, " ", ""))); n != 9 {
		t.Errorf("the code has %d characters: %s", n, paper)
	}

	// She looks at once: nothing yet, and nothing that she wrote is shown to who
	// might have found the paper.
	mother.opens("/b")
	mother.writes(mother.says("box.code"), paper)
	mother.presses(mother.says("box.open"))
	mother.reads(mother.says("box.no_answer"), mother.says("box.no_answer_hint"))
	mother.readsNowhere("阿明", "青鳥", "demo_hr_0000")

	// In the morning a member unlocks the desk.
	house.later(7 * time.Hour)
	member := house.atADesk("member")
	member.opens("/desk")
	member.readsNowhere("阿明", "demo_hr_0000")
	member.writes("Name", "admin")
	member.writes("Passphrase", passphrase)
	member.writes("Code of your authenticator", house.oneTimeCode())
	member.presses("Sign in and unlock")

	// The queue says why it is first. She reads it, with what the message looks
	// like beside it, and sees that nobody may write to the mother first.
	member.reads("First because:", "someone is missing", "Family", "zh-Hant")
	member.presses("兒子說去當客服，三天前上飛機，之後手機就關機了。")
	member.reads("阿明，23 歲", "他最後說在機場", "晚上九點以後", "青鳥", "意者加LINE：demo_hr_0000")
	member.reads("No, do not contact them first", "What the words look like", "Don't travel, pay or hand over your passport yet.", "They pay the ticket or the visa.")
	member.writes("It waits behind the sender's code. It is shown once.", "我們讀到了。先不要匯錢。請查他的護照號碼，記在紙上。")
	member.presses("Send the answer")
	member.reads("Nothing is waiting.")

	// The mother comes back with her paper. Her hands shake: two characters change
	// places. She is told so, and what she typed is still there to be compared.
	slip := []rune(strings.ReplaceAll(paper, " ", ""))
	slip[3], slip[4] = slip[4], slip[3]
	mother.opens("/b")
	if slip[3] != slip[4] {
		mother.writes(mother.says("box.code"), string(slip))
		mother.presses(mother.says("box.open"))
		mother.reads(mother.says("box.swapped"))
		mother.finds(mother.says("box.code"), string(slip))
	}

	// Then it opens, and she reads the answer.
	mother.writes(mother.says("box.code"), strings.ReplaceAll(paper, " ", ""))
	mother.presses(mother.says("box.open"))
	mother.reads(mother.says("box.answer_head"), "我們讀到了。先不要匯錢。", mother.says("box.answer_once"))
	mother.readsNowhere("阿明", "青鳥")

	// Later it is not shown again: who finds the paper finds no answer either.
	house.later(15 * time.Minute)
	mother.opens("/b")
	mother.writes(mother.says("box.code"), paper)
	mother.presses(mother.says("box.open"))
	mother.reads(mother.says("box.no_answer"))
	mother.readsNowhere("先不要匯錢")
}

// TestFewWords: somebody who is held has a phone for one minute.
func TestFewWords(t *testing.T) {
	house := opensADesk(t)
	held := house.withAPhone("somebody held", "zh-TW")

	// One box and one button, not far from the first page.
	held.opens("/h")
	held.presses(held.says("tell.short_link"))
	held.reads(held.says("tell.leave_out"))
	held.writes(held.says("short.text"), "門鎖著，走不了。四個人。")
	held.writes(held.says("short.where"), "河邊，白色的樓")
	held.chooses(held.says("short.danger"))
	held.presses(held.says("short.send"))

	// It has arrived. There is no code on the page to be found with, nor a word of
	// what was written.
	held.reads(held.says("short.sent_head"), held.says("short.sent"), held.says("short.ask"), held.says("short.none"))
	held.readsNowhere("走不了", "白色的樓")
	if n := ask[int](held, `document.querySelectorAll('.digits').length`); n != 0 {
		t.Error("a code is shown to somebody who has not asked for one")
	}

	// Another time it is safer, and the number is wanted: it is learned by heart.
	held.presses(held.says("short.show"))
	held.reads(held.says("code.keep"))
	number := plain(ask[string](held, `document.querySelector('.digits').innerText`))
	held.opens("/b")
	held.writes(held.says("box.code"), number)
	held.presses(held.says("box.open"))
	held.reads(held.says("box.no_answer"))

	// At the desk it stands first: danger now.
	member := house.atADesk("member")
	member.opens("/desk")
	member.writes("Name", "admin")
	member.writes("Passphrase", passphrase)
	member.writes("Code of your authenticator", house.oneTimeCode())
	member.presses("Sign in and unlock")
	member.reads("Danger now", "First because: danger now")
	member.presses("門鎖著，走不了。四個人。")
	member.reads("河邊，白色的樓", "No, do not contact them first")
}
