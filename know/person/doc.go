// Package person says how likely two records are one person, and why. It is
// pure: records in, a verdict in bits out, the same on every machine.
//
// A field that agrees or disagrees adds the log2 of how much likelier that is
// for one person than for two (Fellegi and Sunter, JASA 64, 1969). A field that
// is missing adds nothing. The name is weighed by know/name, which knows the
// spellings of the region; other fields by levels whose bits stand in Weights
// and can be estimated anew from a desk's own judgements.
//
// Nothing here merges records: a verdict is shown to somebody who decides, and
// what they decide is a Judgement, which is never carried over from one pair to
// another.
package person
