package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"verbatim/retrieval"
)

const (
	// countedPlaces is how many places a count cites, listedPlaces a list of
	// mentions.
	countedPlaces = 5
	listedPlaces  = 10
)

// countWords is how a language speaks of counts.
type countWords struct {
	// once is for 1, times for more.
	once, times string
	// place and places are of one and of more sentences.
	place, places string
	// in names the number of episodes, where they are several.
	in string
	// said takes subject, times, places, first and last the subject and where.
	said, first, last string
	// forms takes a list, spelt a list, repeats times.
	forms, spelt, repeats string
	// shown takes how many places of how many are cited.
	shown string
	// at takes a time, line a number, of an episode's title.
	at, line, of string
	// stop ends a sentence.
	stop string
}

var countLanguages = map[string]countWords{
	"en": {"once", "%d times", "1 place", "%d places", " of %d episodes", "In the words of the transcript, “%s” is said %s, in %s", "“%s” is first said %s", "“%s” is last said %s",
		"counted together: %s", "It is also written %s", "%s more, where speech-to-text wrote the same words twice, not counted", "the first %d are given here", "at %s", "on line %d", " of “%s”", "."},
	"de": {"einmal", "%d-mal", "1 Stelle", "%d Stellen", " von %d Folgen", "Nach den Worten des Transkripts wird „%s“ %s gesagt, an %s", "„%s“ wird zuerst %s gesagt", "„%s“ wird zuletzt %s gesagt",
		"zusammen gezählt: %s", "Geschrieben ist es auch %s", "%s mehr, wo die Spracherkennung dieselben Worte doppelt schrieb, nicht gezählt", "die ersten %d stehen hier", "bei %s", "in Zeile %d", " von „%s“", "."},
	"fr": {"1 fois", "%d fois", "1 endroit", "%d endroits", " de %d épisodes", "D’après les mots de la transcription, « %s » est dit %s, à %s", "« %s » est dit pour la première fois %s", "« %s » est dit pour la dernière fois %s",
		"comptés ensemble : %s", "C’est aussi écrit %s", "%s de plus, là où la reconnaissance vocale a écrit deux fois les mêmes mots, non comptées", "les %d premiers sont cités ici", "à %s", "à la ligne %d", " de « %s »", "."},
	"es": {"una vez", "%d veces", "1 lugar", "%d lugares", " de %d episodios", "Según las palabras de la transcripción, «%s» se dice %s, en %s", "«%s» se dice por primera vez %s", "«%s» se dice por última vez %s",
		"contadas juntas: %s", "También se escribe %s", "%s más, donde el reconocimiento de voz escribió dos veces las mismas palabras, sin contar", "aquí están los primeros %d", "en %s", "en la línea %d", " de «%s»", "."},
	"ja": {"1回", "%d回", "1か所", "%dか所", "（%d話）", "文字起こしの言葉では、「%s」は%s、%sで言われています", "「%s」が最初に言われるのは%sです", "「%s」が最後に言われるのは%sです",
		"合わせて数えた形：%s", "次のようにも書かれています：%s", "音声認識が同じ言葉を二度書いた%sは数えていません", "ここには最初の%dか所を示します", "%s", "%d行目", "（「%s」）", "。"},
	"ko": {"1번", "%d번", "1곳", "%d곳", " (에피소드 %d개)", "전사문의 말로는 “%s”이(가) %s, %s에서 나옵니다", "“%s”이(가) 처음 나오는 곳은 %s입니다", "“%s”이(가) 마지막으로 나오는 곳은 %s입니다",
		"함께 센 형태: %s", "다음과 같이도 적혀 있습니다: %s", "음성 인식이 같은 말을 두 번 적은 %s은 세지 않았습니다", "여기에는 처음 %d곳을 보입니다", "%s", "%d번째 줄", " (“%s”)", "."},
}

func (w *countWords) number(n int) string {
	if n == 1 {
		return w.once
	}
	return fmt.Sprintf(w.times, n)
}

func (w *countWords) placesOf(n int) string {
	if n == 1 {
		return w.place
	}
	return fmt.Sprintf(w.places, n)
}

// list is such as “sanctions” (10), “sanction” (4).
func listSpellings(list []spelling) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = "“" + s.text + "” (" + strconv.Itoa(s.count) + ")"
	}
	return strings.Join(texts, ", ")
}

// sayCount fills the answer with what was counted.
func (r *asking) sayCount(ctx context.Context, c *counting, t *wordTally) error {
	w, ok := countLanguages[cmp.Or(r.q.Language, c.language)]
	if !ok {
		w = countLanguages["en"]
	}
	var list []shown
	switch {
	case t.total == 0:
	case c.want == wantFirst:
		first := &t.episodes[0].first[0]
		where, err := r.where(ctx, &w, c, first)
		if err != nil {
			return err
		}
		list = append(list, shown{fmt.Sprintf(w.first, c.subject, where) + w.stop, []place{first.place}})
	case c.want == wantLast:
		last := &t.episodes[len(t.episodes)-1].last
		where, err := r.where(ctx, &w, c, last)
		if err != nil {
			return err
		}
		list = append(list, shown{fmt.Sprintf(w.last, c.subject, where) + w.stop, []place{last.place}})
	default:
		list = append(list, r.times(&w, c, t))
	}
	if len(t.spellings) > 0 {
		s := shown{text: fmt.Sprintf(w.spelt, listSpellings(t.spellings)) + w.stop}
		for _, other := range t.spellings {
			if len(s.places) < countedPlaces {
				s.places = append(s.places, other.first.place)
			}
		}
		list = append(list, s)
	}
	var given []given
	for _, s := range list {
		for _, p := range s.places {
			g := givenAt(&p)
			given = append(given, g)
		}
	}
	episodes, err := r.bot.describeGiven(ctx, given)
	if err != nil {
		return err
	}
	a := r.answer
	a.Found = true
	a.Sentences, a.Citations = render(list, episodes)
	a.Answer = joinAnswer(a.Sentences, "\n")
	return nil
}

// givenAt is a place as describeGiven takes it.
func givenAt(p *place) given {
	var g given
	g.ID.Scope, g.ID.Episode = p.episode.scope, p.episode.id
	return g
}

// times says how often the words are said, and cites the first places.
func (r *asking) times(w *countWords, c *counting, t *wordTally) shown {
	where := w.placesOf(t.places)
	if len(r.episodes) > 1 {
		where += fmt.Sprintf(w.in, len(t.episodes))
	}
	var notes []string
	if len(t.forms) > 1 {
		notes = append(notes, fmt.Sprintf(w.forms, listSpellings(t.forms)))
	}
	if t.repeats > 0 {
		notes = append(notes, fmt.Sprintf(w.repeats, w.number(t.repeats)))
	}
	most := countedPlaces
	if c.want == wantAll {
		most = listedPlaces
	}
	if t.places > most {
		notes = append(notes, fmt.Sprintf(w.shown, most))
	}
	s := shown{text: fmt.Sprintf(w.said, c.subject, w.number(t.total), where)}
	if len(notes) > 0 {
		s.text += " (" + strings.Join(notes, "; ") + ")"
	}
	s.text += w.stop
	for _, e := range t.episodes {
		for i := range e.first {
			if len(s.places) < most {
				s.places = append(s.places, e.first[i].place)
			}
		}
	}
	return s
}

// where says where a place is: its time or else its line, and its episode where
// there are several. A sentence may run over many lines: it is that of the words.
func (r *asking) where(ctx context.Context, w *countWords, c *counting, s *spot) (string, error) {
	start, line := s.sentences[0].Start, s.sentences[0].FirstLine
	lines, err := r.bot.library.Lines(ctx, s.episode.scope, s.episode.id, line, s.sentences[len(s.sentences)-1].LastLine)
	if err != nil && !isUnknown(err) { // unknown: removed meanwhile
		return "", err
	}
	if at := lineOf(lines, stems(c.subject)); at >= 0 {
		start, line = lines[at].Start, lines[at].N
	}
	text := ""
	if start.Known {
		text = fmt.Sprintf(w.at, start.String())
	} else {
		text = fmt.Sprintf(w.line, line)
	}
	if len(r.episodes) > 1 {
		text += fmt.Sprintf(w.of, s.info.Title)
	}
	return text, nil
}

// lineOf is the index of the line in which the words begin, -1 for none.
func lineOf(lines []retrieval.Line, terms []string) int {
	var words []string
	var of []int
	for i := range lines {
		for _, stem := range stems(lines[i].Text) {
			words, of = append(words, stem), append(of, i)
		}
	}
	for i := 0; i+len(terms) <= len(words); i++ {
		if slices.Equal(words[i:i+len(terms)], terms) {
			return of[i]
		}
	}
	return -1
}
