-- What consumers could not do (Roster.Core/Storage/IProgressStore.cs). A user with anything in parked has a row in
-- parked_users: that row says when the user's first parked event is tried again, and whoever parks or releases locks it.

CREATE TABLE parked_users (
    bucket       smallint NOT NULL,
    consumer     text     NOT NULL COLLATE "C",
    user_id      uuid     NOT NULL,
    next_attempt bigint,                 -- NULL: when a person says so
    PRIMARY KEY (bucket, consumer, user_id)
);

CREATE INDEX parked_users_due ON parked_users (consumer, next_attempt) WHERE next_attempt IS NOT NULL;

CREATE TABLE parked (
    bucket   smallint NOT NULL,
    consumer text     NOT NULL COLLATE "C",
    user_id  uuid     NOT NULL,
    sequence bigint   NOT NULL,
    type     text     NOT NULL COLLATE "C",
    json     bytea    NOT NULL,          -- the CloudEvent
    reason   text     NOT NULL COLLATE "C",
    attempts int      NOT NULL,
    since    bigint   NOT NULL,
    PRIMARY KEY (bucket, consumer, user_id, sequence)
);

CREATE INDEX parked_in_order ON parked (consumer, user_id, sequence);
