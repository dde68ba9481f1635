package discord

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// waiter is one call of enter: places comes with every place it is told, done
// with the end of the wait.
type waiter struct {
	places chan int
	done   chan error
	leave  func()
	cancel context.CancelFunc
}

func enter(t *testing.T, q *queue, server string) *waiter {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &waiter{places: make(chan int, maxWaiting+2), done: make(chan error, 1), cancel: cancel}
	go func() {
		var err error
		w.leave, err = q.enter(ctx, server, func(place int) { w.places <- place })
		w.done <- err
	}()
	return w
}

// until reads places until the wanted one comes.
func (w *waiter) until(t *testing.T, want int) {
	t.Helper()
	for {
		select {
		case place := <-w.places:
			if place == want {
				return
			}
		case <-t.Context().Done():
			t.Fatalf("place %d never came", want)
		}
	}
}

// newToldQueue is a queue that tells places at once.
func newToldQueue() *queue {
	q := newQueue(1)
	q.untold = 0
	return q
}

// Who waits for less than a second is told no place, and who waits longer the
// one that he has then.
func TestQueueTellsNoShortWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1)
		first := enter(t, q, "a")
		<-first.done
		second := enter(t, q, "a")
		synctest.Wait()
		third := enter(t, q, "a")
		time.Sleep(untold - time.Millisecond)
		first.leave()
		if err := <-second.done; err != nil {
			t.Fatal(err)
		}
		if n := len(second.places) + len(third.places); n > 0 {
			t.Errorf("%d places were told within %v", n, untold)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if n := len(third.places); n != 1 {
			t.Fatalf("%d places were told after %v, want one", n, untold)
		}
		if place := <-third.places; place != 1 {
			t.Errorf("place %d was told, want 1", place)
		}
		second.leave()
		<-third.done
		third.leave()
	})
}

func TestQueueKeepsOrderAndTellsPlaces(t *testing.T) {
	q := newToldQueue()
	first := enter(t, q, "a")
	if err := <-first.done; err != nil {
		t.Fatal(err)
	}
	second := enter(t, q, "a")
	second.until(t, 1)
	third := enter(t, q, "a")
	third.until(t, 2)

	other := enter(t, q, "b") // another server does not wait
	if err := <-other.done; err != nil {
		t.Fatal(err)
	}
	first.leave()
	if err := <-second.done; err != nil {
		t.Fatal(err)
	}
	third.until(t, 1)
	select {
	case <-third.done:
		t.Fatal("two questions of a server were at work at once")
	default:
	}
	second.leave()
	second.leave() // twice counts once
	if err := <-third.done; err != nil {
		t.Fatal(err)
	}
	third.leave()
	other.leave()
	if len(q.servers) != 0 {
		t.Errorf("%d servers are remembered after all left, want 0", len(q.servers))
	}
}

func TestQueueLetsGoOfWhoGivesUp(t *testing.T) {
	q := newToldQueue()
	first := enter(t, q, "a")
	<-first.done
	second := enter(t, q, "a")
	second.until(t, 1)
	third := enter(t, q, "a")
	third.until(t, 2)
	second.cancel()
	if err := <-second.done; !errors.Is(err, context.Canceled) {
		t.Errorf("enter of who gave up = %v, want context.Canceled", err)
	}
	third.until(t, 1)
	first.leave()
	if err := <-third.done; err != nil {
		t.Error(err)
	}
	third.leave()
}

func TestQueueRefusesTooMany(t *testing.T) {
	q := newToldQueue()
	first := enter(t, q, "a")
	<-first.done
	var waiters []*waiter
	for i := range maxWaiting {
		w := enter(t, q, "a")
		w.until(t, i+1)
		waiters = append(waiters, w)
	}
	if _, err := q.enter(t.Context(), "a", func(int) {}); !errors.Is(err, errBusy) {
		t.Errorf("enter into a full queue = %v, want errBusy", err)
	}
	for _, w := range waiters {
		w.cancel()
		<-w.done
	}
	first.leave()
	if q.waiting() != 0 || len(q.servers) != 0 {
		t.Errorf("%d wait in %d servers after all gave up, want none", q.waiting(), len(q.servers))
	}
}

func TestQueueUnderLoad(t *testing.T) {
	const perServer = 3
	q := newQueue(perServer)
	var mutex sync.Mutex
	working := map[string]int{}
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			server := fmt.Sprint(i % 5)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%7 == 0 {
				cancel()
			}
			leave, err := q.enter(ctx, server, func(int) {})
			if err != nil {
				return
			}
			mutex.Lock()
			if working[server]++; working[server] > perServer {
				t.Errorf("%d questions of server %s are at work, want at most %d", working[server], server, perServer)
			}
			mutex.Unlock()
			mutex.Lock()
			working[server]--
			mutex.Unlock()
			leave()
		})
	}
	all.Wait()
	if len(q.servers) != 0 {
		t.Errorf("%d servers are remembered after all left, want 0", len(q.servers))
	}
}
