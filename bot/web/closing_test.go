package web

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestServeEndsChapters: chapters that wait for their turn when the server stops
// are given up, and waited for.
func TestServeEndsChapters(t *testing.T) {
	w := newWorld(t, Options{})
	s, err := New(w.bot, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range chaptersAtOnce {
		s.finding <- struct{}{}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	r, err := http.Get("http://" + l.Addr().String() + "/e/" + sampleID)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestOneAddressAtWork: what one address has at work leaves room for others.
func TestOneAddressAtWork(t *testing.T) {
	w := newWorld(t, Options{})
	s, err := New(w.bot, Options{})
	if err != nil {
		t.Fatal(err)
	}
	hold, inside := make(chan struct{}), make(chan struct{})
	h := s.costly(func(http.ResponseWriter, *http.Request) { inside <- struct{}{}; <-hold })
	ask := func(address string) int {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = address + ":999"
		rec := httptest.NewRecorder()
		h(rec, r)
		return rec.Code
	}
	done := make(chan int)
	for range addressAtOnce {
		go func() { done <- ask("203.0.113.9") }()
		<-inside
	}
	if code := ask("203.0.113.9"); code != http.StatusTooManyRequests {
		t.Errorf("one more of the same address: %d", code)
	}
	go func() { done <- ask("203.0.113.10") }()
	<-inside
	close(hold)
	for range addressAtOnce + 1 {
		if code := <-done; code != http.StatusOK {
			t.Errorf("a request within bounds: %d", code)
		}
	}
	go func() { done <- ask("203.0.113.9") }()
	<-inside
	if code := <-done; code != http.StatusOK {
		t.Errorf("after the others: %d", code)
	}
}
