--liquibase formatted sql

--changeset trayb:0008-api-keys
--comment: Every API key that ever was; rows are never deleted, since the first one switches the keyless mode off for good. No key's text, only a salted hash (decision 0018).
CREATE TABLE trayb_api_keys (
    name text PRIMARY KEY,
    -- The part of the key's text that may be known: it leads to the row.
    id text NOT NULL UNIQUE,
    salt bytea NOT NULL,
    hash bytea NOT NULL,
    scopes text[] NOT NULL,
    queues text NOT NULL,
    rate_requests integer CHECK (rate_requests > 0),
    rate_per_ms bigint CHECK (rate_per_ms > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    last_used_at timestamptz,
    -- Grows with each change but the last use's: who has read the highest one has read them all, since writers take turns.
    revision bigint NOT NULL,
    CONSTRAINT trayb_api_keys_rate_is_whole CHECK ((rate_requests IS NULL) = (rate_per_ms IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX trayb_api_keys_revision ON trayb_api_keys (revision);
--rollback DROP TABLE trayb_api_keys;
