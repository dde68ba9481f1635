package local

import (
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

var testOptions = Options{Model: librarytest.Model, Dimension: librarytest.Dimension}

func openTest(t *testing.T, dir string, o Options) *Library {
	t.Helper()
	l, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return l
}

func TestConformance(t *testing.T) {
	run := func(t *testing.T, open librarytest.Opener) {
		librarytest.Run(t, open)
		librarytest.RunRecords(t, open)
	}
	t.Run("file", func(t *testing.T) {
		run(t, func(t *testing.T) (retrieval.Library, func() retrieval.Library) {
			dir := t.TempDir()
			return openTest(t, dir, testOptions), func() retrieval.Library { return openTest(t, dir, testOptions) }
		})
	})
	t.Run("memory", func(t *testing.T) {
		run(t, func(t *testing.T) (retrieval.Library, func() retrieval.Library) {
			l, err := OpenMemory(t.Context(), testOptions)
			if err != nil {
				t.Fatalf("OpenMemory: %v", err)
			}
			t.Cleanup(func() { l.Close() })
			return l, nil
		})
	})
}
