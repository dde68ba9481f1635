package discordtest

import "net/http"

// Kinds of interactions and of first answers
// [interactions/receiving-and-responding].
const (
	interCommand      = 2
	interComponent    = 3
	interAutocomplete = 4
	interModal        = 5

	ackMessage        = 4
	ackDeferred       = 5
	ackDeferredUpdate = 6
	ackUpdate         = 7
	ackChoices        = 8
	ackModal          = 9
)

// postCallback takes the first answer to an interaction.
func (s *Server) postCallback(q *request) (int, any, *apiError) {
	in := s.inters[q.params["interaction_id"]]
	if in == nil || in.token != q.params["interaction_token"] {
		return 0, nil, errUnknownInter
	}
	if in.ack != 0 {
		in.repeats++
		if !in.troubled {
			s.violate("%s %s: a second first answer", in.kindName(), in.name)
		}
		return 0, nil, errAcknowledged
	}
	if q.now.Sub(in.at) > s.o.AckLimit {
		in.late = true
		s.stats.Late++
		return 0, nil, errUnknownInter
	}
	kind := kindOf(q.body)
	if bad := s.legal(in, kind); bad != nil {
		return 0, nil, bad
	}
	data, _ := q.body["data"].(map[string]any)
	if err := s.acknowledge(in, kind, data, q); err != nil {
		return 0, nil, err
	}
	in.ack, in.ackAfter = kind, q.now.Sub(in.at)
	s.latencies = append(s.latencies, in.ackAfter)
	s.trim()
	if q.URL.Query().Get("with_response") == "true" {
		return http.StatusOK, s.callbackJSON(in), nil
	}
	return http.StatusNoContent, nil, nil
}

func (in *interaction) kindName() string {
	switch in.kind {
	case interComponent:
		return "component"
	case interAutocomplete:
		return "autocomplete"
	case interModal:
		return "modal"
	}
	return "command"
}

// legal says whether a kind of answer fits the kind of interaction.
func (s *Server) legal(in *interaction, kind int) *apiError {
	ok := false
	switch kind {
	case ackMessage, ackDeferred:
		ok = in.kind != interAutocomplete
	case ackDeferredUpdate, ackUpdate:
		ok = in.kind == interComponent || in.kind == interModal && in.source != nil
	case ackChoices:
		ok = in.kind == interAutocomplete
	case ackModal:
		ok = in.kind == interCommand || in.kind == interComponent
	}
	if ok {
		return nil
	}
	s.violate("%s %s: callback type %d is not allowed there", in.kindName(), in.name, kind)
	return invalid("type", "INTERACTION_TYPE", "Interaction callback type is not allowed for this interaction")
}

// invalid is a 50035 about one key.
func invalid(key, code, message string) *apiError {
	e := &apiError{status: 400, code: 50035, message: "Invalid Form Body", errors: map[string]any{}}
	problem{path: []string{key}, code: code, message: message}.nest(e.errors)
	return e
}

// acknowledge carries out a first answer. s.mu is held.
func (s *Server) acknowledge(in *interaction, kind int, data map[string]any, q *request) *apiError {
	switch kind {
	case ackMessage:
		m, err := s.newAnswer(in, data, 0)
		if err != nil {
			return err
		}
		in.original = m
	case ackDeferred:
		m, err := s.newAnswer(in, data, flagLoading)
		if err != nil {
			return err
		}
		in.original, in.deferred = m, true
	case ackDeferredUpdate:
		in.original, in.deferred = in.source, true
	case ackUpdate:
		in.original = in.source
		if data == nil {
			return nil
		}
		in.updates++
		return s.edit(in.source, data, q)
	case ackChoices:
		in.choices = choicesOf(data)
	case ackModal:
		title, _ := data["title"].(string)
		id, _ := data["custom_id"].(string)
		components, _ := data["components"].([]any)
		in.shown = &modalForm{title: title, customID: id, components: components}
	}
	return nil
}

// newAnswer makes a message in answer to an interaction.
func (s *Server) newAnswer(in *interaction, data map[string]any, extra int) (*message, *apiError) {
	m := &message{channel: in.channel, author: s.bot, inter: in, viaToken: true, kind: kindMessageSlash, flags: extra}
	if in.kind == interComponent {
		m.kind = kindMessagePlain
		if in.source != nil {
			m.kind, m.ref, m.refID = kindMessageReply, in.source, in.source.id
		}
	}
	flags := intOf(data, "flags")
	if flags&flagEphemeral != 0 || in.userOnly && !in.public {
		m.onlyFor = in.user
		m.flags |= flagEphemeral
	}
	if err := s.fill(m, data); err != nil {
		return nil, err
	}
	s.post(m)
	return m, nil
}

func choicesOf(data map[string]any) []Choice {
	list, _ := data["choices"].([]any)
	choices := make([]Choice, 0, len(list))
	for _, v := range list {
		m, _ := v.(map[string]any)
		name, _ := m["name"].(string)
		choices = append(choices, Choice{Name: name, Value: m["value"]})
	}
	return choices
}

func (s *Server) callbackJSON(in *interaction) map[string]any {
	info := map[string]any{"id": in.id, "type": in.kind}
	out := map[string]any{"interaction": info}
	resource := map[string]any{"type": in.ack}
	if in.original != nil && (in.ack == ackMessage || in.ack == ackDeferred || in.ack == ackUpdate) {
		info["response_message_id"] = in.original.id
		info["response_message_loading"] = in.original.flags&flagLoading != 0
		info["response_message_ephemeral"] = in.original.onlyFor != nil
		resource["message"] = s.messageJSON(in.original, true)
	}
	if in.ack != ackDeferredUpdate {
		out["resource"] = resource
	}
	return out
}

// byToken finds the interaction of a webhook route, which is alive.
func (s *Server) byToken(q *request) (*interaction, *apiError) {
	if q.params["webhook_id"] != s.appID {
		return nil, errUnknownWebhook
	}
	in := s.interByToken[q.params["webhook_token"]]
	if in == nil {
		return nil, errUnknownWebhook
	}
	if q.now.Sub(in.at) > s.o.TokenLife {
		return nil, errBadToken
	}
	if in.ack == 0 && q.now.Sub(in.at) > s.o.AckLimit {
		return nil, errUnknownWebhook
	}
	if in.ack == 0 {
		return nil, errUnknownWebhook
	}
	return in, nil
}

func (s *Server) originalOf(q *request) (*interaction, *message, *apiError) {
	in, err := s.byToken(q)
	if err != nil {
		return nil, nil, err
	}
	if in.original == nil || in.original.deleted {
		return nil, nil, errUnknownMessage
	}
	return in, in.original, nil
}

func (s *Server) getOriginal(q *request) (int, any, *apiError) {
	_, m, err := s.originalOf(q)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, s.messageJSON(m, true), nil
}

func (s *Server) patchOriginal(q *request) (int, any, *apiError) {
	in, m, err := s.originalOf(q)
	if err != nil {
		return 0, nil, err
	}
	if err := s.edit(m, q.body, q); err != nil {
		return 0, nil, err
	}
	in.deferred = false
	in.updates++
	return http.StatusOK, s.messageJSON(m, true), nil
}

func (s *Server) deleteOriginal(q *request) (int, any, *apiError) {
	in, m, err := s.originalOf(q)
	if err != nil {
		return 0, nil, err
	}
	in.deferred, in.deletedOp = false, true
	s.remove(m)
	return http.StatusNoContent, nil, nil
}

// postFollowUp sends a further message, or fills the one that is loading.
func (s *Server) postFollowUp(q *request) (int, any, *apiError) {
	in, err := s.byToken(q)
	if err != nil {
		return 0, nil, err
	}
	if o := in.original; o != nil && in.ack == ackDeferred && !o.deleted && o.flags&flagLoading != 0 {
		if err := s.edit(o, q.body, q); err != nil {
			return 0, nil, err
		}
		in.deferred = false
		in.updates++
		return http.StatusOK, s.messageJSON(o, true), nil
	}
	if in.userOnly && len(in.followUps) >= maxUserFollowUps {
		return 0, nil, errTooManyFollowUp
	}
	m, err := s.newAnswer(in, q.body, 0)
	if err != nil {
		return 0, nil, err
	}
	m.kind = kindMessageReply
	if in.original != nil {
		m.ref, m.refID = in.original, in.original.id
	}
	in.followUps = append(in.followUps, m)
	return http.StatusOK, s.messageJSON(m, true), nil
}

func (s *Server) followUpOf(q *request) (*interaction, *message, *apiError) {
	in, err := s.byToken(q)
	if err != nil {
		return nil, nil, err
	}
	id := q.params["message_id"]
	if in.original != nil && in.original.id == id && !in.original.deleted {
		return in, in.original, nil
	}
	for _, m := range in.followUps {
		if m.id == id && !m.deleted {
			return in, m, nil
		}
	}
	return nil, nil, errUnknownMessage
}

func (s *Server) getFollowUp(q *request) (int, any, *apiError) {
	_, m, err := s.followUpOf(q)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, s.messageJSON(m, true), nil
}

func (s *Server) patchFollowUp(q *request) (int, any, *apiError) {
	in, m, err := s.followUpOf(q)
	if err != nil {
		return 0, nil, err
	}
	if err := s.edit(m, q.body, q); err != nil {
		return 0, nil, err
	}
	if m == in.original {
		in.deferred = false
		in.updates++
	}
	return http.StatusOK, s.messageJSON(m, true), nil
}

func (s *Server) deleteFollowUp(q *request) (int, any, *apiError) {
	in, m, err := s.followUpOf(q)
	if err != nil {
		return 0, nil, err
	}
	if m == in.original {
		in.deferred, in.deletedOp = false, true
	}
	s.remove(m)
	return http.StatusNoContent, nil, nil
}
