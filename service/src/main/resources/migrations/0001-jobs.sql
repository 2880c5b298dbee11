--liquibase formatted sql

--changeset trayb:0001-queues
--comment: A queue exists from its first job or setting on.
CREATE TABLE trayb_queues (
    name text PRIMARY KEY,
    paused boolean NOT NULL DEFAULT false,
    max_active integer CHECK (max_active > 0),
    max_starts_per_second integer CHECK (max_starts_per_second > 0),
    created_at timestamptz NOT NULL DEFAULT now()
);
--rollback DROP TABLE trayb_queues;

--changeset trayb:0001-processes
--comment: One row for each running process: its lease on every job that it holds. Ids are never used twice.
CREATE TABLE trayb_processes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    works boolean NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    beat_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
--rollback DROP TABLE trayb_processes;

--changeset trayb:0001-leases
--comment: Fencing tokens: one for each start of a job, never the same again (an attempt number is, after a replay).
CREATE SEQUENCE trayb_lease_ids AS bigint CACHE 100;
--rollback DROP SEQUENCE trayb_lease_ids;

--changeset trayb:0001-jobs
--comment: Unfinished jobs only, so that it stays small. Finished ones move to trayb_finished_jobs.
CREATE TABLE trayb_jobs (
    id uuid PRIMARY KEY,
    queue text NOT NULL,
    type text NOT NULL,
    state text NOT NULL CHECK (state IN ('delayed', 'waiting', 'active')),
    priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 9),
    payload json NOT NULL,
    attempt smallint NOT NULL DEFAULT 0,
    max_attempts smallint NOT NULL,
    stalls smallint NOT NULL DEFAULT 0,
    -- Whether the next loss of its lease fails it: no process holds two of these, so that none fails for what another does.
    last_life boolean NOT NULL DEFAULT false,
    timeout_ms integer NOT NULL,
    run_at timestamptz NOT NULL,
    ready_at timestamptz NOT NULL,
    progress smallint CHECK (progress BETWEEN 0 AND 100),
    error_message text,
    error_attempt smallint,
    error_at timestamptz,
    unique_key text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    -- `SET lease_id = DEFAULT` draws the next fencing token; an insert writes NULL.
    lease_id bigint DEFAULT nextval('trayb_lease_ids'),
    -- The process that runs it; NULL for a remote worker, whose lease is of its own.
    process_id bigint,
    lease_ms integer,
    lease_expires_at timestamptz,
    worker text,
    CONSTRAINT trayb_jobs_active_is_leased CHECK ((state = 'active') = (lease_id IS NOT NULL))
) WITH (
    -- Room for updates inside the page; vacuumed by a count of dead rows and not by a share of the table, since both a
    -- backlog of a million and an empty queue churn the same.
    fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.0,
    autovacuum_analyze_threshold = 5000
);
-- What a claim reads of each type that it knows, in the order in which it takes.
CREATE INDEX trayb_jobs_waiting_by_type ON trayb_jobs (queue, type, priority, ready_at, id) WHERE state = 'waiting';
-- The same for who takes any type, and for how long the first has waited. Who asks for that says `priority >= 0`; who doesn't
-- say it isn't led here by a planner that can't know how rare a type is, and then passes by a whole backlog of others.
CREATE INDEX trayb_jobs_waiting ON trayb_jobs (queue, priority, ready_at, id) WHERE state = 'waiting' AND priority >= 0;
-- Jobs with one life left, waiting or held: none, as a rule.
CREATE INDEX trayb_jobs_last_life ON trayb_jobs (state, process_id, priority, ready_at, id) WHERE last_life;
-- What becomes due next.
CREATE INDEX trayb_jobs_delayed ON trayb_jobs (run_at, id) WHERE state = 'delayed';
-- What a process holds, and of which queue: a queue with a limit counts its active jobs over the processes.
CREATE INDEX trayb_jobs_held ON trayb_jobs (process_id, queue) WHERE state = 'active';
-- What remote workers hold, by the end of their leases.
CREATE INDEX trayb_jobs_remote ON trayb_jobs (lease_expires_at) WHERE state = 'active' AND process_id IS NULL;
-- One unfinished job for each unique key of a queue and type.
CREATE UNIQUE INDEX trayb_jobs_unique_key ON trayb_jobs (queue, type, unique_key) WHERE unique_key IS NOT NULL;
-- Lists of one queue, newest first.
CREATE INDEX trayb_jobs_by_queue ON trayb_jobs (queue, id);
--rollback DROP TABLE trayb_jobs;

--changeset trayb:0001-finished-jobs
--comment: History. By outcome, since they are kept for different times; then by the day in the id (UUIDv7 sorts by time), so that an id leads to one partition and old days are dropped whole.
CREATE TABLE trayb_finished_jobs (
    id uuid NOT NULL,
    queue text NOT NULL,
    type text NOT NULL,
    state text NOT NULL,
    priority smallint NOT NULL,
    payload json NOT NULL,
    attempt smallint NOT NULL,
    max_attempts smallint NOT NULL,
    timeout_ms integer NOT NULL,
    run_at timestamptz NOT NULL,
    progress smallint,
    result json,
    error_message text,
    error_attempt smallint,
    error_at timestamptz,
    unique_key text,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz NOT NULL,
    PRIMARY KEY (id, state)
) PARTITION BY LIST (state);
CREATE TABLE trayb_finished_completed PARTITION OF trayb_finished_jobs
    FOR VALUES IN ('completed') PARTITION BY RANGE (id);
CREATE TABLE trayb_finished_failed PARTITION OF trayb_finished_jobs
    FOR VALUES IN ('failed', 'cancelled') PARTITION BY RANGE (id);
-- For ids of days that have no partition, such as a job that was delayed past its day's end of life.
CREATE TABLE trayb_finished_completed_other PARTITION OF trayb_finished_completed DEFAULT;
CREATE TABLE trayb_finished_failed_other PARTITION OF trayb_finished_failed DEFAULT;
CREATE INDEX trayb_finished_jobs_by_queue ON trayb_finished_jobs (queue, id);
--rollback DROP TABLE trayb_finished_jobs;

--changeset trayb:0001-all-jobs
--comment: Every job, finished or not, in one snapshot: a job on its way from one table to the other is in exactly one of them.
CREATE VIEW trayb_all_jobs AS
SELECT id, queue, type, state, priority, payload, attempt, max_attempts, timeout_ms, run_at, progress,
       NULL::json AS result, error_message, error_attempt, error_at, unique_key, created_at, started_at,
       NULL::timestamptz AS finished_at
  FROM trayb_jobs
UNION ALL
SELECT id, queue, type, state, priority, payload, attempt, max_attempts, timeout_ms, run_at, progress,
       result, error_message, error_attempt, error_at, unique_key, created_at, started_at,
       finished_at
  FROM trayb_finished_jobs;
--rollback DROP VIEW trayb_all_jobs;
