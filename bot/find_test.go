package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/data"
	"verbatim/retrieval"
)

const guild = retrieval.Scope("100")

var guildAndPublic = []retrieval.Scope{guild, retrieval.Public}

// talkOf is a transcript with what stands above it.
func talkOf(title, show, date string, speakers ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %q\nshow: %q\n", title, show)
	if date != "" {
		fmt.Fprintf(&b, "date: %s\n", date)
	}
	b.WriteString("---\n")
	for _, s := range append(speakers, "Host Harriet") {
		fmt.Fprintf(&b, "%s: We spoke of the weather and of the sea for a long while that day.\n", s)
	}
	return b.String()
}

// findBot has episodes with names that are easily taken for one another.
func findBot(t *testing.T) *Bot {
	t.Helper()
	b := newBot(t)
	for _, e := range []struct {
		scope                 retrieval.Scope
		id, title, show, date string
		speakers              []string
	}{
		{guild, "harbour-1", "The harbour in winter", "Sea Talk", "2025-01-05", []string{"Ann Smith"}},
		{guild, "harbour-2", "The harbour in summer", "Sea Talk", "2025-07-05", []string{"Bob Jones", "ANN SMITH"}},
		{guild, "lighthouse", "Lighthouse keepers of Skagen", "Sea Talk", "2024-03-06", []string{"José Álvarez"}},
		{guild, "gaido", "学校の怪談", "夜の話", "2023-10-31", nil},
		{guild, "undated", "A talk without a day", "Sea Talk", "", []string{"Bobby Tables"}},
		{guild, "shared", "Said in the guild", "Sea Talk", "2022-02-02", nil},
		{retrieval.Public, "shared", "Said in public", "Open Air", "2022-02-03", []string{"Zoë Public"}},
		{retrieval.Public, "open", "The open sea", "Open Air", "2025-03-20", []string{"Ann Other"}},
		{"200", "secret", "The harbour of the others", "Their Talk", "2026-01-01", []string{"Secret Sam"}},
	} {
		_, err := b.Add(t.Context(), e.scope, NewEpisode{File: e.id + ".md", ID: retrieval.EpisodeID(e.id), Data: []byte(talkOf(e.title, e.show, e.date, e.speakers...))}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// refs are the episodes as users name them.
func refs(list []retrieval.EpisodeInfo) string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = RefText(&list[i], list[i].Scope == retrieval.Public)
	}
	return strings.Join(names, " ")
}

func TestEpisodes(t *testing.T) {
	b := findBot(t)
	const sample = "public/" + string(sampleID)
	tests := []struct {
		name, typed string
		limit       int
		want        string
	}{
		{"nothing typed: newest first, undated last", "", 0, "harbour-2 public/open " + sample + " harbour-1 lighthouse gaido public/shared shared undated"},
		{"limit", "", 2, "harbour-2 public/open"},
		{"white space", "  ", 1, "harbour-2"},
		{"prefix of a title", "the harb", 0, "harbour-2 harbour-1"},
		{"prefix before words", "the", 0, "harbour-2 public/open harbour-1 " + sample + " shared"},
		{"prefix of an ID", "harbour-1", 0, "harbour-1"},
		{"prefix of a show", "sea t", 0, "harbour-2 harbour-1 lighthouse shared undated public/open"},
		{"words in another order", "winter harbour", 0, "harbour-1"},
		{"beginnings of words", "kee ska", 0, "lighthouse"},
		{"over title and show", "talk summer", 0, "harbour-2"},
		{"a letter wrong", "lighthuose", 0, "lighthouse"},
		{"two letters wrong", "lihgthouze keeper", 0, "lighthouse"},
		{"accent typed", "skågen", 0, "lighthouse"},
		{"upper case", "SKAGEN", 0, "lighthouse"},
		{"run together", "seatalk", 0, "harbour-2 harbour-1 lighthouse shared undated"},
		{"Japanese", "怪談", 0, "gaido"},
		{"Japanese prefix", "学校", 0, "gaido"},
		{"year", "2024", 0, "lighthouse"},
		{"year being typed", "2024-", 0, "lighthouse"},
		{"month", "2025-03", 0, "public/open " + sample},
		{"day being typed", "2025-03-2", 0, "public/open"},
		{"day", "2025-01-05", 0, "harbour-1"},
		{"day without zeros", "2025-1-5", 0, "harbour-1"},
		{"day in German", "5.1.2025", 0, "harbour-1"},
		{"month in words", "march 2025", 0, "public/open " + sample},
		{"month alone", "july", 0, "harbour-2"},
		{"month in German", "März 2024", 0, "lighthouse"},
		{"day in German words", "6. März 2024", 0, "lighthouse"},
		{"day in French", "5 juillet 2025", 0, "harbour-2"},
		{"day in Spanish", "5 enero 2025", 0, "harbour-1"},
		{"day in Japanese", "2023年10月31日", 0, "gaido"},
		{"month in Korean", "2023년 10월", 0, "gaido"},
		{"day in English", "October 31st, 2023", 0, "gaido"},
		{"words and month", "harbour july 2025", 0, "harbour-2"},
		{"half of it, nothing better", "harbour of Gothenburg", 0, "harbour-2 harbour-1"},
		{"nothing like it", "quantum chromodynamics", 0, ""},
		{"of another server", "secret", 0, ""},
		{"of another server, by title", "harbour of the others", 0, "harbour-2 harbour-1"},
		{"signs only", "?!", 1, "harbour-2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := b.Episodes(t.Context(), guildAndPublic, test.typed, test.limit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, refs(list)); diff != "" {
				t.Errorf("Episodes(%q) (-want +got):\n%s", test.typed, diff)
			}
		})
	}
}

func TestSpeakers(t *testing.T) {
	b := findBot(t)
	lighthouse := &EpisodeRef{guild, "lighthouse"}
	tests := []struct {
		name, typed string
		episode     *EpisodeRef
		limit       int
		want        string
	}{
		{"all, newest episode first", "", nil, 3, "Bob Jones,ANN SMITH,Host Harriet"},
		{"of an episode", "", lighthouse, 0, "José Álvarez,Host Harriet"},
		{"prefix, once whatever the case", "ann", nil, 0, "ANN SMITH,Ann Other"},
		{"surname", "smi", nil, 0, "ANN SMITH"},
		{"prefix before typo", "bob", nil, 0, "Bob Jones,Bobby Tables"},
		{"accents", "jose alv", nil, 0, "José Álvarez"},
		{"typo", "alvaraz", nil, 0, "José Álvarez"},
		{"typo in an episode", "harreit", lighthouse, 0, "Host Harriet"},
		{"of another server", "secret sam", nil, 0, ""},
		{"not in that episode", "ann", lighthouse, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			names, err := b.Speakers(t.Context(), guildAndPublic, test.episode, test.typed, test.limit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, strings.Join(names, ",")); diff != "" {
				t.Errorf("Speakers(%q) (-want +got):\n%s", test.typed, diff)
			}
		})
	}
	for _, ref := range []EpisodeRef{{"200", "secret"}, {guild, "no-such"}, {guild, "open"}} {
		if _, err := b.Speakers(t.Context(), guildAndPublic, &ref, "", 0); !errors.Is(err, retrieval.ErrUnknownEpisode) {
			t.Errorf("Speakers of %v: %v, want ErrUnknownEpisode", ref, err)
		}
	}
}

func TestFindEpisode(t *testing.T) {
	b := findBot(t)
	tests := []struct {
		name, text string
		want       EpisodeRef
		near       string // when none is meant
	}{
		{"ID", "harbour-1", EpisodeRef{guild, "harbour-1"}, ""},
		{"public ID", "open", EpisodeRef{retrieval.Public, "open"}, ""},
		{"ID in both: the server's", "shared", EpisodeRef{guild, "shared"}, ""},
		{"ID in both: the public one", "public/shared", EpisodeRef{retrieval.Public, "shared"}, ""},
		{"public by name", " public/open ", EpisodeRef{retrieval.Public, "open"}, ""},
		{"title", "The Harbour in Winter!", EpisodeRef{guild, "harbour-1"}, ""},
		{"the only fit", "skagen", EpisodeRef{guild, "lighthouse"}, ""},
		{"the only fit, with typos", "lihgthouse keepers", EpisodeRef{guild, "lighthouse"}, ""},
		{"the only one of a month", "july 2025", EpisodeRef{guild, "harbour-2"}, ""},
		{"the sample's guest", "Toloraya", EpisodeRef{retrieval.Public, sampleID}, ""},
		{"two fit", "harbour", EpisodeRef{}, "harbour-2 harbour-1"},
		{"none fits", "quantum chromodynamics", EpisodeRef{}, ""},
		{"public ID of a server's episode", "public/harbour-1", EpisodeRef{}, "harbour-1 harbour-2"},
		{"ID of another server", "secret", EpisodeRef{}, ""},
		{"ID of another server with its scope", "200/secret", EpisodeRef{}, ""},
		{"nothing", "  ", EpisodeRef{}, ""},
		{"signs", "/", EpisodeRef{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			info, err := b.FindEpisode(t.Context(), guildAndPublic, test.text)
			if test.want != (EpisodeRef{}) {
				if err != nil || info.Scope != test.want.Scope || info.ID != test.want.ID {
					t.Fatalf("FindEpisode(%q) = %+v, %v; want %v", test.text, info, err, test.want)
				}
				return
			}
			var ambiguous *AmbiguousEpisode
			if !errors.As(err, &ambiguous) || !errors.Is(err, retrieval.ErrUnknownEpisode) {
				t.Fatalf("FindEpisode(%q) = %+v, %v; want an AmbiguousEpisode", test.text, info, err)
			}
			if diff := cmp.Diff(test.near, refs(ambiguous.Near)); diff != "" {
				t.Errorf("near %q (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

func TestFindEpisodeOfOneScope(t *testing.T) {
	b := findBot(t)
	only := []retrieval.Scope{guild}
	for _, text := range []string{"public/shared", "open", string(sampleID)} {
		info, err := b.FindEpisode(t.Context(), only, text)
		if err == nil && info.Scope != guild {
			t.Errorf("FindEpisode(%q) = %s of %s, which is not to be seen", text, info.ID, info.Scope)
		}
	}
}

// TestRefText takes what autocompletion offers back to the episode it is of.
func TestRefText(t *testing.T) {
	b := findBot(t)
	list, err := b.Episodes(t.Context(), guildAndPublic, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		shadowed, err := b.Shadowed(t.Context(), guildAndPublic, &list[i])
		if err != nil {
			t.Fatal(err)
		}
		if want := list[i].Scope == retrieval.Public && list[i].ID == "shared"; shadowed != want {
			t.Errorf("Shadowed(%s of %s) = %v", list[i].ID, list[i].Scope, shadowed)
		}
		for _, qualified := range []bool{shadowed, list[i].Scope == retrieval.Public} {
			text := RefText(&list[i], qualified)
			if len(text) > 100 {
				t.Errorf("RefText %q is longer than Discord's 100 characters", text)
			}
			info, err := b.FindEpisode(t.Context(), guildAndPublic, text)
			if err != nil || info.Scope != list[i].Scope || info.ID != list[i].ID {
				t.Errorf("FindEpisode(%q) = %+v, %v; want %s of %s", text, info, err, list[i].ID, list[i].Scope)
			}
			if ref, ok := ParseRef(text); !ok || ref.ID != list[i].ID || qualified != (ref.Scope != "") {
				t.Errorf("ParseRef(%q) = %v, %v", text, ref, ok)
			}
		}
	}
	for _, text := range []string{"", "public/", "a title", "Title", "200/secret"} {
		if ref, ok := ParseRef(text); ok {
			t.Errorf("ParseRef(%q) = %v, want none", text, ref)
		}
	}
}

// TestEpisodesFollowChanges looks whether what is kept for searching follows
// the library.
func TestEpisodesFollowChanges(t *testing.T) {
	b := newBot(t)
	find := func(typed string) string {
		t.Helper()
		list, err := b.Episodes(t.Context(), guildAndPublic, typed, 0)
		if err != nil {
			t.Fatal(err)
		}
		return refs(list)
	}
	addText(t, b, guild, "one.md", talkOf("First title", "Show", "2025-01-01", "Ann"))
	if got := find("first"); got != "one" {
		t.Errorf("after adding: %q", got)
	}
	addText(t, b, guild, "one.md", talkOf("Second title", "Show", "2025-01-01", "Ben"))
	if got := find("first") + "/" + find("second"); got != "/one" {
		t.Errorf("after replacing: %q", got)
	}
	if names, err := b.Speakers(t.Context(), guildAndPublic, nil, "ann", 0); err != nil || len(names) > 0 {
		t.Errorf("Speakers after replacing = %q, %v; want none", names, err)
	}
	if err := b.Remove(t.Context(), guild, "one"); err != nil {
		t.Fatal(err)
	}
	if got := find("second"); got != "" || len(b.catalogs.byScope) != 1 {
		t.Errorf("after removing: %q, and catalogs of %d scopes", got, len(b.catalogs.byScope))
	}
}

func TestSlips(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"harbour", "harbour", 0}, {"harb", "harbour", 0}, {"habrour", "harbour", 1}, {"harbor", "harbour", 1}, {"hharbour", "harbour", 1},
		{"hrbour", "harbour", 1}, {"garbour", "harbour", 1}, {"winter", "summer", 3}, {"skagen", "skågen", 1}, {"ab", "", 2},
	} {
		if got := slips(test.a, test.b, 2); got != test.want {
			t.Errorf("slips(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func FuzzParseSearch(f *testing.F) {
	for _, s := range []string{"", "2025-03", "march 6, 2025", "6. März", "2023年10月31日", "13.13.2025", "10월", "harbour in winter", "\xff-\x00", "0000-00-00", "2025-0"} {
		f.Add(s)
	}
	var x indexer
	x.add(time.Date(2025, 3, 6, 0, 0, 0, 0, time.UTC), "The harbour in winter", "Sea Talk", "harbour 1")
	x.add(time.Time{}, "学校の怪談", "", "")
	x.add(time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), data.SampleName)
	index := x.index
	f.Fuzz(func(t *testing.T, typed string) {
		s := parseSearch(typed)
		if len(s.words) > maxSearchWords {
			t.Errorf("parseSearch(%q) has %d words", typed, len(s.words))
		}
		for _, w := range s.words {
			for _, d := range w.days {
				if d.day < 0 || d.day > 31 || d.year < 0 || d.year > 9999 || d.months&1 != 0 || d.months >= 1<<13 || d == (dayPattern{}) {
					t.Errorf("parseSearch(%q) reads %q as %+v", typed, w.text, d)
				}
			}
		}
		fits := index.find(&s)
		if !slices.IsSortedFunc(fits, func(a, b fit) int { return a.at - b.at }) {
			t.Errorf("find(%q) = %+v, want the order of names", typed, fits)
		}
		if ref, ok := ParseRef(typed); ok {
			info := retrieval.EpisodeInfo{Scope: ref.Scope, ID: ref.ID}
			if again, _ := ParseRef(RefText(&info, ref.Scope != "")); again != ref {
				t.Errorf("ParseRef(%q) = %v, and back %v", typed, ref, again)
			}
		}
	})
}

// TestFindWhileChanging searches while episodes come and go, for the race
// detector.
func TestFindWhileChanging(t *testing.T) {
	b := findBot(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, typed := range []string{"", "harbour", "zzzz", "march 2025", "sea talk"} {
				if list, err := b.Episodes(t.Context(), guildAndPublic, typed, 3); err != nil || len(list) > 3 {
					t.Errorf("Episodes(%q) = %d, %v", typed, len(list), err)
				}
				if _, err := b.Speakers(t.Context(), guildAndPublic, nil, typed, 3); err != nil {
					t.Errorf("Speakers(%q): %v", typed, err)
				}
			}
		})
	}
	for n := range 6 {
		addText(t, b, guild, "new.md", talkOf(fmt.Sprintf("New talk %d", n), "Sea Talk", "2025-03-07", "Ann"))
		if err := b.Remove(t.Context(), guild, "new"); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}
