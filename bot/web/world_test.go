package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"verbatim/bot"
	"verbatim/data"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/local"
)

const (
	sampleID = "nk-news-toloraya-2025-03-06"
	guild    = retrieval.Scope("1234567890123456789")
)

// world is a server of pages on loopback, over a real library in memory that
// holds the sample episode for everybody.
type world struct {
	t   testing.TB
	bot *bot.Bot
	url string
}

func newWorld(t testing.TB, o Options) *world {
	t.Helper()
	static, err := embedding.NewStatic()
	if err != nil {
		t.Fatal(err)
	}
	library, err := local.OpenMemory(t.Context(), local.Options{Model: static.Model(), Dimension: static.Dimension()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { library.Close() })
	w := &world{t: t, bot: bot.New(library, static, static)}
	w.bot.UseRecords(library)
	w.add(retrieval.Public, data.SampleName, data.Sample)
	if o.PagesPerMinute == 0 && o.CostlyPerMinute == 0 { // what a test asks for is no matter here
		o.PagesPerMinute, o.CostlyPerMinute = 1e6, 1e6
	}
	s, err := New(w.bot, o)
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(s.Handler())
	t.Cleanup(served.Close)
	w.url = served.URL
	w.bot.UsePages(w.url)
	return w
}

func (w *world) add(scope retrieval.Scope, file, text string) {
	w.t.Helper()
	if _, err := w.bot.Add(w.t.Context(), scope, bot.NewEpisode{File: file, Data: []byte(text)}, nil); err != nil {
		w.t.Fatal(err)
	}
}

// get fetches a path, or a whole address, and returns the answer with its body read.
func (w *world) get(path string) (*http.Response, string) {
	w.t.Helper()
	if path[0] == '/' {
		path = w.url + path
	}
	r, err := http.Get(path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return r, string(body)
}
