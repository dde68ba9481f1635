package embedding

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sashabaranov/go-openai"

	"verbatim/retrieval"
)

// Options are those of [NewOpenAI]. Only Model must be set.
type Options struct {
	// Model is the endpoint's name of the embedding model.
	Model string
	// BaseURL is the address before "/embeddings", http or https; "" is
	// OpenAI's own.
	BaseURL string
	// APIKey is sent as a bearer token; "" sends none, as local servers
	// accept. It is in no error.
	APIKey string
	// Dimensions asks the endpoint for shorter vectors; 0 takes the model's
	// own dimension. Few models know it.
	Dimensions int
	// BatchTexts is the most texts in one call; 0 is 128.
	BatchTexts int
	// BatchBytes is the most text in one call, in bytes of UTF-8; a longer
	// text goes alone. 0 is 256 KiB, a quarter of what OpenAI takes.
	BatchBytes int
	// Timeout is for one call, its reply included; 0 is a minute.
	Timeout time.Duration
	// MaxRetries is how often a call is repeated after the first try; 0 is
	// 5, below 0 never.
	MaxRetries int
	// HTTPClient sends the requests; nil is a client of its own.
	HTTPClient *http.Client
}

const (
	defaultBaseURL    = "https://api.openai.com/v1"
	defaultBatchTexts = 128
	defaultBatchBytes = 256 << 10
	defaultTimeout    = time.Minute
	defaultMaxRetries = 5
	// maxReplyBytes is some twenty times a full batch at 4,096 dimensions.
	maxReplyBytes = 256 << 20
)

// OpenAI asks an endpoint that speaks the OpenAI embeddings API (OpenAI,
// Ollama, LM Studio, vLLM and others). Safe for concurrent use.
//
// A call that meets 429, a 5xx status, a time-out or a cut connection is
// repeated after a pause that doubles from half a second to half a minute, with
// jitter, or as long as Retry-After says.
type OpenAI struct {
	options   Options
	host      string
	client    *openai.Client
	dimension atomic.Int64

	// The clock and the dice, for tests.
	now    func() time.Time
	wait   func(ctx context.Context, d time.Duration) error
	jitter func() float64
}

var _ retrieval.Embedder = (*OpenAI)(nil)

// NewOpenAI checks the options; it does not call the endpoint.
func NewOpenAI(options Options) (*OpenAI, error) {
	o := options
	if o.Model == "" {
		return nil, errors.New("embedding endpoint: no model named: set EMBEDDING_MODEL")
	}
	if o.BaseURL == "" {
		o.BaseURL = defaultBaseURL
	}
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		// The address is not shown: somebody may have put the key there.
		return nil, errors.New("embedding endpoint: address is no http or https URL: check OPENAI_BASE_URL")
	}
	if o.Dimensions < 0 || o.Dimensions > maxDimension {
		return nil, fmt.Errorf("embedding endpoint: dimension %d is not in 0 to %d", o.Dimensions, maxDimension)
	}
	o.BatchTexts = positiveOr(o.BatchTexts, defaultBatchTexts)
	o.BatchBytes = positiveOr(o.BatchBytes, defaultBatchBytes)
	o.Timeout = positiveOr(o.Timeout, defaultTimeout)
	if o.MaxRetries == 0 {
		o.MaxRetries = defaultMaxRetries
	}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{}
	}
	config := openai.DefaultConfig(o.APIKey)
	config.BaseURL = o.BaseURL
	config.HTTPClient = limitedClient{o.HTTPClient}
	e := &OpenAI{
		options: o,
		host:    base.Host,
		client:  openai.NewClientWithConfig(config),
		now:     time.Now,
		wait:    wait,
		jitter:  rand.Float64,
	}
	e.dimension.Store(int64(o.Dimensions))
	return e, nil
}

func positiveOr[T int | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// limitedClient cuts a reply off where no sensible one goes on.
type limitedClient struct{ client *http.Client }

func (c limitedClient) Do(r *http.Request) (*http.Response, error) {
	reply, err := c.client.Do(r)
	if err != nil {
		return nil, err
	}
	reply.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(reply.Body, maxReplyBytes), reply.Body}
	return reply, nil
}

// Model is the model's name, with the dimension where one was asked for.
func (e *OpenAI) Model() string {
	if e.options.Dimensions > 0 {
		return fmt.Sprintf("%s-%d", e.options.Model, e.options.Dimensions)
	}
	return e.options.Model
}

// Dimension is the length of every vector; 0 until the first one has come,
// unless Options told it.
func (e *OpenAI) Dimension() int { return int(e.dimension.Load()) }

// Embed returns a vector of length 1 for each text, in order. Blank texts are
// not sent, since endpoints refuse them: they have the zero vector. Errors
// wrap one of this package's, [retrieval.ErrDimension], or that of ctx; with
// one there are no vectors.
func (e *OpenAI) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	for _, batch := range e.batches(texts) {
		if err := e.embedBatch(ctx, texts, batch, vectors); err != nil {
			return nil, fmt.Errorf("embed with %s at %s: %w", e.options.Model, e.host, err)
		}
	}
	for i := range vectors {
		if vectors[i] != nil {
			continue
		}
		if e.Dimension() == 0 {
			// Nothing but blank texts so far: any word tells the dimension.
			if _, err := e.Embed(ctx, []string{"dimension"}); err != nil {
				return nil, err
			}
		}
		vectors[i] = make([]float32, e.Dimension())
	}
	return vectors, nil
}

// batches parts the indices of the texts that are not blank into calls.
func (e *OpenAI) batches(texts []string) [][]int {
	var batches [][]int
	var batch []int
	size := 0
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if len(batch) == e.options.BatchTexts || len(batch) > 0 && size+len(text) > e.options.BatchBytes {
			batches, batch, size = append(batches, batch), nil, 0
		}
		batch = append(batch, i)
		size += len(text)
	}
	if len(batch) > 0 {
		batches = append(batches, batch)
	}
	return batches
}

// embedBatch sends one batch and puts the vectors into their places.
func (e *OpenAI) embedBatch(ctx context.Context, texts []string, batch []int, vectors [][]float32) error {
	request := openai.EmbeddingRequestStrings{
		Input:      make([]string, len(batch)),
		Model:      openai.EmbeddingModel(e.options.Model),
		Dimensions: e.options.Dimensions,
	}
	for i, at := range batch {
		request.Input[i] = strings.ToValidUTF8(texts[at], "\uFFFD")
	}
	embeddings, err := e.call(ctx, request)
	if err != nil {
		return err
	}
	if len(embeddings) != len(batch) {
		return fmt.Errorf("%w: %d vectors for %d texts", ErrReply, len(embeddings), len(batch))
	}
	for _, embedding := range embeddings {
		if embedding.Index < 0 || embedding.Index >= len(batch) {
			return fmt.Errorf("%w: vector of text %d of %d", ErrReply, embedding.Index, len(batch))
		}
		at := batch[embedding.Index]
		if vectors[at] != nil {
			return fmt.Errorf("%w: two vectors of text %d", ErrReply, embedding.Index)
		}
		if err := e.check(embedding.Embedding); err != nil {
			return err
		}
		normalize(embedding.Embedding)
		vectors[at] = embedding.Embedding
	}
	return nil
}

// check refuses what is no direction in the space of the vectors before it.
func (e *OpenAI) check(vector []float32) error {
	n := int64(len(vector))
	if n > 0 {
		e.dimension.CompareAndSwap(0, n)
	}
	if want := e.dimension.Load(); n == 0 || n != want {
		return fmt.Errorf("%w: %d numbers, want %d", retrieval.ErrDimension, n, want)
	}
	var sum float64
	for _, x := range vector {
		sum += float64(x) * float64(x)
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return fmt.Errorf("%w: vector of length %v", ErrReply, math.Sqrt(sum))
	}
	return nil
}
