package bot

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"verbatim/retrieval"
)

// Errors of links to an episode of a server.
var (
	// ErrLink is returned for a link that the bot did not make, or made for an
	// episode that has been removed since.
	ErrLink = errors.New("no link of this bot's")
	// ErrLinkExpired is returned for a link whose time is over.
	ErrLinkExpired = errors.New("the link has expired")
)

// linkTime is how long a link to an episode of a server opens it: as long as
// the conversation about it is kept.
const linkTime = 30 * 24 * time.Hour

// maxLink is longer than any signed part of a link, in characters.
const maxLink = 200

// linkKeyBytes is the length of the key that an episode's links are signed
// with; linkSum that of a signature. 128 bits cannot be guessed.
const (
	linkKeyBytes = 32
	linkSum      = 16
)

// pageLinks is how addresses of pages are made. The zero value makes none.
type pageLinks struct {
	base   string
	making sync.Mutex // held while an episode's key is made
	now    func() time.Time
}

// UsePages says where the pages are served: base is the address of the first
// one, such as "https://verbatim.example", "" for nowhere. Call it before the
// first use.
func (b *Bot) UsePages(base string) { b.links.base = strings.TrimRight(base, "/") }

// HasPages reports whether pages are served anywhere.
func (b *Bot) HasPages() bool { return b.links.base != "" }

// PageLink is the address of the page that shows lines of an episode, first to
// last, both included; first 0 is the episode from its beginning. A public
// episode's is plain. That of a server's episode holds a key that opens this
// episode alone, for 30 days or until it is removed; give it to none but the
// server's members. It is "" while no pages are served. Errors: [ErrNoStore] and
// those of the records.
func (b *Bot) PageLink(ctx context.Context, ref EpisodeRef, first, last int) (string, error) {
	if b.links.base == "" {
		return "", nil
	}
	query := url.Values{}
	if ref.Scope != retrieval.Public {
		key, err := b.signLink(ctx, ref)
		if err != nil {
			return "", fmt.Errorf("link to episode %q: %w", ref.ID, err)
		}
		query.Set("k", key)
	}
	address, fragment := b.links.base+"/e/"+url.PathEscape(string(ref.ID)), ""
	if first > 0 {
		lines := LineRange(first, last)
		query.Set("l", lines)
		fragment = "#" + lines
	}
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address + fragment, nil
}

// LineRange names lines in a page's address, in its query l, for the server,
// and in its fragment: "L63" or "L63-L64".
func LineRange(first, last int) string {
	if last <= first {
		return fmt.Sprintf("L%d", first)
	}
	return fmt.Sprintf("L%d-L%d", first, last)
}

// linkKey is the record of the key that an episode's links are signed with. It
// goes when the episode is removed, and all its links with it.
type linkKey struct {
	Key []byte `json:"key"`
}

// signLink makes the part of a link that opens the episode: scope, moment of
// expiry (Unix seconds, big endian) and an HMAC-SHA-256 of these with the
// episode's ID.
func (b *Bot) signLink(ctx context.Context, ref EpisodeRef) (string, error) {
	key, err := b.linkKey(ctx, ref)
	if err != nil {
		return "", err
	}
	// Whole days, so that an answer that is given again has the same links.
	expires := b.linkNow().Add(linkTime).Truncate(24 * time.Hour).Add(24 * time.Hour)
	head := append(binary.BigEndian.AppendUint64(nil, uint64(expires.Unix())), ref.Scope...)
	return base64.RawURLEncoding.EncodeToString(append(head, linkSignature(key, head, ref.ID)...)), nil
}

// linkSignature signs the head of a link for an episode.
func linkSignature(key, head []byte, id retrieval.EpisodeID) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(head))))
	mac.Write(head)
	mac.Write([]byte(id))
	return mac.Sum(nil)[:linkSum]
}

// linkKey is the episode's key, made when it has none.
func (b *Bot) linkKey(ctx context.Context, ref EpisodeRef) ([]byte, error) {
	find := func() ([]byte, error) {
		known, err := findRecord[linkKey](ctx, b, ref.Scope, kindLink, string(ref.ID))
		if err != nil {
			return nil, err
		}
		return known.Key, nil
	}
	if key, err := find(); !isNoRecord(err) {
		return key, err
	}
	b.links.making.Lock()
	defer b.links.making.Unlock()
	if key, err := find(); !isNoRecord(err) { // made meanwhile
		return key, err
	}
	made := linkKey{Key: make([]byte, linkKeyBytes)}
	rand.Read(made.Key)
	return made.Key, b.put(ctx, retrieval.Record{Scope: ref.Scope, Kind: kindLink, Key: string(ref.ID), Episode: ref.ID}, made)
}

// CheckLink is the scope of the episode that the signed part of a link opens. A
// server or an episode that is not there gives the same error as a wrong
// signature. Errors: [ErrLink], [ErrLinkExpired], [ErrNoStore] and those of the
// records.
func (b *Bot) CheckLink(ctx context.Context, id retrieval.EpisodeID, signed string) (retrieval.Scope, error) {
	if len(signed) > maxLink {
		return "", ErrLink
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(signed)
	// The decoder takes no notice of line breaks.
	if err != nil || len(raw) <= 8+linkSum || strings.ContainsAny(signed, "\r\n") {
		return "", ErrLink
	}
	head, sum := raw[:len(raw)-linkSum], raw[len(raw)-linkSum:]
	scope := retrieval.Scope(head[8:])
	key, err := findRecord[linkKey](ctx, b, scope, kindLink, string(id))
	if err != nil && !isNoRecord(err) {
		return "", err
	}
	if err != nil || len(key.Key) != linkKeyBytes {
		// Takes as long as one that is there; no signature equals none.
		key, sum = &linkKey{Key: make([]byte, linkKeyBytes)}, nil
	}
	if !hmac.Equal(sum, linkSignature(key.Key, head, id)) {
		return "", ErrLink
	}
	if expires := time.Unix(int64(binary.BigEndian.Uint64(head)), 0); !b.linkNow().Before(expires) {
		return "", ErrLinkExpired
	}
	return scope, nil
}

func (b *Bot) linkNow() time.Time {
	if b.links.now != nil {
		return b.links.now()
	}
	return time.Now()
}
