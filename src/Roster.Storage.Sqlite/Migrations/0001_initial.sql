-- One SQLite file holds one shard. Ids are 16 big-endian bytes: UUIDv7 sorts by time, so tables keyed by id grow at
-- their right edge; the bucket is inside the id, so no bucket column is needed. Times are microseconds since 1970.

CREATE TABLE life (                      -- one row: which shard this is, and how far it has come
    one          INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    shard        INTEGER,                -- set when first opened as a shard
    timeline     INTEGER NOT NULL,       -- positions of another file, or of this one made anew, never compare
    commits      INTEGER NOT NULL,       -- Position.Value of the last commit
    outbox_head  INTEGER NOT NULL,       -- position of the newest outbox entry ever written
    outbox_floor INTEGER NOT NULL        -- position of the newest outbox entry ever removed
) STRICT;

INSERT INTO life (one, timeline, commits, outbox_head, outbox_floor)
VALUES (1, (random() & 0x3fffffffffffffff) | 1, 0, 0, 0);

CREATE TABLE users (
    id            BLOB    NOT NULL PRIMARY KEY,
    tenant        TEXT    NOT NULL,
    sequence      INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    status        INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    folded_name   BLOB    NOT NULL,
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL,
    attributes    TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    last_event_at INTEGER NOT NULL,
    deleted_at    INTEGER
) STRICT, WITHOUT ROWID;

-- Lists of all statuses merge one ordered scan per status, so one index serves both kinds of list.
CREATE INDEX users_by_id   ON users (tenant, status, id);
CREATE INDEX users_by_name ON users (tenant, status, folded_name, id);

CREATE TABLE claims (
    bucket    INTEGER NOT NULL,
    tenant    TEXT    NOT NULL,
    email_key TEXT    NOT NULL,
    user_id   BLOB    NOT NULL,
    PRIMARY KEY (bucket, tenant, email_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_by_user ON claims (user_id);

CREATE TABLE posts (
    id         BLOB    NOT NULL PRIMARY KEY,
    user_id    BLOB    NOT NULL,
    tenant     TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX posts_by_author ON posts (user_id, created_at);

CREATE TABLE deleted_authors (           -- whose posts are still to be removed
    user_id BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    user_id      BLOB    NOT NULL,
    sequence     INTEGER NOT NULL,
    id           BLOB    NOT NULL,
    type         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    post_id      BLOB,
    at           INTEGER NOT NULL,
    actor        TEXT    NOT NULL,
    open         BLOB,
    personal     BLOB,
    personal_key INTEGER NOT NULL,
    PRIMARY KEY (user_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    position INTEGER NOT NULL PRIMARY KEY,
    user_id  BLOB    NOT NULL,
    sequence INTEGER NOT NULL,
    tenant   TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency (
    number       INTEGER NOT NULL PRIMARY KEY,
    bucket       INTEGER NOT NULL,
    principal    TEXT    NOT NULL,
    key_hash     BLOB    NOT NULL,
    request_hash BLOB    NOT NULL,
    user_id      BLOB    NOT NULL,
    post_id      BLOB,
    version      INTEGER NOT NULL,
    status       INTEGER NOT NULL,
    at           INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX idempotency_by_key ON idempotency (principal, key_hash);
CREATE INDEX idempotency_by_time ON idempotency (at);

CREATE TABLE secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    id          TEXT    NOT NULL PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    scopes      TEXT    NOT NULL,        -- one per line
    secret_hash BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE shard_map (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch  INTEGER NOT NULL,
    owners BLOB    NOT NULL              -- a big-endian 32-bit shard for each bucket
) STRICT;

CREATE TABLE leases (
    name   TEXT    NOT NULL PRIMARY KEY,
    holder TEXT    NOT NULL,
    fence  INTEGER NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consumer_positions (
    consumer TEXT    NOT NULL,
    shard    INTEGER NOT NULL,
    timeline INTEGER NOT NULL,
    position INTEGER NOT NULL,
    fence    INTEGER NOT NULL,
    PRIMARY KEY (consumer, shard)
) STRICT, WITHOUT ROWID;

CREATE TABLE effects (
    consumer TEXT    NOT NULL,
    user_id  BLOB    NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (consumer, user_id)
) STRICT, WITHOUT ROWID;
