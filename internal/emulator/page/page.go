// SPDX-License-Identifier: MPL-2.0

// Package page shows an emulated account in the browser, and what happened to
// it: its customers, people and references, the runs of Terraform with their
// requests, and the switches of the emulator. Its buttons do what a colleague
// does in Avara's dashboard, behind Terraform's back.
//
// Everything is rendered on the server and works without script. page.js fetches
// the page again while it is looked at, and replaces what differs. While nobody
// looks, the page does nothing at all.
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

// Paths of the page. All others are the API's and the control endpoints'.
const (
	prefix  = "/_page/"
	favicon = "/favicon.ico" // browsers fetch it by themselves; it is no API request
)

// security lets the page load nothing but its own files, send nothing to any
// other server, and be shown in no other page. The referrer policy is not
// "no-referrer", which would take the origin off the forms as well.
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
	instance  string                        // of this emulator; after a restart it is another
	templates map[string]*template.Template // by view
	mux       *http.ServeMux
	switches  sync.Mutex // guards what is read and then written again, such as the set of dialects
}

// New returns a handler that shows the emulator's account at / and leaves all
// other requests to the emulator. It answers on loopback names only, see
// [emulator.Guard], the API included: a page of another name in a browser on
// this machine could otherwise use the API with the well-known key.
func New(api *emulator.Emulator) http.Handler {
	p := &page{api: api, instance: rand.Text(), templates: parseTemplates(), mux: http.NewServeMux()}
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("GET "+prefix+"{file}", p.file)
	for path, act := range p.actions() {
		p.mux.HandleFunc("POST "+prefix+path, p.action(path, act))
	}
	return emulator.Guard(p)
}

// ServeHTTP answers by the path alone: http.ServeMux would redirect what it
// takes for an untidy path, and the API answers such requests by itself.
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
	_, _ = w.Write(content) // a browser that went away is no concern of ours
}

// show renders the view that the query asks for. The tag changes with the
// emulator, and once a minute, since some things shown depend on the time.
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

// parseTemplates reads one set of templates for each view: the layout, the
// parts, and the view's own file with its content.
func parseTemplates() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(functions).ParseFS(files, "html/layout.html", "html/parts.html", "html/events.html", "html/people.html", "html/log.html"))
	templates := map[string]*template.Template{}
	for _, name := range append(slices.Collect(maps.Keys(views)), "problem", "sure") {
		own := template.Must(layout.Clone())
		templates[name] = template.Must(own.ParseFS(files, "html/"+name+".html"))
	}
	return templates
}
