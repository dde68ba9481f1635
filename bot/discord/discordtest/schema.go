package discordtest

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// schema is a JSON schema, as far as the official description uses them
// (JSON Schema 2020-12 within OpenAPI 3.1).
type schema struct {
	Ref        string             `json:"$ref"`
	Types      typeList           `json:"type"`
	Enum       []any              `json:"enum"`
	Const      *any               `json:"const"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Additional *additional        `json:"additionalProperties"`
	Items      *schema            `json:"items"`
	MinLength  *int               `json:"minLength"`
	MaxLength  *int               `json:"maxLength"`
	MinItems   *int               `json:"minItems"`
	MaxItems   *int               `json:"maxItems"`
	MinProps   *int               `json:"minProperties"`
	MaxProps   *int               `json:"maxProperties"`
	Unique     bool               `json:"uniqueItems"`
	Minimum    *float64           `json:"minimum"`
	Maximum    *float64           `json:"maximum"`
	Pattern    *pattern           `json:"pattern"`
	AnyOf      []*schema          `json:"anyOf"`
	OneOf      []*schema          `json:"oneOf"`
	AllOf      []*schema          `json:"allOf"`
}

// typeList is one type or several.
type typeList []string

// UnmarshalJSON reads a string or a list of them.
func (t *typeList) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = typeList{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// additional is what further properties must be; a nil schema forbids or
// allows all of them.
type additional struct {
	allowed bool
	schema  *schema
}

// UnmarshalJSON reads a truth value or a schema.
func (a *additional) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &a.allowed) == nil {
		return nil
	}
	a.allowed, a.schema = true, &schema{}
	return json.Unmarshal(data, a.schema)
}

type pattern struct{ *regexp.Regexp }

// UnmarshalJSON compiles a pattern.
func (p *pattern) UnmarshalJSON(data []byte) error {
	var text string
	err := json.Unmarshal(data, &text)
	if err == nil {
		p.Regexp, err = regexp.Compile(text)
	}
	return err
}

// schemas are named schemas, read when they are first needed.
type schemas struct {
	raw map[string]json.RawMessage

	mu   sync.Mutex
	read map[string]*schema
}

const refPrefix = "#/components/schemas/"

// get returns the schema that a reference names.
func (s *schemas) get(ref string) (*schema, error) {
	name := strings.TrimPrefix(ref, refPrefix)
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.read[name]; found != nil {
		return found, nil
	}
	raw, ok := s.raw[name]
	if !ok {
		return nil, fmt.Errorf("schema %q: not in the description", ref)
	}
	found := &schema{}
	if err := json.Unmarshal(raw, found); err != nil {
		return nil, fmt.Errorf("schema %q: %w", name, err)
	}
	s.read[name] = found
	return found, nil
}

// step is a place within a value, spelt out only where something is wrong.
type step struct {
	up  *step
	key string
}

func (s *step) place() place {
	var p place
	for ; s != nil; s = s.up {
		p = append(p, s.key)
	}
	slices.Reverse(p)
	return p
}

// maxDepth bounds nesting, of values and of references.
const maxDepth = 64

// validation is one check of a value.
type validation struct {
	schemas *schemas
	bad     []problem
	depth   int
}

// validate says what is wrong with a value decoded by encoding/json.
func (s *schemas) validate(sc *schema, v any) []problem {
	d := validation{schemas: s}
	d.value(sc, v, nil)
	return d.bad
}

func (d *validation) fail(at *step, format string, args ...any) {
	if len(d.bad) < 20 {
		d.bad = append(d.bad, problem{path: at.place(), message: fmt.Sprintf(format, args...)})
	}
}

// try checks on the side and returns what is wrong.
func (d *validation) try(sc *schema, v any, at *step) []problem {
	side := validation{schemas: d.schemas, depth: d.depth}
	side.value(sc, v, at)
	return side.bad
}

func (d *validation) value(sc *schema, v any, at *step) {
	if d.depth++; d.depth > maxDepth {
		d.fail(at, "nested too deep")
		d.depth--
		return
	}
	defer func() { d.depth-- }()
	if sc.Ref != "" {
		named, err := d.schemas.get(sc.Ref)
		if err != nil {
			d.fail(at, "%v", err)
			return
		}
		d.value(named, v, at)
	}
	if len(sc.Types) > 0 && !slices.ContainsFunc(sc.Types, func(t string) bool { return isType(t, v) }) {
		d.fail(at, "is %s, not %s", typeOf(v), strings.Join(sc.Types, " or "))
		return
	}
	if sc.Const != nil && !reflect.DeepEqual(*sc.Const, v) {
		d.fail(at, "is %v, not %v", v, *sc.Const)
	}
	if len(sc.Enum) > 0 && !slices.ContainsFunc(sc.Enum, func(e any) bool { return reflect.DeepEqual(e, v) }) {
		d.fail(at, "is %v, none of %v", v, sc.Enum)
	}
	switch v := v.(type) {
	case string:
		d.str(sc, v, at)
	case float64:
		d.number(sc, v, at)
	case []any:
		d.list(sc, v, at)
	case map[string]any:
		d.object(sc, v, at)
	}
	for _, part := range sc.AllOf {
		d.value(part, v, at)
	}
	d.choice(sc.AnyOf, v, at, false)
	d.choice(sc.OneOf, v, at, true)
}

func (d *validation) str(sc *schema, v string, at *step) {
	if sc.MinLength == nil && sc.MaxLength == nil && sc.Pattern == nil {
		return
	}
	n := utf8.RuneCountInString(v)
	if sc.MinLength != nil && n < *sc.MinLength {
		d.fail(at, "has %d characters, fewer than %d", n, *sc.MinLength)
	}
	if sc.MaxLength != nil && n > *sc.MaxLength {
		d.fail(at, "has %d characters, more than %d", n, *sc.MaxLength)
	}
	if sc.Pattern != nil && !sc.Pattern.MatchString(v) {
		d.fail(at, "%q does not match %s", v, sc.Pattern)
	}
}

func (d *validation) number(sc *schema, v float64, at *step) {
	if sc.Minimum != nil && v < *sc.Minimum {
		d.fail(at, "is %v, less than %v", v, *sc.Minimum)
	}
	if sc.Maximum != nil && v > *sc.Maximum {
		d.fail(at, "is %v, more than %v", v, *sc.Maximum)
	}
}

func (d *validation) list(sc *schema, v []any, at *step) {
	if sc.MinItems != nil && len(v) < *sc.MinItems {
		d.fail(at, "has %d entries, fewer than %d", len(v), *sc.MinItems)
	}
	if sc.MaxItems != nil && len(v) > *sc.MaxItems {
		d.fail(at, "has %d entries, more than %d", len(v), *sc.MaxItems)
	}
	for i, e := range v {
		if sc.Unique && slices.ContainsFunc(v[:i], func(other any) bool { return reflect.DeepEqual(other, e) }) {
			d.fail(at, "entry %d is there twice", i)
		}
		if sc.Items != nil {
			d.value(sc.Items, e, &step{at, strconv.Itoa(i)})
		}
	}
}

func (d *validation) object(sc *schema, v map[string]any, at *step) {
	for _, key := range sc.Required {
		if _, ok := v[key]; !ok {
			d.fail(at, "lacks %q", key)
		}
	}
	if sc.MinProps != nil && len(v) < *sc.MinProps {
		d.fail(at, "has %d properties, fewer than %d", len(v), *sc.MinProps)
	}
	if sc.MaxProps != nil && len(v) > *sc.MaxProps {
		d.fail(at, "has %d properties, more than %d", len(v), *sc.MaxProps)
	}
	if len(sc.Properties) == 0 && sc.Additional == nil {
		return
	}
	for _, key := range sortedKeys(v) {
		e := v[key]
		p := sc.Properties[key]
		switch {
		case p != nil && excused(key, e):
		case p != nil:
			d.value(p, e, &step{at, key})
		case sc.Additional == nil:
		case sc.Additional.schema != nil:
			d.value(sc.Additional.schema, e, &step{at, key})
		case !sc.Additional.allowed:
			d.fail(at, "may not have %q", key)
		}
	}
}

// excused are values that the documentation allows and the description does
// not; the documentation wins: a bit set of permissions is a string there.
func excused(key string, v any) bool {
	text, ok := v.(string)
	return ok && key == "default_member_permissions" && text != "" && strings.Trim(text, "0123456789") == ""
}

// choice checks anyOf and oneOf. Where the alternatives are told apart by
// "type", only those that fit it count, so that messages speak of the right one.
func (d *validation) choice(alternatives []*schema, v any, at *step, one bool) {
	if len(alternatives) == 0 {
		return
	}
	candidates := d.narrow(alternatives, v)
	if len(candidates) == 0 {
		m, _ := v.(map[string]any)
		d.fail(at, "type %v does not belong here", m["type"])
		return
	}
	fits := 0
	var best []problem
	for _, alt := range candidates {
		bad := d.try(alt, v, at)
		if len(bad) == 0 {
			fits++
			if !one {
				return
			}
		} else if best == nil || better(bad, best) {
			best = bad
		}
	}
	switch {
	case fits == 1:
	case fits > 1:
		d.fail(at, "fits %d alternatives, not one", fits)
	case len(candidates) == 1:
		d.bad = append(d.bad, best...)
	default:
		d.fail(at, "fits none of %d alternatives; the nearest: %v", len(candidates), best[0])
	}
}

// better prefers the alternative that failed deeper inside.
func better(a, b []problem) bool { return len(a[0].path) > len(b[0].path) }

// narrow keeps the alternatives that a value's kind does not rule out.
func (d *validation) narrow(alternatives []*schema, v any) []*schema {
	if v == nil {
		return alternatives
	}
	m, isObject := v.(map[string]any)
	kind, typed := m["type"].(float64)
	out := make([]*schema, 0, len(alternatives))
	discriminated := false
	for _, alt := range alternatives {
		if len(alt.Types) == 1 && alt.Types[0] == "null" {
			continue
		}
		target := alt
		for range 8 {
			if target.Ref == "" {
				break
			}
			named, err := d.schemas.get(target.Ref)
			if err != nil {
				break
			}
			target = named
		}
		if isObject && typed && target.Properties["type"] != nil && len(target.Properties["type"].Enum) > 0 {
			discriminated = true
			if !slices.Contains(target.Properties["type"].Enum, any(kind)) {
				continue
			}
		}
		out = append(out, alt)
	}
	if len(out) == 0 && !discriminated {
		return alternatives
	}
	return out
}

func isType(t string, v any) bool {
	switch v := v.(type) {
	case nil:
		return t == "null"
	case bool:
		return t == "boolean"
	case string:
		return t == "string"
	case float64:
		return t == "number" || t == "integer" && v == math.Trunc(v)
	case []any:
		return t == "array"
	case map[string]any:
		return t == "object"
	}
	return false
}

func typeOf(v any) string {
	for _, t := range []string{"null", "boolean", "string", "integer", "number", "array", "object"} {
		if isType(t, v) {
			return t
		}
	}
	return fmt.Sprintf("%T", v)
}
