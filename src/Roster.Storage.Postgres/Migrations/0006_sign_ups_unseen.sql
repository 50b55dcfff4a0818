-- Sign-ups without a look at the claims first, where e-mails in use are rare: the claims' own index finds those as well, and the look
-- was a seventh of what a sign-up costs the server. It is worth while where a batch would often be written for nothing: looks_first says so.

CREATE FUNCTION roster_sign_up(
    s_n int[], s_bucket smallint[], s_user uuid[], s_tenant text[], s_name text[], s_folded bytea[], s_email text[],
    s_email_key text[], s_attributes text[], s_at bigint[],
    s_event uuid[], s_actor text[], s_open bytea[], s_personal bytea[],
    s_principal text[], s_key bytea[], s_request bytea[], s_status smallint[],   -- the idempotency record's; null without one
    event_type text, personal_key int,
    has_records boolean, looks_first boolean
) RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
SET enable_material = off SET jit = off SET plan_cache_mode = force_generic_plan SET lock_timeout = '10s'
AS $$
DECLARE
    v_owned bit(4096);
    v_xid   xid8;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7265, 1);
    SELECT o.buckets INTO STRICT v_owned FROM owned_buckets AS o;
    IF EXISTS (SELECT FROM unnest(s_bucket) AS s(bucket) WHERE get_bit(v_owned, s.bucket) = 0) THEN
        RAISE EXCEPTION 'This shard does not own every bucket of the batch.' USING ERRCODE = 'RO001';
    END IF;

    IF looks_first AND EXISTS (
        SELECT FROM unnest(s_bucket, s_tenant, s_email_key) AS s(bucket, tenant, email_key)
        JOIN claims AS k ON k.bucket = s.bucket AND k.tenant = s.tenant AND k.email_key = s.email_key)
    THEN
        RETURN false;
    END IF;

    IF has_records THEN
        IF EXISTS (
            SELECT FROM unnest(s_principal, s_key) AS s(principal, key)
            JOIN idempotency AS i ON i.key_hash = s.key AND i.principal = s.principal)
        THEN
            RETURN false;
        END IF;

        INSERT INTO idempotency (slot, bucket, principal, key_hash, request_hash, user_id, version, status, at)
        SELECT roster_record_slot(s.at), s.bucket, s.principal, s.key, s.request, s.id, 1, s.status, s.at
        FROM unnest(s_bucket, s_user, s_at, s_principal, s_key, s_request, s_status)
             AS s(bucket, id, at, principal, key, request, status)
        WHERE s.key IS NOT NULL;
    END IF;

    v_xid := pg_current_xact_id();
    WITH s AS MATERIALIZED (
        SELECT *
        FROM unnest(s_n, s_bucket, s_user, s_tenant, s_name, s_folded, s_email, s_email_key, s_attributes, s_at,
                    s_event, s_actor, s_open, s_personal)
             AS s(n, bucket, id, tenant, name, folded, email, email_key, attributes, at, event, actor, open, personal)
    ), new_claims AS (
        INSERT INTO claims (bucket, tenant, email_key, user_id, fence)
        SELECT s.bucket, s.tenant, s.email_key, s.id, 0 FROM s
    ), new_users AS (
        INSERT INTO users (bucket, id, tenant, sequence, version, status, name, folded_name, email, email_key, attributes,
                           created_at, updated_at, last_event_at)
        SELECT s.bucket, s.id, s.tenant, 1, 1, 0, s.name, s.folded, s.email, s.email_key, s.attributes, s.at, s.at, s.at FROM s
    ), new_events AS (
        INSERT INTO events (bucket, user_id, sequence, id, type, version, at, actor, open, personal, personal_key)
        SELECT s.bucket, s.id, 1, s.event, event_type, 1, s.at, s.actor, s.open, s.personal, personal_key FROM s
    )
    INSERT INTO outbox (slot, position, xid, bucket, user_id, sequence, tenant, at)
    SELECT roster_outbox_slot(s.at), (v_xid::text::bigint << 20) + s.n, v_xid, s.bucket, s.id, 1, s.tenant, s.at FROM s;

    RETURN true;
END $$;

-- As nodes of earlier versions call it.
CREATE OR REPLACE FUNCTION roster_sign_up(
    s_n int[], s_bucket smallint[], s_user uuid[], s_tenant text[], s_name text[], s_folded bytea[], s_email text[],
    s_email_key text[], s_attributes text[], s_at bigint[],
    s_event uuid[], s_actor text[], s_open bytea[], s_personal bytea[],
    s_principal text[], s_key bytea[], s_request bytea[], s_status smallint[],
    event_type text, personal_key int,
    has_records boolean
) RETURNS boolean LANGUAGE sql AS $$
    SELECT roster_sign_up($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, true)
$$;
