package public

import (
	_ "embed"
	"net/http"
)

//go:embed openapi.json
var openapiFile []byte

// openapi is GET /api/v1/openapi.json: the description of the programs' door.
func openapi(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(openapiFile)
}
