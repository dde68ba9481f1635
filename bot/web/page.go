package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the templates by the name of their file, each with the frame.
type pages map[string]*template.Template

// frame is what every page has, as templates/frame.html shows it.
type frame struct {
	// Title is that of the page, before the program's name.
	Title string
	// Private keeps the page out of caches, indexes and referrers.
	Private bool
	// Media is the address of the page's audio, "" none.
	Media string
}

// framed is a page's data: a struct that embeds frame.
type framed interface{ frameOf() *frame }

func (f *frame) frameOf() *frame { return f }

// sharedTemplates are parts of several pages.
var sharedTemplates = []string{"templates/frame.html", "templates/cited.html"}

// parsePages reads all templates.
func parsePages() (pages, error) {
	names, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	all := pages{}
	for _, n := range names {
		if slices.Contains(sharedTemplates, "templates/"+n.Name()) {
			continue
		}
		t, err := template.New(n.Name()).Funcs(pageFuncs).ParseFS(templateFiles, append(slices.Clone(sharedTemplates), "templates/"+n.Name())...)
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", n.Name(), err)
		}
		all[n.Name()] = t
	}
	return all, nil
}

// render writes a page: the file templates/NAME in the frame. The page is made
// whole before any of it is sent, so that a failure is an error page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, page framed) {
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, "frame", page); err != nil {
		reference := newReference()
		s.log.Error("make page", "page", name, "reference", reference, "error", err)
		http.Error(w, "This page could not be made. Reference: "+reference, http.StatusInternalServerError)
		return
	}
	s.pageHeaders(w, page.frameOf())
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(b.Bytes())
	}
}
