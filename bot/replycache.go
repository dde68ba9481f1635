package bot

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"strconv"
	"sync"
	"time"

	"verbatim/prompts"
	"verbatim/retrieval"
)

const (
	// maxReplies and maxReplyBytes bound the cache of answers; one of a few
	// sentences with its citations has about 2 kB.
	maxReplies    = 512
	maxReplyBytes = 4 << 20
	// maxRewrites bounds the cache of stand-alone questions.
	maxRewrites = 512
)

// replyKey is the hash of all that an answer is made of.
type replyKey [sha256.Size]byte

// keyer hashes fields, each led by its length, so that none runs into the next.
type keyer struct{ hash hash.Hash }

func newKeyer(kind string) keyer {
	k := keyer{sha256.New()}
	k.text(kind)
	return k
}

func (k keyer) text(s string) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(s)))
	k.hash.Write(length[:])
	k.hash.Write([]byte(s))
}

func (k keyer) number(n int) { k.text(strconv.Itoa(n)) }

func (k keyer) moment(m retrieval.Moment) {
	if m.Known {
		k.text(strconv.FormatInt(int64(m.Offset), 10))
	} else {
		k.text("")
	}
}

// prompt adds what a model is told. Versions stand for how its reply is read.
func (k keyer) prompt(p *prompts.Prompt) {
	k.text(p.Version)
	k.number(p.ReplyTokens)
	k.number(len(p.Messages))
	for _, m := range p.Messages {
		k.text(m.Role)
		k.text(m.Text)
	}
}

// material adds what citations are made of and the prompt does not say: an
// answer of an episode with another title or other times is another one.
func (k keyer) material(m *material) {
	k.text(m.language)
	k.number(int(m.kind))
	k.text(strconv.FormatBool(m.strong))
	k.text(strconv.FormatBool(m.unverified))
	k.number(len(m.given))
	for i := range m.given {
		g := &m.given[i]
		k.text(string(g.ID.Scope))
		k.text(string(g.ID.Episode))
		k.number(g.ID.Seq)
		k.number(g.first)
		if info := m.episodes[episodeKey{g.ID.Scope, g.ID.Episode}]; info != nil {
			k.text(info.Title)
			k.text(info.AudioURL)
		}
		k.number(len(g.Sentences))
		for j := range g.Sentences {
			s := &g.Sentences[j]
			k.text(s.Text)
			k.text(s.Speaker)
			k.number(s.FirstLine)
			k.number(s.LastLine)
			k.moment(s.Start)
			k.moment(s.End)
		}
	}
}

// sum is the key.
func (k keyer) sum() replyKey { return replyKey(k.hash.Sum(nil)) }

// replies keeps the answers made last, and those being made. Retrieval is run
// for each question anew and the key holds the words that it found, so that an
// answer of an episode that has changed or gone is never found again. The zero
// value is empty. Safe for concurrent use.
type replies struct {
	mutex sync.Mutex
	recent[replyKey, *composed]
	// changes counts the episodes that were changed or removed: an answer that
	// was under way meanwhile is not kept.
	changes int
	flights map[replyKey]*replyFlight
	// rewrites are stand-alone questions; their order is that of making.
	rewrites map[replyKey]string
	made     []replyKey
}

// keep puts an answer in and those out that were not used for longest; the
// caller holds the lock.
func (r *replies) keep(key replyKey, made *composed) {
	r.add(key, made, made.bytes(), maxReplies, maxReplyBytes)
}

// forget drops the answers that were made of an episode that has changed or
// gone.
func (r *replies) forget(scope retrieval.Scope, id retrieval.EpisodeID) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.changes++
	r.dropAll(func(_ replyKey, made *composed) bool { return slices.Contains(made.of, episodeKey{scope, id}) })
}

// rewritten is the stand-alone question of that key.
func (r *replies) rewritten(key replyKey) (string, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	text, ok := r.rewrites[key]
	return text, ok
}

func (r *replies) keepRewritten(key replyKey, text string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.rewrites == nil {
		r.rewrites = map[replyKey]string{}
	}
	if _, known := r.rewrites[key]; !known {
		r.made = append(r.made, key)
	}
	r.rewrites[key] = text
	for len(r.made) > maxRewrites {
		delete(r.rewrites, r.made[0])
		r.made = r.made[1:]
	}
}

// forgetQuestions drops all that holds words of users.
func (r *replies) forgetQuestions() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.rewrites, r.made = nil, nil
}

// replyFlight is an answer that is being made; its news are drafts.
type replyFlight = flight[*composed, Draft]

// join is the flight of the key, or one that make is started for, until the
// deadline; first says so. When the answer was kept meanwhile, it is that.
// Whoever joins leaves.
func (r *replies) join(ctx context.Context, key replyKey, deadline time.Time, run func(context.Context, func(Draft)) (*composed, error)) (f *replyFlight, kept *composed, first bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if kept = r.find(key); kept != nil {
		return nil, kept, false
	}
	if f = r.flights[key]; f != nil {
		f.waiting++
		return f, nil, false
	}
	// It must not end with the one who asked first.
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	f = newFlight[*composed, Draft](cancel)
	if r.flights == nil {
		r.flights = map[replyKey]*replyFlight{}
	}
	r.flights[key] = f
	changes := r.changes
	f.start(func() (*composed, error) { return run(ctx, f.tell) }, func() {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if r.flights[key] == f {
			delete(r.flights, key)
		}
		if f.broken == nil && f.err == nil && r.changes == changes {
			r.keep(key, f.made)
		}
	})
	return f, nil, true
}

// leave ends the flight when nobody else waits for it, and then waits for its
// end, as long as ctx lasts.
func (r *replies) leave(ctx context.Context, key replyKey, f *replyFlight) {
	r.mutex.Lock()
	f.waiting--
	last := f.waiting == 0
	if last && r.flights[key] == f {
		delete(r.flights, key)
	}
	r.mutex.Unlock()
	if !last {
		return
	}
	f.cancel()
	select {
	case <-f.done:
	case <-ctx.Done():
	}
}

// bytes is about what the answer takes in memory.
func (c *composed) bytes() int {
	const base, sentence, citation = 200, 64, 240 // without their texts
	n := base
	for i := range c.sentences {
		n += sentence + len(c.sentences[i].Text)
	}
	for i := range c.citations {
		n += citation + len(c.citations[i].Quote) + len(c.citations[i].URL) + len(c.citations[i].Title)
	}
	return n
}
