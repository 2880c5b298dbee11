--liquibase formatted sql

--changeset trayb:0003-limited-starts
--comment: Starts on queues that have a maxStartsPerSecond: a row for each claim, written once, never updated, pruned after a minute.
CREATE TABLE trayb_limited_starts (
    queue text NOT NULL,
    started_at timestamptz NOT NULL,
    starts integer NOT NULL CHECK (starts > 0)
) WITH (
    autovacuum_vacuum_scale_factor = 0.0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX trayb_limited_starts_by_queue ON trayb_limited_starts (queue, started_at);
--rollback DROP TABLE trayb_limited_starts;
