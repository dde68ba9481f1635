package transcript

import (
	"bytes"
	"encoding/json"
	"strings"
)

// maxJSONKey is the most bytes of a key that become part of a path.
const maxJSONKey = 64

// maxIndent is how far from the start of its line elementEnd looks for it.
const maxIndent = 200

// maxAgain is how many times the length of the text elementEnd may give back,
// so that a text of nothing but broken objects takes linear time.
const maxAgain = 4

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
	above := pathsAbove(wanted)
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
				end := w.elementEnd(i)
				if !visit(jsonValue{string(w.path), w.indices(), raw[i:end], i}) {
					return
				}
				i = end
			} else if (c == '{' || c == '[') && above[string(w.path)] {
				w.stack = append(w.stack, jsonLevel{array: c == '[', pathLen: len(w.path)})
				i++
			} else {
				i = valueEnd(raw, i)
			}
		}
	}
}

// pathsAbove are the paths of what may hold wanted values; everything else is
// passed over whole.
func pathsAbove(wanted map[string]bool) map[string]bool {
	above := map[string]bool{}
	for path := range wanted {
		for path != "" {
			if inner, ok := strings.CutSuffix(path, "[]"); ok {
				path = inner
			} else {
				path = path[:max(0, strings.LastIndexByte(path, '.'))]
			}
			above[path] = true
		}
	}
	return above
}

// jsonWalk is where walkJSON stands.
type jsonWalk struct {
	raw   []byte
	path  []byte
	stack []jsonLevel
	again int // bytes that elementEnd has given back
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
	if bytes.ContainsAny(name, "[].") {
		name = []byte("?") // no key of ours; as it stands it could pass for a path
	}
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

// elementEnd is valueEnd, except for a broken object that runs on into the next
// one, as it does when its closing brace or a quote is missing: that one ends
// before the first line which begins with a brace as the object's own does.
// What was passed over in vain is looked at again; maxAgain bounds that.
func (w *jsonWalk) elementEnd(i int) int {
	raw, end := w.raw, valueEnd(w.raw, i)
	from := max(0, i-maxIndent)
	lineStart := bytes.LastIndexByte(raw[from:i], '\n')
	if raw[i] != '{' || lineStart < 0 || w.again > maxAgain*len(raw) {
		return end
	}
	opening := raw[from+lineStart : i+1]
	if len(bytes.TrimSpace(opening)) != 1 {
		return end
	}
	next := bytes.Index(raw[i:end], opening)
	if next < 0 || json.Valid(raw[i:end]) {
		return end
	}
	w.again += end - i - next
	return i + next
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
