--liquibase formatted sql

--changeset trayb:0007-schedules
--comment: Jobs that are submitted again and again. Names sort by bytes, so that a page of the list ends where the next begins, whatever the database's collation.
CREATE TABLE trayb_schedules (
    name text COLLATE "C" PRIMARY KEY,
    cron text,
    interval_ms bigint CHECK (interval_ms >= 1000),
    time_zone text NOT NULL,
    missed_runs text NOT NULL CHECK (missed_runs IN ('skip', 'once')),
    enabled boolean NOT NULL,
    -- The job, as it is submitted at each tick.
    queue text NOT NULL,
    type text NOT NULL,
    payload json NOT NULL,
    priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 9),
    delay_ms bigint NOT NULL,
    max_attempts smallint NOT NULL,
    timeout_ms integer NOT NULL,
    unique_key text,
    -- What an interval's ticks are counted from.
    starts_at timestamptz NOT NULL,
    -- The first tick that nothing was done about yet; kept while disabled, so that it is known later whether one was missed.
    next_tick_at timestamptz NOT NULL,
    last_run_at timestamptz,
    last_job_id uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT trayb_schedules_has_one_timing CHECK ((cron IS NULL) <> (interval_ms IS NULL))
) WITH (
    -- Ten thousand schedules may each be advanced once a second.
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
);
-- What is due next.
CREATE INDEX trayb_schedules_due ON trayb_schedules (next_tick_at, name) WHERE enabled;
--rollback DROP TABLE trayb_schedules;
