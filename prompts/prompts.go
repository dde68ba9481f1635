package prompts

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"text/template"
)

// Message is one message to the model; Role is "system" or "user".
type Message struct{ Role, Text string }

// Prompt is what one call tells the model.
type Prompt struct {
	Messages []Message
	// Version names the template and its version, such as "answer/1".
	Version string
	// ReplyTokens is the longest reply that makes sense.
	ReplyTokens int
}

//go:embed *.tmpl
var files embed.FS

// sharedName is the template that others use: whoever changes it raises their
// versions, too.
const sharedName = "shared"

// form is a template file, parsed.
type form struct {
	version string
	parsed  *template.Template
}

// forms are the templates by the name of their file, without its ending.
var forms = mustParse()

// versionLine is the first line of a template.
var versionLine = regexp.MustCompile(`^\{\{- /\* ([a-z]+/[0-9]+) \*/ -\}\}\n`)

func mustParse() map[string]form {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("prompts: the embedded templates cannot be listed: " + err.Error())
	}
	shared := mustRead(sharedName)
	parsed := map[string]form{}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".tmpl")
		text := mustRead(name)
		m := versionLine.FindStringSubmatch(text)
		if m == nil || !strings.HasPrefix(m[1], name+"/") {
			panic(fmt.Sprintf("prompts: %s does not begin with its version", e.Name()))
		}
		t := template.Must(template.New(name).Funcs(template.FuncMap{"inc": func(i int) int { return i + 1 }}).Parse(shared))
		if name != sharedName {
			template.Must(t.Parse(text))
		}
		parsed[name] = form{version: m[1], parsed: t}
	}
	return parsed
}

func mustRead(name string) string {
	text, err := files.ReadFile(name + ".tmpl")
	if err != nil {
		panic("prompts: an embedded template cannot be read: " + err.Error())
	}
	return string(text)
}

// Versions lists the templates: "answer" -> "answer/1". What is kept of a
// model's replies is good for equal versions only.
func Versions() map[string]string {
	versions := map[string]string{}
	for name, f := range forms {
		versions[name] = f.version
	}
	return versions
}

// render fills the template name with data, which is one of the structs beside
// the render functions.
func render(name string, data any, replyTokens int) Prompt {
	f := forms[name]
	p := Prompt{Version: f.version, ReplyTokens: replyTokens}
	for _, role := range []string{"system", "user"} {
		var b strings.Builder
		if err := f.parsed.ExecuteTemplate(&b, role, data); err != nil {
			panic(fmt.Sprintf("prompts: template %s: %v", name, err)) // a field that is missing; the tests render all
		}
		p.Messages = append(p.Messages, Message{Role: role, Text: b.String()})
	}
	return p
}
