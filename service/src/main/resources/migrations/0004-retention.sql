--liquibase formatted sql

--changeset trayb:0004-retention
--comment: What has no day of its own is pruned by the time of its end. Days get an index of what finished after them when they are made.
CREATE INDEX trayb_finished_completed_other_age ON trayb_finished_completed_other (finished_at);
CREATE INDEX trayb_finished_failed_other_age ON trayb_finished_failed_other (finished_at);
--rollback DROP INDEX trayb_finished_completed_other_age; DROP INDEX trayb_finished_failed_other_age;
