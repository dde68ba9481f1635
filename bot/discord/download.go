package discord

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"verbatim/bot/discord/wire"
)

const (
	// maxUpload is the largest transcript taken from Discord, in bytes: 48
	// hours of talk are about 3 MiB of text.
	maxUpload = 10 << 20
	// downloadTimeout bounds a whole download.
	downloadTimeout = 30 * time.Second
)

// uploadKinds are the endings of files that may be transcripts. A look at the
// name spares a download; what a file is, its content says.
var uploadKinds = []string{
	".txt", ".md", ".srt", ".vtt", ".sbv", ".ssa", ".ass", ".ttml", ".dfxp", ".xml", ".tsv",
	".json", ".json3", ".srv1", ".srv2", ".srv3", ".html", ".htm",
}

// cdnHosts are those of attachments [https://docs.discord.com/developers/reference,
// "Signed Attachment CDN URLs", read 2026-08-06].
var cdnHosts = []string{"cdn.discordapp.com", "media.discordapp.net"}

// Errors of uploads; people are told each in their language.
var (
	errUploadSize  = errors.New("attachment is too large")
	errUploadKind  = errors.New("attachment is of a kind that is no transcript")
	errUploadEmpty = errors.New("attachment is empty")
	errUploadHost  = errors.New("attachment is not on Discord's servers")
	errUploadFetch = errors.New("attachment cannot be fetched")
)

// checkUpload looks at what Discord says of an attachment, before any download.
func checkUpload(a *wire.Attachment) error {
	switch {
	case !slices.Contains(uploadKinds, strings.ToLower(path.Ext(a.Filename))):
		return fmt.Errorf("attachment %q: %w", a.Filename, errUploadKind)
	case a.Size > maxUpload:
		return fmt.Errorf("attachment %q of %d bytes: %w", a.Filename, a.Size, errUploadSize)
	case a.Size == 0:
		return fmt.Errorf("attachment %q: %w", a.Filename, errUploadEmpty)
	}
	return nil
}

// fetcher downloads attachments, from Discord's hosts and one more that the
// operator may name. It sends no token, follows no redirect, and connects to
// no private address unless the operator's host is one.
type fetcher struct {
	extra  *url.URL // nil: none
	public *http.Client
	own    *http.Client
}

// newFetcher makes a fetcher; cdnBase is "" or the address of the further host.
func newFetcher(cdnBase string) (*fetcher, error) {
	f := &fetcher{public: downloader(refusePrivate), own: downloader(nil)}
	if cdnBase == "" {
		return f, nil
	}
	u, err := url.Parse(cdnBase)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("address of the further attachment host: want a URL such as http://127.0.0.1:8080")
	}
	f.extra = u
	return f, nil
}

func downloader(control func(network, address string, c syscall.RawConn) error) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: control}
	return &http.Client{
		Timeout: downloadTimeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 15 * time.Second,
			MaxIdleConns: 4, IdleConnTimeout: 30 * time.Second, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// refusePrivate keeps connections away from this machine and its networks,
// whatever a name resolves to.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("connect to %q: %w", address, errUploadHost)
	}
	ip := at.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || sharedNetwork.Contains(ip) {
		return fmt.Errorf("connect to a private address: %w", errUploadHost)
	}
	return nil
}

// sharedNetwork is that of carriers (RFC 6598), which IsPrivate leaves out.
var sharedNetwork = netip.MustParsePrefix("100.64.0.0/10")

// client picks the client for an address, or refuses it.
func (f *fetcher) client(u *url.URL) (*http.Client, error) {
	switch {
	case u.User != nil:
		return nil, errUploadHost
	case f.extra != nil && u.Scheme == f.extra.Scheme && strings.EqualFold(u.Host, f.extra.Host):
		return f.own, nil
	case u.Scheme == "https" && u.Port() == "" && slices.Contains(cdnHosts, strings.ToLower(u.Hostname())):
		return f.public, nil
	}
	return nil, errUploadHost
}

// fetch downloads an attachment that checkUpload has let pass. Errors wrap one
// of those above; none holds the address, whose signature is a secret.
func (f *fetcher) fetch(ctx context.Context, a *wire.Attachment) ([]byte, error) {
	wrap := func(err error) error { return fmt.Errorf("download attachment %q: %w", a.Filename, err) }
	u, err := url.Parse(a.URL)
	if err != nil {
		return nil, wrap(errUploadHost)
	}
	client, err := f.client(u)
	if err != nil {
		return nil, wrap(err)
	}
	ctx, cancel := context.WithTimeout(ctx, downloadTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, wrap(errUploadHost)
	}
	resp, err := client.Do(req)
	if err != nil {
		if errors.Is(err, errUploadHost) {
			return nil, wrap(errUploadHost)
		}
		return nil, wrap(errUploadFetch)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("download attachment %q: %w: HTTP status %d", a.Filename, errUploadFetch, resp.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxUpload+1))
	switch {
	case err != nil:
		return nil, wrap(errUploadFetch)
	case len(data) > maxUpload:
		return nil, wrap(errUploadSize)
	case len(data) == 0:
		return nil, wrap(errUploadEmpty)
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}): // gzip: nobody knows how much is in it
		return nil, wrap(errUploadKind)
	}
	return data, nil
}
