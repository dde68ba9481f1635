package discord

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	// defaultPerServer is how many questions of one server are at work at
	// once when Options do not say.
	defaultPerServer = 4
	// maxWaiting is how many more may wait; beyond, people are told to try
	// again rather than to wait for minutes.
	maxWaiting = 100
	// untold is how long somebody waits before he is told his place. Most waits
	// are shorter, their notice would only flicker; and each notice is an edit,
	// for which the answer's own first words may have to wait.
	untold = time.Second
)

// errBusy is returned by enter when too many wait already.
var errBusy = errors.New("too many questions are waiting in this server")

// queue lets a bounded number of questions of each server work at once, in
// the order of their arrival. Servers do not wait for one another. Safe for
// concurrent use.
type queue struct {
	perServer int
	untold    time.Duration
	mutex     sync.Mutex
	servers   map[string]*line
}

// line is what one server has at work and waiting.
type line struct {
	working int
	waiting []*ticket
}

// ticket is one that waits.
type ticket struct {
	turn  chan struct{} // closed when it may work
	moved chan int      // holds the latest place only
}

func newQueue(perServer int) *queue {
	if perServer <= 0 {
		perServer = defaultPerServer
	}
	return &queue{perServer: perServer, untold: untold, servers: map[string]*line{}}
}

// enter waits until a question of the server may work and returns the function
// that ends its work. When it has waited for a second, moved is told its place,
// counted from 1, and from then on as often as that changes. Errors: errBusy,
// and that of ctx.
func (q *queue) enter(ctx context.Context, server string, moved func(place int)) (leave func(), err error) {
	q.mutex.Lock()
	l := q.servers[server]
	if l == nil {
		l = &line{}
		q.servers[server] = l
	}
	leave = sync.OnceFunc(func() { q.leave(server) })
	if l.working < q.perServer {
		l.working++
		q.mutex.Unlock()
		return leave, nil
	}
	if len(l.waiting) >= maxWaiting {
		q.mutex.Unlock()
		return nil, errBusy
	}
	t := &ticket{turn: make(chan struct{}), moved: make(chan int, 1)}
	l.waiting = append(l.waiting, t)
	t.moved <- len(l.waiting)
	q.mutex.Unlock()
	tell := time.NewTimer(q.untold)
	defer tell.Stop()
	var places chan int // nil until it is time to tell them
	for {
		select {
		case <-t.turn:
			return leave, nil
		case <-tell.C:
			places = t.moved
		case place := <-places:
			moved(place)
		case <-ctx.Done():
			if !q.giveUp(server, t) { // its turn came just then
				leave()
			}
			return nil, ctx.Err()
		}
	}
}

// leave ends the work of one question: the next of the server takes its place.
func (q *queue) leave(server string) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	l := q.servers[server]
	if len(l.waiting) > 0 {
		close(l.waiting[0].turn)
		l.waiting = slices.Delete(l.waiting, 0, 1)
		l.tell()
		return
	}
	if l.working--; l.working == 0 {
		delete(q.servers, server)
	}
}

// giveUp takes a ticket out of the line; false when it is no longer in it.
func (q *queue) giveUp(server string, t *ticket) bool {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	l := q.servers[server]
	if l == nil {
		return false
	}
	i := slices.Index(l.waiting, t)
	if i < 0 {
		return false
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	l.tell()
	return true
}

// tell puts everybody's place into their tickets, over one not yet read.
func (l *line) tell() {
	for i, t := range l.waiting {
		select {
		case <-t.moved:
		default:
		}
		t.moved <- i + 1
	}
}

// sum is how many are at work and how many wait in all servers.
func (q *queue) sum() (working, waiting int) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	for _, l := range q.servers {
		working += l.working
		waiting += len(l.waiting)
	}
	return working, waiting
}

// waiting is how many wait in all servers.
func (q *queue) waiting() int {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	n := 0
	for _, l := range q.servers {
		n += len(l.waiting)
	}
	return n
}
