-- The four rows of a sign-up, as wide as Roster's own, in one statement: one transaction, one round trip. Ids are two
-- numbers of 16 digits put together: they grow with time, as Roster's do, and name the bucket with three digits.
\set n :n + 1
\set b random(0, 999)
\set bucket :b / 100 * 256 + :b / 10 % 10 * 16 + :b % 10
\set high (200000000000 + :n) * 10000 + 7000 + :b
\set low random(8000000000000000, 8999999999999999)
\set event random(8000000000000000, 8999999999999999)
WITH k AS MATERIALIZED (
    SELECT :bucket::int::smallint AS bucket,
           (:high::text || :low::text)::uuid AS id,
           (:high::text || :event::text)::uuid AS event,
           'bench-' || :low::text || '-1234@example.com' AS email,
           (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS at
), u AS (
    INSERT INTO users (bucket, id, tenant, sequence, version, status, name, folded_name, email, email_key, attributes,
                       created_at, updated_at, last_event_at)
    SELECT bucket, id, 'default', 1, 1, 0, 'Bench 1234567', '\x62656e63682031323334353637', email, email, '{}', at, at, at FROM k
), c AS (
    INSERT INTO claims (bucket, tenant, email_key, user_id, fence) SELECT bucket, 'default', email, id, 0 FROM k
), e AS (
    INSERT INTO events (bucket, user_id, sequence, id, type, version, at, actor, personal, personal_key)
    SELECT bucket, id, 1, event, 'roster.user.signedUp.v1', 1, at, 'key-bootstrap',
           ('A sign-up has its values here as JSON, as long as this and ' || email)::bytea, 0 FROM k
)
INSERT INTO outbox (slot, position, xid, bucket, user_id, sequence, tenant, at)
SELECT roster_outbox_slot(at), (x::text::bigint << 20) + 1, x, bucket, id, 1, 'default', at
FROM k, pg_current_xact_id() AS x;
