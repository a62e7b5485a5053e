-- The tables and functions of this schema are BullMQ's own; they are made after this file, by the owner of the schema.

-- A queue gets a sequence of its own when its first job is added, by whoever adds it.
GRANT CREATE ON SCHEMA bullmq TO bullmq_app;

ALTER DEFAULT PRIVILEGES IN SCHEMA bullmq GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO bullmq_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA bullmq GRANT USAGE ON SEQUENCES TO bullmq_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA bullmq GRANT EXECUTE ON FUNCTIONS TO bullmq_app;
