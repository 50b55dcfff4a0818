-- One user by id, all that Roster reads of it. The ids are those of users.sql.
\set n random(1, :users)
\set b :n * 7919 % 1000
\set bucket :b / 100 * 256 + :b / 10 % 10 * 16 + :b % 10
\set high (100000000000 + :n) * 10000 + 7000 + :b
\set low 8000000000000000 + :n * 48271
SELECT u.id, u.tenant, u.sequence, u.version, u.status, u.name, u.email, u.email_key, u.attributes,
       u.created_at, u.updated_at, u.last_event_at, u.deleted_at
FROM users AS u WHERE u.bucket = :bucket::int::smallint AND u.id = (:high::text || :low::text)::uuid;
