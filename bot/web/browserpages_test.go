package web

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verbatim/bot"
	"verbatim/bot/model/modeltest"
	"verbatim/retrieval"
)

// TestBrowserCitation: the link of a citation lands on the spoken words, marked
// and in view, with what stands around them.
func TestBrowserCitation(t *testing.T) {
	w := newWorld(t, Options{})
	w.add(guild, "ours.txt", strings.Repeat("Ann: Something else was said here, and then more of it.\n", 80)+"Bob: The lantern of the town is green.\n")
	link := func(scope retrieval.Scope, id retrieval.EpisodeID, first, last int) string {
		address, err := w.bot.PageLink(t.Context(), bot.EpisodeRef{Scope: scope, ID: id}, first, last)
		if err != nil {
			t.Fatal(err)
		}
		return address
	}
	for _, s := range []screen{phone, desktop} {
		b := w.tab(t, s)
		b.open(link(retrieval.Public, sampleID, 102, 104))
		b.until(inView("#L102.cited") + " && " + inView("#L104.cited"))
		b.want(has("#L103", "Shoigu went to Pyongyang"), inView("#L100"), inView("#L106"),
			"document.querySelectorAll('p.cited').length === 3", marks("#L102")+" !== "+marks("#L100"))

		b.open(link(guild, "ours", 81, 81))
		b.until(inView("#L81.cited"))
		b.want(has("#L81", "The lantern of the town is green"), "document.querySelector('meta[name=robots]').content.includes('noindex')")

		// The fragment alone, as people pass it on, and another one typed after it.
		b.open("/e/" + sampleID + "#L63-L64")
		b.until(inView("#L63.cited") + " && " + inView("#L64.cited"))
		b.run(chromedp.Evaluate("location.hash = '#L90'", nil))
		b.until(inView("#L90.cited") + " && !document.querySelector('#L63.cited')")
	}
}

// marks is an expression: the colour behind an element's text.
func marks(selector string) string {
	return fmt.Sprintf("getComputedStyle(document.querySelector(%q)).backgroundColor", selector)
}

// TestBrowserAsk asks, sees the answer come, looks at the words behind a mark and
// opens the transcript beside it.
func TestBrowserAsk(t *testing.T) {
	w := newWorld(t, Options{Model: modeltest.Model})
	hold := make(chan struct{})
	w.useModel(func(r modeltest.Request) modeltest.Reply {
		if !strings.HasPrefix(r.System(), "You answer ") {
			return modeltest.Reply{Text: "OK."}
		}
		text := marked(r, "Shoigu went to Pyongyang in 2023.", "Shoigu went to Pyongyang") + " " + marked(r, "He brought 512 tanks with him on that day.", "Shoigu went to Pyongyang")
		return modeltest.Reply{Text: text, After: len(strings.Fields(text)) - 3, Hold: hold}
	})
	b := w.tab(t, desktop)
	b.open("/")
	b.run(chromedp.SendKeys("#q", shoigu, chromedp.ByQuery))
	b.press(kb.Enter)
	b.until("document.querySelector('.draft .sentence') && " + has(".draft .unchecked", "512"))
	b.want(has(".unchecked", "Draft, not yet checked"), inView("#stop"), "document.querySelector('#answer').ariaBusy === 'true'")
	close(hold)
	b.until("document.querySelector('#answer article.answer:not(.draft)')")
	b.want("!"+has("#answer", "512"), has("#answer", "Written by modeltest"), has(".remark", "couldn’t be verified"),
		"document.activeElement.matches('h2.asked')", "new URLSearchParams(location.search).get('q') === "+fmt.Sprintf("%q", shoigu))

	b.hover("a.cite")
	b.until(inView("#peek"))
	b.want(has("#peek-quote", "when Shoigu went to Pyongyang"), has("#peek", "lines 102"))
	b.press(kb.Escape)
	b.until("!document.querySelector('#peek')")

	b.click("a.cite")
	b.until(inView("#beside mark"))
	b.want(has("#beside", "Shoigu went to Pyongyang"), inView("#answer .sentence"), "document.querySelector('#beside a').pathname === '/e/"+sampleID+"'")
	b.press(kb.Escape)
	b.until("document.querySelector('#beside').hidden")
	b.want("document.activeElement.matches('a.cite')")

	b.run(chromedp.NavigateBack())
	b.until("document.querySelector('#answer').innerText === ''")
	b.run(chromedp.NavigateForward())
	b.until("document.querySelector('#answer a.cite')")

	// On a phone a tap shows the words, and the link opens the page.
	p := w.tab(t, phone)
	p.open(asking(shoigu))
	p.until("document.querySelector('#answer a.cite')")
	p.click("a.cite")
	p.until(inView("#peek"))
	p.click("#peek a.open")
	p.until("location.pathname === '/e/" + sampleID + "' && " + inView("#L103.cited"))
}

// TestBrowserStop: a stopped answer leaves nothing unchecked on the page.
func TestBrowserStop(t *testing.T) {
	w := newWorld(t, Options{Model: modeltest.Model})
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	w.useModel(func(r modeltest.Request) modeltest.Reply {
		text := marked(r, "Shoigu went to Pyongyang in 2023.", "Shoigu went to Pyongyang") + " And 512 tanks went there, too, they say."
		return modeltest.Reply{Text: text, After: len(strings.Fields(text)) - 3, Hold: hold}
	})
	b := w.tab(t, desktop)
	b.open("/")
	b.click("a.example")
	b.until("document.querySelector('.draft .unchecked')")
	b.click("#stop")
	b.until("document.querySelector('#stop').hidden")
	b.want(has("#ask-status", "Stopped"), "!document.querySelector('.unchecked')", "!"+has("#answer", "512"))
}

// tone is a minute of silence, 8-bit samples at 8 kHz in a WAV file.
func tone() []byte {
	const rate, seconds = 8000, 60
	samples := bytes.Repeat([]byte{128}, rate*seconds)
	var b bytes.Buffer
	b.WriteString("RIFF")
	binary.Write(&b, binary.LittleEndian, uint32(36+len(samples)))
	b.WriteString("WAVEfmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(rate), uint32(rate), uint16(1), uint16(8)} {
		binary.Write(&b, binary.LittleEndian, v)
	}
	b.WriteString("data")
	binary.Write(&b, binary.LittleEndian, uint32(len(samples)))
	b.Write(samples)
	return b.Bytes()
}

// talk is what is said in the timed talk, six lines in turn.
var talk = []string{
	"Welcome back. Today we sit at the top of a lighthouse.", "The stairs have two hundred and seven steps.", "I counted them twice, once with my eyes shut.",
	"Our guest has kept this light for thirty years.", "Tell us what a keeper does all night.", "Most people think that you only watch.",
	"You wind the clockwork every four hours.", "If it stops, the light stands still.", "A ship cannot tell a still light from a house.",
	"So somebody has to be awake.", "On the worst night I wound it by hand until dawn.", "Eleven boats came home that morning.",
	"And did they ever learn who had turned the light?", "There is a letter on the wall behind you.", "I saw it when I came in.",
	"It is signed with eleven names.", "One of them cannot be read.", "Who wrote that one?",
	"The cook, I believe.", "He had wet hands for the rest of his life.", "They made the light electric in ninety-one.",
	"I still wake up every four hours.", "My wife says the clock is in me now.", "She may be right.",
	"What will become of the tower?", "The school wants to look at stars from here.", "There is no better dark on this coast.",
	"And the lamp itself?", "It stays where it is.", "Somebody will wind it on Sundays.",
}

// timedTalk has a cue every two seconds, for a minute.
func timedTalk() string {
	var b strings.Builder
	for i, line := range talk {
		fmt.Fprintf(&b, "%d\n00:00:%02d,000 --> 00:00:%02d,500\n%s: %s\n\n", i+1, 2*i, 2*i+1, []string{"Ann", "Bob"}[i/6%2], line)
	}
	return b.String()
}

// addTalk adds the timed talk with audio on a server of its own, whose address
// it returns.
func (w *world) addTalk(t *testing.T) (audio string) {
	t.Helper()
	server := httptest.NewServer(audioHandler())
	t.Cleanup(server.Close)
	w.addTalkAt(t, server.URL+"/talk.wav")
	return server.URL
}

// audioHandler serves the talk's audio.
func audioHandler() http.Handler {
	sound := tone()
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		http.ServeContent(rw, r, "talk.wav", time.Time{}, bytes.NewReader(sound))
	})
}

func (w *world) addTalkAt(t *testing.T, audio string) {
	t.Helper()
	_, err := w.bot.Add(t.Context(), retrieval.Public, bot.NewEpisode{File: "talk.srt", Data: []byte(timedTalk()), AudioURL: audio}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

// TestBrowserAudioElsewhere: an address that counts downloads sends the player on
// to the host that has the file, twice here. One without HTTPS is not let in.
func TestBrowserAudioElsewhere(t *testing.T) {
	for _, test := range []struct {
		name   string
		secure bool
	}{{"with HTTPS", true}, {"without", false}} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			start := httptest.NewServer
			if test.secure {
				start = httptest.NewTLSServer
			}
			var fetched atomic.Bool
			audio := audioHandler()
			store := start(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { fetched.Store(true); audio.ServeHTTP(rw, r) }))
			t.Cleanup(store.Close)
			counter := httptest.NewTLSServer(http.RedirectHandler(store.URL+"/file/1.wav?sign=a%2Fb", http.StatusFound))
			t.Cleanup(counter.Close)
			named := httptest.NewTLSServer(http.RedirectHandler(counter.URL+"/count/talk.wav", http.StatusFound))
			t.Cleanup(named.Close)
			w.addTalkAt(t, named.URL+"/redirect.wav/talk.wav")

			b := w.tab(t, desktop)
			for _, server := range []*httptest.Server{store, counter, named} {
				_, host, _ := strings.Cut(server.URL, "://")
				b.hosts[host] = true
			}
			if !test.secure {
				b.ignored = append(b.ignored, "Content Security Policy")
			}
			b.open("/e/talk?l=L11#L11")
			b.until(inView("#audio"))
			const player = "document.querySelector('#audio')"
			b.run(chromedp.Evaluate("var end = ''; (a => { a.defaultPlaybackRate = a.playbackRate = 0.1; a.play().then(() => end = 'plays', e => end = e.name); return true })("+player+")", nil, awaited))
			if !test.secure {
				b.until("end === 'NotSupportedError'")
				if fetched.Load() {
					t.Error("a host without HTTPS was asked")
				}
				return
			}
			b.until("end === 'plays' && !" + player + ".paused && Math.abs(" + player + ".currentTime - 20) < 2")
			b.run(chromedp.Evaluate(player+".pause()", nil))
		})
	}
}

// TestBrowserPlayer: nothing is fetched from the audio's host until somebody
// plays it; it starts at the cited moment, a time jumps there, and the line that
// is spoken is marked.
func TestBrowserPlayer(t *testing.T) {
	w := newWorld(t, Options{})
	audio := w.addTalk(t)
	b := w.tab(t, desktop)
	b.hosts[strings.TrimPrefix(audio, "http://")] = true
	b.open("/e/talk?l=L11-L12#L11-L12")
	b.until(inView("#L11.cited") + " && " + inView("#audio"))
	b.want("document.querySelector('#audio').preload === 'none'")
	if b.hasAsked(audio) {
		t.Error("the audio's host was asked before anybody played it")
	}
	const player = "document.querySelector('#audio')"
	// It plays slowly, so that no line is over before somebody looks, and none is
	// come to by waiting.
	sought := func(seconds int) string { return fmt.Sprintf("sought.some(s => Math.abs(s - %d) < 0.1)", seconds) }
	b.run(chromedp.Evaluate(`var sought = []; (a => { a.defaultPlaybackRate = a.playbackRate = 0.1; a.onseeking = () => sought.push(a.currentTime); return a.play().then(() => true) })(`+player+")", nil, awaited))
	b.until("!" + player + ".paused && " + sought(20) + " && document.querySelector('p.now[aria-current=true]')?.id === 'L11'")
	if !b.hasAsked(audio) {
		t.Error("nothing was fetched to play")
	}
	b.click("#lines .turn:nth-of-type(4) > div > a")
	b.until(sought(36) + " && document.querySelector('p.now[aria-current=true]')?.id === 'L19'")
	b.want("document.querySelectorAll('p.now').length === 1", inView("#L19"))
	b.run(chromedp.Evaluate(player+".pause()", nil))
}

// TestBrowserWithoutScript does it all with scripts switched off.
func TestBrowserWithoutScript(t *testing.T) {
	w := newWorld(t, Options{})
	b := w.tab(t, phone)
	b.run(emulation.SetScriptExecutionDisabled(true))
	b.open("/")
	b.want("!document.documentElement.classList.contains('script')")
	b.run(chromedp.SendKeys("#q", "How often is Putin mentioned?", chromedp.ByQuery))
	b.click("#ask-button")
	b.until("document.querySelector('#answer a.cite')")
	b.want(has("#answer", "is said 2 times"))
	b.click("a.cite[href='#c2']")
	b.until("location.hash === '#c2' && " + inView("#c2"))
	b.click("#c2 a.open")
	b.until("location.pathname === '/e/" + sampleID + "' && " + inView("p.cited"))
	b.want(has("p.cited", "Putin"))

	b.run(chromedp.SendKeys("#find", "convergence of values", chromedp.ByQuery))
	b.click("#find-form button")
	b.until(inView("#found mark"))
	b.want("document.querySelector('#find-grade').dataset.match === 'exact'")
	b.click("#found a.to")
	b.until(inView("p.cited") + " && [...document.querySelectorAll('p.cited')].some(e => e.innerText.includes('convergence'))")

	b.open("/quote?words=" + "Shoigu+went+to+Pyongyang")
	b.until(inView("#places mark"))
	b.click("#places a.open")
	b.until(inView("p.cited"))
	b.open("/e/" + sampleID + "/summary?style=takeaways")
	b.until(inView("#summary blockquote"))
	b.click("#summary a.open")
	b.until(inView("p.cited"))
}

// TestBrowserKeyboard asks, reads and copies without a pointer.
func TestBrowserKeyboard(t *testing.T) {
	w := newWorld(t, Options{})
	b := w.tab(t, desktop)
	b.run(browser.SetPermission(&browser.PermissionDescriptor{Name: "clipboard-write"}, browser.PermissionSettingGranted).WithOrigin(w.url),
		browser.SetPermission(&browser.PermissionDescriptor{Name: "clipboard-read"}, browser.PermissionSettingGranted).WithOrigin(w.url))
	tabTo := func(selector string, modifiers ...input.Modifier) {
		t.Helper()
		for range 60 {
			b.press(kb.Tab, modifiers...)
			if b.is(fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
				b.want("document.activeElement.matches(':focus-visible')", "(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none')(getComputedStyle(document.activeElement))")
				return
			}
		}
		t.Fatalf("Tab never comes to %s", selector)
	}
	b.open("/")
	tabTo("#q")
	b.run(chromedp.KeyEvent("How often is Putin mentioned?"))
	b.press(kb.Enter)
	b.until("document.querySelector('#answer a.cite')")
	tabTo("a.cite")
	b.until(inView("#peek"))
	b.want(has("#peek-quote", "Putin"))
	b.press(kb.Escape)
	b.until("!document.querySelector('#peek')")
	b.press(kb.Enter)
	b.until(inView("#beside mark"))
	tabTo("#beside a[href^='/e/']")
	b.press(kb.Enter)
	b.until("location.pathname === '/e/" + sampleID + "' && " + inView("p.cited"))

	tabTo("#lines p > a")
	b.press(kb.Enter)
	b.press(kb.ArrowDown)
	b.press(kb.ArrowDown)
	b.press(kb.Enter, input.ModifierShift)
	b.until(inView("#copy-quote") + " && document.querySelectorAll('p.cited').length === 3")
	tabTo("#copy-quote")
	b.press(kb.Enter)
	b.until(has("#told", "Quote copied"))
	copied := ""
	b.run(chromedp.Evaluate("navigator.clipboard.readText()", &copied, awaited))
	if !strings.Contains(copied, "“") || !strings.Contains(copied, "Toloraya") || !strings.Contains(copied, w.url+"/e/"+sampleID) {
		t.Errorf("copied is %q", copied)
	}
	b.press("/")
	b.want("document.activeElement.id === 'find'")
	b.run(chromedp.KeyEvent("convergence of values"))
	b.press(kb.Enter)
	b.until(inView("#found mark") + " && document.querySelector('#find-grade').dataset.match === 'exact'")
	tabTo("#found a.to")
	b.press(kb.Enter)
	b.until(inView("p.cited"))
	b.press(kb.Escape)
	b.until("!document.querySelector('p.cited')")
}

// TestBrowserSize: a page of a 30,000-word episode has at most 150 kB besides the
// words, with all that it loads, as it is sent. How long it takes is logged.
func TestBrowserSize(t *testing.T) {
	w := newWorld(t, Options{})
	vtt, words := longEpisode()
	if _, err := w.bot.Add(t.Context(), retrieval.Public, bot.NewEpisode{File: "long.vtt", Data: []byte(vtt)}, nil); err != nil {
		t.Fatal(err)
	}
	b := w.tab(t, desktop)
	b.run(network.SetCacheDisabled(true))
	b.open("/e/long")
	b.until("performance.getEntriesByType('navigation')[0].loadEventEnd > 0 && document.querySelectorAll('#lines p').length === 3000")
	var sizes []float64
	b.run(chromedp.Evaluate(`(() => { const p = performance.getEntriesByType('navigation')[0], r = performance.getEntriesByType('resource');
		const sum = (of, key) => of.reduce((n, e) => n + e[key], 0);
		return [sum([p, ...r], 'transferSize'), sum([p, ...r], 'decodedBodySize'), p.responseStart - p.requestStart, p.domInteractive - p.requestStart, p.loadEventEnd - p.requestStart] })()`, &sizes))
	t.Logf("sent %.0f bytes, words and all; unpacked %.0f besides the %d of the words; first byte %.0f ms, interactive %.0f ms, loaded %.0f ms", sizes[0], sizes[1]-float64(words), words, sizes[2], sizes[3], sizes[4])
	if sizes[0] > 150<<10 {
		t.Errorf("%.0f bytes are sent, more than 150 kB even with the words", sizes[0])
	}
}
