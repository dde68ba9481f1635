package embedding

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"verbatim/data"
	"verbatim/retrieval"
)

// The layout of the table file, all numbers little-endian:
//
//	8 bytes    tableMagic
//	4 bytes    number of rows V, one a token of the vocabulary
//	4 bytes    dimension D, a multiple of 8
//	64 bytes   name of the model, padded with zero bytes
//	V bytes    the weight of each row, 0 to 255; 0 leaves the token out
//	V D bytes  the rows: each byte is a value from -127 to 127, plus 128
//
// Weight x value is the token's vector, but for a factor common to all that
// bringing the sum to length 1 takes out. Since the sum is one of integers, a
// text has the same vector, to the bit, on every machine.
const (
	tableMagic  = "VBEMBED1"
	tableName   = 64
	tableHeader = len(tableMagic) + 4 + 4 + tableName
	tableOffset = 128
	// maxDimension keeps damaged headers from asking for absurd sizes.
	maxDimension = 4096
)

// Static is the embedded model: a vector is the sum of the table rows of the
// text's tokens, brought to length 1. Safe for concurrent use.
type Static struct {
	tokenizer *Tokenizer
	name      string
	dimension int
	// weights and rows are bytes in strings, so that they stay where the
	// linker put them.
	weights, rows string
	// scratch lends *scratch between calls.
	scratch sync.Pool
}

// scratch is the room that the embedding of one text needs.
type scratch struct {
	ids  []int32
	sums sums
}

var _ retrieval.Embedder = (*Static)(nil)

// NewStatic opens the model that is inside the program.
func NewStatic() (*Static, error) {
	return NewStaticFrom(data.Embedding, data.Vocabulary)
}

// NewStaticFrom opens a model from a table file as data/distill makes it and
// the vocabulary file beside it. The strings are kept, not copied.
func NewStaticFrom(table, vocabulary string) (*Static, error) {
	tokenizer, err := NewTokenizer(vocabulary)
	if err != nil {
		return nil, err
	}
	if len(table) < tableHeader || !strings.HasPrefix(table, tableMagic) {
		return nil, fmt.Errorf("embedding table: no %q header", tableMagic)
	}
	rows := int(binary.LittleEndian.Uint32([]byte(table[8:12])))
	dimension := int(binary.LittleEndian.Uint32([]byte(table[12:16])))
	if rows != tokenizer.Size() {
		return nil, fmt.Errorf("embedding table: %d rows for a vocabulary of %d tokens", rows, tokenizer.Size())
	}
	if dimension < 8 || dimension > maxDimension || dimension%8 != 0 {
		return nil, fmt.Errorf("embedding table: dimension %d is no multiple of 8 up to %d", dimension, maxDimension)
	}
	if want := tableHeader + rows + rows*dimension; len(table) != want {
		return nil, fmt.Errorf("embedding table: %d bytes, want %d", len(table), want)
	}
	s := &Static{
		tokenizer: tokenizer,
		name:      strings.TrimRight(table[16:tableHeader], "\x00"),
		dimension: dimension,
		weights:   table[tableHeader : tableHeader+rows],
		rows:      table[tableHeader+rows:],
	}
	s.scratch.New = func() any { return &scratch{sums: newSums(dimension)} }
	return s, nil
}

// Model is the name in the table; it ends in a checksum of the table's
// content, so that a table made anew has a name of its own.
func (s *Static) Model() string { return s.name }

// Dimension is the length of every vector.
func (s *Static) Dimension() int { return s.dimension }

// Embed returns a vector of length 1 for each text, in order; a text without
// any known token has the zero vector. Long lists are shared among all
// processors. The only error is that of ctx.
func (s *Static) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	slab := make([]float32, len(texts)*s.dimension)
	for i := range vectors {
		vectors[i], slab = slab[:s.dimension:s.dimension], slab[s.dimension:]
	}
	// Texts are handed out in runs: long enough that the counter costs
	// nothing, short enough that cancellation is noticed within milliseconds
	// and no processor idles at the end.
	const run = 16
	var next atomic.Int64
	work := func() error {
		room := s.scratch.Get().(*scratch)
		defer s.scratch.Put(room)
		for {
			from := int(next.Add(run)) - run
			if from >= len(texts) {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("embed %d texts: %w", len(texts), err)
			}
			for i := from; i < min(from+run, len(texts)); i++ {
				s.embed(vectors[i], texts[i], room)
			}
		}
	}
	workers := min(runtime.GOMAXPROCS(0), (len(texts)+run-1)/run)
	if workers <= 1 {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("embed %d texts: %w", len(texts), err)
		}
		return vectors, work()
	}
	var group errgroup.Group
	for range workers {
		group.Go(work)
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return vectors, nil
}

// maxKeptIDs bounds what a token buffer lent between calls may hold on to.
const maxKeptIDs = 1 << 16

// embed writes the vector of text into v.
func (s *Static) embed(v []float32, text string, room *scratch) {
	room.ids = s.tokenizer.Append(room.ids[:0], text)
	for _, id := range room.ids {
		if weight := s.weights[id]; weight != 0 {
			room.sums.add(s.rows[int(id)*s.dimension:][:s.dimension], weight)
		}
	}
	if cap(room.ids) > maxKeptIDs {
		room.ids = nil
	}
	room.sums.direction(v)
}
