package render

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"verbatim/retrieval"
)

func TestActionRoundTrip(t *testing.T) {
	tests := []Action{
		{Kind: KindContext, Public: true, Episode: "nk-news-toloraya-2025-03-06", First: 63, Last: 64, N: 1},
		{Kind: KindContextPage, Episode: retrieval.EpisodeID(strings.Repeat("x", 64)), First: 999999, Last: 1000000, Page: -1000, N: 4},
		{Kind: KindContext, Episode: retrieval.EpisodeID(strings.Repeat("日", 21)), First: 1, Last: 2},
		{Kind: KindSummaryPage, Public: true, Episode: retrieval.EpisodeID(strings.Repeat("a", 64)), Style: "takeaways", Page: 12},
		{Kind: KindEpisodesPage, Text: "50%: a:b %. %% ", Page: 3},
		{Kind: KindAskForm, Message: "1234567890123456789"}, {Kind: KindUndo, Key: "a:b/c%"}, {Kind: KindUp},
	}
	for _, want := range tests {
		id := want.String()
		if n := utf8.RuneCountInString(id); n == 0 || n > 100 {
			t.Errorf("%+v has a custom_id of %d characters", want, n)
		}
		if got, err := ParseAction(id); err != nil || got != want {
			t.Errorf("ParseAction(%q) = %+v, %v, want %+v", id, got, err, want)
		}
	}
}

func TestActionCutsItsText(t *testing.T) {
	a := Action{Kind: KindEpisodesPage, Text: strings.Repeat("日本 ", 60), Page: 35}
	got, err := ParseAction(a.String())
	if err != nil || got.Page != 35 || !strings.HasPrefix(a.Text, got.Text) || len(got.Text) < 100 {
		t.Errorf("ParseAction(%q) = %+v, %v", a.String(), got, err)
	}
	if id := (Action{Kind: KindContext, Episode: retrieval.EpisodeID(strings.Repeat("x", 101))}).String(); id != "" {
		t.Errorf("an ID too long has the custom_id %q, want none", id)
	}
}

func TestParseActionRefuses(t *testing.T) {
	for _, id := range []string{"", "v1", "v2:c", "v1:?", "v0:c:p:x", "v1:c:q:x", "v1:c:p:x:-", "v1:c:p:x:!", "v1:c:p:%x", "v1:c:p:%", strings.Repeat("v1:c:", 9), "v1:c:p:\xff", "v1:c:p:x:zzzzzzzzz"} {
		if a, err := ParseAction(id); !errors.Is(err, ErrOldButton) || a != (Action{}) {
			t.Errorf("ParseAction(%q) = %+v, %v, want ErrOldButton", id, a, err)
		}
	}
}

func FuzzAction(f *testing.F) {
	f.Add("c", true, "id", 1, 2, -3, 4, "brief", "key", "1", "text", "v1:c:p:id")
	f.Fuzz(func(t *testing.T, kind string, public bool, episode string, first, last, page, n int, style, key, message, text, id string) {
		a := Action{Kind: Kind(kind), Public: public, Episode: retrieval.EpisodeID(episode), First: int(int32(first)), Last: int(int32(last)), Page: int(int32(page)), N: int(int32(n)), Style: style, Key: key, Message: message, Text: text}
		made := a.String()
		if utf8.RuneCountInString(made) > 100 {
			t.Errorf("%+v has a custom_id of %d characters", a, utf8.RuneCountInString(made))
		}
		valid := kinds[a.Kind] && utf8.ValidString(episode) && utf8.ValidString(style) && utf8.ValidString(key) && utf8.ValidString(message) && utf8.ValidString(text)
		if made != "" && valid {
			got, err := ParseAction(made)
			if cut := strings.HasPrefix(a.Text, got.Text); cut {
				a.Text = got.Text
			}
			if err != nil || got != a {
				t.Errorf("ParseAction(%q) = %+v, %v, want %+v", made, got, err, a)
			}
		}
		if got, err := ParseAction(id); err == nil {
			again, err := ParseAction(got.String())
			if got.String() != "" && (err != nil || again.Kind != got.Kind) {
				t.Errorf("%q read, written and read again is %+v, %v", id, again, err)
			}
		}
	})
}
