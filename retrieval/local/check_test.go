package local

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verbatim/retrieval/librarytest"
)

// spoilt makes a library of two scopes, runs the SQL on its file behind its
// back, and opens it again.
func spoilt(t *testing.T, script string) *Library {
	t.Helper()
	dir := t.TempDir()
	l := openTest(t, dir, testOptions)
	librarytest.Add(t, l, "1", librarytest.Episode("a", "Ann: one", "two", "three", "four", "five", "six"))
	librarytest.Add(t, l, "1", librarytest.Episode("b", "seven", "eight"))
	librarytest.Add(t, l, "2", librarytest.Episode("c", "nine"))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return openTest(t, dir, testOptions)
}

func TestCheckWhole(t *testing.T) {
	l := spoilt(t, `SELECT 1`)
	report, err := l.Check(t.Context())
	if err != nil || !report.Whole() {
		t.Fatalf("Check = %+v, %v, want no problems", report, err)
	}
	if report.Bytes < 4096 {
		t.Errorf("Check: %d bytes, want a page at least", report.Bytes)
	}
	got := []int{report.Scopes, report.Episodes, report.Lines, report.Sentences, report.Passages, report.Vectors, report.Waiting}
	if want := []int{2, 3, 9, 9, 5, 5, 0}; !slices.Equal(got, want) {
		t.Errorf("Check: scopes, episodes, lines, sentences, passages, vectors, waiting = %v, want %v", got, want)
	}
}

func TestCheckProblems(t *testing.T) {
	tests := []struct {
		name, script, want string
	}{
		{"vector gone", `DELETE FROM vectors WHERE passage = 2`, "1 passages have no vector"},
		{"vector short", `UPDATE vectors SET vector = x'00000000' WHERE passage = 2`, "1 vectors are not of their model's dimension"},
		{"vectors of another model", `INSERT INTO models (name, dimension, state) VALUES ('x', 16, 'retired');
			UPDATE vectors SET model = 2 WHERE passage = 2`, "1 passages have no vector"},
		{"vector of no passage", `UPDATE vectors SET passage = 99 WHERE passage = 2`, "1 rows of vectors belong to no row of passages"},
		{"sentence gone", `DELETE FROM sentences WHERE episode = 1 AND seq = 2`, "1 sentences are missing"},
		{"last sentence gone", `DELETE FROM sentences WHERE episode = 1 AND seq = 5`, "1 passages have sentences that their episode has not"},
		{"passage gone", `PRAGMA foreign_keys = OFF; DELETE FROM vectors WHERE passage = 2; DELETE FROM passages WHERE id = 2`,
			"1 episodes have more or fewer passages than they say"},
		{"passage moved", `UPDATE episodes SET first_passage = 2 WHERE number = 1`, "3 passages are not where their episode says"},
		{"lines gone", `DELETE FROM lines WHERE episode = 2`, "1 episodes have no lines"},
		{"line of no episode", `UPDATE lines SET episode = 77 WHERE episode = 2`, "2 rows of lines belong to no row of episodes"},
		{"line beyond the file", `UPDATE lines SET n = 1000 WHERE episode = 2 AND n = 3`, "1 lines are beyond the end of their file"},
		{"episode gone", `DELETE FROM episodes WHERE number = 3`, "1 scopes have no episode"},
		{"two models serve", `INSERT INTO models (name, dimension, state) VALUES ('x', 16, 'serving')`, "1 embedding models more than one"},
		{"words gone", `INSERT INTO passages_fts_1 (passages_fts_1, rowid, terms) SELECT 'delete', id, terms FROM passages WHERE id = 2`,
			`1 passages of scope "1" are not in both`},
		{"other words", `UPDATE passages SET terms = 'eleven twelve' WHERE id = 2`, `the full-text index of scope "1" does not hold the words`},
		{"index damaged", `UPDATE passages_fts_1_data SET block = zeroblob(20) WHERE id > 100`, `full-text index of scope "1"`},
		{"index without scope", `CREATE VIRTUAL TABLE passages_fts_9 USING fts5(terms)`, "full-text indexes without a scope: passages_fts_9"},
		{"index gone", `DROP TABLE passages_vocab_2; DROP TABLE passages_fts_2`, `scope "2" has no full-text index`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			report, err := spoilt(t, test.script).Check(t.Context())
			if err != nil {
				t.Fatalf("Check: %v", err)
			}
			if !strings.Contains(strings.Join(report.Problems, "\n"), test.want) {
				t.Errorf("Check = %q, want %q", report.Problems, test.want)
			}
		})
	}
}

// TestCheckMemory takes a document out of the vector index alone.
func TestCheckMemory(t *testing.T) {
	l := spoilt(t, `SELECT 1`)
	if err := l.current.Load().scopes["1"].episodes[0].vectors.collection.Delete(t.Context(), nil, nil, "2"); err != nil {
		t.Fatal(err)
	}
	report, err := l.Check(t.Context())
	if err != nil || len(report.Problems) != 1 || !strings.Contains(report.Problems[0], "the vector index has 4 passages and lacks 0, of 5") {
		t.Errorf("Check = %+v, %v, want the passage missed", report, err)
	}
}
