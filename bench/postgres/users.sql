-- Users :from to :to with their claims and events, made by SQL (psql -v from=1 -v to=1000). Their ids are as read.sql makes
-- them. A claim lies in its user's bucket, not in its e-mail's: these users are there to be read by id and to be in the way.
CREATE TEMPORARY TABLE made AS
SELECT n, (b / 100 * 256 + b / 10 % 10 * 16 + b % 10)::smallint AS bucket,
       (((100000000000 + n) * 10000 + 7000 + b)::text || (8000000000000000 + n * 48271)::text)::uuid AS id,
       'made-' || n || '@example.com' AS email, 1767225600000000 + n * 1000000 AS at
FROM (SELECT n, n * 7919 % 1000 AS b FROM generate_series(:from::bigint, :to) AS n) AS numbers;

INSERT INTO users (bucket, id, tenant, sequence, version, status, name, folded_name, email, email_key, attributes,
                   created_at, updated_at, last_event_at)
SELECT bucket, id, 'default', 1, 1, 0, 'Made ' || n, convert_to('made ' || n, 'UTF8'), email, email, '{}', at, at, at FROM made ORDER BY n;

INSERT INTO claims (bucket, tenant, email_key, user_id, fence) SELECT bucket, 'default', email, id, 0 FROM made ORDER BY bucket, email;

INSERT INTO events (bucket, user_id, sequence, id, type, version, at, actor, personal, personal_key)
SELECT bucket, id, 1, gen_random_uuid(), 'roster.user.signedUp.v1', 1, at, 'key:made',
       convert_to('{"name":"Made ' || n || '","attributes":{},"email":"' || email || '"}', 'UTF8'), 0
FROM made ORDER BY n;

DROP TABLE made;
