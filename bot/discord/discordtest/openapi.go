package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// openAPI is the official description.
type openAPI struct {
	paths   map[string]json.RawMessage
	schemas *schemas

	mu         sync.Mutex
	operations map[string]*operation // by route
}

// operation is what the description says of a route.
type operation struct {
	Parameters  []parameter `json:"parameters"`
	RequestBody *struct {
		Required bool `json:"required"`
		Content  map[string]struct {
			Schema *schema `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
	missing bool
}

type parameter struct {
	Name string `json:"name"`
	In   string `json:"in"`
}

// loaded is the description, read once per process.
var loaded struct {
	once sync.Once
	doc  *openAPI
	err  error
}

// FindOpenAPI finds the official description, discord-openapi.json: in the
// folder shared/data beside the root of the checkout (where go.mod is), from
// the working directory upwards. ok is false when it is not there.
func FindOpenAPI() (path string, ok bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		path = filepath.Join(dir, "..", "shared", "data", "discord-openapi.json")
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			if _, err := os.Stat(path); err == nil {
				return path, true
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// officialDescription is the description, nil where it is not found, which is
// logged.
func officialDescription(t testing.TB) *openAPI {
	t.Helper()
	loaded.once.Do(func() {
		path, ok := FindOpenAPI()
		if !ok {
			return
		}
		data, err := os.ReadFile(path)
		if err != nil {
			loaded.err = err
			return
		}
		loaded.doc, loaded.err = parseOpenAPI(data)
	})
	if loaded.err != nil {
		t.Fatalf("official description: %v", loaded.err)
	}
	if loaded.doc == nil {
		t.Logf("official description not found: requests are checked against the limits only")
	}
	return loaded.doc
}

// parseOpenAPI reads an OpenAPI 3.1 document; its schemas only when needed.
func parseOpenAPI(data []byte) (*openAPI, error) {
	var doc struct {
		Paths      map[string]json.RawMessage `json:"paths"`
		Components struct {
			Schemas map[string]json.RawMessage `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	if len(doc.Paths) == 0 || len(doc.Components.Schemas) == 0 {
		return nil, fmt.Errorf("parse: no paths or no schemas")
	}
	return &openAPI{paths: doc.Paths, schemas: &schemas{raw: doc.Components.Schemas, read: map[string]*schema{}}, operations: map[string]*operation{}}, nil
}

// operation finds what the description says of a route; missing when nothing.
func (o *openAPI) operation(method, pattern string) (*operation, error) {
	key := method + " " + pattern
	o.mu.Lock()
	defer o.mu.Unlock()
	if op := o.operations[key]; op != nil {
		return op, nil
	}
	op := &operation{missing: true}
	if raw, ok := o.paths[pattern]; ok {
		var methods map[string]json.RawMessage
		if err := json.Unmarshal(raw, &methods); err != nil {
			return nil, fmt.Errorf("path %s: %w", pattern, err)
		}
		if raw, ok := methods[strings.ToLower(method)]; ok {
			op.missing = false
			if err := json.Unmarshal(raw, op); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			var shared []parameter
			if raw, ok := methods["parameters"]; ok {
				if err := json.Unmarshal(raw, &shared); err != nil {
					return nil, fmt.Errorf("%s: %w", key, err)
				}
			}
			op.Parameters = append(op.Parameters, shared...)
		}
	}
	o.operations[key] = op
	return op, nil
}

// hasPath reports whether the description knows a path.
func (o *openAPI) hasPath(path string) bool {
	parts := strings.Split(path, "/")
	for pattern := range o.paths {
		if matchParts(strings.Split(pattern, "/"), parts) {
			return true
		}
	}
	return false
}

// check compares a request with the description.
func (o *openAPI) check(q *request) []problem {
	op, err := o.operation(q.Method, q.route.pattern)
	if err != nil {
		return []problem{{message: err.Error()}}
	}
	if op.missing {
		return []problem{{message: "has no such method and path"}}
	}
	var bad []problem
	for key := range q.URL.Query() {
		if !slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.In == "query" && p.Name == key }) {
			bad = append(bad, problem{message: fmt.Sprintf("has no query parameter %q", key)})
		}
	}
	switch {
	case op.RequestBody == nil:
		if q.raw != nil && q.Method != http.MethodGet {
			bad = append(bad, problem{message: "takes no body"})
		}
	case q.raw == nil && op.RequestBody.Required:
		bad = append(bad, problem{message: "needs a body"})
	case q.raw != nil:
		if content, ok := op.RequestBody.Content["application/json"]; ok && content.Schema != nil {
			bad = append(bad, o.schemas.validate(content.Schema, q.raw)...)
		}
	}
	return bad
}
