package local

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"verbatim/retrieval"
)

const (
	// fileName is the library's file within its directory.
	fileName = "library.db"
	// applicationID marks the file as a library: "VBT1".
	applicationID = 0x56425431
	// defaultLockWait is long enough for any single episode to be added.
	defaultLockWait = 5 * time.Second
	// readerCount is how many reads run at once; more wait their turn.
	readerCount = 4
	// header begins every SQLite file: https://www.sqlite.org/fileformat.html
	// section 1.3 (read 2026-11-22).
	header = "SQLite format 3\x00"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are the choices in opening a library. The zero value works for
// reading; Add needs Model.
type Options struct {
	// Model is Embedder.Model of whoever makes the vectors given to Add; ""
	// leaves it at the model that the library has.
	Model string
	// Dimension is Embedder.Dimension; 0 when not known yet.
	Dimension int
	// MustExist makes a missing library an error that wraps fs.ErrNotExist
	// instead of making one.
	MustExist bool
	// ReadOnly is MustExist, and nothing is ever written.
	ReadOnly bool
	// LockWait is how long to wait for another process that writes; 0 is 5 s.
	LockWait time.Duration
}

// Library is a retrieval.Library in one SQLite file. Safe for concurrent use,
// also by several processes at once.
type Library struct {
	path    string // "" in memory
	options Options
	// readers and writer are the same pool of one for a library in memory.
	readers, writer *pool

	// current is what readers see, and coming what they will see once the
	// transaction that is being committed is; nil when none is.
	current, coming atomic.Pointer[view]
	// applying is held from before a commit until current shows it, and while
	// what another process has written is loaded.
	applying sync.Mutex
	words    vocabularies
	// atStage, in tests, is told how far a write has come.
	atStage func(writeStage)
	// noRecords says that the file is of before there were records, and may
	// not be changed.
	noRecords bool

	life   sync.Mutex
	closed bool
	work   sync.WaitGroup
}

var _ retrieval.Library = (*Library)(nil)

// Open opens the library in the directory, and makes both when they are
// missing. Errors: fs.ErrNotExist (see Options), fs.ErrPermission,
// retrieval.ErrLocked, retrieval.ErrNewer, retrieval.ErrFull, [ErrDamaged].
func Open(ctx context.Context, dir string, options Options) (*Library, error) {
	path, err := filepath.Abs(filepath.Join(dir, fileName))
	if err != nil {
		return nil, fmt.Errorf("open library %s: %w", dir, err)
	}
	options.MustExist = options.MustExist || options.ReadOnly
	if err := examine(path, options.MustExist); err != nil {
		return nil, fmt.Errorf("open library %s: %w", dir, err)
	}
	l, err := open(ctx, source(path, options, false), path, options)
	if options.ReadOnly && errors.Is(explain(err), fs.ErrPermission) && !exists(path+"-wal") {
		// Where no file may be made, SQLite cannot share a log. Nobody is
		// writing one, so the file can be read as it is.
		l, err = open(ctx, source(path, options, true), path, options)
	}
	if err != nil {
		return nil, fmt.Errorf("open library %s: %w", dir, explain(err))
	}
	return l, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// OpenMemory makes an empty library without files; Close forgets it.
func OpenMemory(ctx context.Context, options Options) (*Library, error) {
	options.ReadOnly = false
	l, err := open(ctx, source("", options, false), "", options)
	if err != nil {
		return nil, fmt.Errorf("open library in memory: %w", err)
	}
	return l, nil
}

// examine looks at the file before SQLite does, which would make a missing
// one, and makes its directory. An empty file is what a crash in the very
// first moment leaves: a library yet to be made.
func examine(path string, mustExist bool) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && !mustExist {
		return os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	begin := make([]byte, len(header))
	n, err := io.ReadFull(f, begin)
	switch {
	case err == io.EOF && mustExist:
		return fmt.Errorf("%s is empty: %w", fileName, fs.ErrNotExist)
	case err == io.EOF:
		return nil
	case err != nil && err != io.ErrUnexpectedEOF:
		return err
	case !bytes.Equal(begin[:n], []byte(header)):
		return fmt.Errorf("%w: %s is not a SQLite database", ErrDamaged, fileName)
	}
	return nil
}

// source is the data source name for the driver, with the settings of every
// connection. immutable takes the file for one that nobody changes.
func source(path string, o Options, immutable bool) string {
	q := url.Values{}
	if immutable {
		q.Set("immutable", "1")
	}
	for _, pragma := range []string{
		"busy_timeout(" + strconv.FormatInt(o.lockWait().Milliseconds(), 10) + ")",
		"foreign_keys(1)",
		"synchronous(2)", // FULL: a commit is on the disk when it returns
		"secure_delete(1)",
		"temp_store(2)",      // memory: sorting leaves no words on the disk
		"cache_size(-16384)", // 16 MiB: the full-text index of 10,000 passages
	} {
		q.Add("_pragma", pragma)
	}
	if path == "" {
		return "file::memory:?" + q.Encode()
	}
	if o.ReadOnly {
		q.Set("mode", "ro")
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}
	if u.Path[0] != '/' {
		u.Path = "/" + u.Path // C:/...
	}
	return u.String()
}

func (o *Options) lockWait() time.Duration {
	if o.LockWait <= 0 {
		return defaultLockWait
	}
	return o.LockWait
}

func open(ctx context.Context, source, path string, o Options) (*Library, error) {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	l := &Library{path: path, options: o}
	if path == "" {
		l.readers = newPool(db, 1)
		l.writer = l.readers
	} else {
		l.readers, l.writer = newPool(db, readerCount), newPool(db, 1)
	}
	l.current.Store(&view{scopes: map[retrieval.Scope]*scopeView{}})
	if err := l.start(ctx); err != nil {
		l.closePools()
		return nil, err
	}
	return l, nil
}

// start brings the schema up to date and fills the view.
func (l *Library) start(ctx context.Context) error {
	from := l.writer
	if l.options.ReadOnly {
		from = l.readers
	}
	s, err := from.take(ctx)
	if err != nil {
		return err
	}
	defer func() { from.give(s, err) }()
	if err = l.migrate(ctx, s); err != nil {
		return err
	}
	err = s.reading(ctx, func() error {
		first, err := l.load(ctx, s)
		if err == nil {
			l.show(first)
		}
		return err
	})
	if err != nil {
		return err
	}
	if l.options.ReadOnly {
		return nil
	}
	if err = removeRetired(ctx, s); errors.Is(explain(err), retrieval.ErrLocked) {
		err = nil // whoever writes now may have the time; it can wait
	}
	return err
}

// Close stops intake, waits for what is at work, and closes the files. A
// second Close does nothing.
func (l *Library) Close() error {
	l.life.Lock()
	again := l.closed
	l.closed = true
	l.life.Unlock()
	if again {
		return nil
	}
	l.work.Wait()
	if err := l.closePools(); err != nil {
		return fmt.Errorf("close library: %w", explain(err))
	}
	return nil
}

func (l *Library) closePools() error {
	err := l.readers.close()
	if l.writer != l.readers {
		err = errors.Join(err, l.writer.close())
	}
	return err
}

// enter counts a call in; the caller must call l.work.Done.
func (l *Library) enter() error {
	l.life.Lock()
	defer l.life.Unlock()
	if l.closed {
		return ErrClosed
	}
	l.work.Add(1)
	return nil
}
