package discordtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"strings"
)

// route is a method and path that the server plays. Patterns are those of the
// official OpenAPI description.
type route struct {
	method, pattern string
	parts           []string
	needsToken      bool // 401 without the bot's token
	global          bool // counts against the limit of 50 per second
	handle          func(*Server, *request) (int, any, *apiError)
}

func (r *route) key() string { return r.method + " " + r.pattern }

var routes = makeRoutes()

func makeRoutes() []*route {
	const (
		hook    = "/webhooks/{webhook_id}/{webhook_token}"
		orig    = hook + "/messages/@original"
		follow  = hook + "/messages/{message_id}"
		channel = "/channels/{channel_id}"
		message = channel + "/messages/{message_id}"
		app     = "/applications/{application_id}"
	)
	list := []*route{
		{method: "POST", pattern: "/interactions/{interaction_id}/{interaction_token}/callback", handle: (*Server).postCallback},
		{method: "POST", pattern: hook, handle: (*Server).postFollowUp},
		{method: "GET", pattern: orig, handle: (*Server).getOriginal},
		{method: "PATCH", pattern: orig, handle: (*Server).patchOriginal},
		{method: "DELETE", pattern: orig, handle: (*Server).deleteOriginal},
		{method: "GET", pattern: follow, handle: (*Server).getFollowUp},
		{method: "PATCH", pattern: follow, handle: (*Server).patchFollowUp},
		{method: "DELETE", pattern: follow, handle: (*Server).deleteFollowUp},
	}
	bot := []*route{
		{method: "GET", pattern: "/gateway", handle: (*Server).getGateway},
		{method: "GET", pattern: "/gateway/bot", handle: (*Server).getGatewayBot},
		{method: "GET", pattern: channel, handle: (*Server).getChannel},
		{method: "GET", pattern: channel + "/messages", handle: (*Server).listMessages},
		{method: "POST", pattern: channel + "/messages", handle: (*Server).postMessage},
		{method: "GET", pattern: message, handle: (*Server).getMessage},
		{method: "PATCH", pattern: message, handle: (*Server).patchMessage},
		{method: "DELETE", pattern: message, handle: (*Server).deleteMessage},
		{method: "POST", pattern: message + "/threads", handle: (*Server).postThread},
		{method: "POST", pattern: channel + "/typing", handle: (*Server).postTyping},
		{method: "GET", pattern: "/users/@me", handle: (*Server).getMe},
		{method: "POST", pattern: "/users/@me/channels", handle: (*Server).postDM},
		{method: "GET", pattern: "/applications/@me", handle: (*Server).getApplication},
		{method: "GET", pattern: "/oauth2/applications/@me", handle: (*Server).getApplication},
		{method: "GET", pattern: app + "/commands", handle: (*Server).getCommands},
		{method: "PUT", pattern: app + "/commands", handle: (*Server).putCommands},
		{method: "GET", pattern: app + "/guilds/{guild_id}/commands", handle: (*Server).getCommands},
		{method: "PUT", pattern: app + "/guilds/{guild_id}/commands", handle: (*Server).putCommands},
		{method: "GET", pattern: "/guilds/{guild_id}", handle: (*Server).getGuild},
	}
	for _, r := range bot {
		r.needsToken, r.global = r.pattern != "/gateway", true
	}
	list = append(list, bot...)
	for _, r := range list {
		r.parts = strings.Split(r.pattern, "/")
	}
	return list
}

// findRoute finds the route of a path; known says that the path exists with
// another method.
func findRoute(method, path string) (found *route, params map[string]string, known bool) {
	parts := strings.Split(path, "/")
	for _, r := range routes {
		if !matchParts(r.parts, parts) {
			continue
		}
		known = true
		if r.method != method {
			continue
		}
		params = map[string]string{}
		for i, p := range r.parts {
			if strings.HasPrefix(p, "{") {
				params[p[1:len(p)-1]] = parts[i]
			}
		}
		return r, params, true
	}
	return nil, nil, known
}

func matchParts(pattern, parts []string) bool {
	if len(pattern) != len(parts) {
		return false
	}
	for i, p := range pattern {
		if strings.HasPrefix(p, "{") {
			if parts[i] == "" || strings.HasPrefix(parts[i], "@") {
				return false
			}
		} else if p != parts[i] {
			return false
		}
	}
	return true
}

// payloadJSON is the part of that name in a form, nil when there is none.
func payloadJSON(data []byte, boundary string) []byte {
	form := multipart.NewReader(bytes.NewReader(data), boundary)
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil
		}
		if part.FormName() == "payload_json" {
			body, err := io.ReadAll(part)
			if err != nil {
				return nil
			}
			return body
		}
	}
}
