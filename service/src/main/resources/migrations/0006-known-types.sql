--liquibase formatted sql

--changeset trayb:0006-known-types
--comment: Which job types somebody knows: those of the processes' handlers, and those that remote workers asked for of late.
ALTER TABLE trayb_processes ADD COLUMN types text[] NOT NULL DEFAULT '{}';
CREATE TABLE trayb_asked_types (
    queue text NOT NULL,
    -- '*' when a worker takes whatever there is.
    type text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (queue, type)
);
--rollback DROP TABLE trayb_asked_types; ALTER TABLE trayb_processes DROP COLUMN types;
