package web

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"verbatim/bot"
	"verbatim/data"
	"verbatim/retrieval"
)

// longWords is the length of a long episode, some three hours; cueWords are those
// of a cue: subtitle files have 9 to 11.
const (
	longWords = 30000
	cueWords  = 10
)

// longEpisode makes a timed transcript of many words out of the sample's, two
// speakers taking turns. Each sentence gets a word of its own, so
// that it is not all repetition.
func longEpisode() (vtt string, text int) {
	words := strings.Fields(strings.Join(strings.Split(data.Sample, "\n")[4:], " "))
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	for at := 0; at < longWords; at += cueWords {
		n := at / cueWords
		cue := make([]string, cueWords)
		for i := range cue {
			cue[i] = words[(at+i)%len(words)]
		}
		cue[3] = fmt.Sprintf("x%d", n/5)
		speaker := ""
		if n%20 == 0 {
			speaker = []string{"Anna: ", "Ben: "}[n/20%2]
		}
		line := strings.Join(cue, " ")
		text += len(line)
		start := time.Time{}.Add(time.Duration(n) * 3 * time.Second)
		fmt.Fprintf(&b, "\n%s.250 --> %s.000\n%s%s\n", start.Format(time.TimeOnly), start.Add(3*time.Second).Format(time.TimeOnly), speaker, line)
	}
	return b.String(), text
}

// BenchmarkEpisodePage is the page of a long episode: the time to its first byte
// and to all of it, cold (no chapters found yet) and warm, and the bytes besides
// the transcript's words.
func BenchmarkEpisodePage(b *testing.B) {
	w := newWorld(b, Options{})
	vtt, text := longEpisode()
	added, err := w.bot.Add(b.Context(), retrieval.Public, bot.NewEpisode{
		File: "long.vtt", Data: []byte(vtt), AudioURL: "https://audio.example/long.mp3",
	}, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, warm := range []bool{false, true} {
		b.Run(map[bool]string{false: "cold", true: "warm"}[warm], func(b *testing.B) {
			var first time.Duration
			size := 0
			for b.Loop() {
				if !warm { // adding forgets the summaries
					b.StopTimer()
					w.addFile(bot.NewEpisode{File: "long.vtt", Data: []byte(vtt), AudioURL: "https://audio.example/long.mp3"})
					b.StartTimer()
				}
				began := time.Now()
				r, err := http.Get(w.url + "/e/" + string(added.Episode) + "?l=L2000-L2002")
				if err != nil {
					b.Fatal(err)
				}
				one := make([]byte, 1)
				io.ReadFull(r.Body, one)
				first += time.Since(began)
				rest, err := io.ReadAll(r.Body)
				r.Body.Close()
				if err != nil || r.StatusCode != http.StatusOK {
					b.Fatal(r.Status, err)
				}
				size = len(rest) + 1
			}
			b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "ms/first-byte")
			b.ReportMetric(float64(size-text), "B/besides-text")
			b.ReportMetric(float64(w.transferred("/e/"+string(added.Episode))), "B/gzip")
			b.ReportMetric(float64(len(assets["style.css"].content)+len(assets["script.js"].content)), "B/assets")
		})
	}
}

// transferred is how many bytes a browser gets for a page.
func (w *world) transferred(path string) int {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip")
	r, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(body)
}

// BenchmarkSetOut sets the lines alone.
func BenchmarkSetOut(b *testing.B) {
	w := newWorld(b, Options{})
	vtt, _ := longEpisode()
	w.addFile(bot.NewEpisode{File: "long.vtt", Data: []byte(vtt)})
	e, err := w.bot.Transcript(b.Context(), []retrieval.Scope{retrieval.Public}, bot.EpisodeRef{Scope: retrieval.Public, ID: "long"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		setOut(e, lineRange{First: 2000, Last: 2002})
	}
}
