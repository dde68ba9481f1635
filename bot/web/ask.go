package web

import "net/http"

// askRoutes serves the first page.
func (s *Server) askRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNotFound) })
}
