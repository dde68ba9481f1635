package discordtest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// problem is what is wrong with a body.
type problem struct {
	path    []string // keys and indices
	code    string   // as in Discord's errors, BASE_TYPE_MAX_LENGTH
	message string
	lenient bool // Discord would take it; the bot must not do it all the same
}

func (p problem) String() string {
	where := strings.Join(p.path, ".")
	if where == "" {
		where = "body"
	}
	return where + ": " + p.message
}

// nest writes the problem into errors as Discord nests them.
func (p problem) nest(errors map[string]any) {
	for _, key := range p.path {
		next, ok := errors[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			errors[key] = next
		}
		errors = next
	}
	list, _ := errors["_errors"].([]any)
	errors["_errors"] = append(list, map[string]any{"code": p.code, "message": p.message})
}

// checker collects the problems of one body.
type checker struct {
	problems []problem
}

// place is where in a body the checker stands.
type place []string

func (p place) at(keys ...any) place {
	next := append(place{}, p...)
	for _, k := range keys {
		next = append(next, fmt.Sprint(k))
	}
	return next
}

func (c *checker) bad(at place, code, format string, args ...any) {
	c.problems = append(c.problems, problem{path: at, code: code, message: fmt.Sprintf(format, args...)})
}

func (c *checker) shun(at place, format string, args ...any) {
	c.problems = append(c.problems, problem{path: at, message: fmt.Sprintf(format, args...), lenient: true})
}

// text checks the length of m[key] in code points, where it is given.
func (c *checker) text(at place, m map[string]any, key string, minimum, maximum int) (string, bool) {
	v, given := m[key]
	if !given || v == nil {
		return "", false
	}
	str, ok := v.(string)
	if !ok {
		c.bad(at.at(key), "STRING_TYPE_CONVERT", "is %T, not a string", v)
		return "", false
	}
	n := utf8.RuneCountInString(str)
	switch {
	case n > maximum:
		c.bad(at.at(key), "BASE_TYPE_MAX_LENGTH", "must be %d or fewer in length, is %d", maximum, n)
	case n < minimum:
		c.bad(at.at(key), "BASE_TYPE_MIN_LENGTH", "must be %d or more in length, is %d", minimum, n)
	}
	return str, true
}

// need is text that must be given.
func (c *checker) need(at place, m map[string]any, key string, minimum, maximum int) string {
	str, ok := c.text(at, m, key, minimum, maximum)
	if !ok && m[key] == nil {
		c.bad(at.at(key), "BASE_TYPE_REQUIRED", "is required")
	}
	return str
}

// whole is m[key] as an integer, where it is given.
func (c *checker) whole(at place, m map[string]any, key string) (int64, bool) {
	v, given := m[key]
	if !given || v == nil {
		return 0, false
	}
	f, ok := v.(float64)
	if !ok || f != math.Trunc(f) {
		c.bad(at.at(key), "NUMBER_TYPE_COERCE", "%v is no integer", v)
		return 0, false
	}
	return int64(f), true
}

func (c *checker) within(at place, m map[string]any, key string, low, high int64) {
	if n, ok := c.whole(at, m, key); ok && (n < low || n > high) {
		c.bad(at.at(key), "NUMBER_TYPE_RANGE", "%d is not within %d and %d", n, low, high)
	}
}

// list is m[key] as a list; nil when it is missing, null or none.
func (c *checker) list(at place, m map[string]any, key string, maximum int) []any {
	v, given := m[key]
	if !given || v == nil {
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		c.bad(at.at(key), "LIST_TYPE_CONVERT", "is %T, not a list", v)
		return nil
	}
	if len(l) > maximum {
		c.bad(at.at(key), "BASE_TYPE_MAX_LENGTH", "must have %d or fewer entries, has %d", maximum, len(l))
	}
	return l
}

// object is v as an object; nil and a problem when it is none.
func (c *checker) object(at place, v any) map[string]any {
	m, ok := v.(map[string]any)
	if !ok {
		c.bad(at, "DICT_TYPE_CONVERT", "is %T, not an object", v)
	}
	return m
}

// check finds what is wrong with the body of a request. No lock is held.
func (s *Server) check(q *request) []problem {
	c := &checker{}
	checkBody(c, q)
	if s.spec != nil {
		for _, p := range s.spec.check(q) {
			c.problems = append(c.problems, problem{path: p.path, code: "SCHEMA", message: "official description: " + p.message})
		}
	}
	return c.problems
}

// checkBody checks the limits of what the route takes.
func checkBody(c *checker, q *request) {
	suffix := q.route.pattern[strings.LastIndexByte(q.route.pattern, '/')+1:]
	switch q.Method + " " + suffix {
	case "POST callback":
		c.callback(q.body)
	case "POST {webhook_token}":
		c.message(place{}, q.body, settableOnReply)
		c.notEmpty(q.body)
	case "PATCH @original", "PATCH {message_id}":
		c.message(place{}, q.body, settableOnEdit)
	case "POST messages":
		c.message(place{}, q.body, settableOnCreate)
		c.notEmpty(q.body)
		c.text(place{}, q.body, "nonce", 0, 25)
	case "POST threads":
		c.need(place{}, q.body, "name", 1, 100)
		if n, ok := c.whole(place{}, q.body, "auto_archive_duration"); ok && n != 60 && n != 1440 && n != 4320 && n != 10080 {
			c.bad(place{"auto_archive_duration"}, "BASE_TYPE_CHOICES", "%d is none of 60, 1440, 4320, 10080", n)
		}
	case "PUT commands":
		c.commands(q)
	}
}

// callback checks the first answer to an interaction.
func (c *checker) callback(body map[string]any) {
	kind, _ := c.whole(place{}, body, "type")
	data, given := body["data"].(map[string]any)
	at := place{"data"}
	switch kind {
	case 4:
		if !given {
			c.bad(at, "BASE_TYPE_REQUIRED", "is required")
			return
		}
		c.message(at, data, settableOnReply)
		c.notEmpty(data)
	case 5:
		if flags, _ := c.whole(at, data, "flags"); flags&^flagEphemeral != 0 {
			c.bad(at.at("flags"), "FLAGS", "a deferred message takes no flag but EPHEMERAL, has %d", flags)
		}
	case 6:
	case 7:
		if given {
			c.message(at, data, settableOnEdit)
		}
	case 8:
		c.choices(at, data)
	case 9:
		c.modal(at, data)
	default:
		c.bad(place{"type"}, "BASE_TYPE_CHOICES", "%d is no kind of callback", kind)
	}
}

// choices checks an answer to autocomplete.
func (c *checker) choices(at place, data map[string]any) {
	if data["choices"] == nil {
		c.bad(at.at("choices"), "BASE_TYPE_REQUIRED", "is required")
	}
	for i, v := range c.list(at, data, "choices", 25) {
		here := at.at("choices", i)
		m := c.object(here, v)
		if m == nil {
			continue
		}
		c.need(here, m, "name", 1, 100)
		if _, isText := m["value"].(string); isText {
			c.text(here, m, "value", 1, 100)
		} else if m["value"] == nil {
			c.bad(here.at("value"), "BASE_TYPE_REQUIRED", "is required")
		}
	}
}

func (c *checker) idNumbers(at place, m map[string]any, seen map[string]bool) {
	if n, ok := c.whole(at, m, "id"); ok && n != 0 {
		c.unique(at.at("id"), "#"+strconv.FormatInt(n, 10), seen)
	}
	if id, ok := m["custom_id"].(string); ok && id != "" {
		c.unique(at.at("custom_id"), id, seen)
	}
}

func (c *checker) unique(at place, id string, seen map[string]bool) {
	if seen[id] {
		c.bad(at, "COMPONENT_CUSTOM_ID_DUPLICATED", "%q occurs twice", id)
	}
	seen[id] = true
}
