--liquibase formatted sql

--changeset trayb:0001-table
CREATE TABLE trayb_probe (id bigint PRIMARY KEY, name text NOT NULL);

--changeset trayb:0001-sequence
CREATE SEQUENCE trayb_probe_ids;
