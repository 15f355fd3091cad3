// SPDX-License-Identifier: MPL-2.0

// Package page shows an emulated account in the browser, and its history: its customers,
// people and references, the runs of Terraform with their requests, and the switches of
// the emulator. Its buttons change objects as a colleague would in Avara's dashboard,
// without Terraform.
//
// Everything is rendered on the server and works without JavaScript. page.js fetches the
// page repeatedly while it is visible, and replaces what differs. While it is not visible,
// it sends no requests.
package page

import (
	"bytes"
	"crypto/rand"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

//go:embed html page.css page.js icon.svg
var files embed.FS

// Paths of the page. All other paths belong to the API and the control endpoints.
const (
	prefix  = "/_page/"
	favicon = "/favicon.ico" // browsers request it by themselves; the API has no such path
)

// security restricts the page: it loads only its own files, sends forms only to its own
// server, and can't be embedded in other pages. The referrer policy is not "no-referrer",
// which would remove the Origin header from the forms as well.
var security = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"Cache-Control":                "no-store",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "same-origin",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
}

// page serves one emulator.
type page struct {
	api       *emulator.Emulator
	instance  string                        // id of this emulator; changes with a restart
	templates map[string]*template.Template // by view
	mux       *http.ServeMux
	switches  sync.Mutex // guards read-modify-write of switches, such as the set of dialects
}

// New returns a handler that shows the emulator's account at / and passes all other
// requests to the emulator. It answers only requests for loopback host names (see
// [emulator.Guard]), also to the API: otherwise a web page in a browser on this machine
// could use the API with the publicly known key.
func New(api *emulator.Emulator) http.Handler {
	p := &page{api: api, instance: rand.Text(), templates: parseTemplates(), mux: http.NewServeMux()}
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("GET "+prefix+"{file}", p.file)
	for path, act := range p.actions() {
		p.mux.HandleFunc("POST "+prefix+path, p.action(path, act))
	}
	return emulator.Guard(p)
}

// ServeHTTP routes by the path alone. http.ServeMux would redirect paths that are not
// clean, but the API answers those itself.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	own := r.URL.Path == "/" || r.URL.Path == favicon || strings.HasPrefix(r.URL.Path, prefix)
	if !own {
		p.api.ServeHTTP(w, r)
		return
	}
	for name, value := range security {
		w.Header().Set(name, value)
	}
	p.mux.ServeHTTP(w, r)
}

// fileTypes are the files that the page loads, and their types.
var fileTypes = map[string]string{
	"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
}

func (p *page) file(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, err := files.ReadFile(name)
	if err != nil || fileTypes[name] == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", fileTypes[name])
	_, _ = w.Write(content) // the browser may have closed the connection
}

// show renders the requested view. The ETag changes with the emulator's revision, and once
// a minute, since some of the content depends on the time.
func (p *page) show(w http.ResponseWriter, r *http.Request) {
	tag := fmt.Sprintf(`"%s-%d-%d"`, p.instance, p.api.Revision(), p.api.Now().Unix()/60)
	w.Header().Set("Etag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	s := p.screen(r, readAddress(r.URL.Query()))
	p.build(s)
	p.render(w, s)
}

func (p *page) render(w http.ResponseWriter, s *screen) {
	var content bytes.Buffer
	if err := p.templates[s.Template].Execute(&content, s); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(s.Status)
	_, _ = w.Write(content.Bytes())
}

// parseTemplates parses one set of templates per view: the layout, the parts, and the
// view's own file.
func parseTemplates() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(functions).ParseFS(files, "html/layout.html", "html/parts.html", "html/events.html", "html/people.html", "html/log.html"))
	templates := map[string]*template.Template{}
	for _, name := range append(slices.Collect(maps.Keys(views)), "problem", "sure") {
		own := template.Must(layout.Clone())
		templates[name] = template.Must(own.ParseFS(files, "html/"+name+".html"))
	}
	return templates
}
