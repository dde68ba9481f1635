package words

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// declaredKeys are the keys of keys.go by the name of their constant.
func declaredKeys(t *testing.T) map[string]Key {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "keys.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]Key{}
	for _, decl := range file.Decls {
		for _, spec := range decl.(*ast.GenDecl).Specs {
			value := spec.(*ast.ValueSpec)
			text, err := strconv.Unquote(value.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			keys[value.Names[0].Name] = Key(text)
		}
	}
	return keys
}

var verbPattern = regexp.MustCompile(`%(?:\[(\d)\])?(.)`)

// verbs lists the arguments that a text uses, in order of their number, and
// what is wrong with its verbs.
func verbs(text string) (used []int, fault string) {
	next := 1
	for _, m := range verbPattern.FindAllStringSubmatch(text, -1) {
		if m[2] != "s" {
			return nil, "verb " + m[0]
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		used = append(used, next)
		next++
	}
	slices.Sort(used)
	return used, ""
}

func TestCatalogsAreWhole(t *testing.T) {
	keys := declaredKeys(t)
	seen := map[Key]string{}
	for name, key := range keys {
		if other := seen[key]; other != "" {
			t.Errorf("%s and %s are both %q", name, other, key)
		}
		seen[key] = name
	}
	for l, texts := range catalogs {
		for name, key := range keys {
			if strings.TrimSpace(texts[key]) == "" {
				t.Errorf("%s has no %s", l, name)
			}
		}
		for key := range texts {
			if seen[key] == "" {
				t.Errorf("%s has %q, which is no key", l, key)
			}
		}
	}
}

func TestTextsUseTheSameArguments(t *testing.T) {
	for name, key := range declaredKeys(t) {
		want, _ := verbs(strings.SplitN(english[key], "|", 2)[0])
		for l, texts := range catalogs {
			for _, form := range strings.Split(texts[key], "|") {
				got, fault := verbs(form)
				if fault != "" || !slices.Equal(got, want) {
					t.Errorf("%s %s %q uses arguments %v %s, English uses %v", l, name, form, got, fault, want)
				}
			}
		}
	}
}

func TestPluralForms(t *testing.T) {
	for name, key := range declaredKeys(t) {
		plural := strings.Contains(english[key], "|")
		for l, texts := range catalogs {
			want := 1
			if plural && l != Japanese && l != Korean {
				want = 2
			}
			if got := strings.Count(texts[key], "|") + 1; got != want {
				t.Errorf("%s %s has %d forms, want %d", l, name, got, want)
			}
		}
	}
}

// lengths are the limits by the beginning of the constant's name, in code
// points: what Discord takes, or what a phone shows of a button.
var lengths = []struct {
	pattern string
	most    int
}{
	{`^Button`, 34}, {`^(Feedback|Ask|AskAbout|Limits)Title$`, 45}, {`^(FeedbackLabel|AskLabel|Limits(User|Server|Cooldown|Tokens|Cost))$`, 45},
	{`^(FeedbackHint|AskHint|AskAboutHint|Settings(Ask|Add)Hint|EpisodesOpen|Limits(Model)?Hint)$`, 100}, {`^(ThreadName|AllEpisodes|LanguageServer)$`, 100}, {`^Presence$`, 128},
	{``, 260},
}

func TestTextsFit(t *testing.T) {
	for name, key := range declaredKeys(t) {
		for _, limit := range lengths {
			if !regexp.MustCompile(limit.pattern).MatchString(name) {
				continue
			}
			for l, texts := range catalogs {
				if n := utf8.RuneCountInString(texts[key]); n > limit.most {
					t.Errorf("%s %s has %d characters, at most %d fit", l, name, n, limit.most)
				}
			}
			break
		}
	}
}

// markup is what Discord would read as markdown, a mention or a link.
var markup = regexp.MustCompile("[*_~|`\\\\<>\\[\\]#@]|://|^[-+] |^\\d+\\. |\\n")

func TestTextsHoldNoMarkup(t *testing.T) {
	for l, texts := range catalogs {
		for key, text := range texts {
			for _, form := range strings.Split(text, "|") {
				form = verbPattern.ReplaceAllString(form, "x")
				if bad := markup.FindString(form); bad != "" {
					t.Errorf("%s %s %q holds %q", l, key, form, bad)
				}
				if form != strings.TrimSpace(form) || strings.Contains(form, "  ") || strings.ContainsAny(form, "'\"") || strings.Contains(form, "...") {
					t.Errorf("%s %s %q: want single spaces, typographic marks", l, key, form)
				}
				for _, r := range form {
					if unicode.IsControl(r) {
						t.Errorf("%s %s holds the control character %q", l, key, r)
					}
				}
			}
		}
	}
}

// TestAddress finds formal address where the bot is on first-name terms, and
// plain forms where it is polite.
func TestAddress(t *testing.T) {
	tests := []struct {
		language Language
		never    string
	}{
		{German, `\b(Ihnen|Ihre?[nmrs]?)\b|[^.:!?] Sie\b`},
		{French, `(?i)\b(vous|votre|vos|veuillez)\b| [:;?!]`},
		{Spanish, `(?i)\b(usted|ustedes|vuestr[oa]s?|su pregunta)\b`},
		{Japanese, `(だ|である|する|[^まで]した|ない)。`},
		{Korean, `(습니다|입니다|십시오|[가-힣]다)([.?!]|$)`},
	}
	for _, test := range tests {
		pattern := regexp.MustCompile(test.never)
		for key, text := range catalogs[test.language] {
			if bad := pattern.FindString(text); bad != "" {
				t.Errorf("%s %s %q holds %q", test.language, key, text, bad)
			}
		}
	}
}

func TestPick(t *testing.T) {
	tests := []struct {
		locales []string
		want    Language
	}{
		{nil, English}, {[]string{""}, English}, {[]string{"en-GB"}, English}, {[]string{"es-419", "de"}, Spanish}, {[]string{"de"}, German},
		{[]string{"pt-BR", "fr"}, French}, {[]string{"", "ja"}, Japanese}, {[]string{"ko", "en-US"}, Korean}, {[]string{"zh-CN"}, English},
	}
	for _, test := range tests {
		if got := Pick(test.locales...); got != test.want {
			t.Errorf("Pick(%q) = %q, want %q", test.locales, got, test.want)
		}
	}
}

func TestSayAndCount(t *testing.T) {
	tests := []struct{ got, want string }{
		{English.Say(PageOf, 2, 1200), "Page 2 of 1,200"},
		{Japanese.Say(PageOf, 2, 3), "3ページ中2ページ目"},
		{Korean.Say(Indexing, 256, 1024), "구절 1,024개 중 256개를 읽었어요"},
		{German.Count(Lines, 1), "1 Zeile"}, {German.Count(Lines, 1234), "1.234 Zeilen"},
		{French.Count(Lines, 0), "0 ligne"}, {French.Count(Lines, 12345), "12\u202f345 lignes"},
		{Spanish.Count(Lines, 1234), "1234 líneas"}, {Spanish.Count(Lines, 12345), "12.345 líneas"},
		{Japanese.Count(Lines, 1), "1行"},
		{Language("xx").Say(ButtonNext), "Next"}, {English.Say(Key("none.%s")), "none.s"},
		{English.Number(-1000), "-1,000"}, {English.Number(-100), "-100"},
		{English.Quoted("a"), "“a”"}, {French.Quoted("a"), "«\u00a0a\u00a0»"}, {Japanese.List([]string{"a", "b"}), "a、b"},
		{English.Size(10 << 20), "10 MB"}, {French.Size(1536), "1,5 Ko"},
		{English.Slash("transcript", "add"), "/transcript add"}, {Korean.Slash("forget-me"), "/내-데이터-삭제"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestDate(t *testing.T) {
	day := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	want := map[Language]string{English: "1 March 2025", German: "1. März 2025", French: "1er mars 2025", Spanish: "1 de marzo de 2025", Japanese: "2025年3月1日", Korean: "2025년 3월 1일"}
	for l, text := range want {
		if got := l.Date(day); got != text {
			t.Errorf("%s: Date = %q, want %q", l, got, text)
		}
		if got := l.Date(time.Time{}); got != "" {
			t.Errorf("%s: Date of the zero time = %q", l, got)
		}
	}
}

// namePattern is Discord's for the names of chat commands and options
// [https://docs.discord.com/developers/interactions/application-commands,
// read 2026-08-06].
var namePattern = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// isChoice tells choices, whose names are shown as they are, from what is typed.
func isChoice(path string) bool {
	return strings.HasPrefix(path, "summary style ") || strings.HasPrefix(path, "quote match ")
}

func TestCommands(t *testing.T) {
	taken := map[string]string{}
	for _, path := range Commands() {
		w := Command(path)
		message := path == "Find in episodes"
		choice := isChoice(path)
		if !message && !choice && w.Name != path[strings.LastIndex(path, " ")+1:] {
			t.Errorf("%s is called %q in English", path, w.Name)
		}
		if len(w.Names) != len(locales) || (w.Description != "") != (!message && !choice) || w.Description != "" && len(w.Descriptions) != len(locales) {
			t.Errorf("%s has %d names and %d descriptions", path, len(w.Names), len(w.Descriptions))
		}
		parent := path[:max(0, strings.LastIndex(path, " "))]
		for locale, name := range w.Names {
			n := utf8.RuneCountInString(name)
			switch {
			case n < 1 || n > 32 && !choice || n > 100:
				t.Errorf("%s %s has the name %q of %d characters", path, locale, name, n)
			case !message && !choice && (!namePattern.MatchString(name) || name != strings.ToLower(name)):
				t.Errorf("%s %s has the name %q, which Discord refuses", path, locale, name)
			}
			key := fmt.Sprint(locale, "\x00", parent, "\x00", name)
			if !message && taken[key] != "" {
				t.Errorf("%s and %s are both called %q in %s", path, taken[key], name, locale)
			}
			taken[key] = path
			if d := w.Descriptions[locale]; w.Description != "" && (d == "" || utf8.RuneCountInString(d) > 100) {
				t.Errorf("%s %s has the description %q", path, locale, d)
			}
		}
	}
	if w := Command("no such"); w.Name != "" || w.Names != nil {
		t.Errorf("Command of an unknown path = %+v", w)
	}
}
