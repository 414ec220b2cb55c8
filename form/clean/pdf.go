package clean

// cleanPDF makes no copy. What a PDF tells can stand in any of its objects, in
// older versions of itself kept inside, and in files within it; a copy made
// surely needs a reader of the whole format that stays within bounds on any
// input. docs/cleaning.md says what was tried.
func cleanPDF([]byte, *removed) ([]byte, string, error) {
	return nil, "application/pdf", refuse("a PDF cannot be cleaned surely here: pass on pictures of its pages instead")
}
