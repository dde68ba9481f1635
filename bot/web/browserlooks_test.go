package web

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"verbatim/bot/model/modeltest"
)

var pictures = flag.Bool("pictures", false, "TestPictures takes the pictures of docs/pictures anew")

// looks are the screens that every page is looked at on.
var looks = map[string]screen{
	"phone-light":   phone,
	"phone-dark":    {width: phone.width, height: phone.height, dark: true},
	"desktop-light": desktop,
	"desktop-dark":  {width: desktop.width, height: desktop.height, dark: true},
}

// sight is a page of each kind: where it is, and what is true once it is there.
type sight struct{ name, address, there string }

// sights are the pages of a library with the sample, a timed talk with audio and a
// server's episode, a model answering.
func sights(t *testing.T) (*world, []sight) {
	t.Helper()
	w := newWorld(t, Options{Model: modeltest.Model})
	w.addTalk(t)
	w.useModel(func(r modeltest.Request) modeltest.Reply {
		if !strings.HasPrefix(r.System(), "You answer ") {
			return modeltest.Reply{Text: "OK."}
		}
		return modeltest.Reply{Text: marked(r, "Shoigu went to Pyongyang in 2023, and the delivery of arms started.", "Shoigu went to Pyongyang")}
	})
	return w, []sight{
		{"home", "/", "document.querySelector('#examples')"},
		{"answer", asking(shoigu), "document.querySelector('#answer a.cite')"},
		{"refused", asking("What does he say about China?"), "document.querySelector('.refusal')"},
		{"transcript", "/e/" + sampleID, "document.querySelector('#chapters a')"},
		{"cited", "/e/" + sampleID + "?l=L102-L104#L102-L104", inView("#L103.cited")},
		{"player", "/e/talk?l=L11-L12#L11-L12", inView("#L11.cited")},
		{"found", "/e/" + sampleID + "?find=convergence+of+values", "document.querySelector('#found mark')"},
		{"summary", "/e/" + sampleID + "/summary?style=takeaways", "document.querySelector('#summary blockquote')"},
		{"quote", "/quote?words=Shoigu+went+to+Pyongyang", "document.querySelector('#places mark')"},
		{"failure", "/e/none", "document.querySelector('.failure')"},
	}
}

// see opens a page that may be one of a failure, whose status the console tells of.
func (b *tab) see(s sight) {
	b.Helper()
	b.ignore("status of 404")
	b.open(s.address)
	b.until(s.there)
}

// TestBrowserAccessible holds every page against axe-core's rules, on phones and
// desktops, light and dark. VERBATIM_TEST_AXE is the path of its axe.min.js.
func TestBrowserAccessible(t *testing.T) {
	path := os.Getenv("VERBATIM_TEST_AXE")
	if path == "" {
		t.Skip("VERBATIM_TEST_AXE is not set; accessibility is not checked (npm pack axe-core@4.14.1 has axe.min.js)")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w, pages := sights(t)
	for name, look := range looks {
		b := w.tab(t, look)
		for _, s := range pages {
			b.see(s)
			for _, more := range []string{"", "peek", "beside"} {
				if more != "" && (s.name != "answer" || more == "beside" && look.width != desktop.width) {
					continue
				}
				switch more {
				case "peek":
					b.hover("a.cite")
					b.until(inView("#peek"))
				case "beside":
					b.click("a.cite")
					b.until(inView("#beside mark"))
				}
				b.run(chromedp.Evaluate(string(axe)+"\n;true", nil))
				found := ""
				b.run(chromedp.Evaluate(`axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
					.then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '))))`, &found, awaited))
				var violations []string
				if err := json.Unmarshal([]byte(found), &violations); err != nil {
					t.Fatal(err)
				}
				for _, v := range violations {
					t.Errorf("%s %s, %s: %s", s.name, more, name, v)
				}
			}
			b.want("document.documentElement.scrollWidth <= innerWidth") // nothing to be scrolled to sideways
		}
	}
}

// TestPictures takes the pictures of the pages for docs/pictures. Look at them.
func TestPictures(t *testing.T) {
	if !*pictures {
		t.Skip("pictures are taken with -pictures alone")
	}
	dir := filepath.Join("..", "..", "docs", "pictures")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w, pages := sights(t)
	for name, look := range looks {
		b := w.tab(t, look)
		for _, s := range pages {
			b.see(s)
			if s.name == "answer" {
				if look.width == desktop.width {
					b.click("a.cite")
					b.until(inView("#beside mark"))
				} else {
					b.hover("a.cite")
					b.until(inView("#peek"))
				}
			}
			var png []byte
			b.run(chromedp.CaptureScreenshot(&png))
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s.png", s.name, name)), png, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
