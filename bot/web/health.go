package web

import "net/http"

// healthRoutes serves what an operator watches.
func (s *Server) healthRoutes(_ *http.ServeMux) {}
