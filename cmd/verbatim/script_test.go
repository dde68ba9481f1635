package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"verbatim/retrieval"
)

// scriptCommands are what scripts can do beside testscript's own commands:
//
//	shape FILE          print the form of the JSON values in FILE: see jsonShape
//	endpoint DIMENSION  serve embeddings and set OPENAI_BASE_URL; 0 refuses every key
//	chat FILE [FAULT]   start a language model: see chatCommand
//	newer DIR           make the library in DIR one of a later version
//	lock DIR            write to the library in DIR until the script ends
//	smalldisk DIR       mount a disk of 250 KiB at DIR
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"shape": func(ts *testscript.TestScript, neg bool, args []string) {
		wantArgs(ts, neg, args, 1)
		shapes, err := jsonShape(strings.NewReader(ts.ReadFile(args[0])))
		ts.Check(err)
		fmt.Fprint(ts.Stdout(), shapes)
	},
	"endpoint": func(ts *testscript.TestScript, neg bool, args []string) {
		wantArgs(ts, neg, args, 1)
		dimension, err := strconv.Atoi(args[0])
		ts.Check(err)
		server := httptest.NewServer(embeddings(dimension))
		ts.Defer(server.Close)
		ts.Setenv("OPENAI_BASE_URL", server.URL+"/v1")
	},
	"chat": chatCommand,
	"newer": func(ts *testscript.TestScript, neg bool, args []string) {
		wantArgs(ts, neg, args, 1)
		f, err := os.OpenFile(filepath.Join(ts.MkAbs(args[0]), "library.db"), os.O_RDWR, 0)
		ts.Check(err)
		defer f.Close()
		// The user version of a SQLite file, big-endian:
		// https://www.sqlite.org/fileformat.html section 1.3.
		_, err = f.WriteAt(binary.BigEndian.AppendUint32(nil, 4711), 60)
		ts.Check(err)
	},
	"lock": func(ts *testscript.TestScript, neg bool, args []string) {
		wantArgs(ts, neg, args, 1)
		unlock, err := lockLibrary(ts.MkAbs(args[0]))
		ts.Check(err)
		ts.Defer(unlock)
	},
	"smalldisk": func(ts *testscript.TestScript, neg bool, args []string) {
		wantArgs(ts, neg, args, 1)
		dir := ts.MkAbs(args[0])
		ts.Check(os.MkdirAll(dir, 0o700))
		unmount, err := mountSmall(dir)
		ts.Check(err)
		ts.Defer(func() { ts.Check(unmount()) })
	},
}

func wantArgs(ts *testscript.TestScript, neg bool, args []string, n int) {
	if neg || len(args) != n {
		ts.Fatalf("want %d arguments and no !", n)
	}
}

// embeddings is an OpenAI-compatible endpoint whose vectors count words, each
// word in the component that its hash names. A dimension of 0 is one that
// takes no key, and repeats it.
func embeddings(dimension int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/embeddings", func(w http.ResponseWriter, r *http.Request) {
		if dimension == 0 {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"error":{"message":"Incorrect API key provided: %s","code":"invalid_api_key"}}`, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
			return
		}
		var request struct {
			Input []string `json:"input"`
		}
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		type embedded struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var reply struct {
			Data []embedded `json:"data"`
		}
		for i, text := range request.Input {
			vector := make([]float32, dimension)
			for _, token := range retrieval.Tokens(text) {
				h := fnv.New32a()
				io.WriteString(h, token.Word)
				vector[h.Sum32()%uint32(dimension)] += float32(1 / math.Sqrt(float64(len(text))))
			}
			reply.Data = append(reply.Data, embedded{i, vector})
		}
		json.NewEncoder(w).Encode(reply)
	})
	return mux
}

// jsonShape gives the form of each JSON value that r holds, one a line: names
// in their order with types in place of values, arrays as the different forms
// of their elements.
func jsonShape(r io.Reader) (string, error) {
	dec := json.NewDecoder(r)
	var b strings.Builder
	for {
		var value json.RawMessage
		if err := dec.Decode(&value); err == io.EOF {
			return b.String(), nil
		} else if err != nil {
			return "", err
		}
		if err := writeShape(&b, value); err != nil {
			return "", err
		}
		b.WriteByte('\n')
	}
}

func writeShape(b *strings.Builder, value json.RawMessage) error {
	switch value[0] {
	case '{':
		return writeObjectShape(b, value)
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(value, &list); err != nil {
			return err
		}
		var shapes []string
		for _, v := range list {
			var element strings.Builder
			if err := writeShape(&element, v); err != nil {
				return err
			}
			if !slices.Contains(shapes, element.String()) {
				shapes = append(shapes, element.String())
			}
		}
		fmt.Fprintf(b, "[%s]", strings.Join(shapes, "|"))
	case '"':
		b.WriteString("string")
	case 't', 'f':
		b.WriteString("bool")
	case 'n':
		b.WriteString("null")
	default:
		b.WriteString("number")
	}
	return nil
}

func writeObjectShape(b *strings.Builder, object json.RawMessage) error {
	dec := json.NewDecoder(bytes.NewReader(object))
	if _, err := dec.Token(); err != nil { // {
		return err
	}
	separator := "{"
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%s%s:", separator, name)
		separator = ","
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
		if err := writeShape(b, value); err != nil {
			return err
		}
	}
	b.WriteString("}")
	return nil
}

func TestJSONShape(t *testing.T) {
	got, err := jsonShape(strings.NewReader(`{"b":[{"x":1.5},{"y":2},{"x":3}],"a":null,"c":"s","d":[],"e":true}` + "\n[1]"))
	if want := "{b:[{x:number}|{y:number}],a:null,c:string,d:[],e:bool}\n[number]\n"; err != nil || got != want {
		t.Errorf("jsonShape = %q, %v, want %q", got, err, want)
	}
}
