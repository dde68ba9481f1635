package web

import (
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// minCompressed is the least length, in bytes, of what is worth compressing: less
// fits one packet anyhow.
const minCompressed = 1200

// compressedTypes are the kinds of what shrinks.
var compressedTypes = []string{"text/html", "text/css", "text/javascript", "text/plain", "text/event-stream", "application/json", "application/x-ndjson", "image/svg+xml"}

var gzipWriters = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// compress sends text in gzip to whom it suits. A page's own address is the only
// secret in it, and whoever could have that repeated knows it, so that lengths
// give nothing away (compare BREACH, breachattack.com).
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if r.Method == http.MethodHead || r.Header.Get("Range") != "" || !acceptsGzip(r) {
			next.ServeHTTP(w, r)
			return
		}
		c := &compressor{ResponseWriter: w}
		next.ServeHTTP(c, r)
		c.close() // not after a panic: what was held back is not sent then
	})
}

// acceptsGzip reports whether the client takes gzip (RFC 9110, section 12.5.3).
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			weight = strings.ReplaceAll(weight, " ", "")
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}

// compressor holds back the beginning of an answer until it is known whether it
// is worth compressing: it is long enough, or a stream that is flushed.
type compressor struct {
	http.ResponseWriter
	status  int
	held    []byte
	zip     *gzip.Writer // nil: as it is
	decided bool
}

// Unwrap is for http.ResponseController.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// WriteHeader keeps the status until the beginning is sent.
func (c *compressor) WriteHeader(status int) {
	switch {
	case status < http.StatusOK: // on its way, more follows
		c.ResponseWriter.WriteHeader(status)
	case c.status == 0:
		c.status = status
	}
}

// Write holds the text back or sends it.
func (c *compressor) Write(p []byte) (int, error) {
	if !c.decided {
		c.held = append(c.held, p...)
		if len(c.held) < minCompressed {
			return len(p), nil
		}
		return len(p), c.begin(true)
	}
	if c.zip != nil {
		return c.zip.Write(p)
	}
	return c.ResponseWriter.Write(p)
}

// FlushError sends what there is so far.
func (c *compressor) FlushError() error {
	if !c.decided {
		if err := c.begin(true); err != nil {
			return err
		}
	}
	if c.zip != nil {
		if err := c.zip.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Flush is FlushError for those who ask for an http.Flusher.
func (c *compressor) Flush() { c.FlushError() }

// begin sends the head, and what was held back.
func (c *compressor) begin(worth bool) error {
	c.decided = true
	h := c.Header()
	if h.Get("Content-Type") == "" && len(c.held) > 0 {
		h.Set("Content-Type", http.DetectContentType(c.held))
	}
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	bodiless := c.status == http.StatusNoContent || c.status == http.StatusNotModified || c.status == http.StatusPartialContent
	if worth && err == nil && !bodiless && h.Get("Content-Encoding") == "" && slices.Contains(compressedTypes, kind) {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		h.Del("Accept-Ranges")
		if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
			h.Set("ETag", "W/"+tag)
		}
		c.zip = gzipWriters.Get().(*gzip.Writer)
		c.zip.Reset(c.ResponseWriter)
	}
	if c.status != 0 {
		c.ResponseWriter.WriteHeader(c.status)
	}
	held := c.held
	c.held = nil
	if len(held) == 0 {
		return nil
	}
	_, err = c.Write(held)
	return err
}

// close sends the rest.
func (c *compressor) close() {
	if !c.decided {
		c.begin(false)
	}
	if c.zip != nil {
		c.zip.Close()
		gzipWriters.Put(c.zip)
	}
}
