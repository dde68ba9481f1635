package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
			var shot []byte
			b.run(chromedp.CaptureScreenshot(&shot))
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s.png", s.name, name)), fewColours(t, shot), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// fewColours is a PNG with 256 colours at most: the commonest that are not nearly
// another one, and each of the others as the nearest of these. A page has hardly
// more than shades of its text, and the file is a third.
func fewColours(t *testing.T, shot []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.Color]int{}
	bounds := full.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[full.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	var palette color.Palette
	for _, c := range colours {
		if len(palette) < 256 && (len(palette) == 0 || !near(palette[palette.Index(c)], c)) {
			palette = append(palette, c)
		}
	}
	flat := image.NewPaletted(bounds, palette)
	index := map[color.Color]uint8{}
	for c := range count {
		index[c] = uint8(palette.Index(c))
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			flat.SetColorIndex(x, y, index[full.At(x, y)])
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, flat); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// near reports whether nobody tells the two colours apart.
func near(a, b color.Color) bool {
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 1<<8 }
	r, g, u, _ := a.RGBA()
	r2, g2, u2, _ := b.RGBA()
	return !far(r, r2) && !far(g, g2) && !far(u, u2)
}
