package advisory

// Sentences lists every English sentence that this room hands to a page, for the test
// that they have a translation.
var Sentences = []string{
	"It has no title.", "It has no text.", "It names no author, and no pen name.", "Nobody has written down who could be harmed by it.", "No claim says what it rests on.",
	"A claim does not say how sure it is.", "A claim does not stand in the warning as it is written in the claim.", "Nothing is behind a claim.",
	"Nobody has written down what would show that a claim is wrong.",
	"The text tells only one side of a claim that is disputed, taken back, or needs its context. Put the other side into it.",
	"A named official is accused, and no lawyer has signed it off by name and date.",
	"One person's word must be given as that: the sentence must say who says it.", "The person whose word it is has not agreed to media.",
	"One person's word is graded below C3.", "“According to several” needs two origins that do not repeat each other.",
	"What is disputed or was taken back cannot be stated as plain fact.", "One source cannot be stated as fact: say who says it.",
	"A plain fact needs two origins of two kinds, each with information graded 1 or 2.", "A medical or extraordinary claim needs a clinician's record.",
	"It is out as it stands.", "It is out already. Write in a correction what has changed.", "It is not out yet: change its text.",
	"It holds something of the desk's cases or reports. Take it out of the text.", "A second member must release it.", "Both members must let the same words stand.",
	"Both members must agree to the wording that less is behind than it claims.",
	"Cases are left that neither of you has searched. Ask a member who is on them to release it; or write down why not, and both agree.",
	"being written", "published", "published, and being changed", "withdrawn", "correction", "retracted by its source",
	Says, Several, Fact, Note, Allegation, Corroborated, Established, Disputed, Retracted,
	"name", "part of a name", "contact", "number", "place", "position", "document", "reference", "words",
}
