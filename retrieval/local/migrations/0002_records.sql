-- The library, version 2: records, which are kept beside the episodes. Their
-- changes do not count in meta's generation, since no search sees them. A scope
-- named here need not be in scopes, nor an episode in episodes.

CREATE TABLE records (
	id            INTEGER PRIMARY KEY,
	scope         TEXT NOT NULL CHECK (scope <> ''),
	kind          TEXT NOT NULL CHECK (kind <> ''),
	key           TEXT NOT NULL CHECK (key <> ''),
	owner         TEXT NOT NULL,    -- '' none
	episode_scope TEXT NOT NULL,    -- '' none
	episode       TEXT NOT NULL,    -- '' none
	created_ms    INTEGER NOT NULL, -- milliseconds since 1970-01-01 00:00 UTC
	expires_ms    INTEGER,          -- likewise; NULL never
	value         BLOB NOT NULL,    -- JSON
	UNIQUE (kind, scope, key)
) STRICT;

CREATE INDEX records_newest ON records (kind, scope, created_ms DESC, key DESC);
CREATE INDEX records_owner ON records (owner) WHERE owner <> '';
CREATE INDEX records_episode ON records (episode_scope, episode) WHERE episode <> '';
CREATE INDEX records_expires ON records (expires_ms) WHERE expires_ms IS NOT NULL;
