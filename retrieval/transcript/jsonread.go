package transcript

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"verbatim/retrieval"
)

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
