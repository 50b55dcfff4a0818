-- What consumers could not do (Roster.Core/Storage/IProgressStore.cs). A user with anything in parked has a row in
-- parked_users: that row says when the user's first parked event is tried again.

CREATE TABLE parked_users (
    consumer     TEXT NOT NULL,
    user_id      BLOB NOT NULL,
    next_attempt INTEGER,                -- NULL: when a person says so
    PRIMARY KEY (consumer, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX parked_users_due ON parked_users (consumer, next_attempt) WHERE next_attempt IS NOT NULL;

CREATE TABLE parked (
    consumer TEXT    NOT NULL,
    user_id  BLOB    NOT NULL,
    sequence INTEGER NOT NULL,
    type     TEXT    NOT NULL,
    json     BLOB    NOT NULL,           -- the CloudEvent
    reason   TEXT    NOT NULL,
    attempts INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (consumer, user_id, sequence)
) STRICT, WITHOUT ROWID;
