package discordtest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// elsewherePath is under the same listener but another host name, and stands
// for a stranger's server.
const elsewherePath = "/elsewhere/"

// Upload is a file that somebody attaches. Make one with File and change its
// fields to make it misbehave.
type Upload struct {
	Name string
	Data []byte
	// Type is the content type that Discord tells; "" leaves it out.
	Type string
	// Size is the size that Discord tells; 0 is the true one.
	Size int64
	// Expired makes the address invalid at once.
	Expired bool
	// Redirect sends whoever fetches the file to a stranger's host.
	Redirect bool
	// Status answers with that instead of the file.
	Status int
	// Endless sends bytes without end, whatever size was told.
	Endless bool
	// Stall sends the first half, then nothing.
	Stall bool
	// URL is told instead of the address on the CDN.
	URL string
}

// File is a file to attach.
func File(name string, data []byte) *Upload { return &Upload{Name: name, Data: data} }

// stored is an uploaded file.
type stored struct {
	*Upload
	id, channel string
	expires     time.Time
	fetched     int
}

// upload puts a file on the CDN and returns it as an attachment. s.mu is held.
func (s *Server) upload(c *Channel, u *Upload) map[string]any {
	f := &stored{Upload: u, id: s.newID(), channel: c.ID, expires: s.now().Add(24 * time.Hour)}
	if u.Expired {
		f.expires = s.now().Add(-time.Hour)
	}
	s.files[f.id] = f
	s.fileOrder = append(s.fileOrder, f.id)
	if s.o.Forgetful && len(s.fileOrder) > 64 {
		delete(s.files, s.fileOrder[0])
		s.fileOrder = s.fileOrder[1:]
	}
	size := u.Size
	if size == 0 {
		size = int64(len(u.Data))
	}
	address := u.URL
	if address == "" {
		address = fmt.Sprintf("%s/attachments/%s/%s/%s?%s", s.CDNBase(), f.channel, f.id, url.PathEscape(f.Name), f.signature())
	}
	out := map[string]any{"id": f.id, "filename": u.Name, "size": size, "url": address, "proxy_url": address, "ephemeral": true}
	if u.Type != "" {
		out["content_type"] = u.Type
	}
	return out
}

// signature is the query of a signed address [reference: Signed Attachment CDN URLs].
func (f *stored) signature() string {
	is := f.expires.Add(-24 * time.Hour)
	return fmt.Sprintf("ex=%x&is=%x&hm=%s&", f.expires.Unix(), is.Unix(), hexFor("file", f.id+strconv.FormatInt(f.expires.Unix(), 16)))
}

// serveFile is the CDN.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/attachments/"), "/")
	s.mu.Lock()
	s.noBotToken(r, "the CDN")
	var f *stored
	if len(parts) == 3 {
		f = s.files[parts[1]]
	}
	ok := f != nil && f.channel == parts[0] && f.Name == parts[2] && r.URL.RawQuery == f.signature() && s.now().Before(f.expires)
	if ok {
		f.fetched++
		s.notify()
	}
	s.mu.Unlock()
	switch {
	case !ok:
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
	case f.Redirect:
		_, port, _ := strings.Cut(s.host, ":")
		http.Redirect(w, r, "http://localhost:"+port+elsewherePath+f.Name, http.StatusFound)
	case f.Status != 0:
		w.WriteHeader(f.Status)
	case f.Endless:
		w.Header().Set("Content-Type", f.Type)
		block := []byte(strings.Repeat("endless ", 8192))
		for {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	case f.Stall:
		w.Header().Set("Content-Length", strconv.Itoa(len(f.Data)))
		_, _ = w.Write(f.Data[:len(f.Data)/2])
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	default:
		w.Header().Set("Content-Type", f.Type)
		w.Header().Set("Content-Length", strconv.Itoa(len(f.Data)))
		_, _ = w.Write(f.Data)
	}
}

// noBotToken notes when the bot shows its token where it must not. s.mu is held.
func (s *Server) noBotToken(r *http.Request, where string) {
	if strings.Contains(r.Header.Get("Authorization"), s.o.Token) || strings.Contains(r.URL.String(), s.o.Token) {
		s.violate("the bot's token was sent to %s", where)
	}
}

func (s *Server) serveElsewhere(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.noBotToken(r, "a stranger's host")
	s.elsewhere++
	s.mu.Unlock()
	_, _ = w.Write([]byte("a stranger's file"))
}

// ElsewhereHits counts requests that followed a redirect to a stranger's host.
func (s *Server) ElsewhereHits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.elsewhere
}

// Fetches counts how often files of that name were fetched from the CDN.
func (s *Server) Fetches(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, f := range s.files {
		if f.Name == name {
			n += f.fetched
		}
	}
	return n
}
