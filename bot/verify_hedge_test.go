package bot

import (
	"testing"

	"verbatim/retrieval"
)

// checkAnyOf holds a claim against one source of these sentences, as what a model
// wrote is.
func checkAnyOf(t *testing.T, claim string, said ...string) Check {
	t.Helper()
	b := newBot(t)
	s := Source{N: 1}
	for i, text := range said {
		s.Sentences = append(s.Sentences, retrieval.Sentence{Text: text, FirstLine: i + 1, LastLine: i + 1})
	}
	v, err := NewVerifier(t.Context(), b.compare, []Source{s}, nil)
	if err != nil {
		t.Fatal(err)
	}
	check, err := v.CheckAny(t.Context(), claim, []int{1})
	if err != nil {
		t.Fatal(err)
	}
	return check
}

// TestHedgesAreKept tells as a fact what is only supposed, asked, doubted or
// heard, and beside it what is said plainly.
func TestHedgesAreKept(t *testing.T) {
	tests := []struct {
		claim string
		said  []string
		ok    bool
	}{
		{"Trade between the two countries will double by 2030.", []string{"If the West lifts the sanctions, trade between the two countries will double by 2030."}, false},
		{"If the West lifts the sanctions, trade will double by 2030.", []string{"If the West lifts the sanctions, trade between the two countries will double by 2030."}, true},
		{"Trade between the two countries will double by 2030.", []string{"If you look at the sanctions, trade between the two countries will double by 2030."}, true},
		{"Kim sold missiles to Iran.", []string{"Some people claim that Kim sold missiles to Iran, which is only a rumour and not true at all."}, false},
		{"The border treaty was signed in 1961.", []string{"Was the border treaty signed in 1961?", "I do not know."}, false},
		{"The border treaty was signed in 1961.", []string{"Was the border treaty signed in 1961?", "Yes, it was."}, true},
		{"The dam was safe.", []string{"I was told that the dam was safe, which turned out to be a lie."}, false},
		{"The guest will leave the institute in May.", []string{"The guest might leave the institute in May unless the board agrees."}, false},
		{"Russia invited North Korea.", []string{"Russia invited China, then North Korea attacked Ukraine with drones."}, false},
		{"China attacked Ukraine with drones.", []string{"Russia invited China, then North Korea attacked Ukraine with drones."}, false},
		{"North Korea attacked Ukraine with drones.", []string{"Russia invited China, then North Korea attacked Ukraine with drones."}, true},
		{"Kim visited the Soviet Union in 1984.", []string{"Then in 1984 Kim visited Russia and the Soviet Union."}, true},
	}
	for _, tt := range tests {
		if check := checkAnyOf(t, tt.claim, tt.said...); check.OK() != tt.ok {
			t.Errorf("%q of %q: %v %q, score %.2f; want ok %v", tt.claim, tt.said, check.Fault.Kind, check.Fault.Words, check.Score, tt.ok)
		}
	}
}

// TestForeignIsRetold holds sentences in other languages to the very words, since
// their names and denials are not known.
func TestForeignIsRetold(t *testing.T) {
	tests := []struct{ said, kept, changed string }{
		{"ショイグは2023年に平壌へ行きました。三人の将軍と会いました。", "ショイグは2023年に平壌へ行きました。", "ショイグは2023年に北京へ行きました。"},
		{"ショイグは2023年に平壌へ行きました。", "ショイグは2023年に平壌へ行きました。", "ショイグは2023年に平壌へ行きませんでした。"},
		{"쇼이구는 2023년에 평양을 방문했다.", "쇼이구는 2023년에 평양을 방문했다.", "쇼이구는 2023년에 베이징을 방문했다."},
		{"Im Jahr 2023 reiste Schoigu nach Pjöngjang, um drei Generäle zu treffen.", "Im Jahr 2023 reiste Schoigu nach Pjöngjang.", "Im Jahr 2023 reiste Schoigu nicht nach Pjöngjang."},
		{"Le ministre a rencontré trois généraux à Moscou.", "Le ministre a rencontré trois généraux à Moscou.", "Le ministre a rencontré cinq généraux à Moscou."},
		{"El ministro no visitó la ciudad de Moscú en marzo.", "El ministro no visitó la ciudad de Moscú.", "El ministro visitó la ciudad de Moscú."},
	}
	for _, tt := range tests {
		said := foreignNearness.words(tt.said)
		if !foreignNearness.follows(foreignNearness.words(tt.kept), said) {
			t.Errorf("%q does not retell %q", tt.kept, tt.said)
		}
		if foreignNearness.follows(foreignNearness.words(tt.changed), said) {
			t.Errorf("%q retells %q", tt.changed, tt.said)
		}
	}
}
