package discordtest

import "net/http"

// getMe gives the bot's user.
func (s *Server) getMe(*request) (int, any, *apiError) { return http.StatusOK, s.bot.json(), nil }

// getApplication gives the application; of its flags 1<<19 says that the
// message content intent is allowed (limited).
func (s *Server) getApplication(*request) (int, any, *apiError) {
	flags := 0
	if s.o.AllowMessageContent {
		flags = 1 << 19
	}
	return http.StatusOK, map[string]any{
		"id": s.appID, "name": s.bot.Name, "icon": nil, "description": "", "bot_public": true, "bot_require_code_grant": false, "verify_key": hexFor("key", s.appID), "flags": flags,
		"bot": s.bot.json(), "integration_types_config": map[string]any{"0": map[string]any{}, "1": map[string]any{}},
	}, nil
}

func (s *Server) getGateway(*request) (int, any, *apiError) {
	return http.StatusOK, map[string]any{"url": s.gw.url()}, nil
}

func (s *Server) getGatewayBot(*request) (int, any, *apiError) {
	left := max(0, s.o.Sessions-s.gw.identified())
	return http.StatusOK, map[string]any{
		"url": s.gw.url(), "shards": s.o.Shards,
		"session_start_limit": map[string]any{"total": s.o.Sessions, "remaining": left, "reset_after": 14400000, "max_concurrency": s.o.MaxConcurrency},
	}, nil
}
