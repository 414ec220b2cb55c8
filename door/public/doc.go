// Package public is the door for everybody: the check of a message, what to do
// from where one is, the numbers to call, and the same check for other
// programs. It has no account, no cookie and no script, and holds no rule: what
// a message means is decided by the Checker, which numbers may be shown by the
// Numbers it is given.
//
// What it promises:
//   - Nothing that is pasted, chosen or answered is stored or logged. The log
//     holds the method, the route, the status and the duration of a request.
//   - No page causes a request to anywhere else. Only the reader's own tap on
//     Leave quickly leads away.
//   - The first answer to GET / holds everything the page needs and is at most
//     14 KB compressed, in every language.
//   - An assessment is never worded as an all-clear.
//
// Answers are compressed although they repeat what was pasted. Compression
// lets an attacker guess a secret (BREACH) only where a page holds a secret
// beside text the attacker chooses. These pages hold no secret: no session, no
// token, no stored data, and the text is the sender's own. A room that shows a
// receipt or a mailbox must not compress.
package public
