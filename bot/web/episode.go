package web

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"verbatim/bot"
	"verbatim/retrieval"
)

// transcripts serves the episodes: /e/EPISODE, its lines being #L63-L64.
type transcripts struct {
	*Server
	// chapterTime is how long a page waits for its chapters, 0 not at all.
	chapterTime time.Duration
}

// episodeRoutes serves transcripts.
func (s *Server) episodeRoutes(mux *http.ServeMux) {
	(&transcripts{Server: s, chapterTime: chapterTime}).routes(mux)
}

func (t *transcripts) routes(mux *http.ServeMux) {
	find := t.costly(t.page)
	mux.HandleFunc("GET /e/{episode}", func(w http.ResponseWriter, r *http.Request) {
		if looksFor(r) {
			find(w, r)
			return
		}
		t.page(w, r)
	})
}

// looksFor reports whether words are to be looked up for a page.
func looksFor(r *http.Request) bool { return r.Method != http.MethodHead && r.URL.Query().Has("find") }

// episodePage is what templates/episode.html shows. Its head is sent at once, so
// that the browser has something to do while the lines are read.
type episodePage struct {
	frame
	Info *retrieval.EpisodeInfo
	// Key is the signed part of the link to a server's episode.
	Key string
	// Canonical is the address of the page of a public episode.
	Canonical string
	// Description is for those who list pages, in one line.
	Description string
	// Cited are the lines asked for.
	Cited lineRange
	// Find is what was looked up, nil for nothing.
	Find *findResult
	// Player is the episode's audio, nil for none.
	Player *player
	// Body is read after the head is sent; nil when that fails.
	Body func() *episodeBody
	// Sent sends what there is of the page.
	Sent func() string
}

// episodeBody is what takes longest to read.
type episodeBody struct {
	*transcript
	Length   string
	Chapters []chapterLink
	// Later is true while the chapters are still being found.
	Later bool
}

// At is a link to lines of this page.
func (p *episodePage) At(first, last int) string { return linesLink(p.Key, nil, first, last) }

// Summary is a link to a summary of the episode.
func (p *episodePage) Summary(style string) string {
	query := url.Values{"style": {style}}
	if p.Key != "" {
		query.Set("k", p.Key)
	}
	return "/e/" + url.PathEscape(string(p.Info.ID)) + "/summary?" + query.Encode()
}

// Day is the date as people write it.
func (p *episodePage) Day() string { return p.Info.Date.Format("2 January 2006") }

// linesLink is a link within a page to lines, with what else its address keeps.
func linesLink(key string, also url.Values, first, last int) string {
	query := url.Values{}
	for name, values := range also {
		query[name] = values
	}
	if key != "" {
		query.Set("k", key)
	}
	lines := bot.LineRange(first, last)
	query.Set("l", lines)
	return "?" + query.Encode() + "#" + lines
}

func (t *transcripts) page(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	v, err := t.open(ctx, r)
	if err != nil {
		t.fail(w, r, err)
		return
	}
	p := &episodePage{Info: &v.Info, Key: v.Key}
	p.Title, p.Private = v.Info.Title, v.Key != ""
	if !p.Private {
		p.Canonical = strings.TrimRight(t.options.PublicURL, "/") + "/e/" + url.PathEscape(string(v.Info.ID))
	}
	p.Description = shortened(v.Info.Description)
	if p.Cited, err = t.cited(ctx, v, r.FormValue("l")); err == nil && looksFor(r) {
		p.Find, err = t.find(ctx, v, r.FormValue("find"), r.FormValue("grade"))
	}
	if err != nil {
		t.fail(w, r, err)
		return
	}
	if p.Player = newPlayer(v.Info.AudioURL, p.Cited.Start); p.Player != nil && p.Player.Audio {
		p.Media = v.Info.AudioURL
	}
	t.send(w, r, v, p)
}

// send writes the page in two parts. When the lines cannot be read, the second
// one says so.
func (t *transcripts) send(w http.ResponseWriter, r *http.Request, v *view, p *episodePage) {
	t.pageHeaders(w, p.frameOf())
	if r.Method == http.MethodHead {
		return
	}
	out := bufio.NewWriterSize(w, 32<<10)
	p.Sent = func() string {
		out.Flush()
		http.NewResponseController(w).Flush()
		return ""
	}
	p.Body = func() *episodeBody {
		b, err := t.body(r.Context(), v, p)
		if err != nil && r.Context().Err() == nil {
			t.log.Error("read episode for page", "episode", v.Info.ID, "error", err)
		}
		return b
	}
	err := t.pages["episode.html"].ExecuteTemplate(out, "frame", p)
	if err == nil {
		out.Flush()
		return
	}
	if r.Context().Err() == nil {
		t.log.Error("make page", "page", "episode.html", "error", err)
	}
	panic(http.ErrAbortHandler) // so that nobody takes the part for the whole
}

func (t *transcripts) body(ctx context.Context, v *view, p *episodePage) (*episodeBody, error) {
	chapters := t.chapters(ctx, v)
	e, err := t.bot.Transcript(ctx, v.scopes(), bot.EpisodeRef{Scope: v.Info.Scope, ID: v.Info.ID})
	if err != nil {
		return nil, err
	}
	b := &episodeBody{transcript: setOut(e, p.Cited), Length: lengthOf(e)}
	if p.Player != nil { // the page of that line plays from there
		b.link = func(n int) string { return p.At(n, n) }
	}
	b.Chapters, b.Later = chapters()
	return b, nil
}

// shortened is a text as a line that says what a page is about.
func shortened(text string) string {
	const longest = 200
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	text = string([]rune(text)[:longest])
	if at := strings.LastIndexByte(text, ' '); at > longest/2 {
		text = text[:at]
	}
	return text + " …"
}

// lengthOf says how long an episode is: in time where its lines have some, or
// else in words.
func lengthOf(e *retrieval.Episode) string {
	var end time.Duration
	words := 0
	for i := range e.Lines {
		l := &e.Lines[i]
		for _, m := range []retrieval.Moment{l.Start, l.End} {
			if m.Known {
				end = max(end, m.Offset)
			}
		}
		words += len(strings.Fields(l.Text))
	}
	minutes := int(end.Round(time.Minute) / time.Minute)
	switch {
	case minutes >= 60:
		return strconv.Itoa(minutes/60) + " h " + strconv.Itoa(minutes%60) + " min"
	case minutes > 0:
		return strconv.Itoa(minutes) + " min"
	case end > 0:
		return strconv.Itoa(int(end/time.Second)) + " s"
	case words == 1:
		return "1 word"
	}
	return thousands(words) + " words"
}

// thousands is a number below a million as people write it: 1,345.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	if len(digits) <= 3 {
		return digits
	}
	return digits[:len(digits)-3] + "," + digits[len(digits)-3:]
}

// numbers are line numbers as people read them: "line 63", "lines 63–64".
func numbers(first, last int) string {
	if last <= first {
		return "line " + strconv.Itoa(first)
	}
	return "lines " + strconv.Itoa(first) + "–" + strconv.Itoa(last)
}
