package discordtest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// testSchemas is a small description with all that the validator knows.
const testSchemas = `{
	"Kind": {"type":"integer","oneOf":[{"const":1},{"const":2}]},
	"A": {"type":"object","properties":{"type":{"type":"integer","enum":[1],"allOf":[{"$ref":"#/components/schemas/Kind"}]},"name":{"type":["string","null"],"minLength":1,"maxLength":3}},"required":["type"]},
	"B": {"type":"object","properties":{"type":{"type":"integer","enum":[2]},"list":{"type":"array","items":{"$ref":"#/components/schemas/Nested"},"minItems":1,"maxItems":2,"uniqueItems":true}},"required":["type","list"]},
	"Nested": {"oneOf":[{"$ref":"#/components/schemas/A"},{"$ref":"#/components/schemas/B"},{"type":"null"}]},
	"ID": {"type":"string","pattern":"^(0|[1-9][0-9]*)$"},
	"Number": {"type":"number","minimum":0,"maximum":10},
	"Map": {"type":"object","additionalProperties":{"type":"string"},"minProperties":1,"maxProperties":2},
	"Closed": {"type":"object","properties":{"a":{"type":"boolean"}},"additionalProperties":false},
	"Any": {"anyOf":[{"type":"string"},{"type":"integer"}]},
	"Both": {"oneOf":[{"type":"number"},{"type":"integer"}]},
	"Perms": {"type":"object","properties":{"default_member_permissions":{"type":["integer","null"]}}},
	"Loop": {"$ref":"#/components/schemas/Loop"},
	"Gone": {"$ref":"#/components/schemas/Nowhere"}
}`

func newTestSchemas(t testing.TB) *schemas {
	t.Helper()
	s := &schemas{read: map[string]*schema{}}
	if err := json.Unmarshal([]byte(testSchemas), &s.raw); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchema(t *testing.T) {
	s := newTestSchemas(t)
	for _, c := range []struct{ schema, value, want string }{
		{"A", `{"type":1}`, ""},
		{"A", `{"type":1,"name":null,"more":[]}`, ""},
		{"A", `{"type":1,"name":"äöü"}`, ""},
		{"A", `{"type":1,"name":"äöüx"}`, "name: has 4 characters, more than 3"},
		{"A", `{"type":1,"name":""}`, "name: has 0 characters, fewer than 1"},
		{"A", `{"name":"x"}`, `body: lacks "type"`},
		{"A", `{"type":2}`, "type: is 2, none of [1]"},
		{"A", `{"type":1.5}`, "type: is number, not integer"},
		{"A", `[]`, "body: is array, not object"},
		{"Nested", `null`, ""},
		{"Nested", `{"type":2,"list":[{"type":1},null]}`, ""},
		{"Nested", `{"type":2,"list":[]}`, "list: has 0 entries, fewer than 1"},
		{"Nested", `{"type":2,"list":[null,{"type":1},{"type":1,"name":"x"}]}`, "list: has 3 entries, more than 2"},
		{"Nested", `{"type":2,"list":[{"type":1},{"type":1}]}`, "list: entry 1 is there twice"},
		{"Nested", `{"type":2,"list":[{"type":2,"list":[{"type":1,"name":5}]}]}`, "list.0.list.0.name: is integer, not string or null"},
		{"Nested", `{"type":3}`, "body: type 3 does not belong here"},
		{"Nested", `{}`, "fits none of 2 alternatives"},
		{"ID", `"123"`, ""},
		{"ID", `"0123"`, "does not match"},
		{"Number", `10`, ""},
		{"Number", `-0.5`, "less than 0"},
		{"Number", `10.5`, "more than 10"},
		{"Map", `{"a":"b"}`, ""},
		{"Map", `{"a":1}`, "a: is integer, not string"},
		{"Map", `{}`, "fewer than 1"},
		{"Map", `{"a":"","b":"","c":""}`, "more than 2"},
		{"Closed", `{"a":true}`, ""},
		{"Closed", `{"b":true}`, `may not have "b"`},
		{"Any", `5`, ""},
		{"Any", `true`, "fits none of 2 alternatives"},
		{"Both", `1.5`, ""},
		{"Both", `1`, "fits 2 alternatives, not one"},
		{"Kind", `2`, ""},
		{"Kind", `3`, "fits none"},
		{"Perms", `{"default_member_permissions":"32"}`, ""},
		{"Perms", `{"default_member_permissions":"x"}`, "is string, not integer or null"},
		{"Loop", `1`, "nested too deep"},
		{"Gone", `1`, "not in the description"},
	} {
		var v any
		if err := json.Unmarshal([]byte(c.value), &v); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range s.validate(&schema{Ref: refPrefix + c.schema}, v) {
			got = append(got, p.String())
		}
		text := strings.Join(got, "; ")
		if c.want == "" && text != "" || !strings.Contains(text, c.want) {
			t.Errorf("validate(%s, %s) = %q, want %q", c.schema, c.value, text, c.want)
		}
	}
}

func TestRoutesAreOfficial(t *testing.T) {
	spec := officialDescription(t)
	if spec == nil {
		t.Skip("official description not found")
	}
	for _, r := range routes {
		op, err := spec.operation(r.method, r.pattern)
		if err != nil || op.missing {
			t.Errorf("%s: missing %v, %v", r.key(), op.missing, err)
		}
	}
	for name := range spec.schemas.raw {
		if _, err := spec.schemas.get(refPrefix + name); err != nil {
			t.Error(err)
		}
	}
	if !spec.hasPath("/channels/1/pins") || spec.hasPath("/nothing") {
		t.Error("hasPath is wrong")
	}
}

// TestOfficialBodies checks bodies that bots send against the official
// description.
func TestOfficialBodies(t *testing.T) {
	spec := officialDescription(t)
	if spec == nil {
		t.Skip("official description not found")
	}
	const (
		callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
		original = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
		commands = "PUT /applications/{application_id}/commands"
		messages = "POST /channels/{channel_id}/messages"
		typing   = "POST /channels/{channel_id}/typing"
	)
	v2 := `{"flags":32768,"allowed_mentions":{"parse":[]},"components":[{"type":17,"accent_color":255,"components":[{"type":10,"content":"x"},{"type":14},{"type":9,"components":[{"type":10,"content":"y"}],"accessory":{"type":2,"style":2,"label":"Context","custom_id":"a"}}]},{"type":1,"components":[{"type":3,"custom_id":"m","options":[{"label":"a","value":"b"}]}]}]}`
	for _, c := range []struct{ route, body, want string }{
		{callback, `{"type":4,"data":` + v2 + `}`, ""},
		{callback, `{"type":5}`, ""},
		{callback, `{"type":6}`, ""},
		{callback, `{"type":7,"data":` + v2 + `}`, ""},
		{callback, `{"type":8,"data":{"choices":[{"name":"a","value":"b"}]}}`, ""},
		{callback, `{"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":18,"label":"Why","component":{"type":4,"style":2,"custom_id":"w","required":true,"max_length":300}}]}}`, ""},
		{callback, `{"type":9}`, `lacks "data"`},
		{callback, `{"type":44}`, "type 44 does not belong here"},
		{callback, `{"type":4,"data":{"content":5}}`, "data"},
		{original, v2, ""},
		{original, `{"components":[{"type":17,"components":[{"type":17,"components":[]}]}]}`, "components.0.components.0: type 17 does not belong here"},
		{original, ``, "needs a body"},
		{messages, `{"content":"x","nonce":"abc","enforce_nonce":true,"message_reference":{"message_id":"1","fail_if_not_exists":false},"allowed_mentions":{"parse":[],"replied_user":false}}`, ""},
		{messages, `{"message_reference":{"message_id":"x1"}}`, "message_id"},
		{commands, testCommands, ""},
		{commands, `[{"name":"x","options":[{"type":3,"name":"y"}]}]`, "description"},
		{typing, ``, ""},
		{typing, `{"a":1}`, "takes no body"},
	} {
		method, pattern, _ := strings.Cut(c.route, " ")
		r, err := http.NewRequest(method, "http://example.com/", nil)
		if err != nil {
			t.Fatal(err)
		}
		q := &request{Request: r, route: &route{method: method, pattern: pattern}}
		if c.body != "" {
			if err := json.Unmarshal([]byte(c.body), &q.raw); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, p := range spec.check(q) {
			got = append(got, p.String())
		}
		text := strings.Join(got, "; ")
		if c.want == "" && text != "" || !strings.Contains(text, c.want) {
			t.Errorf("%s %s: %q, want %q", c.route, c.body, text, c.want)
		}
	}
}

// FuzzBody feeds any JSON to all checks, which must not panic.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{testCommands, `{"type":4,"data":{"content":"x","components":[{"type":17,"components":[{"type":10,"content":"x"}]}]}}`, `[null,{"options":[5]}]`, `{"embeds":[{"fields":[{}]}],"flags":1e300}`, `null`} {
		f.Add(seed)
	}
	small := newTestSchemas(f)
	spec := officialDescription(f)
	f.Fuzz(func(_ *testing.T, body string) {
		var raw any
		if json.Unmarshal([]byte(body), &raw) != nil {
			return
		}
		small.validate(&schema{Ref: refPrefix + "Nested"}, raw)
		for _, r := range routes {
			req, _ := http.NewRequest(r.method, "http://example.com/", nil)
			q := &request{Request: req, route: r, params: map[string]string{}, raw: raw}
			q.body, _ = raw.(map[string]any)
			c := &checker{}
			checkBody(c, q)
			for _, p := range c.problems {
				p.nest(map[string]any{})
			}
			if spec != nil {
				spec.check(q)
			}
			numbered(choicesRaw(q.body))
			if list, ok := raw.([]any); ok {
				for _, v := range list {
					if m, ok := v.(map[string]any); ok {
						readCommand(m).json("1", false)
					}
				}
			}
		}
	})
}

func choicesRaw(m map[string]any) []any {
	l, _ := m["components"].([]any)
	return l
}
