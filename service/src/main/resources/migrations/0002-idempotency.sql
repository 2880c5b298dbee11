--liquibase formatted sql

--changeset trayb:0002-idempotency-keys
--comment: What was asked for under an Idempotency-Key, for 24 hours.
CREATE TABLE trayb_idempotency_keys (
    caller text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    job_ids uuid[] NOT NULL,
    existing boolean[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX trayb_idempotency_keys_age ON trayb_idempotency_keys (created_at);
--rollback DROP TABLE trayb_idempotency_keys;
