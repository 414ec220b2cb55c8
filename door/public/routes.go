package public

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// routes is every address of the public site. They are short and say nothing,
// for the list of visited pages.
func (d *door) routes() http.Handler {
	mux := http.NewServeMux()
	allowed := map[string][]string{}
	on := func(method, path string, h http.HandlerFunc) {
		mux.HandleFunc(method+" "+path, h)
		allowed[path] = append(allowed[path], method)
	}

	on("GET", "/{$}", d.home)      // paste a message or choose a picture
	on("POST", "/{$}", d.check)    // the answer
	on("GET", "/h", d.help)        // somebody is held or missing
	on("GET", "/w/{n}", d.guide)   // what to do, from where you are
	on("GET", "/n", d.numbersForm) // whom to call
	on("POST", "/n", d.numbersShow)
	on("GET", "/t", d.tellFirst) // tell us, page by page
	on("POST", "/t", d.slowly(d.tell))
	on("GET", "/s", d.shortForm) // tell us, one box
	on("POST", "/s", d.slowly(d.short))
	on("GET", "/b", d.comeBack) // come back with a code
	on("POST", "/b", d.slowly(d.box))
	on("GET", "/x", d.leaveQuickly)
	on("GET", "/x/why", d.why) // what leaving does not remove
	on("GET", "/about", d.about)
	on("POST", "/api/v1/screen", d.screen)
	on("POST", "/api/v1/files", d.fileBegin) // a file in pieces, for scripts
	on("PUT", "/api/v1/files/{id}/{n}", d.filePiece)
	on("GET", "/api/v1/files/{id}", d.fileHave)
	on("POST", "/api/v1/files/{id}", d.fileDone)
	on("GET", "/api/v1/openapi.json", openapi)
	on("GET", "/healthz", health)
	on("GET", "/favicon.ico", icon)

	for _, path := range slices.Sorted(maps.Keys(allowed)) {
		mux.HandleFunc(path, d.otherMethod(strings.Replace(strings.Join(allowed[path], ", "), "GET", "GET, HEAD", 1)))
	}
	mux.HandleFunc("/", d.missing)
	return mux
}
