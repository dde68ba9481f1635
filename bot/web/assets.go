package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed static
var staticFiles embed.FS

// assets are the files under /assets/ by their names. The name in a page holds a
// checksum, so that browsers keep a file until it changes. The stylesheet and
// the script are each made of the parts named.
var assets = map[string]*asset{
	"style.css": newAsset("style.css", "base.css", "episode.css", "ask.css"),
	"script.js": newAsset("script.js", "base.js", "episode.js", "ask.js"),
	"icon.svg":  newAsset("icon.svg", "icon.svg"),
}

type asset struct {
	name    string // with its checksum
	content []byte
}

// newAsset joins the parts; a part that is missing is a programmer's mistake.
func newAsset(name string, parts ...string) *asset {
	a := &asset{}
	for _, part := range parts {
		content, err := staticFiles.ReadFile("static/" + part)
		if err != nil {
			panic(err)
		}
		a.content = append(a.content, content...)
	}
	sum := sha256.Sum256(a.content)
	extension := path.Ext(name)
	a.name = strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(sum[:4]) + extension
	return a
}

// pageFuncs are what templates may call beside their own data.
var pageFuncs = template.FuncMap{
	"asset": func(name string) string { return assets[name].name },
}

// robots lets indexes have the public pages, not what is made of a question, nor
// what a signed link opens.
const robots = `User-agent: *
Disallow: /*?
Disallow: /ask/
Disallow: /quote
Disallow: /e/*/summary
Allow: /
`

// assetRoutes serves the stylesheet, the script and the icon, and robots.txt.
func (s *Server) assetRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=3600")
		io.WriteString(w, robots)
	})
	for name, a := range assets {
		serve := func(w http.ResponseWriter, r *http.Request) {
			keep := "no-cache"
			if r.URL.Path != "/assets/"+name {
				keep = "public, max-age=31536000, immutable"
			}
			w.Header().Set("Cache-Control", keep)
			w.Header().Set("ETag", `"`+a.name+`"`)
			http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(a.content))
		}
		mux.HandleFunc("GET /assets/"+name, serve)
		mux.HandleFunc("GET /assets/"+a.name, serve)
	}
}
