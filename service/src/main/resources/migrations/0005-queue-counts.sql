--liquibase formatted sql

--changeset trayb:0005-queue-counts splitStatements:false
--comment: How many jobs there are in each state: the sum of what each statement has added and taken away. Rows are only inserted; a keeper puts many into one. See docs/decisions/0008.
CREATE TABLE trayb_queue_counts (
    -- The table whose rows are counted: trayb_jobs, or a part of the history, which takes its counts along when it is dropped.
    source text NOT NULL,
    queue text NOT NULL,
    type text NOT NULL,
    -- Whether it is a sum that the keeper made.
    folded boolean NOT NULL DEFAULT false,
    waiting bigint NOT NULL DEFAULT 0,
    delayed bigint NOT NULL DEFAULT 0,
    active bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0
) WITH (
    autovacuum_vacuum_scale_factor = 0.0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_threshold = -1,
    autovacuum_vacuum_cost_delay = 0
);

-- So that a sum is found in a table that a burst has stretched.
CREATE INDEX trayb_queue_counts_by_queue ON trayb_queue_counts (queue);

-- Once a statement, with all its rows; a row for each queue and type of which a number changed.
CREATE FUNCTION trayb_count_added_jobs() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO trayb_queue_counts (source, queue, type, waiting, delayed, active)
    SELECT 'trayb_jobs', queue, type, count(*) FILTER (WHERE state = 'waiting'),
           count(*) FILTER (WHERE state = 'delayed'), count(*) FILTER (WHERE state = 'active')
      FROM added GROUP BY queue, type;
    RETURN NULL;
END $$;

CREATE FUNCTION trayb_count_removed_jobs() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO trayb_queue_counts (source, queue, type, waiting, delayed, active)
    SELECT 'trayb_jobs', queue, type, -count(*) FILTER (WHERE state = 'waiting'),
           -count(*) FILTER (WHERE state = 'delayed'), -count(*) FILTER (WHERE state = 'active')
      FROM removed GROUP BY queue, type;
    RETURN NULL;
END $$;

CREATE FUNCTION trayb_count_changed_jobs() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO trayb_queue_counts (source, queue, type, waiting, delayed, active)
    SELECT 'trayb_jobs', queue, type, waiting, delayed, active
      FROM (SELECT queue, type,
                   coalesce(sum(n) FILTER (WHERE state = 'waiting'), 0) AS waiting,
                   coalesce(sum(n) FILTER (WHERE state = 'delayed'), 0) AS delayed,
                   coalesce(sum(n) FILTER (WHERE state = 'active'), 0) AS active
              FROM (SELECT queue, type, state, 1 AS n FROM added
                    UNION ALL SELECT queue, type, state, -1 FROM removed) AS moved
             GROUP BY queue, type) AS change
     WHERE waiting <> 0 OR delayed <> 0 OR active <> 0;
    RETURN NULL;
END $$;

CREATE TRIGGER trayb_jobs_added AFTER INSERT ON trayb_jobs
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION trayb_count_added_jobs();
CREATE TRIGGER trayb_jobs_removed AFTER DELETE ON trayb_jobs
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION trayb_count_removed_jobs();
CREATE TRIGGER trayb_jobs_changed AFTER UPDATE ON trayb_jobs
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION trayb_count_changed_jobs();

-- Row by row, since it costs only those that failed; a statement on the history would have to look at all that completed.
CREATE FUNCTION trayb_count_failed_job() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO trayb_queue_counts (source, queue, type, failed) VALUES (TG_TABLE_NAME, NEW.queue, NEW.type, 1);
    ELSE
        INSERT INTO trayb_queue_counts (source, queue, type, failed) VALUES (TG_TABLE_NAME, OLD.queue, OLD.type, -1);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER trayb_failed_job_added AFTER INSERT ON trayb_finished_failed
    FOR EACH ROW WHEN (NEW.state = 'failed') EXECUTE FUNCTION trayb_count_failed_job();
CREATE TRIGGER trayb_failed_job_removed AFTER DELETE ON trayb_finished_failed
    FOR EACH ROW WHEN (OLD.state = 'failed') EXECUTE FUNCTION trayb_count_failed_job();

-- For those who empty tables by hand. The lock keeps the keeper off, who might just be making a sum of it.
CREATE FUNCTION trayb_forget_counts() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('trayb queue counts'));
    DELETE FROM trayb_queue_counts WHERE (source = 'trayb_jobs') = (TG_TABLE_NAME = 'trayb_jobs');
    RETURN NULL;
END $$;

CREATE TRIGGER trayb_jobs_emptied AFTER TRUNCATE ON trayb_jobs
    FOR EACH STATEMENT EXECUTE FUNCTION trayb_forget_counts();
CREATE TRIGGER trayb_finished_failed_emptied AFTER TRUNCATE ON trayb_finished_failed
    FOR EACH STATEMENT EXECUTE FUNCTION trayb_forget_counts();

-- What was there before; the triggers' making has locked the tables against writers until the commit.
INSERT INTO trayb_queue_counts (source, queue, type, folded, waiting, delayed, active)
SELECT 'trayb_jobs', queue, type, true, count(*) FILTER (WHERE state = 'waiting'),
       count(*) FILTER (WHERE state = 'delayed'), count(*) FILTER (WHERE state = 'active')
  FROM trayb_jobs GROUP BY queue, type;
INSERT INTO trayb_queue_counts (source, queue, type, folded, failed)
SELECT part.relname, job.queue, job.type, true, count(*)
  FROM trayb_finished_failed AS job JOIN pg_class AS part ON part.oid = job.tableoid
 WHERE job.state = 'failed' GROUP BY part.relname, job.queue, job.type;
--rollback DROP TABLE trayb_queue_counts CASCADE;
