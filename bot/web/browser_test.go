package web

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserTime ends a test in which something that is waited for never comes;
// nothing is measured by it.
const browserTime = 3 * time.Minute

// browsers is the one browser of all tests, started with the first tab.
var browsers struct {
	once sync.Once
	root context.Context
	err  error
	stop []context.CancelFunc
}

func TestMain(m *testing.M) {
	status := m.Run()
	for i := len(browsers.stop) - 1; i >= 0; i-- {
		browsers.stop[i]()
	}
	os.Exit(status)
}

// findBrowser is the path of a Chromium, "" without one.
func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func startBrowser(path string) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(2*time.Minute),
		chromedp.IgnoreCertErrors) // of servers of the tests
	all, stopAll := chromedp.NewExecAllocator(context.Background(), options...)
	// It is newer than the client library, and tells of events that this does not know.
	root, stop := chromedp.NewContext(all, chromedp.WithErrorf(func(string, ...any) {}))
	// Closed in its own time, it leaves no folder behind.
	browsers.root, browsers.stop = root, []context.CancelFunc{stopAll, stop, func() { chromedp.Cancel(root) }}
	browsers.err = chromedp.Run(root)
}

// screen is what a visitor looks with.
type screen struct {
	width, height int64
	dark          bool
}

var (
	phone   = screen{width: 390, height: 844}
	desktop = screen{width: 1280, height: 900}
)

// tab is a page in a browser. What it says to the
// console, and what it asks of others than the server under test, fails the test.
type tab struct {
	*testing.T
	ctx context.Context
	w   *world

	mu      sync.Mutex
	trouble []string
	asked   []string        // addresses of requests
	hosts   map[string]bool // those that may be asked
	ignored []string        // parts of console messages that a test expects
}

func (w *world) tab(t *testing.T, s screen) *tab {
	t.Helper()
	if underRace {
		t.Skip("the pages are not tried in a browser under the race detector")
	}
	path := findBrowser()
	if path == "" {
		t.Skip("no Chromium here; the pages are not tried in a browser (Debian: apt-get install chromium)")
	}
	browsers.once.Do(func() { startBrowser(path) })
	if browsers.err != nil {
		t.Fatalf("start %s: %v", path, browsers.err)
	}
	ctx, stop := chromedp.NewContext(browsers.root)
	ctx, end := context.WithTimeout(ctx, browserTime)
	b := &tab{T: t, ctx: ctx, w: w, hosts: map[string]bool{strings.TrimPrefix(w.url, "http://"): true}}
	chromedp.ListenTarget(ctx, b.listen)
	t.Cleanup(func() {
		end()
		stop()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, line := range b.trouble {
			t.Errorf("the browser: %s", line)
		}
	})
	b.run(runtime.Enable(), log.Enable(), network.Enable(), chromedp.EmulateViewport(s.width, s.height), emulation.SetFocusEmulationEnabled(true))
	b.looks(s.dark)
	return b
}

// looks sets the colours that the visitor prefers, and that nothing moves.
func (b *tab) looks(dark bool) {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}))
}

// listen keeps what goes wrong and what is asked.
func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	note := func(format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		for _, part := range b.ignored {
			if strings.Contains(line, part) {
				return
			}
		}
		b.trouble = append(b.trouble, line)
	}
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		note("exception: %v", e.ExceptionDetails)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning || e.Type == runtime.APITypeAssert {
			for _, arg := range e.Args {
				note("console %s: %s%s", e.Type, arg.Value, arg.Description)
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			note("log %s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Scheme != "blob" && !b.hosts[u.Host] {
			note("asks %s", e.Request.URL)
		}
	}
}

// noticed waits for what goes wrong in such words, and takes it back.
func (b *tab) noticed(words string) {
	b.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		b.mu.Lock()
		found := slices.ContainsFunc(b.trouble, func(line string) bool { return strings.Contains(line, words) })
		b.trouble = slices.DeleteFunc(b.trouble, func(line string) bool { return strings.Contains(line, words) })
		b.mu.Unlock()
		if found {
			return
		}
		select {
		case <-tick.C:
		case <-b.ctx.Done():
			b.Fatalf("nobody notices: %s", words)
		}
	}
}

// TestBrowserNoticesTrouble: what may not happen on a page would fail a test.
func TestBrowserNoticesTrouble(t *testing.T) {
	w := newWorld(t, Options{})
	b := w.tab(t, desktop)
	b.open("/")
	for script, words := range map[string]string{
		"console.error('told to the console')":                                                                "told to the console",
		"setTimeout(() => { throw new Error('thrown by a page') })":                                           "thrown by a page",
		"document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {}'}))":         "inline style",
		"document.body.append(Object.assign(document.createElement('script'), {textContent: 'let x'}))":       "inline script",
		"document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.3:9/picture.png'}))":           "127.0.0.3:9/picture.png",
		"document.body.append(Object.assign(document.createElement('iframe'), {src: 'http://127.0.0.4:9/'}))": "127.0.0.4:9",
	} {
		b.run(chromedp.Evaluate(script+"; true", nil))
		b.noticed(words)
	}
	b.open("/e/none")
	b.noticed("status of 404")
	b.ignore("") // each is told of more than once
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trouble = nil
}

// ignore lets console messages with this part pass.
func (b *tab) ignore(part string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ignored = append(b.ignored, part)
}

// hasAsked reports whether anything at the address was fetched.
func (b *tab) hasAsked(start string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, a := range b.asked {
		if strings.HasPrefix(a, start) {
			return true
		}
	}
	return false
}

func (b *tab) run(actions ...chromedp.Action) {
	b.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// open goes to a path, or to a whole address.
func (b *tab) open(address string) {
	b.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.w.url + address
	}
	b.run(chromedp.Navigate(address))
}

// is evaluates an expression of JavaScript that is true or false.
func (b *tab) is(expression string) bool {
	b.Helper()
	var yes bool
	b.run(chromedp.Evaluate("Boolean("+expression+")", &yes))
	return yes
}

// until waits until an expression is true.
func (b *tab) until(expression string) {
	b.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var yes bool
		err := chromedp.Run(b.ctx, chromedp.Evaluate("Boolean("+expression+")", &yes))
		if yes {
			return
		}
		if b.ctx.Err() != nil {
			b.Fatalf("never came true: %s (%v)", expression, err)
		}
		select {
		case <-tick.C:
		case <-b.ctx.Done():
		}
	}
}

// want fails the test unless each expression is true, and says which is not.
func (b *tab) want(expressions ...string) {
	b.Helper()
	for _, e := range expressions {
		if !b.is(e) {
			b.Errorf("not true: %s", e)
		}
	}
}

// inView is an expression: the first such element is in the window, and not small.
func inView(selector string) string {
	return fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (!e || !e.checkVisibility({visibilityProperty: true, opacityProperty: true})) return false;
		const r = e.getBoundingClientRect(); return r.width > 4 && r.height > 4 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth })()`, selector)
}

// textIn is an expression: the text of the first such element.
func textIn(selector string) string {
	return fmt.Sprintf("(document.querySelector(%q)?.innerText ?? '')", selector)
}

// has is an expression: the element's text holds the words.
func has(selector, words string) string {
	return fmt.Sprintf("%s.includes(%q)", textIn(selector), words)
}

// click moves to the middle of the first such element, brought into view, and
// clicks.
func (b *tab) click(selector string) {
	b.Helper()
	b.hover(selector)
	x, y := b.middle(selector)
	b.run(chromedp.MouseClickXY(x, y))
}

// hover moves the pointer over it.
func (b *tab) hover(selector string) {
	b.Helper()
	b.run(chromedp.ScrollIntoView(selector, chromedp.ByQuery))
	x, y := b.middle(selector)
	b.run(chromedp.MouseEvent(input.MouseMoved, x, y))
}

func (b *tab) middle(selector string) (x, y float64) {
	b.Helper()
	var at []float64
	b.run(chromedp.Evaluate(fmt.Sprintf("(() => { const r = document.querySelector(%q).getClientRects()[0]; return [r.left + r.width / 2, r.top + r.height / 2] })()", selector), &at))
	return at[0], at[1]
}

// press presses a key as a person does.
func (b *tab) press(key string, modifiers ...input.Modifier) {
	b.Helper()
	var options []chromedp.KeyOption
	if len(modifiers) > 0 {
		options = append(options, chromedp.KeyModifiers(modifiers...))
	}
	b.run(chromedp.KeyEvent(key, options...))
}

// awaited waits for a promise's value, as after a click of the visitor's.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams {
	return p.WithAwaitPromise(true).WithUserGesture(true)
}
