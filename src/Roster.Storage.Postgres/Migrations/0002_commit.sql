-- Commits a batch: CommitBatch.cs sends it, docs/adr/0015-a-batch-on-postgresql.md says why it is a function. Arrays hold
-- one element per row; c_: changes, ordered by (bucket, user); r_: records; s_: steps at claims, ordered by key, one per
-- change and key; p_: posts; e_: events. x_change names a change by its place, from 1.
-- Outcomes, one per change: 0 committed, 1 key used, 2 stale, 3 e-mail taken, 4 excluded by another of this batch: ask again.
-- Every statement has its own snapshot (READ COMMITTED), so what follows a lock sees what the lock waited for.
-- A claim or a user that another transaction inserts meanwhile is a unique violation: the whole batch is decided again.

CREATE FUNCTION roster_commit(
    c_bucket smallint[], c_user uuid[], c_expected bigint[], c_expected_intent uuid[],
    c_write smallint[],                  -- 0 no row, 1 a new one, 2 all of it, 3 only that the stream moved on
    c_tenant text[], c_sequence bigint[], c_version bigint[], c_status smallint[], c_name text[], c_folded bytea[],
    c_email text[], c_email_key text[], c_attributes text[],
    c_created bigint[], c_updated bigint[], c_last bigint[], c_deleted bigint[],
    c_intent_id uuid[], c_intent_fence bigint[], c_intent bytea[],
    r_change int[], r_principal text[], r_key bytea[], r_request bytea[], r_user uuid[], r_post uuid[],
    r_version bigint[], r_status smallint[], r_at bigint[],
    s_change int[], s_step smallint[],   -- 0 take, 1 give back, 2 reserve, 3 confirm, 4 withdraw, 5 release
    s_bucket smallint[], s_tenant text[], s_email text[], s_intent uuid[], s_fence bigint[],
    p_change int[], p_id uuid[], p_tenant text[], p_text text[], p_version bigint[], p_created bigint[], p_updated bigint[],
    e_change int[], e_sequence bigint[], e_id uuid[], e_type text[], e_version bigint[], e_post uuid[], e_at bigint[],
    e_actor text[], e_open bytea[], e_personal bytea[], e_tenant text[],
    personal_key int,
    may_exclude boolean                  -- two changes name one key or one e-mail
) RETURNS smallint[] LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
SET enable_material = off SET jit = off SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s'
AS $$
DECLARE
    v_owned   bit(4096);
    v_used    int[];
    v_mine    bigint[];     -- steps whose claim is the user's
    v_taken   int[];
    v_outcome smallint[];
    v_fence   bigint[];   -- on each user's row
    v_later   int[];
    v_xid     xid8;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7265, 1);
    SELECT o.buckets INTO STRICT v_owned FROM owned_buckets AS o;
    IF EXISTS (
        SELECT FROM unnest(c_bucket, c_write, c_expected) AS c(bucket, write, expected)
        WHERE (c.write > 0 OR c.expected > 0) AND get_bit(v_owned, c.bucket) = 0
        UNION ALL
        SELECT FROM unnest(s_bucket) AS s(bucket) WHERE get_bit(v_owned, s.bucket) = 0)
    THEN
        RAISE EXCEPTION 'This shard does not own every bucket of the batch.' USING ERRCODE = 'RO001';
    END IF;

    -- Locks: users in key order, then claims in key order.
    PERFORM 1
    FROM unnest(c_bucket, c_user, c_expected) AS c(bucket, id, expected)
    JOIN users AS u ON u.bucket = c.bucket AND u.id = c.id
    WHERE c.expected > 0
    ORDER BY u.bucket, u.id
    FOR NO KEY UPDATE OF u;

    SELECT coalesce(array_agg(x.n) FILTER (WHERE x.owner = x.id), '{}'),
           coalesce(array_agg(x.change) FILTER (WHERE x.owner <> x.id AND x.step IN (0, 2)), '{}')
    INTO v_mine, v_taken
    FROM (
        SELECT s.n, s.change, s.step, k.user_id AS owner, c_user[s.change] AS id
        FROM unnest(s_change, s_step, s_bucket, s_tenant, s_email)
             WITH ORDINALITY AS s(change, step, bucket, tenant, email, n)
        JOIN claims AS k ON k.bucket = s.bucket AND k.tenant = s.tenant AND k.email_key = s.email
        ORDER BY k.bucket, k.tenant, k.email_key
        FOR UPDATE OF k) AS x;

    -- Decisions.
    SELECT coalesce(array_agg(r.change), '{}') INTO v_used
    FROM unnest(r_change, r_principal, r_key) AS r(change, principal, key)
    WHERE EXISTS (SELECT FROM idempotency AS i WHERE i.key_hash = r.key AND i.principal = r.principal);

    SELECT array_agg(x.outcome ORDER BY x.n), array_agg(x.fence ORDER BY x.n) INTO v_outcome, v_fence
    FROM (
        SELECT c.n, coalesce(u.fence, 0) AS fence,
               (CASE
                   WHEN c.n = ANY (v_used) THEN 1
                   WHEN coalesce(u.sequence, 0) <> c.expected OR u.intent_id IS DISTINCT FROM c.expected_intent THEN 2
                   WHEN c.intent_id <> coalesce(u.intent_id, '00000000-0000-0000-0000-000000000000')
                        AND c.intent_fence <= coalesce(u.fence, 0) THEN 2
                   WHEN c.n = ANY (v_taken) THEN 3
                   ELSE 0
               END)::smallint AS outcome
        FROM unnest(c_bucket, c_user, c_expected, c_expected_intent, c_intent_id, c_intent_fence)
             WITH ORDINALITY AS c(bucket, id, expected, expected_intent, intent_id, intent_fence, n)
        LEFT JOIN users AS u ON u.bucket = c.bucket AND u.id = c.id) AS x;

    IF may_exclude THEN
        SELECT coalesce(array_agg(x.change), '{}') INTO v_later
        FROM (
            SELECT s.change, row_number() OVER (PARTITION BY s.bucket, s.tenant, s.email ORDER BY s.change) AS place
            FROM unnest(s_change, s_step, s_bucket, s_tenant, s_email) AS s(change, step, bucket, tenant, email)
            WHERE s.step IN (0, 2) AND v_outcome[s.change] = 0
            UNION ALL
            SELECT r.change, row_number() OVER (PARTITION BY r.principal, r.key ORDER BY r.change)
            FROM unnest(r_change, r_principal, r_key) AS r(change, principal, key)
            WHERE v_outcome[r.change] = 0) AS x
        WHERE x.place > 1;
        SELECT array_agg((CASE WHEN o.n = ANY (v_later) THEN 4 ELSE o.outcome END)::smallint ORDER BY o.n) INTO v_outcome
        FROM unnest(v_outcome) WITH ORDINALITY AS o(outcome, n);
    END IF;

    IF NOT 0 = ANY (v_outcome) THEN
        RETURN v_outcome;
    END IF;

    -- Writes of the winners.
    IF 1 = ANY (c_write) THEN
        INSERT INTO users (bucket, id, tenant, sequence, version, status, name, folded_name, email, email_key, attributes,
                           created_at, updated_at, last_event_at, deleted_at)
        SELECT c.bucket, c.id, c.tenant, c.sequence, c.version, c.status, c.name, c.folded_name, c.email, c.email_key,
               c.attributes, c.created_at, c.updated_at, c.last_event_at, c.deleted_at
        FROM unnest(c_bucket, c_user, c_write, c_tenant, c_sequence, c_version, c_status, c_name, c_folded, c_email,
                    c_email_key, c_attributes, c_created, c_updated, c_last, c_deleted)
             WITH ORDINALITY AS c(bucket, id, write, tenant, sequence, version, status, name, folded_name, email,
                    email_key, attributes, created_at, updated_at, last_event_at, deleted_at, n)
        WHERE c.write = 1 AND v_outcome[c.n] = 0;
    END IF;

    IF 2 = ANY (c_write) THEN
        UPDATE users AS u
        SET tenant = c.tenant, sequence = c.sequence, version = c.version, status = c.status, name = c.name,
            folded_name = c.folded_name, email = c.email, email_key = c.email_key, attributes = c.attributes,
            created_at = c.created_at, updated_at = c.updated_at, last_event_at = c.last_event_at, deleted_at = c.deleted_at
        FROM unnest(c_bucket, c_user, c_write, c_tenant, c_sequence, c_version, c_status, c_name, c_folded, c_email,
                    c_email_key, c_attributes, c_created, c_updated, c_last, c_deleted)
             WITH ORDINALITY AS c(bucket, id, write, tenant, sequence, version, status, name, folded_name, email,
                    email_key, attributes, created_at, updated_at, last_event_at, deleted_at, n)
        WHERE u.bucket = c.bucket AND u.id = c.id AND c.write = 2 AND v_outcome[c.n] = 0;
    END IF;

    IF 3 = ANY (c_write) THEN
        UPDATE users AS u SET sequence = c.sequence, last_event_at = c.last_event_at
        FROM unnest(c_bucket, c_user, c_write, c_sequence, c_last)
             WITH ORDINALITY AS c(bucket, id, write, sequence, last_event_at, n)
        WHERE u.bucket = c.bucket AND u.id = c.id AND c.write = 3 AND v_outcome[c.n] = 0;
    END IF;

    IF 2 = ANY (c_status) THEN
        INSERT INTO deleted_authors (bucket, user_id)
        SELECT c.bucket, c.id FROM unnest(c_bucket, c_user, c_status) WITH ORDINALITY AS c(bucket, id, status, n)
        WHERE c.status = 2 AND v_outcome[c.n] = 0
        ON CONFLICT DO NOTHING;
    END IF;

    IF num_nonnulls(VARIADIC c_expected_intent) + num_nonnulls(VARIADIC c_intent_id) > 0 THEN
        UPDATE users AS u
        SET intent_id = c.intent_id, intent = c.intent, fence = greatest(u.fence, c.fence)
        FROM unnest(c_bucket, c_user, c_expected_intent, c_intent_id, c_intent_fence, c_intent)
             WITH ORDINALITY AS c(bucket, id, expected_intent, intent_id, fence, intent, n)
        WHERE u.bucket = c.bucket AND u.id = c.id AND v_outcome[c.n] = 0
          AND (c.expected_intent IS NOT NULL OR c.intent_id IS NOT NULL);
    END IF;

    IF cardinality(v_mine) > 0 THEN
        DELETE FROM claims AS k
        USING unnest(s_change, s_step, s_bucket, s_tenant, s_email, s_intent, s_fence)
              AS s(change, step, bucket, tenant, email, intent, fence)
        WHERE k.bucket = s.bucket AND k.tenant = s.tenant AND k.email_key = s.email AND k.user_id = c_user[s.change]
          AND v_outcome[s.change] = 0
          AND (s.step = 1 OR (s.step = 4 AND k.intent_id = s.intent) OR (s.step = 5 AND k.fence < s.fence));

        -- A claim that the user holds for good stays for good: were the intent given up, withdrawing it would free the e-mail.
        UPDATE claims AS k
        SET fence = CASE s.step WHEN 0 THEN v_fence[s.change] WHEN 2 THEN s.fence ELSE k.fence END,
            intent_id = CASE WHEN s.step = 2 AND k.intent_id IS NOT NULL THEN s.intent END
        FROM unnest(s_change, s_step, s_bucket, s_tenant, s_email, s_intent, s_fence)
             AS s(change, step, bucket, tenant, email, intent, fence)
        WHERE k.bucket = s.bucket AND k.tenant = s.tenant AND k.email_key = s.email AND k.user_id = c_user[s.change]
          AND v_outcome[s.change] = 0
          AND ((s.step = 0 AND (k.fence < v_fence[s.change] OR k.intent_id IS NOT NULL))
               OR (s.step = 2 AND k.fence < s.fence)
               OR (s.step = 3 AND k.intent_id = s.intent));
    END IF;

    IF cardinality(s_change) > 0 THEN
        INSERT INTO claims (bucket, tenant, email_key, user_id, fence, intent_id)
        SELECT s.bucket, s.tenant, s.email, c_user[s.change],
               CASE s.step WHEN 0 THEN v_fence[s.change] ELSE s.fence END, CASE s.step WHEN 2 THEN s.intent END
        FROM unnest(s_change, s_step, s_bucket, s_tenant, s_email, s_intent, s_fence)
             WITH ORDINALITY AS s(change, step, bucket, tenant, email, intent, fence, n)
        WHERE s.step IN (0, 2) AND v_outcome[s.change] = 0 AND s.n <> ALL (v_mine);
    END IF;

    IF cardinality(p_change) > 0 THEN
        DELETE FROM posts AS p
        USING unnest(p_change, p_id, p_version) AS x(change, id, version)
        WHERE p.bucket = c_bucket[x.change] AND p.id = x.id AND x.version IS NULL AND v_outcome[x.change] = 0;

        INSERT INTO posts AS p (bucket, id, user_id, tenant, text, version, created_at, updated_at)
        SELECT c_bucket[x.change], x.id, c_user[x.change], x.tenant, x.text, x.version, x.created_at, x.updated_at
        FROM unnest(p_change, p_id, p_tenant, p_text, p_version, p_created, p_updated)
             AS x(change, id, tenant, text, version, created_at, updated_at)
        WHERE x.version IS NOT NULL AND v_outcome[x.change] = 0
        ON CONFLICT (bucket, id) DO UPDATE
        SET user_id = excluded.user_id, tenant = excluded.tenant, text = excluded.text, version = excluded.version,
            created_at = excluded.created_at, updated_at = excluded.updated_at;
    END IF;

    IF cardinality(e_change) > 0 THEN
        INSERT INTO events (bucket, user_id, sequence, id, type, version, post_id, at, actor, open, personal, personal_key)
        SELECT c_bucket[e.change], c_user[e.change], e.sequence, e.id, e.type, e.version, e.post, e.at, e.actor, e.open,
               e.personal, personal_key
        FROM unnest(e_change, e_sequence, e_id, e_type, e_version, e_post, e_at, e_actor, e_open, e_personal)
             AS e(change, sequence, id, type, version, post, at, actor, open, personal)
        WHERE v_outcome[e.change] = 0;

        v_xid := pg_current_xact_id();
        INSERT INTO outbox (slot, position, xid, bucket, user_id, sequence, tenant, at)
        SELECT roster_outbox_slot(e.at), (v_xid::text::bigint << 20) + e.n, v_xid, c_bucket[e.change], c_user[e.change],
               e.sequence, e.tenant, e.at
        FROM unnest(e_change, e_sequence, e_at, e_tenant) WITH ORDINALITY AS e(change, sequence, at, tenant, n)
        WHERE v_outcome[e.change] = 0;
    END IF;

    IF cardinality(r_change) > 0 THEN
        INSERT INTO idempotency (slot, bucket, principal, key_hash, request_hash, user_id, post_id, version, status, at)
        SELECT roster_record_slot(r.at), c_bucket[r.change], r.principal, r.key, r.request, r.id, r.post, r.version,
               r.status, r.at
        FROM unnest(r_change, r_principal, r_key, r_request, r_user, r_post, r_version, r_status, r_at)
             AS r(change, principal, key, request, id, post, version, status, at)
        WHERE v_outcome[r.change] = 0;
    END IF;

    RETURN v_outcome;
END $$;

CREATE FUNCTION roster_outbox_slot(at bigint) RETURNS smallint LANGUAGE sql IMMUTABLE
RETURN (abs(at / 172800000000) % 8)::smallint;

CREATE FUNCTION roster_record_slot(at bigint) RETURNS smallint LANGUAGE sql IMMUTABLE
RETURN (abs(at / 86400000000) % 4)::smallint;
