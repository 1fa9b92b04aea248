"""The schema, version by version; forward only, and never edited once released.

Version 1 kept whole runs, one transaction each. Version 2 added forks, open runs, deletion that
spares what forks inherit, the feed for those who follow, and triggers that guard the entries.
Body and link are all that counts; every other column repeats what they say, and is checked
against them by ``verify``.
"""

from __future__ import annotations

_FIRST = (
    """CREATE TABLE run(
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, manifest BLOB NOT NULL,
        length INTEGER NOT NULL, head BLOB NOT NULL) STRICT""",
    """CREATE TABLE entry(
        run INTEGER NOT NULL, idx INTEGER NOT NULL, body BLOB NOT NULL, link BLOB NOT NULL,
        PRIMARY KEY (run, idx)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE note(
        run INTEGER NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (run, name)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE kept(
        kind TEXT NOT NULL, key TEXT NOT NULL, document BLOB NOT NULL,
        PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID""",
)

_FORKS = (
    "ALTER TABLE run RENAME TO run_1",
    """CREATE TABLE run(
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, manifest BLOB NOT NULL,
        parent INTEGER REFERENCES run(id), at INTEGER NOT NULL,
        length INTEGER NOT NULL, head BLOB NOT NULL,
        open INTEGER NOT NULL, deleted INTEGER NOT NULL) STRICT""",
    """INSERT INTO run(id, key, manifest, parent, at, length, head, open, deleted)
        SELECT id, key, manifest, NULL, 0, length, head, 0, 0 FROM run_1 ORDER BY id""",
    "DROP TABLE run_1",
    "CREATE UNIQUE INDEX run_by_key ON run(key) WHERE deleted = 0",
    "CREATE INDEX run_by_parent ON run(parent) WHERE parent IS NOT NULL",
    """CREATE TABLE feed(
        position INTEGER PRIMARY KEY,
        run INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL) STRICT""",
    "INSERT INTO feed(run, lo, hi) SELECT id, 0, length FROM run WHERE length > 0 ORDER BY id",
    """CREATE TRIGGER entry_unaltered BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'an entry is never altered'); END""",
    """CREATE TRIGGER entry_undeleted BEFORE DELETE ON entry
        WHEN (SELECT deleted FROM run WHERE id = OLD.run) = 0
        BEGIN SELECT RAISE(ABORT, 'an entry goes only with its run'); END""",
    """CREATE TRIGGER run_unaltered BEFORE UPDATE OF key, manifest, parent, at ON run
        BEGIN SELECT RAISE(ABORT, 'a manifest is never altered'); END""",
)

SQLITE = (_FIRST, _FORKS)
VERSION = len(SQLITE)

_SHARED = (
    """CREATE TABLE run(
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL,
        manifest bytea NOT NULL, parent bigint REFERENCES run(id), at bigint NOT NULL,
        length bigint NOT NULL, head bytea NOT NULL,
        open integer NOT NULL, deleted integer NOT NULL)""",
    'CREATE UNIQUE INDEX run_by_key ON run(key COLLATE "C") WHERE deleted = 0',
    "CREATE INDEX run_by_parent ON run(parent) WHERE parent IS NOT NULL",
    """CREATE TABLE entry(
        run bigint NOT NULL, idx bigint NOT NULL, body bytea NOT NULL, link bytea NOT NULL,
        PRIMARY KEY (run, idx))""",
    """CREATE TABLE note(
        run bigint NOT NULL, name text COLLATE "C" NOT NULL, value bytea NOT NULL,
        PRIMARY KEY (run, name))""",
    """CREATE TABLE kept(
        kind text NOT NULL, key text NOT NULL, document bytea NOT NULL, PRIMARY KEY (kind, key))""",
    """CREATE TABLE feed(
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        run bigint NOT NULL, lo bigint NOT NULL, hi bigint NOT NULL)""",
    """CREATE FUNCTION unaltered() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'what was recorded is never altered'; END $$""",
    """CREATE TRIGGER entry_unaltered BEFORE UPDATE ON entry
        FOR EACH ROW EXECUTE FUNCTION unaltered()""",
    """CREATE TRIGGER entry_untruncated BEFORE TRUNCATE ON entry
        FOR EACH STATEMENT EXECUTE FUNCTION unaltered()""",
    """CREATE FUNCTION living(run bigint) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = negosim AS
        $$ SELECT coalesce((SELECT deleted = 0 FROM run WHERE id = living.run), false) $$""",
    """CREATE TRIGGER entry_undeleted BEFORE DELETE ON entry
        FOR EACH ROW WHEN (living(OLD.run)) EXECUTE FUNCTION unaltered()""",
    """CREATE TRIGGER run_unaltered BEFORE UPDATE OF key, manifest, parent, at ON run
        FOR EACH ROW EXECUTE FUNCTION unaltered()""",
)

POSTGRES = (_SHARED,)
POSTGRES_VERSION = len(POSTGRES)
