//go:build !race

package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// These tests hold plain discordgo v0.29.0 to the faults for which this package
// stands in its place. One that fails says that a fault is mended, and that
// the reason for our own client is to be looked at anew. They are left out
// under the race detector, since discordgo itself races.

// grace is how long something that must not happen is waited for.
const grace = 300 * time.Millisecond

// plain is discordgo against a gateway on loopback. It is told where by GET
// /gateway alone; the package's addresses stay as they are.
type plain struct {
	session *discordgo.Session
	peers   chan *peer
}

func newPlain(t *testing.T) *plain {
	t.Helper()
	p := &plain{peers: make(chan *peer, 100)}
	var base string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/gateway") {
			fmt.Fprintf(w, `{"url":"ws%s/first/"}`, strings.TrimPrefix(base, "http"))
			return
		}
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Errorf("upgrade: %v", err)
			return
		}
		p.peers <- newPeer(t, ws, r.URL)
	}))
	base = server.URL
	t.Cleanup(server.Close)

	session, err := discordgo.New("Bot " + testToken)
	if err != nil {
		t.Fatal(err)
	}
	session.LogLevel = -1
	session.Client = &http.Client{Transport: redirect(server.Listener.Addr().String())}
	p.session = session
	return p
}

// redirect sends every request to one host.
type redirect string

func (host redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", string(host)
	return http.DefaultTransport.RoundTrip(r)
}

func (p *plain) accept(t *testing.T) *peer {
	t.Helper()
	select {
	case peer := <-p.peers:
		return peer
	case <-time.After(2 * time.Minute):
		t.Fatal("discordgo did not connect")
		return nil
	}
}

// open starts Open and returns where its result will be.
func (p *plain) open() <-chan error {
	opened := make(chan error, 1)
	go func() { opened <- p.session.Open() }()
	return opened
}

// start opens the session and brings it to READY.
func (p *plain) start(t *testing.T, interval time.Duration) *peer {
	t.Helper()
	opened := p.open()
	peer := p.accept(t)
	peer.hello(interval)
	peer.expect(opIdentify)
	peer.ready(1, "session-1")
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	return peer
}

// stop closes the session without another connection.
func (p *plain) stop() {
	p.session.ShouldReconnectOnError = false
	_ = p.session.Close()
}

func TestDiscordgoIdentifiesAtOnceAfterInvalidSession(t *testing.T) {
	t.Parallel()
	p := newPlain(t)
	defer p.stop()
	peer := p.start(t, time.Minute)
	for _, d := range []string{"false", "true"} {
		least := time.Hour // of some, since any one may be late on a slow machine
		for range 5 {
			began := time.Now()
			peer.send(`{"op":9,"d":` + d + `}`)
			if least = min(least, peer.expect(opIdentify).at.Sub(began)); least <= time.Second {
				break
			}
		}
		if least > time.Second {
			t.Errorf("fault mended: identify %v or more after op 9 d:%s", least, d)
		}
	}
}

func TestDiscordgoClosesZombieWithSessionEnd(t *testing.T) {
	t.Parallel()
	const interval = 200 * time.Millisecond // long enough for a slow machine not to miss one
	p := newPlain(t)
	peer := p.start(t, interval)
	defer p.stop()
	peer.acks.Store(false)
	code := peer.closedWith()
	beats := 0
	for len(peer.got) > 0 {
		if (<-peer.got).Op == opHeartbeat {
			beats++
		}
	}
	if code != 1000 || beats < 5 {
		t.Errorf("fault mended: closed with %d after %d heartbeats, want 1000 after 5 or more", code, beats)
	}
}

func TestDiscordgoReconnectsAfterFatalClose(t *testing.T) {
	t.Parallel()
	p := newPlain(t)
	peer := p.start(t, time.Minute)
	peer.close(4004, "Authentication failed.")
	p.accept(t).close(4004, "Authentication failed.") // the fault: it is here again
	p.session.ShouldReconnectOnError = false
}

func TestDiscordgoResumesAtFirstAddress(t *testing.T) {
	t.Parallel()
	p := newPlain(t)
	defer p.stop()
	peer := p.start(t, time.Minute)
	peer.send(`{"op":7,"d":null}`)
	again := p.accept(t)
	if again.url.Path != "/first/" {
		t.Errorf("fault mended: resumed at %s", again.url)
	}
	again.hello(time.Minute)
	again.expect(opResume)
	again.event(2, "RESUMED", "{}")
}

// The goroutine of Open and the lock it holds are leaked knowingly.
func TestDiscordgoDeadlocksBeforeReady(t *testing.T) {
	t.Parallel()
	p := newPlain(t)
	opened := p.open()
	peer := p.accept(t)
	peer.hello(time.Minute)
	peer.expect(opIdentify)
	peer.send(`{"op":7,"d":null}`)
	select {
	case err := <-opened:
		t.Errorf("fault mended: Open returns %v after op 7 in place of READY", err)
	case <-time.After(grace):
	}
	if p.session.TryLock() {
		t.Error("fault mended: the session is not locked")
	}
	peer.close(0, "") // does not free it either
	select {
	case err := <-opened:
		t.Errorf("fault mended: Open returns %v after the close", err)
	case <-time.After(grace):
	}
}

func TestDiscordgoWaitsForHelloUnderLock(t *testing.T) {
	t.Parallel()
	p := newPlain(t)
	opened := p.open()
	peer := p.accept(t)
	select {
	case err := <-opened:
		t.Errorf("fault mended: Open returns %v without HELLO", err)
	case <-time.After(grace):
	}
	if p.session.TryLock() {
		t.Error("fault mended: the session is not locked")
	}
	peer.close(0, "")
	<-opened
}

func TestDiscordgoBeatsWithoutJitter(t *testing.T) {
	t.Parallel()
	p := newPlain(t)
	defer p.stop()
	began := time.Now()
	peer := p.start(t, time.Hour)
	if took := peer.expect(opHeartbeat).at.Sub(began); took > 10*time.Minute {
		t.Errorf("fault mended: first heartbeat after %v", took)
	}
}

func TestDiscordgoHalfDecodesModalOfLabels(t *testing.T) {
	t.Parallel()
	p := newPlain(t)
	defer p.stop()
	got := make(chan *discordgo.InteractionCreate, 1)
	p.session.AddHandler(func(_ *discordgo.Session, i *discordgo.InteractionCreate) { got <- i })
	peer := p.start(t, time.Minute)
	peer.event(2, "INTERACTION_CREATE", modalSubmit)
	select {
	case i := <-got:
		if i.Interaction != nil && i.Data != nil {
			t.Errorf("fault mended: data = %#v", i.Data)
		}
	case <-time.After(2 * time.Minute):
		t.Error("fault mended: the half decoded event does not reach the handler")
	}
}

func TestDiscordgoHalfDecodesUnknownComponents(t *testing.T) {
	t.Parallel()
	var m discordgo.Message
	err := json.Unmarshal([]byte(`{"components":[{"type":99}],"author":{"id":"1"}}`), &m)
	if err == nil {
		t.Error("fault mended: a message with an unknown component is decoded")
	}
}

// The handler runs in a goroutine of discordgo's without recover, so this
// needs a process of its own.
func TestDiscordgoHandlerPanicEndsProcess(t *testing.T) {
	t.Parallel()
	if os.Getenv("VERBATIM_TEST_PANIC") != "" {
		p := newPlain(t)
		p.session.AddHandler(func(*discordgo.Session, *discordgo.Ready) { panic("in a handler") })
		p.start(t, time.Minute)
		<-time.After(2 * time.Minute)
		return
	}
	command := exec.Command(os.Args[0], "-test.run=^TestDiscordgoHandlerPanicEndsProcess$")
	command.Env = append(os.Environ(), "VERBATIM_TEST_PANIC=1")
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic: in a handler") {
		t.Errorf("fault mended: a panic in a handler does not end the process: %v\n%s", err, out)
	}
}

// Handlers run side by side without bound.
func TestDiscordgoRunsHandlersWithoutBound(t *testing.T) {
	t.Parallel()
	const events = 200
	p := newPlain(t)
	defer p.stop()
	var at atomic.Int32
	all := make(chan struct{})
	p.session.AddHandler(func(*discordgo.Session, *discordgo.TypingStart) {
		if at.Add(1) == events {
			close(all)
		}
		<-all
	})
	peer := p.start(t, time.Minute)
	for i := range events {
		peer.event(i+2, "TYPING_START", `{}`)
	}
	select {
	case <-all:
	case <-time.After(2 * time.Minute):
		t.Errorf("fault mended: only %d handlers at once", at.Load())
	}
}

// The package's addresses are variables of the whole process and stay alone.
func TestDiscordgoAddressesAreUntouched(t *testing.T) {
	t.Parallel()
	if discordgo.EndpointGateway != "https://discord.com/api/v9/gateway" {
		t.Errorf("EndpointGateway = %s", discordgo.EndpointGateway)
	}
}
