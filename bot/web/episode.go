package web

import "net/http"

// episodeRoutes serves transcripts: /e/EPISODE, its lines being #L63-L64.
func (s *Server) episodeRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /e/{episode}", s.episodePage)
}

func (s *Server) episodePage(w http.ResponseWriter, r *http.Request) {
	v, err := s.open(r.Context(), r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	_ = v
	s.fail(w, r, errNotFound)
}
