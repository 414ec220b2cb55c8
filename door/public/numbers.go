package public

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homeward/form/say"
	"homeward/know/hotline"
)

// picker is the form that asks for home and present country. What is chosen
// travels in the body of a POST, so that no list of visited pages and no
// server's log holds it.
type picker struct {
	Countries  []choice
	Home, Here string
	// What is the situation; Fixed pages know it and do not ask.
	What  string
	Fixed bool
	Whats []choice
}

type choice struct{ Code, Name string }

func (d *door) picker(s Site, what hotline.Situation, fixed bool) picker {
	p := picker{What: string(what), Fixed: fixed}
	for _, c := range d.Numbers.Countries() {
		p.Countries = append(p.Countries, choice{c.Code, c.Name(s.Voice.Tag)})
	}
	for i, w := range hotline.Situations {
		p.Whats = append(p.Whats, choice{string(w), s.T("w" + strconv.Itoa(i+1) + ".label")})
	}
	return p
}

func has(cs []choice, code string) bool {
	return slices.ContainsFunc(cs, func(c choice) bool { return c.Code == code })
}

// numbersView is the page of numbers: the result, and the form.
type numbersView struct {
	Site
	Picker  picker
	Message string
	Shown   bool
	Numbers []number
	Gaps    []string
	NoHome  bool // nothing of home: say where to look
	AskMine bool // there is a line for those who say that it is their nationality
	// AtHome says that the police at home can take a report, where home has no
	// checked number.
	AtHome string
}

// number is one number as it is shown.
type number struct {
	Place, Name, Native string
	Print, Dial         string
	When                string // hours, and how else than by a call
	Notes               []string
	Source              []say.Part // in English, its dates in the reader's language
	Unchecked           bool       // nobody has compared it with the office's own page
}

// numbersForm is GET /n.
func (d *door) numbersForm(w http.ResponseWriter, r *http.Request) {
	s := d.site(r, "/n", "number")
	d.still(w, r, s, "numbers", "numbers", func() any { return numbersView{Site: s, Picker: d.picker(s, hotline.There, false)} })
}

// numbersShow is POST /n: the numbers the rule allows, and what there is none for.
func (d *door) numbersShow(w http.ResponseWriter, r *http.Request) {
	a, err := d.readForm(w, r)
	defer a.free()
	s := d.siteIn(r, cmp.Or(a.fields["l"], r.URL.Query().Get("l")), "/n", "number")
	s.Again = "numbers"
	v := numbersView{Site: s, Picker: d.picker(s, hotline.There, false)}
	if err != nil {
		var status int
		status, v.Message = d.refusal(s, err)
		d.show(w, r, status, "numbers", v)
		return
	}
	p := &v.Picker
	p.Home, p.Here = a.fields["home"], a.fields["here"]
	if what := a.fields["s"]; has(p.Whats, what) {
		p.What = what
	}
	if !has(p.Countries, p.Home) || !has(p.Countries, p.Here) {
		v.Message = s.T("number.both")
		d.show(w, r, http.StatusUnprocessableEntity, "numbers", v)
		return
	}
	d.fill(&v, a.fields["mine"] == "yes")
	d.show(w, r, http.StatusOK, "numbers", v)
}

// fill puts the rule's answer into words. The order is the rule's.
func (d *door) fill(v *numbersView, mine bool) {
	lang := v.Voice.Tag
	found := d.Numbers.For(v.Picker.Home, v.Picker.Here, hotline.Situation(v.Picker.What), mine)
	v.Shown = true
	v.NoHome = found.Has(hotline.NoHomeLine)
	v.AskMine = found.Has(hotline.ChooseNationality)
	if found.PoliceAtHome {
		v.AtHome = d.Numbers.PoliceAtHome(lang)
	}
	for _, g := range found.Gaps {
		v.Gaps = append(v.Gaps, d.Numbers.GapText(g, lang))
	}
	for _, f := range found.Numbers {
		n := number{
			Place: d.Numbers.CountryName(f.Number.Territory, lang), Name: f.Number.Name, Native: f.Number.Native,
			Print: f.Print, Dial: strings.TrimPrefix(f.Link, "tel:"), When: v.when(f.Number),
			Source: v.Voice.Dates(f.Number.Source), Unchecked: f.Number.CheckedOn == "",
		}
		for _, note := range f.Notes {
			note.Date = v.Voice.Date(note.Date)
			n.Notes = append(n.Notes, d.Numbers.NoteText(note, lang))
		}
		v.Numbers = append(v.Numbers, n)
	}
}

// when says at what hours somebody answers, and how else than by a call the
// number can be reached.
func (s Site) when(n hotline.Number) string {
	names := map[string]string{"whatsapp": "WhatsApp", "line": "LINE", "telegram": "Telegram", "app": s.T("number.app")}
	var out []string
	if n.Hours != "" {
		out = append(out, s.Voice.Hours(n.Hours))
	}
	for _, w := range n.Ways {
		if name, ok := names[w]; ok {
			out = append(out, name)
		}
	}
	return strings.Join(out, " · ")
}
