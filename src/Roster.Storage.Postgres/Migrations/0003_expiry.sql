-- Removes what has expired. A slot of a ring that holds nothing but expired rows is truncated: that costs the same
-- whatever it holds. Rows of the ring's turn before are left when nobody cleaned up for a whole turn, or when the time
-- that they are kept is longer than one; they are deleted, at most so many a step.
-- Returns how many were removed; of a truncated slot what the statistics say, but at least 1.

CREATE FUNCTION roster_expire(outbox_before bigint, records_before bigint, at_most int)
RETURNS bigint LANGUAGE plpgsql SET lock_timeout = '1s'
AS $$
DECLARE
    v_removed bigint := 0;
    v_count   bigint;
    v_last    bigint;     -- position of a slot's newest entry
    v_newest  bigint;     -- its time
    v_window  bigint;     -- when the newest entry's turn of the slot began
    v_author  deleted_authors;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7265, 2) THEN
        RETURN 0;
    END IF;

    FOR i IN 0..7 LOOP
        SELECT o.position, o.at INTO v_last, v_newest FROM outbox AS o WHERE o.slot = i ORDER BY o.position DESC LIMIT 1;
        CONTINUE WHEN v_last IS NULL;
        v_window := v_newest - v_newest % 172800000000;
        IF v_window + 172800000000 <= outbox_before THEN
            SELECT greatest(c.reltuples::bigint, 1) INTO v_count FROM pg_class AS c WHERE c.oid = ('outbox_' || i)::regclass;
            EXECUTE format('TRUNCATE outbox_%s', i);
        ELSE
            WITH removed AS (
                DELETE FROM outbox AS o
                WHERE o.slot = i AND o.position IN (
                    SELECT x.position
                    FROM (SELECT y.position, y.at FROM outbox AS y WHERE y.slot = i ORDER BY y.position LIMIT at_most) AS x
                    WHERE x.at < least(outbox_before, v_window))
                RETURNING o.position)
            SELECT count(*), max(r.position) INTO v_count, v_last FROM removed AS r;
        END IF;
        IF v_count > 0 THEN
            v_removed := v_removed + v_count;
            UPDATE life SET outbox_floor = greatest(outbox_floor, v_last);
        END IF;
    END LOOP;

    FOR i IN 0..3 LOOP
        SELECT max(r.at) INTO v_newest FROM idempotency AS r WHERE r.slot = i;
        CONTINUE WHEN v_newest IS NULL;
        v_window := v_newest - v_newest % 86400000000;
        IF v_window + 86400000000 <= records_before THEN
            SELECT greatest(c.reltuples::bigint, 1) INTO v_count FROM pg_class AS c WHERE c.oid = ('idempotency_' || i)::regclass;
            EXECUTE format('TRUNCATE idempotency_%s', i);
        ELSE
            DELETE FROM idempotency AS r
            WHERE r.slot = i AND r.ctid = ANY (ARRAY(
                SELECT x.ctid FROM idempotency AS x
                WHERE x.slot = i AND x.at < least(records_before, v_window) ORDER BY x.at LIMIT at_most));
            GET DIAGNOSTICS v_count = ROW_COUNT;
        END IF;
        v_removed := v_removed + v_count;
    END LOOP;

    FOR i IN 1..at_most LOOP
        SELECT * INTO v_author FROM deleted_authors ORDER BY bucket, user_id LIMIT 1 FOR UPDATE SKIP LOCKED;
        EXIT WHEN NOT FOUND OR at_most <= 0;
        DELETE FROM posts AS p
        WHERE p.bucket = v_author.bucket AND p.id IN (
            SELECT x.id FROM posts AS x WHERE x.bucket = v_author.bucket AND x.user_id = v_author.user_id LIMIT at_most);
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_removed := v_removed + v_count;
        at_most := at_most - v_count;
        IF at_most > 0 THEN
            DELETE FROM deleted_authors WHERE bucket = v_author.bucket AND user_id = v_author.user_id;
        END IF;
    END LOOP;

    RETURN v_removed;
END $$;
