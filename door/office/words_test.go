package office

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"homeward/form/say"
	"homeward/work/advisory"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
)

// demoBanner is what the demonstration says above every page.
const demoBanner = "A demonstration. Everything here is invented, runs on this machine, and is thrown away when it ends."

// said collects every English sentence that the rooms show: what templates hand to T,
// and in the code every sentence, title, reason and role.
func said(t *testing.T) []string {
	t.Helper()
	all := map[string]bool{}
	pages, err := files.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	handed := regexp.MustCompile(`\.T "((?:[^"\\]|\\.)*)"`)
	for _, p := range pages {
		b, err := files.ReadFile("pages/" + p.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range handed.FindAllStringSubmatch(string(b), -1) {
			s, err := strconv.Unquote(`"` + m[1] + `"`)
			if err != nil {
				t.Fatal(err)
			}
			all[s] = true
		}
	}
	code, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range code {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
			saidIn(t, f.Name(), all)
		}
	}
	// Rooms whose own sentences the pages show as they are.
	for _, room := range []string{"../../work/disclosure", "../../work/advisory"} {
		files, err := os.ReadDir(room)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
				saidIn(t, room+"/"+f.Name(), all)
			}
		}
	}
	for _, list := range [][]string{
		casework.Default().Sentences(), casework.Reasons(), casework.Groups, casework.Compartments,
		disclosure.Stages, disclosure.Purposes, disclosure.Steps, disclosure.Sureness,
		{"yes", "no", "ask", "not known"},
		{"same phone", "same document", "same name"},
		advisory.Sentences, casework.Statuses, countWords,
	} {
		for _, s := range list {
			if !regexp.MustCompile(`^[A-F1-6]$`).MatchString(s) {
				all[s] = true
			}
		}
	}
	for _, m := range []map[string]string{refusals, channelWords, placeWords, outNames, orderNames, columnNames, remarkNames, whyNot} {
		for _, s := range m {
			all[s] = true
		}
	}
	for _, c := range outColumns {
		all[c.Label] = true
	}
	all[demoBanner] = true
	for _, r := range desk.Roles {
		all[r] = true
	}
	for _, r := range reasons {
		all[r] = true
	}
	for _, d := range deeds {
		all[d] = true
	}
	var out []string
	for s := range all {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// A sentence begins with a capital and ends like one.
var sentence = regexp.MustCompile(`^[A-Z][^{}<>]* .*[.:?]$`)

func saidIn(t *testing.T, file string, all map[string]bool) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	literal := func(e ast.Expr) (string, bool) {
		l, ok := e.(*ast.BasicLit)
		if !ok || l.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(l.Value)
		return s, err == nil
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, ok := literal(n); ok && sentence.MatchString(s) {
				all[s] = true
			}
		case *ast.AssignStmt: // v.Head = "Mine"
			for i, l := range n.Lhs {
				if sel, ok := l.(*ast.SelectorExpr); ok && sel.Sel.Name == "Head" && i < len(n.Rhs) {
					if s, ok := literal(n.Rhs[i]); ok {
						all[s] = true
					}
				}
			}
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			at := map[string]int{"T": 0, "show": 4}
			if i, ok := at[sel.Sel.Name]; ok && len(n.Args) > i {
				if s, ok := literal(n.Args[i]); ok {
					all[s] = true
				}
			}
		}
		return true
	})
}

// TestEveryWordIsInEveryLanguage: nothing the rooms say stays English, the formats of
// a translation are those of the sentence, and no translation waits for a sentence
// that nobody says.
func TestEveryWordIsInEveryLanguage(t *testing.T) {
	sentences := said(t)
	if len(sentences) < 150 {
		t.Fatalf("only %d sentences were found", len(sentences))
	}
	// What other rooms hand to a page as it is.
	var literals string
	for _, room := range []string{"work/casework", "work/disclosure", "form/exchange", "door/office", "door/cli", "know/name", "know/person", "form/clean", "work/evidence"} {
		code, err := filepath.Glob("../../" + room + "/*.go")
		if err != nil || len(code) == 0 {
			t.Fatal(room, err)
		}
		for _, f := range code {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			literals += string(b)
		}
	}
	page, err := os.ReadFile("../../door/cli/match.html")
	if err != nil {
		t.Fatal(err)
	}
	literals += string(page)
	verbs := regexp.MustCompile(`%(?:\[\d\])?[sd]`)
	kinds := func(s string) []string {
		v := verbs.FindAllString(s, -1)
		for i := range v {
			v[i] = v[i][len(v[i])-1:]
		}
		slices.Sort(v)
		return v
	}
	for _, tag := range say.DeskLanguages[1:] {
		p := say.Desk(tag)
		for _, s := range sentences {
			if !p.Has(s) {
				t.Errorf("%s has no words for %q", tag, s)
				continue
			}
			if told := p.T(s); told == "" || !slices.Equal(kinds(told), kinds(s)) {
				t.Errorf("%s: %q for %q", tag, told, s)
			}
		}
		for _, s := range p.Sentences() {
			if !slices.Contains(sentences, s) && !strings.Contains(literals, strconv.Quote(s)) && !strings.HasPrefix(s, "field: ") && !strings.HasPrefix(s, "verdict: ") {
				t.Errorf("%s has words for %q, which nobody says", tag, s)
			}
		}
	}
}

// TestTemplatesSayNothingByThemselves: every word of a page goes through T, so that
// none is forgotten in another language.
func TestTemplatesSayNothingByThemselves(t *testing.T) {
	pages, err := files.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	actions := regexp.MustCompile(`\{\{[^}]*\}\}`)
	tags := regexp.MustCompile(`<[^>]*>`)
	letters := regexp.MustCompile(`\p{L}{3,}`)
	for _, p := range pages {
		if !strings.HasSuffix(p.Name(), ".html") {
			continue
		}
		b, err := files.ReadFile("pages/" + p.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range letters.FindAllString(tags.ReplaceAllString(actions.ReplaceAllString(string(b), " "), " "), -1) {
			if !slices.Contains([]string{"English", "繁體中文", "SHA", "CSV", "XLSX"}, w) {
				t.Errorf("%s says %q by itself", p.Name(), w)
			}
		}
	}
}

// TestEveryDeedHasWords: what the desk and the door put into the ledger.
func TestEveryDeedHasWords(t *testing.T) {
	kind := regexp.MustCompile(`"((?:hold|retention|case|channel|place|shelter|telling|desk|epoch|file|member|message|recovery|report|settings)\.[a-z_]+)"`)
	n := 0
	for _, room := range []string{"../../work/desk", "../../work/intake", "../../work/casework", "../../work/disclosure", "../../work/retention"} {
		code, err := os.ReadDir(room)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range code {
			if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			b, err := os.ReadFile(room + "/" + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range kind.FindAllStringSubmatch(string(b), -1) {
				n++
				if deeds[m[1]] == "" {
					t.Errorf("the ledger's %s has no words", m[1])
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d kinds were found", n)
	}
}
