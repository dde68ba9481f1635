package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"verbatim/bot"
	"verbatim/data"
	"verbatim/retrieval"
	"verbatim/retrieval/embedding"
	"verbatim/retrieval/eval"
	"verbatim/retrieval/transcript"
)

// The files of a set that is a folder, and the ending of one that is a file.
const (
	questionsFile = "questions.jsonl"
	quotesFile    = "quotes.jsonl"
	rubricFile    = "summary_rubric.json"
	goldEnding    = ".gold.jsonl"
)

// sampleDoc is the name under which gold files speak of the sample episode.
const sampleDoc = "000_3e1a26a0d8663775.txt"

// goldSet is a set of questions with the folder of its transcripts.
type goldSet struct {
	name string
	docs string
	// gold are the files that it is read from.
	gold      []string
	questions []eval.Question
	// answers says that the questions are to be asked, not only searched for.
	answers bool
	quotes  []eval.Question
	rubric  *eval.Rubric
}

// findSets reads the sets that a path names: a gold file, a folder with
// questions, or a folder that holds such files and folders.
func findSets(path string) ([]goldSet, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	if !info.IsDir() {
		set, err := readGoldFile(path)
		return []goldSet{set}, err
	}
	var sets []goldSet
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		var set goldSet
		switch {
		case d.Name() == questionsFile:
			set, err = readFolder(filepath.Dir(name))
		case strings.HasSuffix(name, goldEnding):
			set, err = readGoldFile(name)
		default:
			return nil
		}
		sets = append(sets, set)
		return err
	})
	if err == nil && len(sets) == 0 {
		err = withHint(fmt.Errorf("eval %s: no gold in this folder", path), "want *"+goldEnding+" files, or a folder with "+questionsFile)
	}
	return sets, err
}

func readGoldFile(path string) (goldSet, error) {
	questions, err := readGold(path)
	if err != nil {
		return goldSet{}, err
	}
	docs := strings.TrimSuffix(path, goldEnding)
	if info, err := os.Stat(docs); docs == path || err != nil || !info.IsDir() {
		return goldSet{}, withHint(fmt.Errorf("eval %s: no folder of transcripts beside it", path),
			"the transcripts of NAME"+goldEnding+" belong into the folder NAME")
	}
	return goldSet{name: filepath.Base(filepath.Dir(docs)) + "/" + filepath.Base(docs), docs: docs, gold: []string{path}, questions: questions}, nil
}

// readFolder reads a set that has everything in one folder.
func readFolder(dir string) (goldSet, error) {
	set := goldSet{name: filepath.Base(dir), docs: dir, gold: []string{filepath.Join(dir, questionsFile)}, answers: true}
	var err error
	if set.questions, err = readGold(set.gold[0]); err != nil {
		return set, err
	}
	set.quotes, err = readGold(filepath.Join(dir, quotesFile))
	if err == nil {
		set.gold = append(set.gold, filepath.Join(dir, quotesFile))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return set, err
	}
	f, err := os.Open(filepath.Join(dir, rubricFile))
	if errors.Is(err, fs.ErrNotExist) {
		return set, nil
	}
	if err != nil {
		return set, fmt.Errorf("eval: %w", err)
	}
	defer f.Close()
	set.gold = append(set.gold, f.Name())
	if set.rubric, err = eval.ReadRubric(f); err != nil {
		return set, fmt.Errorf("eval %s: %w", f.Name(), err)
	}
	return set, nil
}

func readGold(path string) ([]eval.Question, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	defer f.Close()
	questions, err := eval.ReadGold(f)
	if err != nil {
		return nil, fmt.Errorf("eval %s: %w", path, err)
	}
	return questions, nil
}

// docNames are the transcripts that the set speaks of, sorted.
func (s *goldSet) docNames() []string {
	seen := map[string]bool{}
	var names []string
	note := func(doc string) {
		if !seen[doc] {
			seen[doc] = true
			names = append(names, doc)
		}
	}
	for _, q := range slices.Concat(s.questions, s.quotes) {
		note(q.Doc)
	}
	if s.rubric != nil {
		note(s.rubric.Doc)
	}
	slices.Sort(names)
	return names
}

// setLibrary is the transcripts of a set in memory.
type setLibrary struct {
	library
	// episodes are the IDs by document.
	episodes map[string]retrieval.EpisodeID
	// static compares sentences.
	static *embedding.Static
}

// load reads the set's transcripts by the readers of the product.
func (s *goldSet) load(ctx context.Context, c *call, m *models) (*setLibrary, error) {
	l, err := newMemory(ctx, m.configured)
	if err != nil {
		return nil, err
	}
	lib := &setLibrary{library: library{Library: l, bot: bot.New(l, m.configured, m.static)}, episodes: map[string]retrieval.EpisodeID{}, static: m.static}
	if lib.chat, err = c.useModel(lib.bot); err != nil {
		l.Close()
		return nil, err
	}
	if m.remote() {
		lib.bot.VectorWeight = endpointWeight
	}
	names := s.docNames()
	p := c.ui.progress(s.name+": transcripts", len(names))
	defer p.stop()
	taken := map[retrieval.EpisodeID]string{}
	for i, name := range names {
		p.set(i)
		content, err := s.readDoc(name)
		if err == nil {
			var added *bot.Added
			added, err = lib.bot.Add(ctx, retrieval.Public, bot.NewEpisode{File: name, Data: content, Taken: taken}, nil)
			if err == nil {
				lib.episodes[name] = added.Episode
				taken[added.Episode] = name
			}
		}
		if err != nil {
			lib.Close()
			return nil, fmt.Errorf("eval %s: %w", s.name, err)
		}
	}
	return lib, nil
}

func (s *goldSet) readDoc(name string) ([]byte, error) {
	if !filepath.IsLocal(name) {
		return nil, fmt.Errorf("doc %q is not in the folder of the set", name)
	}
	content, err := transcript.Load(filepath.Join(s.docs, name))
	if errors.Is(err, fs.ErrNotExist) && name == sampleDoc {
		return []byte(data.Sample), nil
	}
	return content, err
}

// filter restricts a search to the question's own document.
func (l *setLibrary) filter(q *eval.Question) retrieval.Filter {
	return retrieval.Filter{Scopes: scopes, Episodes: []retrieval.EpisodeID{l.episodes[q.Doc]}}
}
