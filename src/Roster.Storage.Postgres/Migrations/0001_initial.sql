-- One database holds one shard. Every key begins with the bucket that its id carries, so the schema would distribute on
-- Citus by that column. Times are microseconds since 1970. Texts compare as bytes, whatever the locale of the server.

CREATE TABLE life (                      -- one row: which shard this is
    one          int    NOT NULL PRIMARY KEY CHECK (one = 1),
    shard        int,                    -- set when first opened as a shard
    id           bigint NOT NULL,        -- positions of another database, or of this one made anew, never compare
    outbox_floor bigint NOT NULL,        -- position of the newest outbox entry ever removed
    doubts       bigint NOT NULL         -- lost COMMITs that were waited out by a later one
);

INSERT INTO life (one, id, outbox_floor, doubts)
VALUES (1, ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 8))::bit(32)::bigint, 0, 0);

CREATE TABLE owned_buckets (             -- one row: what this shard may write; changed under an exclusive advisory lock
    one     int       NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch   bigint    NOT NULL,          -- of the shard map that says so
    buckets bit(4096) NOT NULL
);

INSERT INTO owned_buckets (one, epoch, buckets) VALUES (1, 0, repeat('1', 4096)::bit(4096));

CREATE TABLE users (
    bucket        smallint NOT NULL,
    id            uuid     NOT NULL,
    tenant        text     NOT NULL COLLATE "C",
    sequence      bigint   NOT NULL,
    version       bigint   NOT NULL,
    status        smallint NOT NULL,
    name          text     NOT NULL COLLATE "C",
    folded_name   bytea    NOT NULL,
    email         text     NOT NULL COLLATE "C",
    email_key     text     NOT NULL COLLATE "C",
    attributes    text     NOT NULL COLLATE "C",
    created_at    bigint   NOT NULL,
    updated_at    bigint   NOT NULL,
    last_event_at bigint   NOT NULL,
    deleted_at    bigint,
    fence         bigint   NOT NULL DEFAULT 0,   -- highest of all intents the user has had
    intent_id     uuid,
    intent        bytea,                         -- IntentJson
    PRIMARY KEY (bucket, id)
) WITH (fillfactor = 90);                        -- a post moves only its author's sequence: room to do it in place

-- Lists of all statuses merge one ordered scan per status, so one index serves both kinds of list.
CREATE INDEX users_by_id       ON users (tenant, status, id);
CREATE INDEX users_by_name     ON users (tenant, status, folded_name, id);
CREATE INDEX users_with_intent ON users (id) WHERE intent_id IS NOT NULL;

CREATE TABLE claims (
    bucket    smallint NOT NULL,
    tenant    text     NOT NULL COLLATE "C",
    email_key text     NOT NULL COLLATE "C",
    user_id   uuid     NOT NULL,
    fence     bigint   NOT NULL,         -- the user's when it took the e-mail
    intent_id uuid,                      -- only reserved, by this intent
    PRIMARY KEY (bucket, tenant, email_key)
);

CREATE INDEX claims_by_user  ON claims (user_id);
CREATE INDEX claims_reserved ON claims (user_id) WHERE intent_id IS NOT NULL;

CREATE TABLE posts (
    bucket     smallint NOT NULL,
    id         uuid     NOT NULL,
    user_id    uuid     NOT NULL,
    tenant     text     NOT NULL COLLATE "C",
    text       text     NOT NULL COLLATE "C",
    version    bigint   NOT NULL,
    created_at bigint   NOT NULL,
    updated_at bigint   NOT NULL,
    PRIMARY KEY (bucket, id)
);

CREATE INDEX posts_by_author ON posts (bucket, user_id, created_at);

CREATE TABLE deleted_authors (           -- whose posts are still to be removed
    bucket  smallint NOT NULL,
    user_id uuid     NOT NULL,
    PRIMARY KEY (bucket, user_id)
);

CREATE TABLE events (
    bucket       smallint NOT NULL,
    user_id      uuid     NOT NULL,
    sequence     bigint   NOT NULL,
    id           uuid     NOT NULL,
    type         text     NOT NULL COLLATE "C",
    version      bigint   NOT NULL,
    post_id      uuid,
    at           bigint   NOT NULL,
    actor        text     NOT NULL COLLATE "C",
    open         bytea,
    personal     bytea,
    personal_key int      NOT NULL,
    PRIMARY KEY (bucket, user_id, sequence)
);

-- What expires lies in a fixed ring of partitions, by time: the oldest is truncated whole and used again, so that no
-- partition is ever made or dropped beside running writers.

CREATE TABLE outbox (
    slot     smallint NOT NULL,          -- at, in steps of two days, modulo 8
    position bigint   NOT NULL,          -- transaction id * 2^20 + number within it: see OutboxReads
    xid      xid8     NOT NULL,
    bucket   smallint NOT NULL,
    user_id  uuid     NOT NULL,
    sequence bigint   NOT NULL,
    tenant   text     NOT NULL COLLATE "C",
    at       bigint   NOT NULL,
    PRIMARY KEY (position, slot)
) PARTITION BY LIST (slot);

CREATE TABLE idempotency (
    slot         smallint NOT NULL,      -- at, in days, modulo 4
    bucket       smallint NOT NULL,
    principal    text     NOT NULL COLLATE "C",
    key_hash     bytea    NOT NULL,
    request_hash bytea    NOT NULL,
    user_id      uuid     NOT NULL,
    post_id      uuid,
    version      bigint   NOT NULL,
    status       smallint NOT NULL,
    at           bigint   NOT NULL
) PARTITION BY LIST (slot);

-- Not unique: retries of one request meet on its user's or claim's row. It serves the whole shard, not one bucket.
CREATE INDEX idempotency_by_key  ON idempotency (key_hash);
CREATE INDEX idempotency_by_time ON idempotency (at);

DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format('CREATE TABLE outbox_%s PARTITION OF outbox FOR VALUES IN (%s)', i, i);
    END LOOP;
    FOR i IN 0..3 LOOP
        EXECUTE format('CREATE TABLE idempotency_%s PARTITION OF idempotency FOR VALUES IN (%s)', i, i);
    END LOOP;
END $$;

-- Control data; in use only in the control shard.

CREATE TABLE secrets (
    name  text  NOT NULL COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE api_keys (
    id          text    NOT NULL COLLATE "C" PRIMARY KEY,
    tenant      text    NOT NULL COLLATE "C",
    name        text    NOT NULL COLLATE "C",
    scopes      text    NOT NULL,        -- one per line
    secret_hash bytea   NOT NULL,
    created_at  bigint  NOT NULL,
    expires_at  bigint,
    revoked     boolean NOT NULL DEFAULT false
);

CREATE TABLE shard_map (
    one    int    NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch  bigint NOT NULL,
    owners bytea  NOT NULL               -- a big-endian 32-bit shard for each bucket
);

CREATE TABLE leases (
    name   text   NOT NULL COLLATE "C" PRIMARY KEY,
    holder text   NOT NULL COLLATE "C",
    fence  bigint NOT NULL,
    until  bigint NOT NULL
);

CREATE TABLE consumer_positions (
    consumer text   NOT NULL COLLATE "C",
    shard    int    NOT NULL,
    timeline bigint NOT NULL,
    position bigint NOT NULL,
    fence    bigint NOT NULL,
    PRIMARY KEY (consumer, shard)
);

CREATE TABLE effects (
    bucket   smallint NOT NULL,
    consumer text     NOT NULL COLLATE "C",
    user_id  uuid     NOT NULL,
    sequence bigint   NOT NULL,
    PRIMARY KEY (bucket, consumer, user_id)
);

-- The bucket that an id carries: its 12 rand_a bits (Roster.Core/Ids/IdLayout.cs).
CREATE FUNCTION roster_bucket(id uuid) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ('x' || substr(id::text, 16, 3))::bit(12)::int::smallint;
