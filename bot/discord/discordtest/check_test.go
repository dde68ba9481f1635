package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// problemsOf checks a body that is sent to a route, against the limits only.
func problemsOf(t *testing.T, name, body string) string {
	t.Helper()
	method, pattern, _ := strings.Cut(name, " ")
	for _, r := range routes {
		if r.method != method || !strings.HasSuffix(r.pattern, pattern) {
			continue
		}
		req, err := http.NewRequest(method, "http://example.com/", nil)
		if err != nil {
			t.Fatal(err)
		}
		q := &request{Request: req, route: r, params: map[string]string{}}
		if err := json.Unmarshal([]byte(body), &q.raw); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		q.body, _ = q.raw.(map[string]any)
		c := &checker{}
		checkBody(c, q)
		var out []string
		for _, p := range c.problems {
			out = append(out, p.String())
		}
		return strings.Join(out, "; ")
	}
	t.Fatalf("no route %q", name)
	return ""
}

func TestMessageLimits(t *testing.T) {
	x := strings.Repeat
	v2 := func(components string) string {
		return `{"flags":32768,` + noPing + `,"components":[` + components + `]}`
	}
	text := func(n int) string { return `{"type":10,"content":"` + x("ä", n) + `"}` }
	row := func(components string) string {
		return `{` + noPing + `,"components":[{"type":1,"components":[` + components + `]}]}`
	}
	button := func(fields string) string {
		return row(`{"type":2,"style":1,"label":"L","custom_id":"c"` + fields + `}`)
	}
	menu := func(fields string) string {
		return row(`{"type":3,"custom_id":"c","options":[{"label":"a","value":"a"},{"label":"b","value":"b"}]` + fields + `}`)
	}
	many := func(n int, format string) string {
		var l []string
		for i := range n {
			l = append(l, fmt.Sprintf(format, i))
		}
		return strings.Join(l, ",")
	}
	embed := func(fields string) string { return `{` + noPing + `,"embeds":[{` + fields + `}]}` }
	for _, c := range []struct{ name, body, want string }{
		{"longest content", answer(x("ä", 2000)), ""},
		{"content too long", answer(x("ä", 2001)), "content: must be 2000 or fewer in length, is 2001"},
		{"empty", `{` + noPing + `}`, "an empty message"},
		{"no allowed_mentions", `{"content":"x"}`, "allowed_mentions: missing"},
		{"pings", `{"content":"x","allowed_mentions":{"parse":["users"]}}`, "allowed_mentions.parse: must be an empty list"},
		{"pings one", `{"content":"x","allowed_mentions":{"parse":[],"users":["1"]}}`, "pings [1]"},
		{"no parse", `{"content":"x","allowed_mentions":{}}`, "allowed_mentions.parse"},
		{"flags", `{"content":"x","flags":64,` + noPing + `}`, "may not set 64"},
		{"all of V2", v2(text(4000)), ""},
		{"text too long", v2(text(2000) + "," + text(2001)), "together must be 4000 or fewer, are 4001"},
		{"40 components", v2(many(40, `{"type":14,"id":0}`)[:0] + many(40, `{"type":10,"content":"%d"}`)), ""},
		{"41 components", v2(`{"type":17,"components":[` + many(40, `{"type":10,"content":"%d"}`) + `]}`), "at most 40 components"},
		{"accessories count", v2(many(14, `{"type":9,"components":[{"type":10,"content":"x"}],"accessory":{"type":2,"style":1,"label":"b","custom_id":"%d"}}`)), "has 42"},
		{"V2 and content", `{"flags":32768,"content":"x",` + noPing + `,"components":[` + text(1) + `]}`, "not together with IS_COMPONENTS_V2"},
		{"V2 component without flag", `{` + noPing + `,"components":[` + text(1) + `]}`, "need the flag"},
		{"container in container", v2(`{"type":17,"components":[{"type":17,"components":[` + text(1) + `]}]}`), "component 17 may not stand here"},
		{"empty container", v2(`{"type":17,"components":[]}`), "1 or more entries"},
		{"colour", v2(`{"type":17,"accent_color":16777216,"components":[` + text(1) + `]}`), "accent_color"},
		{"section without accessory", v2(`{"type":9,"components":[` + text(1) + `]}`), "accessory: is required"},
		{"section of four", v2(`{"type":9,"components":[` + text(1) + "," + text(1) + "," + text(1) + "," + text(1) + `],"accessory":{"type":11,"media":{"url":"https://example.com/a.png"}}}`), "3 or fewer"},
		{"spacing", v2(`{"type":14,"spacing":3}`), "spacing"},
		{"gallery", v2(`{"type":12,"items":[]}`), "items: is required"},
		{"file", v2(`{"type":13,"file":{"url":"ftp://x/y"}}`), "scheme"},
		{"good button", button(""), ""},
		{"label 80", button(`,"label":"` + x("l", 80) + `"`), ""},
		{"label 81", button(`,"label":"` + x("l", 81) + `"`), "label: must be 80 or fewer"},
		{"custom_id 101", button(`,"custom_id":"` + x("c", 101) + `"`), "custom_id: must be 100 or fewer"},
		{"no custom_id", row(`{"type":2,"style":1,"label":"x"}`), "custom_id: is required"},
		{"no style", row(`{"type":2,"label":"x","custom_id":"a"}`), "0 is no style"},
		{"no label", row(`{"type":2,"style":1,"custom_id":"a"}`), "needs a label or an emoji"},
		{"emoji", row(`{"type":2,"style":1,"custom_id":"a","emoji":{"name":"x"}}`), ""},
		{"empty emoji", row(`{"type":2,"style":1,"custom_id":"a","emoji":{}}`), "an emoji needs"},
		{"link", row(`{"type":2,"style":5,"label":"x","url":"https://example.com"}`), ""},
		{"link with custom_id", row(`{"type":2,"style":5,"label":"x","url":"https://example.com","custom_id":"a"}`), "a link has none"},
		{"link without address", row(`{"type":2,"style":5,"label":"x"}`), "url: is required"},
		{"link too long", row(`{"type":2,"style":5,"label":"x","url":"https://example.com/` + x("a", 500) + `"}`), "url: must be 512"},
		{"script", row(`{"type":2,"style":5,"label":"x","url":"javascript:alert(1)"}`), "no address"},
		{"button with address", button(`,"url":"https://example.com"`), "only a link"},
		{"six buttons", row(many(6, `{"type":2,"style":1,"label":"x","custom_id":"%d"}`)), "5 or fewer"},
		{"same custom_id", row(`{"type":2,"style":1,"label":"x","custom_id":"a"},{"type":2,"style":1,"label":"y","custom_id":"a"}`), `"a" occurs twice`},
		{"six rows", `{` + noPing + `,"components":[` + many(6, `{"type":1,"components":[{"type":2,"style":1,"label":"x","custom_id":"%d"}]}`) + `]}`, "at most 5 rows"},
		{"menu", menu(""), ""},
		{"menu and button", row(`{"type":3,"custom_id":"c","options":[{"label":"a","value":"a"}]},{"type":2,"style":1,"label":"x","custom_id":"b"}`), "a select fills its row"},
		{"26 options", menu(`,"options":[` + many(26, `{"label":"a","value":"%d"}`) + `]`), "25 or fewer"},
		{"no options", menu(`,"options":[]`), "options: is required"},
		{"same value", menu(`,"options":[{"label":"a","value":"a"},{"label":"b","value":"a"}]`), "occurs twice"},
		{"option text", menu(`,"options":[{"label":"` + x("a", 101) + `","value":"a"}]`), "options.0.label"},
		{"placeholder", menu(`,"placeholder":"` + x("p", 151) + `"`), "placeholder"},
		{"max_values", menu(`,"max_values":3`), "with only 2 options"},
		{"min over max", menu(`,"min_values":2,"max_values":1`), "more than max_values"},
		{"embed", embed(`"title":"t","description":"` + x("d", 4096) + `"`), ""},
		{"embed title", embed(`"title":"` + x("t", 257) + `"`), "embeds.0.title"},
		{"field blank", embed(`"fields":[{"name":" ","value":"v"}]`), "may not be blank"},
		{"field value", embed(`"fields":[{"name":"n","value":"` + x("v", 1025) + `"}]`), "value: must be 1024"},
		{"embeds too long", `{` + noPing + `,"embeds":[{"description":"` + x("d", 4000) + `"},{"description":"` + x("d", 2001) + `"}]}`, "must be 6000 or fewer, is 6001"},
		{"embed address", embed(`"url":"data:x"`), "no address"},
		{"11 embeds", `{` + noPing + `,"embeds":[` + many(11, `{"title":"%d"}`) + `]}`, "10 or fewer"},
		{"nonce", `{"content":"x","nonce":"` + x("n", 26) + `",` + noPing + `}`, "nonce: must be 25"},
		{"content no string", `{"content":5,` + noPing + `}`, "not a string"},
		{"components no list", `{"components":{},"content":"x",` + noPing + `}`, "not a list"},
	} {
		got := problemsOf(t, "POST /channels/{channel_id}/messages", c.body)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCallbackLimits(t *testing.T) {
	x := strings.Repeat
	modal := func(fields, components string) string {
		return `{"type":9,"data":{"custom_id":"f","title":"T"` + fields + `,"components":[` + components + `]}}`
	}
	label := func(component string) string { return `{"type":18,"label":"L","component":` + component + `}` }
	input := `{"type":4,"style":1,"custom_id":"a"}`
	for _, c := range []struct{ body, want string }{
		{`{"type":3}`, "3 is no kind of callback"},
		{`{"type":4}`, "data: is required"},
		{`{"type":8,"data":{}}`, "choices: is required"},
		{`{"type":8,"data":{"choices":[{"name":"` + x("n", 101) + `","value":"v"}]}}`, "name: must be 100"},
		{`{"type":8,"data":{"choices":[{"name":"n","value":"` + x("n", 101) + `"}]}}`, "value: must be 100"},
		{`{"type":8,"data":{"choices":[` + x(`{"name":"n","value":"v"},`, 25) + `{"name":"n","value":"v"}]}}`, "25 or fewer"},
		{modal("", label(input)), ""},
		{modal(`,"title":"`+x("t", 46)+`"`, label(input)), "title: must be 45"},
		{modal("", ""), "components: is required"},
		{modal("", x(label(input)+",", 5)+label(input)), "5 or fewer"},
		{modal("", label(input)+","+label(input)), `"a" occurs twice`},
		{modal("", input), "component 4 may not stand in a modal"},
		{modal("", `{"type":1,"components":[{"type":4,"style":1,"custom_id":"a","label":"l"}]}`), ""},
		{modal("", `{"type":1,"components":[`+input+`]}`), "label: is required"},
		{modal("", label(`{"type":4,"style":1,"custom_id":"a","label":"l"}`)), "not within a label"},
		{modal("", label(`{"type":4,"style":1,"custom_id":"a","max_length":4001}`)), "max_length"},
		{modal("", label(`{"type":4,"style":1,"custom_id":"a","max_length":2,"value":"abc"}`)), "value: must be 2"},
		{modal("", label(`{"type":2,"style":1,"custom_id":"a","label":"x"}`)), "component 2 may not stand here"},
		{modal("", label(`{"type":3,"custom_id":"a","options":[{"label":"a","value":"a"}]}`)), ""},
	} {
		got := problemsOf(t, "POST /callback", c.body)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.body, got, c.want)
		}
	}
}

func TestCommandLimits(t *testing.T) {
	x := strings.Repeat
	command := func(fields string) string { return `[{"name":"ask","description":"d"` + fields + `}]` }
	opt := func(fields string) string {
		return command(`,"options":[{"type":3,"name":"o","description":"d"` + fields + `}]`)
	}
	for _, c := range []struct{ body, want string }{
		{testCommands, ""},
		{`{}`, "not a list"},
		{`[{"name":"Ask","description":"d"}]`, "lower case"},
		{`[{"name":"a b","description":"d"}]`, "no name of a command"},
		{`[{"name":"élève","description":"d","name_localizations":{"ja":"質問","de":"frage"}}]`, ""},
		{`[{"name":"` + x("a", 33) + `","description":"d"}]`, "name: must be 32"},
		{`[{"name":"a"}]`, "description: is required"},
		{`[{"name":"a","description":"` + x("d", 101) + `"}]`, "description: must be 100"},
		{command(`,"name_localizations":{"xx":"a"}`), "no locale"},
		{command(`,"name_localizations":{"de":"Frage"}`), "lower case"},
		{command(`,"description_localizations":{"de":"` + x("d", 101) + `"}`), "must be 100"},
		{command("")[:len(command(""))-1] + "," + command("")[1:], "occurs twice"},
		{command(`,"default_member_permissions":"many"`), "no bit set"},
		{command(`,"type":4`), "no kind of command"},
		{`[{"name":"Menu","type":3,"description":"d"}]`, "a menu command has none"},
		{`[{"name":" Menu","type":3}]`, "space around"},
		{`[{"name":"Menu","type":3}]`, ""},
		{opt(""), ""},
		{opt(`,"autocomplete":true,"choices":[{"name":"a","value":"a"}]`), "either choices or autocomplete"},
		{opt(`,"choices":[{"name":"a","value":"a"},{"name":"a","value":"b"}]`), "occurs twice"},
		{opt(`,"choices":[{"name":"a"}]`), "value: is required"},
		{opt(`,"max_length":6001`), "max_length"},
		{opt(`},{"type":3,"name":"p","description":"d","required":true`), "required options come before"},
		{opt(`},{"type":3,"name":"o","description":"d"`), "occurs twice"},
		{opt(`},{"type":1,"name":"s","description":"d"`), "together"},
		{command(`,"options":[{"type":12,"name":"o","description":"d"}]`), "no kind of option"},
		{command(`,"options":[{"type":5,"name":"o","description":"d","autocomplete":true}]`), "has no choices"},
		{command(`,"options":[{"type":1,"name":"s","description":"d","options":[{"type":1,"name":"t","description":"d"}]}]`), "may not stand here"},
		{command(`,"options":[{"type":2,"name":"s","description":"d","options":[{"type":1,"name":"t","description":"d"}]}]`), ""},
		{command(`,"options":[` + x(`{"type":3,"name":"o","description":"d"},`, 25) + `{"type":3,"name":"o","description":"d"}]`), "25 or fewer"},
		{"[" + strings.TrimSuffix(x(`{"name":"m","type":3},`, 16), ",") + "]", "too many commands"},
		{command(`,"options":[` + strings.TrimSuffix(x(`{"type":3,"name":"o","description":"`+x("d", 100)+`","choices":[`+strings.TrimSuffix(x(`{"name":"`+x("n", 100)+`","value":"`+x("v", 100)+`"},`, 20), ",")+`]},`, 2), ",") + `]`), "must be 8000 or fewer"},
	} {
		got := problemsOf(t, "PUT /commands", c.body)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%.200s: %q, want %q", c.body, got, c.want)
		}
	}
}

func TestInvalidBodyIsRefused(t *testing.T) {
	s := New(t)
	b, _ := held(t, s)
	ch := s.Guild("g").Channel("general")
	path := "/channels/" + ch.ID + "/messages"
	status, body := b.do("POST", path, answer(strings.Repeat("x", 2001)))
	want(t, status, body, 400, 50035)
	if !strings.Contains(body, `"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"`) {
		t.Errorf("errors of %s", body)
	}
	broke(t, s, "content: must be 2000 or fewer in length, is 2001")
	status, body = b.do("POST", path, `{"content":`)
	want(t, status, body, 400, 50109)
	broke(t, s, "invalid JSON")
	status, body = b.do("POST", path, `{"content":"x"}`)
	want(t, status, body, 200, 0)
	broke(t, s, "allowed_mentions: missing")
	res, err := http.Post(s.URL()+path, "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	s.TakeViolations()
}

// TestViolationsFailTheTest checks that a broken rule is reported at the end.
func TestViolationsFailTheTest(t *testing.T) {
	r := &recorder{TB: t}
	s := New(r)
	b := newBot(t, s, nil)
	b.do("GET", "/nothing", "")
	if v := s.Violations(); len(v) != 1 {
		t.Errorf("violations %q", v)
	}
	if errs := r.end(); len(errs) != 1 || !strings.Contains(errs[0], "no such route") {
		t.Errorf("reported %q", errs)
	}
}
