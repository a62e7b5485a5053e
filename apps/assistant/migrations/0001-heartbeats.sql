-- What deep health writes and reads to know that this schema can be written and read; one row.
CREATE TABLE heartbeats (
  name text PRIMARY KEY,
  beat bigint NOT NULL,
  at   timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON heartbeats TO assistant_app;
