-- The library, version 1. Times in audio are integer nanoseconds since the
-- start of the episode, NULL when no file gave them. Booleans are 0 or 1.
-- Keys called "number" and passages.id are never used twice, so that whatever
-- stands under one of them never changes: it is there, or gone for good.

CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts the transactions that changed what readers see.
INSERT INTO meta (key, value) VALUES ('generation', 1);

-- Counts how often vectors changed under passages that stayed.
INSERT INTO meta (key, value) VALUES ('vectors', 1);

CREATE TABLE models (
	number    INTEGER PRIMARY KEY AUTOINCREMENT,
	name      TEXT NOT NULL,    -- Embedder.Model
	dimension INTEGER NOT NULL CHECK (dimension > 0),
	-- serving: searched (at most one); filling: being made; retired: to be removed
	state     TEXT NOT NULL CHECK (state IN ('serving', 'filling', 'retired')),
	UNIQUE (name, dimension)
) STRICT;

CREATE TABLE scopes (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	name   TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE episodes (
	number        INTEGER PRIMARY KEY AUTOINCREMENT,
	scope         INTEGER NOT NULL REFERENCES scopes,
	id            TEXT NOT NULL,
	title         TEXT NOT NULL,
	show          TEXT NOT NULL,
	date          TEXT,             -- 2006-01-02, UTC; NULL unknown
	description   TEXT NOT NULL,
	audio_url     TEXT NOT NULL,
	format        TEXT NOT NULL,
	total_lines   INTEGER NOT NULL, -- in the file, blank ones included
	timed         INTEGER NOT NULL, -- any line has a known start
	first_passage INTEGER NOT NULL, -- passages.id of the first; the others follow without gap
	passages      INTEGER NOT NULL, -- how many
	UNIQUE (scope, id)
) STRICT;

-- Speakers in order of first appearance in the lines; seq counts from 0.
CREATE TABLE speakers (
	episode INTEGER NOT NULL REFERENCES episodes,
	seq     INTEGER NOT NULL,
	name    TEXT NOT NULL,
	in_line INTEGER NOT NULL, -- 0: named by passages alone
	PRIMARY KEY (episode, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE lines (
	episode     INTEGER NOT NULL REFERENCES episodes,
	n           INTEGER NOT NULL, -- line or cue of the file, from 1, may skip
	speaker     TEXT NOT NULL,
	start_ns    INTEGER,
	end_ns      INTEGER,
	text        TEXT NOT NULL,
	boilerplate INTEGER NOT NULL,
	PRIMARY KEY (episode, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE sentences (
	episode     INTEGER NOT NULL REFERENCES episodes,
	seq         INTEGER NOT NULL, -- from 0, without gap
	text        TEXT NOT NULL,
	first_line  INTEGER NOT NULL, -- lines.n
	last_line   INTEGER NOT NULL,
	speaker     TEXT NOT NULL,
	start_ns    INTEGER,
	end_ns      INTEGER,
	boilerplate INTEGER NOT NULL,
	repeat      INTEGER NOT NULL,
	PRIMARY KEY (episode, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE passages (
	id             INTEGER PRIMARY KEY AUTOINCREMENT,
	episode        INTEGER NOT NULL REFERENCES episodes,
	seq            INTEGER NOT NULL, -- from 0, without gap
	first_sentence INTEGER NOT NULL, -- sentences.seq, both included
	last_sentence  INTEGER NOT NULL,
	first_line     INTEGER NOT NULL,
	last_line      INTEGER NOT NULL,
	start_ns       INTEGER,
	end_ns         INTEGER,
	speakers       TEXT NOT NULL,    -- speakers.seq in order of appearance, with commas
	terms          TEXT NOT NULL,    -- analysed words, single spaces between
	UNIQUE (episode, seq)
) STRICT;

-- The key is its own, not (passage, model): rows of a table without rowid that
-- are longer than a quarter of a page spill, and every vector is.
CREATE TABLE vectors (
	id      INTEGER PRIMARY KEY,
	passage INTEGER NOT NULL REFERENCES passages,
	model   INTEGER NOT NULL REFERENCES models,
	vector  BLOB NOT NULL,           -- float32, little-endian; length 1 or all zero
	UNIQUE (passage, model)
) STRICT;
