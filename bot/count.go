package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// countWant says what a question wants to know of mentions.
type countWant int

const (
	wantTimes countWant = iota // how often
	wantFirst                  // where first
	wantLast                   // where last
	wantAll                    // everywhere
)

// counting is a question that is answered by counting words.
type counting struct {
	want countWant
	// subject is the words asked for, as asked.
	subject string
	// quoted says that the question has them in quotation marks, so that they
	// are surely words.
	quoted bool
	// by is who is asked to have said them, "" anybody.
	by string
	// language is that of the question, as its form tells.
	language string
}

const (
	// maxSubject is the longest subject, in words, that is taken for words
	// that are said rather than for what is spoken of.
	maxSubject = 4
	// maxQuoted is the same for one in quotation marks.
	maxQuoted = 12
)

// countForm is a form of a question about mentions: the pattern's group x is the
// subject, by who says it.
type countForm struct {
	want     countWant
	language string
	pattern  *regexp.Regexp
}

// Parts of the forms in English.
const (
	saidEN = `(?:mentioned|said|named|used|uttered|spoken|brought up|referred to|talked about|spoken of|spoken about)`
	sayEN  = `(?:say|says|said|saying|mention|mentions|mentioned|mentioning|utter|utters|uttered|use the (?:word|term|name|phrase)|uses the (?:word|term|name|phrase)|talk about|talks about|talked about|talking about|speak of|speaks of|spoke of|speak about|speaks about|spoke about|refer to|refers to|referred to|bring up|brings up|brought up)`
)

// countForms are tried in order.
var countForms = []countForm{
	{wantFirst, "en", form(`^(?:when|where|at what (?:point|time)|in (?:which|what) (?:episode|line)) (?:is|was|are|were|does|did|do|has|have) (?P<x>.+?) (?:(?:first|initially) (?:been )?` + saidEN + `|(?:first )?(?:come|comes) up first|` + saidEN + ` (?:first|for the first time))$`)},
	{wantFirst, "en", form(`^(?:when|where|at what (?:point|time)|in (?:which|what) (?:episode|line)) (?:does|did|do) (?P<by>.+?) first ` + sayEN + ` (?P<x>.+)$`)},
	{wantFirst, "en", form(`^(?:when|where|at what (?:point|time)|in (?:which|what) (?:episode|line)) (?:does|did|do) (?P<by>.+?) ` + sayEN + ` (?P<x>.+?) (?:first|for the first time)$`)},
	{wantFirst, "en", form(`^(?:(?:what|when|where) (?:is|was) |show me |find |give me )?(?:the )?first (?:mention|occurrence|use) of (?P<x>.+)$`)},
	{wantLast, "en", form(`^(?:when|where|at what (?:point|time)|in (?:which|what) (?:episode|line)) (?:is|was|are|were|does|did|do) (?P<x>.+?) (?:last ` + saidEN + `|` + saidEN + ` (?:last|for the last time))$`)},
	{wantLast, "en", form(`^(?:when|where|at what (?:point|time)|in (?:which|what) (?:episode|line)) (?:does|did|do) (?P<by>.+?) last ` + sayEN + ` (?P<x>.+)$`)},
	{wantLast, "en", form(`^(?:(?:what|when|where) (?:is|was) |show me |find |give me )?(?:the )?last (?:mention|occurrence|use) of (?P<x>.+)$`)},
	{wantAll, "en", form(`^(?:please )?(?:list|show|give|find|name)(?: me)? (?:all|every|each)(?: of)?(?: the)? (?:mentions?|occurrences?|uses?) of (?P<x>.+)$`)},
	{wantAll, "en", form(`^(?:please )?(?:list|show|give|find|name)(?: me)? (?:all|every|each)(?: of)?(?: the)? (?:times?|places?|lines?|moments?) (?:where |when |that |in which )?(?P<x>.+?) (?:is|was|are|were|gets?|got) ` + saidEN + `$`)},
	{wantAll, "en", form(`^where (?:is|are|was|were) (?P<x>.+?) ` + saidEN + `$`)},
	{wantTimes, "en", form(`^how (?:many times|often) (?:is|was|are|were|has|have|did|does|do) (?P<x>.+?) (?:been |get |gets |being )?` + saidEN + `$`)},
	{wantTimes, "en", form(`^how (?:many times|often) (?:does|did|do) (?P<x>.+?) (?:occur|appear|come up|turn up)$`)},
	{wantTimes, "en", form(`^how (?:many times|often) (?:do|does|did|has|have|is|are|was|were) (?P<by>.+?) ` + sayEN + ` (?P<x>.+)$`)},
	{wantTimes, "en", form(`^(?:how many|count(?: all)? the|count|what is the number of|number of) (?:mentions|occurrences|uses) of (?P<x>.+?)(?: are there)?$`)},

	{wantFirst, "de", form(`^(?:wann|wo|in welcher folge) (?:wird|wurde|werden|wurden) (?P<x>.+?) (?:zum ersten mal|zuerst|erstmals) (?:erwähnt|genannt|gesagt|angesprochen)$`)},
	{wantLast, "de", form(`^(?:wann|wo|in welcher folge) (?:wird|wurde|werden|wurden) (?P<x>.+?) (?:zum letzten mal|zuletzt) (?:erwähnt|genannt|gesagt|angesprochen)$`)},
	{wantFirst, "de", form(`^(?:die )?erste erwähnung (?:von|des|der) (?P<x>.+)$`)},
	{wantAll, "de", form(`^(?:liste|nenne|nenn|zeige|zeig)(?: mir)? alle (?:erwähnungen|stellen) (?:von|zu|mit|über|des|der) (?P<x>.+?)(?: auf)?$`)},
	{wantTimes, "de", form(`^wie oft (?:wird|wurde|werden|wurden) (?P<x>.+?) (?:erwähnt|gesagt|genannt|angesprochen)$`)},
	{wantTimes, "de", form(`^wie oft (?:kommt|kommen|fällt|fallen) (?P<x>.+?)(?: vor)?$`)},
	{wantTimes, "de", form(`^wie oft (?:sagt|sagen|sagte|erwähnt|erwähnen|erwähnte|nennt|nennen|spricht|sprechen|redet|reden) (?P<by>man|er|sie|der gast|die gäste|die sprecher|\S+) (?:über |von )?(?P<x>.+)$`)},

	{wantFirst, "fr", form(`^(?:quand|où|à quel moment) (?:est-ce que )?(?:est|sont|a été|ont été)?\s*(?P<x>.+?)\s*(?:est|sont|a été|ont été)?(?:-il|-elle|-ils|-elles)?\s+(?:mentionnée?s?|citée?s?|dite?s?|évoquée?s?) (?:pour la première fois|en premier)$`)},
	{wantAll, "fr", form(`^(?:liste|listez|montre|montrez|énumère|énumérez)(?:-moi)? toutes les mentions (?:de la |de l['’]|de |du |des |d['’])(?P<x>.+)$`)},
	{wantTimes, "fr", form(`^combien de fois (?:est-ce que )?(?P<x>.+?) (?:est|sont|a été|ont été)(?:-il|-elle|-ils|-elles)? (?:mentionnée?s?|citée?s?|dite?s?|évoquée?s?)$`)},
	{wantTimes, "fr", form(`^combien de fois (?:parle-t-on|parlent-ils|mentionnent-ils|mentionne-t-on|disent-ils|dit-on) (?:de la |de l['’]|de |du |des |d['’])?(?P<x>.+)$`)},

	{wantFirst, "es", form(`^(?:cuándo|dónde|cuando|donde) se (?:menciona|mencionó|dice|dijo|nombra|habla de|habló de) (?:por primera vez )?(?P<x>.+?)(?: por primera vez)?$`)},
	{wantAll, "es", form(`^(?:lista|enumera|muestra|muéstrame) todas las menciones (?:de los |de las |de la |de |del |a )(?P<x>.+)$`)},
	{wantTimes, "es", form(`^(?:cuántas|cuantas) veces (?:se )?(?:menciona|mencionan|mencionó|dice|dicen|dijo|dijeron|nombra|nombran|habla de|hablan de)(?: a)? (?P<x>.+)$`)},
}

func form(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?i)` + pattern) }

var (
	// everywhere is what may end such a question and narrows nothing.
	everywhere = regexp.MustCompile(`(?i)(?:,? (?:in|during|throughout|across|over|within) (?:(?:the|this|that|all|all of the|these|those|each|every|any|your) )?(?:(?:whole|entire|full) )?(?:episodes?|podcasts?|shows?|talk|interview|conversation|transcripts?|discussion|library|recording)|,? in total|,? overall|,? altogether|,? in all` +
		`|,? (?:in|während) (?:der|dieser|den|allen|diesem|dem|jeder) (?:ganzen )?(?:folgen?|episoden?|podcast|gespräch|interview)|,? insgesamt|,? dans (?:l['’]|le |la |les |cet |ce |cette |tous les )(?:épisodes?|podcast|entretien|émission)|,? au total|,? en (?:el|la|los|las|este|todos los|todo el) (?:episodios?|podcast|entrevista)|,? en total)+$`)
	// called leads the subject and is no part of it.
	called = regexp.MustCompile(`(?i)^(?:the |a |an |das |der |die |le |la |les |el |los |las |l['’])?(?:(?:exact )?(?:words?|names?|terms?|phrases?|expression|topic|subject|wort|wörter|namen?|begriff|ausdruck|thema|mots?|noms?|terme|palabras?|nombre|término)(?: of| de| von)?) `)
	// articles lead names and are seldom a part of them.
	articles = regexp.MustCompile(`(?i)^(?:the|a|an|das|der|die|den|dem|le|la|les|l['’]|el|los|las) ?`)
	// inMarks is what is in quotation marks.
	inMarks = regexp.MustCompile(`[“"„«»「]([^“”"„«»「」]+)[”“"«»」]`)
	// anybodySays is whoever speaks, or somebody that files do not name.
	anybodySays = regexp.MustCompile(`(?i)^(?:they|he|she|we|you|people|anyone|anybody|someone|somebody|everyone|it|the (?:speakers?|hosts?|guests?|podcast|episode|show|interview(?:er|ee)?|people|participants?)|this (?:podcast|episode|show)|the (?:host|guest) and (?:the )?(?:host|guest)|man|er|sie|der gast|die gäste|die sprecher)(?: ever| even| actually)?$`)
)

// countingOf reads a question about mentions; ok is false for any other.
func countingOf(text string) (c counting, ok bool) {
	text = strings.TrimRight(strings.TrimLeft(text, "¿ "), "?!.… ")
	text = everywhere.ReplaceAllString(text, "")
	for _, f := range countForms {
		m := f.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		c = counting{want: f.want, language: f.language, subject: m[f.pattern.SubexpIndex("x")]}
		if by := f.pattern.SubexpIndex("by"); by > 0 && !anybodySays.MatchString(m[by]) {
			c.by = m[by]
		}
		return c, c.trim()
	}
	return c, false
}

// trim leaves of the subject the words that are to be counted; it reports false
// when they are none.
func (c *counting) trim() bool {
	c.subject = strings.TrimSpace(everywhere.ReplaceAllString(c.subject, ""))
	if m := inMarks.FindStringSubmatch(c.subject); m != nil {
		c.subject, c.quoted = strings.TrimSpace(m[1]), true
	} else {
		c.subject = called.ReplaceAllString(c.subject, "")
		if rest := articles.ReplaceAllString(c.subject, ""); rest != "" {
			c.subject = rest
		}
	}
	n, telling := 0, false
	for _, t := range retrieval.Tokens(c.subject) {
		n++
		telling = telling || !retrieval.IsStop(t.Word)
	}
	most := maxSubject
	if c.quoted {
		most = maxQuoted
	}
	return n > 0 && n <= most && (telling || c.quoted)
}

// count answers a question about mentions by counting the words of the
// transcripts; it reports false for any other question. One about several words
// that are never said together is none, unless it has them in quotation marks:
// they are a topic rather than words.
func (r *asking) count(ctx context.Context) (bool, error) {
	c, ok := countingOf(r.text)
	if !ok {
		return false, nil
	}
	f := r.q.Filter
	if c.by != "" {
		if f.Speaker != "" || !r.speaks(c.by) {
			return false, nil // nothing tells who says what
		}
		f.Speaker = c.by
	}
	t, err := r.bot.tally(ctx, c.subject, f)
	if err != nil {
		return false, err
	}
	if t.total == 0 && len(t.spellings) == 0 {
		if !c.quoted && len(retrieval.Tokens(c.subject)) > 1 || len(r.episodes) == 0 {
			return false, nil
		}
		return true, r.neverSaid(ctx, &c)
	}
	r.bot.metrics.counted.Add(1)
	return true, r.sayCount(ctx, &c, t)
}

// speaks reports whether an episode names somebody of that name as a speaker.
func (r *asking) speaks(name string) bool {
	for i := range r.episodes {
		if slices.ContainsFunc(r.episodes[i].Speakers, func(s string) bool { return strings.EqualFold(s, name) }) {
			return true
		}
	}
	return false
}

// neverSaid says that the words do not occur, with the nearest moments.
func (r *asking) neverSaid(ctx context.Context, c *counting) error {
	var err error
	if r.found, err = r.bot.search(ctx, c.subject, r.q.Filter, askHits); err != nil {
		return err
	}
	r.found.evidence.Reason = Reason{Kind: ReasonNotSpokenOf, Words: []string{c.subject}}
	return r.bot.refuse(ctx, r.answer, r.found.evidence, len(r.q.Filter.Episodes) == 1)
}
