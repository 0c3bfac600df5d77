-- The tables of a library's catalogue. A change of them is a change of catalogue.FORMAT.
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- A source file by its content. `unfinished` marks a ready one that is being replaced by a new reading.
CREATE TABLE sources (
    sha256 TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'failed', 'superseded')),
    unfinished INTEGER NOT NULL DEFAULT 0,
    format TEXT,
    reason TEXT,
    reader TEXT NOT NULL,
    name TEXT NOT NULL,
    given_on TEXT,
    given_basis TEXT
);
-- Where source files were met. `shown` is the ready source that a path stands for while newer bytes fail.
CREATE TABLE paths (
    path TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sidecar TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES sources (sha256) ON DELETE CASCADE,
    shown TEXT REFERENCES sources (sha256) ON DELETE SET NULL
);
CREATE INDEX paths_by_name ON paths (name);
CREATE INDEX paths_by_source ON paths (sha256);
CREATE INDEX paths_by_shown ON paths (shown);
CREATE TABLE texts (
    sha256 TEXT PRIMARY KEY REFERENCES sources (sha256) ON DELETE CASCADE,
    body BLOB NOT NULL
);
CREATE TABLE records (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL REFERENCES sources (sha256) ON DELETE CASCADE,
    source_file TEXT NOT NULL,
    code TEXT,
    published_on TEXT,
    published_on_basis TEXT,
    form TEXT NOT NULL,
    pages TEXT NOT NULL,
    warnings TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE INDEX records_of_source ON records (sha256);
CREATE TABLE pairs (
    record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    question_start INTEGER NOT NULL,
    question_end INTEGER NOT NULL,
    answer_start INTEGER NOT NULL,
    answer_end INTEGER NOT NULL,
    page INTEGER,
    PRIMARY KEY (record_id, number)
) WITHOUT ROWID;
CREATE TABLE statements (
    record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    unit INTEGER NOT NULL,
    title TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER,
    PRIMARY KEY (record_id, unit)
) WITHOUT ROWID;
CREATE TABLE passages (
    id TEXT PRIMARY KEY,
    record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    slice INTEGER NOT NULL,
    context TEXT NOT NULL,
    question TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX passages_of_record ON passages (record_id);
