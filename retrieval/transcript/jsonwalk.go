package transcript

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"verbatim/retrieval"
)

// maxJSONDepth is how deep walkJSON looks for wanted values. Transcripts nest
// to 8; what lies deeper is passed over whole.
const maxJSONDepth = 16

// maxJSONKey is the most bytes of a key that become part of a path.
const maxJSONKey = 64

// jsonValue is a value met in a JSON text.
type jsonValue struct {
	// path names it: keys joined by dots, elements of arrays as "[]", such as
	// "results.channels[].alternatives[].words[]"; "" is the whole text.
	path string
	// index is the place of each "[]" of path in its array, from 0.
	index []int
	text  []byte
	at    int // offset of text
}

// walkJSON calls visit for each value whose path is wanted, in order, without
// looking inside it, until visit returns false. It does not validate and goes
// on behind faults as well as it can, so that the whole values of a damaged
// or cut text are found; a value cut off comes as far as it goes. It takes
// time linear in len(raw) and memory that does not depend on it.
func walkJSON(raw []byte, wanted map[string]bool, visit func(jsonValue) bool) {
	w := jsonWalk{raw: raw}
	for i := 0; i < len(raw); {
		switch c := raw[i]; c {
		case ' ', '\t', '\n', '\r', ',', ':':
			i++
		case '}', ']':
			w.pop()
			i++
		default:
			if c == '"' && w.inObject() {
				if next, ok := w.key(i); ok {
					i = next
					continue
				}
			}
			w.element()
			if wanted[string(w.path)] {
				end := valueEnd(raw, i)
				if !visit(jsonValue{string(w.path), w.indices(), raw[i:end], i}) {
					return
				}
				i = end
			} else if (c == '{' || c == '[') && len(w.stack) < maxJSONDepth {
				w.stack = append(w.stack, jsonLevel{array: c == '[', pathLen: len(w.path)})
				i++
			} else {
				i = valueEnd(raw, i)
			}
		}
	}
}

// jsonWalk is where walkJSON stands.
type jsonWalk struct {
	raw   []byte
	path  []byte
	stack []jsonLevel
}

// jsonLevel is an open object or array.
type jsonLevel struct {
	array   bool
	pathLen int // of the path of the object or array itself
	count   int // elements so far
}

func (w *jsonWalk) inObject() bool {
	return len(w.stack) > 0 && !w.stack[len(w.stack)-1].array
}

func (w *jsonWalk) pop() {
	if n := len(w.stack); n > 0 {
		w.path = w.path[:w.stack[n-1].pathLen]
		w.stack = w.stack[:n-1]
	}
}

// key takes the string at i as a key if a colon follows it, and returns what
// comes next.
func (w *jsonWalk) key(i int) (next int, ok bool) {
	end := stringEnd(w.raw, i)
	next = end
	for next < len(w.raw) && strings.IndexByte(" \t\n\r", w.raw[next]) >= 0 {
		next++
	}
	if next == len(w.raw) || w.raw[next] != ':' {
		return 0, false
	}
	w.path = w.path[:w.stack[len(w.stack)-1].pathLen]
	if len(w.path) > 0 {
		w.path = append(w.path, '.')
	}
	name := bytes.Trim(w.raw[i:end], `"`)
	w.path = append(w.path, name[:min(len(name), maxJSONKey)]...)
	return next + 1, true
}

// element makes path that of the next element when an array is open.
func (w *jsonWalk) element() {
	if n := len(w.stack); n > 0 && w.stack[n-1].array {
		w.path = append(w.path[:w.stack[n-1].pathLen], "[]"...)
		w.stack[n-1].count++
	}
}

func (w *jsonWalk) indices() []int {
	var index []int
	for _, level := range w.stack {
		if level.array {
			index = append(index, level.count-1)
		}
	}
	return index
}

// stringEnd is the offset behind the string that begins at i. A string cannot
// hold a line break, so one that lacks its closing quote ends there.
func stringEnd(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return i
		}
	}
	return len(raw)
}

// valueEnd is the offset behind the value that begins at i, at most len(raw)
// and more than i.
func valueEnd(raw []byte, i int) int {
	switch raw[i] {
	case '"':
		return stringEnd(raw, i)
	case '{', '[':
	default:
		for i++; i < len(raw) && strings.IndexByte(",:]}\"{[ \t\n\r", raw[i]) < 0; i++ {
		}
		return i
	}
	for depth := 0; i < len(raw); {
		switch raw[i] {
		case '"':
			i = stringEnd(raw, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(raw)
}

// jsonHas reports whether the file is JSON, an object or array at least, in
// which every one of the paths occurs. It reads no further than it must.
func jsonHas(src *source, paths ...string) bool {
	start := bytes.TrimLeft(src.raw, " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return false
	}
	missing := make(map[string]bool, len(paths))
	for _, p := range paths {
		missing[p] = true
	}
	walkJSON(start, missing, func(v jsonValue) bool {
		delete(missing, v.path)
		return len(missing) > 0
	})
	return len(missing) == 0
}

// jsonReader reads the wanted values of a JSON file.
type jsonReader struct {
	d    *draft
	raw  []byte
	seen int // bytes whose line breaks are counted
	line int // of the file, from 1, where the value at hand begins
}

// newJSONReader makes one; the literals NaN and Infinity, which Python writes,
// become strings of that name.
func newJSONReader(src *source, d *draft) *jsonReader {
	return &jsonReader{d: d, raw: quoteNaN(src.raw), line: 1}
}

// each calls visit for the wanted values, r.line being where each begins.
// visit returns an error to stop. A text that is not valid JSON is a fault.
func (r *jsonReader) each(visit func(jsonValue) error, paths ...string) error {
	wanted := make(map[string]bool, len(paths))
	for _, p := range paths {
		wanted[p] = true
	}
	faults := len(r.d.warnings)
	var err error
	walkJSON(r.raw, wanted, func(v jsonValue) bool {
		r.line += bytes.Count(r.raw[r.seen:v.at], []byte{'\n'})
		r.seen = v.at
		err = visit(v)
		return err == nil
	})
	if err != nil {
		return err
	}
	var syntax *json.SyntaxError
	var skipped skipJSON
	if errors.As(json.Unmarshal(r.raw, &skipped), &syntax) && len(r.d.warnings) == faults {
		r.d.warn(lineAt(r.raw, max(int(syntax.Offset)-1, 0)), "broken JSON: %v", syntax)
	}
	return nil
}

// skipJSON is any JSON value, not kept.
type skipJSON struct{}

func (*skipJSON) UnmarshalJSON([]byte) error { return nil }

// decode fills into from a value, or notes a fault and returns false.
func (r *jsonReader) decode(v jsonValue, what string, into any) bool {
	err := json.Unmarshal(v.text, into)
	if err == nil {
		return true
	}
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) {
		r.d.warn(r.line, "%s is left out: an unexpected %s in it", what, mistyped.Value)
	} else {
		r.d.warn(r.line, "%s is left out: %v", what, err)
	}
	return false
}

// text is the words of a JSON string in one clean row, none when it is empty.
func (r *jsonReader) text(raw json.RawMessage, what string) []string {
	if row := clean(r.verbatim(raw, what)); row != "" {
		return []string{row}
	}
	return nil
}

// verbatim is a JSON string; what is none is a fault and "".
func (r *jsonReader) verbatim(raw json.RawMessage, what string) string {
	if len(raw) == 0 {
		r.d.warn(r.line, "%s has no text", what)
		return ""
	}
	var s *string
	if json.Unmarshal(raw, &s) != nil || s == nil {
		r.d.warn(r.line, "the text of %s is no string: %s", what, clip(string(raw)))
		return ""
	}
	return *s
}

// moment is a time in seconds, or milliseconds when perSecond is 1000; a time
// that makes no sense is a fault and unknown.
func (r *jsonReader) moment(raw json.RawMessage, perSecond float64) retrieval.Moment {
	m, ok := jsonMoment(raw, perSecond)
	if !ok {
		r.d.warn(r.line, "%s is no time", clip(string(raw)))
	}
	return m
}

// speaker is a name given as a string, or "Speaker 0" for a bare number; null,
// "" and "?" are no speaker.
func (r *jsonReader) speaker(raw json.RawMessage) string {
	s := strings.TrimSpace(string(raw))
	if strings.HasPrefix(s, `"`) {
		var name string
		if json.Unmarshal(raw, &name) != nil {
			return ""
		}
		s = clean(name)
	}
	switch {
	case s == "" || s == "?" || raw[0] != '"' && strings.Trim(s, "0123456789") != "":
		return ""
	case strings.Trim(s, "0123456789") == "":
		return "Speaker " + s
	}
	return s
}

// quoteNaN puts NaN, Infinity and -Infinity outside strings into quotes; raw
// itself is returned when it has none.
func quoteNaN(raw []byte) []byte {
	if !bytes.Contains(raw, []byte("NaN")) && !bytes.Contains(raw, []byte("Infinity")) {
		return raw
	}
	out := make([]byte, 0, len(raw)+len(raw)/16)
	for i := 0; i < len(raw); {
		if raw[i] == '"' {
			end := stringEnd(raw, i)
			out = append(out, raw[i:end]...)
			i = end
			continue
		}
		literal := ""
		for _, name := range [...]string{"NaN", "Infinity", "-Infinity"} {
			if bytes.HasPrefix(raw[i:], []byte(name)) {
				literal = name
			}
		}
		if literal == "" {
			out = append(out, raw[i])
			i++
			continue
		}
		out = append(out, '"')
		out = append(out, literal...)
		out = append(out, '"')
		i += len(literal)
	}
	return out
}
