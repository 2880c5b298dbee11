--liquibase formatted sql

--changeset trayb:0002-column
ALTER TABLE trayb_probe ADD COLUMN note text;
