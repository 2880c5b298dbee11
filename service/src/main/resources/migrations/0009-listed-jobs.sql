--liquibase formatted sql

--changeset trayb:0009-listed-jobs
--comment: The index for lists is for lists alone. Where statistics say that the table is empty, as after a quiet minute, all indexes that fit look alike: so that each statement has one that fits (decision 0020). The condition always holds; who asks for a list says it, and no other statement proves it by what it looks for. Jobs can be read while it is made, and submitted once it is, a second or two for a million; if somebody's transaction holds the table for long, nothing is done rather than everybody held up.
SET LOCAL lock_timeout = '5s';
CREATE INDEX trayb_jobs_listed ON trayb_jobs (queue, id) WHERE created_at >= '-infinity';
DROP INDEX trayb_jobs_by_queue;
--rollback DROP INDEX trayb_jobs_listed; CREATE INDEX trayb_jobs_by_queue ON trayb_jobs (queue, id);
