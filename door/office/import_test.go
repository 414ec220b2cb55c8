package office

import (
	"bytes"
	"context"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/traditionalchinese"

	"homeward/form/exchange"
	"homeward/form/say"
	"homeward/keep/store"
	"homeward/work/casework"
)

// brings a list and gives the answer.
func (m *member) list(b []byte) *httptest.ResponseRecorder {
	m.t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	p, err := w.CreateFormFile("file", "invented.csv")
	if err != nil {
		m.t.Fatal(err)
	}
	_, _ = p.Write(b)
	w.Close()
	r := httptest.NewRequest("POST", importPath, &buf)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(m.cookie)
	out := httptest.NewRecorder()
	m.ServeHTTP(out, r)
	return out
}

var (
	selects = regexp.MustCompile(`(?s)<select name="([^"]+)".*?</select>`)
	ticked  = regexp.MustCompile(`<option(?: value="([^"]*)")? selected>([^<]*)`)
	boxes   = regexp.MustCompile(`<input[^>]*name="([^"]+)"[^>]*>`)
	valueOf = regexp.MustCompile(`value="([^"]*)"`)
)

// filled gives the fields of the form with an action as the page sends them untouched.
func filled(t *testing.T, page, action string) (out []string) {
	t.Helper()
	i := strings.Index(page, `action="`+action+`"`)
	if i < 0 {
		t.Fatalf("no form for %s on\n%s", action, page)
	}
	form, _, _ := strings.Cut(page[i:], "</form>")
	for _, s := range selects.FindAllStringSubmatch(form, -1) {
		v := ""
		if c := ticked.FindStringSubmatch(s[0]); c != nil {
			v = c[1]
		}
		out = append(out, s[1], html.UnescapeString(v))
	}
	for _, b := range boxes.FindAllStringSubmatch(form, -1) {
		if strings.Contains(b[0], "checkbox") && !strings.Contains(b[0], " checked") {
			continue
		}
		v := ""
		if c := valueOf.FindStringSubmatch(b[0]); c != nil {
			v = c[1]
		}
		out = append(out, b[1], html.UnescapeString(v))
	}
	return out
}

// with changes fields of a form.
func with(form []string, pairs ...string) []string {
	form = slices.Clone(form)
	for i := 0; i < len(pairs); i += 2 {
		at := -1
		for j := 0; j < len(form); j += 2 {
			if form[j] == pairs[i] {
				at = j
			}
		}
		if at < 0 {
			form = append(form, pairs[i], pairs[i+1])
		} else {
			form[at+1] = pairs[i+1]
		}
	}
	return form
}

// step sends a step of an import and gives the page it ends at, when nothing is being
// done any more.
func (m *member) step(name string, fields ...string) string {
	m.t.Helper()
	w := m.ask("POST", importPath+"/"+name, fields...)
	if w.Code != http.StatusSeeOther {
		m.t.Fatalf("%s: %d\n%.900s", name, w.Code, w.Body)
	}
	for range 3000 {
		page := m.page(200, "GET", w.Header().Get("Location"))
		if !strings.Contains(page, `http-equiv="refresh" content="2;`) {
			return page
		}
		time.Sleep(20 * time.Millisecond)
	}
	m.t.Fatal("it never ends")
	return ""
}

const invented = "No,姓名,電話,國籍,所在地點,最後聯絡,狀態,備註,不明欄\r\n" +
	"A-01,測試人甲,+000 111 2222,台灣,Example Garden,2026-05-01,失蹤,invented words,x\r\n" +
	"A-02,測試人乙,+000 111 3333,馬來西亞,Example Park,2026-02-30,受困中,,y\r\n" +
	"測試人丙,測試人丙,+000 111 4444,無此國,,,怪怪的,\"=HYPERLINK(\"\"x\"\")\",z\r\n"

func listOf(t *testing.T, how string) []byte {
	t.Helper()
	switch how {
	case "Big5":
		b, err := traditionalchinese.Big5.NewEncoder().Bytes([]byte(invented))
		if err != nil {
			t.Fatal(err)
		}
		return b
	case "xlsx":
		s, err := exchange.Read([]byte(invented), exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := exchange.WriteXLSX(&b, "List", s.Header, s.Rows); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	return []byte(invented)
}

// TestAListBecomesCases: from the file through columns and dry run to cases, with forms
// alone; again, and nothing is there twice.
func TestAListBecomesCases(t *testing.T) {
	for _, how := range []string{"UTF-8", "Big5", "xlsx"} {
		t.Run(how, func(t *testing.T) {
			r := newRooms(t, casesToo)
			m := r.signIn()
			m.page(200, "GET", importPath)
			if w := m.list(listOf(t, how)); w.Code != http.StatusSeeOther {
				t.Fatalf("%d\n%s", w.Code, w.Body)
			}
			page := m.page(200, "GET", importPath)
			for _, want := range []string{how, "測試人甲", "Example Garden", "不明欄", "nobody knows this name", "sure: ", `value="home"`, "怪怪的", "無此國"} {
				if !strings.Contains(page, want) {
					t.Errorf("what was read lacks %q", want)
				}
			}
			form := filled(t, page, importPath+"/try")
			page = m.step("try", form...)
			for _, want := range []string{"taken: 3, in cases: 3.", "A-01", "+000 111 2222", "there is no such day", "2026-02-30", "無此國", "it is not said which country", "怪怪的", "it may give away who they are", "row 4"} {
				if !strings.Contains(html.UnescapeString(page), want) {
					t.Errorf("the dry run lacks %q", want)
				}
			}
			if strings.Contains(m.page(200, "GET", "/desk/cases"), "A-01") {
				t.Error("a dry run opened a case")
			}
			page = m.page(200, "GET", importPath+"?columns")
			page = m.step("try", with(filled(t, page, importPath+"/try"), "stage2", "out", "country2", "PH")...)
			if strings.Contains(page, "it is not said which") {
				t.Error("words that were given a meaning are still unknown")
			}
			page = m.step("run")
			if !strings.Contains(page, "Cases opened: 3") || len(regexp.MustCompile(`/desk/c/[A-Z2-7]{26}`).FindAllString(page, -1)) != 3 {
				t.Errorf("the end:\n%s", page)
			}
			board := m.page(200, "GET", "/desk/cases")
			for _, want := range []string{"A-01", "A-02", "row 4"} {
				if !strings.Contains(board, want) {
					t.Errorf("the board lacks %q", want)
				}
			}
			if strings.Contains(board, "測試人") {
				t.Error("the board shows a name")
			}
			left := m.page(200, "GET", importPath+"/left.csv")
			if s, err := exchange.Read([]byte(left), exchange.Options{}); err != nil || len(s.Rows) != 2 || s.Rows[0][0] != "3" || s.Rows[1][3] != "測試人丙" || strings.Contains(left, ",=HYPER") {
				t.Errorf("rows left: %v\n%s", err, left)
			}
			at := regexp.MustCompile(`/desk/c/[A-Z2-7]{26}`).FindString(page)
			if got := m.page(200, "GET", at); !strings.Contains(got, "測試人甲") || !strings.Contains(got, "Example Garden") || !strings.Contains(got, "invented words") || !strings.Contains(got, "Last contact: ") && !strings.Contains(got, "2026-05-01") {
				t.Errorf("the case:\n%s", got)
			}

			m.page(303, "POST", importPath+"/forget")
			m.list(listOf(t, how))
			page = m.step("try", filled(t, m.page(200, "GET", importPath), importPath+"/try")...)
			if !strings.Contains(page, "taken: 0, in cases: 0. Rows that would not be taken: 3") || !strings.Contains(page, "taken in before") {
				t.Errorf("again:\n%s", page)
			}
		})
	}
}

// TestAlikeIsAsked: a row that looks like a case which is there is left out unless it is
// ticked, and then it is a case of its own.
func TestAlikeIsAsked(t *testing.T) {
	r := newRooms(t, casesToo)
	m := r.signIn()
	m.list([]byte("name,phone,last contact\r\nInvented Person,+000 111 2222,5/6/2026\r\n"))
	page := m.page(200, "GET", importPath)
	if !strings.Contains(page, "Some dates can be read in two ways") {
		t.Error("5/6/2026 is not asked about")
	}
	page = m.step("try", filled(t, page, importPath+"/try")...)
	if !strings.Contains(page, "whether the day or the month") {
		t.Error("a date of two meanings was taken")
	}
	m.step("try", with(filled(t, m.page(200, "GET", importPath+"?columns"), importPath+"/try"), "order", "mdy")...)
	m.step("run")
	m.list([]byte("name,phone\r\nAnother Invented,(+000) 111-2222\r\nThird Invented,+000 111 9999\r\n"))
	page = m.step("try", filled(t, m.page(200, "GET", importPath), importPath+"/try")...)
	if !strings.Contains(page, "taken: 1, in cases: 1. Rows that would not be taken: 1") || !strings.Contains(page, "same phone") {
		t.Errorf("a phone that is there:\n%s", page)
	}
	page = m.step("anyway", "here", "2", "any", "2", "back", "?show=&from=0")
	if !strings.Contains(page, "taken: 2, in cases: 2. Rows that would not be taken: 0") {
		t.Errorf("ticked all the same:\n%s", page)
	}
	if page = m.step("run"); !strings.Contains(page, "Cases opened: 2") {
		t.Errorf("the end:\n%s", page)
	}
}

// TestProgress: a page without script says how far it is, and looks again by itself;
// meanwhile no other list takes its place.
func TestProgress(t *testing.T) {
	defer func(was time.Duration) { patience = was }(patience)
	r := newRooms(t, casesToo)
	m := r.signIn()
	var list strings.Builder
	list.WriteString("no,name\r\n")
	for n := range 300 {
		list.WriteString("N-" + strconv.Itoa(n) + ",Invented Person\r\n")
	}
	m.list([]byte(list.String()))
	m.step("try", filled(t, m.page(200, "GET", importPath), importPath+"/try")...)
	patience = 0
	m.page(303, "POST", importPath+"/run")
	page := m.page(200, "GET", importPath)
	if !strings.Contains(page, `<meta http-equiv="refresh" content="2;url=/desk/cases/import?on">`) || !strings.Contains(page, " of 300.") || strings.Contains(page, "N-1") {
		t.Errorf("on the way:\n%s", page)
	}
	if w := m.list([]byte("name\r\nx\r\n")); w.Code != http.StatusConflict {
		t.Errorf("another list meanwhile: %d", w.Code)
	}
	for _, step := range []string{"read", "try", "anyway", "run"} {
		m.page(http.StatusConflict, "POST", importPath+"/"+step)
	}
	// Signed out on the way: what is open stays, and the rest follows from the file.
	m.page(303, "POST", "/desk/out")
	patience = time.Second
	m = r.signIn()
	m.list([]byte(list.String()))
	page = m.step("try", filled(t, m.page(200, "GET", importPath), importPath+"/try")...)
	if !strings.Contains(page, "Rows that would be taken: ") || strings.Contains(page, "taken: 0,") {
		t.Errorf("again:\n%.2000s", page)
	}
	m.step("run")
	m.page(303, "POST", importPath+"/forget")
	csv := m.page(200, "GET", "/desk/cases.csv")
	s, err := exchange.Read([]byte(csv), exchange.Options{})
	if err != nil || len(s.Rows) != 300 {
		t.Errorf("%d rows are cases, of 300: %v", len(s.Rows), err)
	}
}

// TestTheListIsGone: it lives as long as the session, never on the disk, and a page says
// so.
func TestTheListIsGone(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	r := newRooms(t, casesToo)
	m := r.signIn()
	m.list(listOf(t, "UTF-8"))
	// A list large enough that a library would put it on the disk.
	m.page(303, "POST", importPath+"/forget")
	m.list([]byte("name,note\r\nPLANTED Person," + strings.Repeat("PLANTED words ", 4000) + "\r\n"))
	m.page(200, "GET", importPath)
	_ = filepath.WalkDir(filepath.Dir(dir), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if b, err := os.ReadFile(path); err == nil && bytes.Contains(b, []byte("PLANTED")) {
			t.Errorf("%s holds the list", path)
		}
		return nil
	})
	m.page(303, "POST", "/desk/out")
	m = r.signIn()
	for _, step := range []string{"read", "try", "anyway", "run"} {
		if page := m.page(http.StatusConflict, "POST", importPath+"/"+step); !strings.Contains(page, "not here any more") {
			t.Errorf("%s does not say that the list is gone", step)
		}
	}
	m.page(http.StatusConflict, "GET", importPath+"?on")
	m.page(http.StatusConflict, "GET", importPath+"/left.csv")
	m.page(404, "POST", importPath+"/else")
}

// TestBadLists: refused or asked about, in bounded time, and never taken in part.
func TestBadLists(t *testing.T) {
	r := newRooms(t, casesToo)
	m := r.signIn()
	mixed := append([]byte("姓名,電話\r\n測試人甲,1\r\n"), listOf(t, "Big5")...)
	for name, c := range map[string]struct {
		b    []byte
		code int
		want string
	}{
		"empty":       {nil, 422, "No list arrived"},
		"too large":   {bytes.Repeat([]byte("a,b\r\n"), casework.MaxList/5+1), 413, "larger than 20 MB"},
		"mixed":       {mixed, 303, "not in one encoding"},
		"old excel":   {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), 303, "old Excel file"},
		"bomb":        {bomb(t), 303, "split it"},
		"many rows":   {[]byte("name\r\n" + strings.Repeat("x\r\n", casework.MaxRows+1)), 303, "at most 10000"},
		"only a head": {[]byte("name,phone\r\n"), 303, "nothing below"},
	} {
		began := time.Now()
		w := m.list(c.b)
		if w.Code != c.code {
			t.Errorf("%s: %d, want %d\n%.300s", name, w.Code, c.code, w.Body)
		}
		page := w.Body.String()
		if w.Code == 303 {
			page = m.page(200, "GET", importPath)
			if !strings.Contains(page, "could not be read") || strings.Contains(page, importPath+"/try") {
				t.Errorf("%s: goes on", name)
			}
		}
		if !strings.Contains(html.UnescapeString(page), c.want) {
			t.Errorf("%s: does not say %q\n%s", name, c.want, page)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
		m.page(303, "POST", importPath+"/forget")
	}

	m.list(mixed)
	w := m.ask("POST", importPath+"/read", "encoding", "mixed")
	if page := m.page(200, "GET", w.Header().Get("Location")); !strings.Contains(page, "Read as Big5") || !strings.Contains(page, importPath+"/try") {
		t.Errorf("read as mixed:\n%s", page)
	}
	m.page(303, "POST", importPath+"/forget")
	m.list([]byte("A list of invented people\r\nname,phone,age\r\nname,phone,age\r\nInvented,+000 111 2222,20\r\n"))
	if page := m.page(200, "GET", importPath); !strings.Contains(page, "stands above the names") || !strings.Contains(page, "in line 2") {
		t.Errorf("two heads:\n%s", page)
	}
	m.ask("POST", importPath+"/read", "header", "3")
	if page := m.page(200, "GET", importPath); !strings.Contains(page, "in line 3") {
		t.Error("the head was not ticked")
	}
}

// bomb is a workbook whose sheet unpacks to more than is taken.
func bomb(t *testing.T) []byte {
	t.Helper()
	var rows [][]string
	row := slices.Repeat([]string{strings.Repeat("a", 30_000)}, 50)
	for range 80 {
		rows = append(rows, row)
	}
	var b bytes.Buffer
	if err := exchange.WriteXLSX(&b, "x", []string{"name"}, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTakeTheListOut: columns by choice, names only for who says so; what somebody
// typed runs nowhere; that names were taken stands in the ledger.
func TestTakeTheListOut(t *testing.T) {
	r := newRooms(t, casesToo)
	m := r.signIn()
	m.list([]byte("id,name,phone,nationality\r\n=1+1,=CMD() 測試人,+000 111 2222,Malaysian\r\n"))
	m.step("try", filled(t, m.page(200, "GET", importPath), importPath+"/try")...)
	if page := m.step("run"); !strings.Contains(page, "Cases opened: 1") {
		t.Fatalf("%s", page)
	}
	m.page(200, "GET", "/desk/cases/out")
	plain := m.page(200, "GET", "/desk/cases.csv")
	if !strings.Contains(plain, "'=1+1") || strings.Contains(plain, "測試人") || !strings.Contains(plain, "MY") {
		t.Errorf("the list: %s", plain)
	}
	if got := m.page(200, "POST", "/desk/cases/out", "col", "origin_name", "as", "csv"); strings.Contains(got, "=1+1") || !strings.Contains(got, "Malaysia") {
		t.Errorf("one column: %s", got)
	}
	m.page(422, "POST", "/desk/cases/out")
	m.page(422, "POST", "/desk/cases/out", "col", "person", "identity", "name")
	if r.events("cases.listed") != 0 {
		t.Error("the ledger says that names were taken, and they were not")
	}
	got := m.page(200, "POST", "/desk/cases/out", "col", "person", "identity", "name", "identity", "phone", "names", "yes", "as", "csv")
	if !strings.Contains(got, "'=CMD() 測試人") || !strings.Contains(got, "'+000") {
		t.Errorf("with names: %s", got)
	}
	if r.events("cases.listed") != 1 || r.events("cases.imported") != 1 {
		t.Error("the ledger does not say that names were taken, or a list brought")
	}
	book := m.page(200, "POST", "/desk/cases/out", "col", "person", "names", "yes", "as", "xlsx")
	s, err := exchange.Read([]byte(book), exchange.Options{})
	if err != nil || s.Format != "xlsx" || len(s.Rows) != 1 || s.Rows[0][1] != "=CMD() 測試人" {
		t.Errorf("as a workbook: %v %v", s, err)
	}
}

// events counts events of a kind in the ledger.
func (r *rooms) events(kind string) (n int) {
	r.t.Helper()
	if err := r.desk.Store.Read(context.Background(), func(tx *store.Tx) error {
		size, err := tx.LedgerSize()
		if err != nil {
			return err
		}
		return tx.LedgerRows(0, size, func(_ int64, _, event, _, _ []byte) error {
			if bytes.Contains(event, []byte(`"kind":"`+kind+`"`)) {
				n++
			}
			return nil
		})
	}); err != nil {
		r.t.Fatal(err)
	}
	return n
}

// TestImportWords: every sentence that the code of these pages says has a translation.
func TestImportWords(t *testing.T) {
	p := say.Desk("zh-Hant")
	for _, words := range []map[string]string{columnNames, remarkNames, outNames, orderNames} {
		for _, w := range words {
			if !p.Has(w) {
				t.Errorf("%q = \"\"", w)
			}
		}
	}
	for _, f := range casework.ListFields() {
		if columnNames[f.ID] == "" {
			t.Errorf("the column %s has no name", f.ID)
		}
	}
	for _, c := range outColumns {
		if !p.Has(c.Label) {
			t.Errorf("%q = \"\"", c.Label)
		}
	}
	for _, n := range []string{"import.html", "columns.html", "tried.html", "importing.html", "out.html", "cases.html"} {
		b, err := files.ReadFile("pages/" + n)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\.T "([^"]+)"`).FindAllSubmatch(b, -1) {
			if !p.Has(string(m[1])) {
				t.Errorf("%q = \"\"", m[1])
			}
		}
	}
	for _, n := range []string{"import.go", "out.go", "../../work/casework/list.go"} {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:(?:Conflict|Entity|TooLarge|OK|ServerError|NotFound), |(?:Say|T)\()"([A-Za-z][^"]+)"`).FindAllSubmatch(b, -1) {
			if w := string(m[1]); w != "same " && !p.Has(w) {
				t.Errorf("%q = \"\"", w)
			}
		}
	}
	for s := exchange.None; s <= exchange.Chosen; s++ {
		if !p.Has(s.String()) {
			t.Errorf("%q = \"\"", s.String())
		}
	}
	for _, w := range []string{"phone", "document", "name"} {
		if !p.Has("same " + w) {
			t.Errorf("%q = \"\"", "same "+w)
		}
	}
}
