-- The log of events and what its readers keep (webhooks.md 4.1, 5.5). Other services' roles get the rights of events_app
-- and events_ingest by membership: see grantEventRights.

CREATE TABLE log (
  -- UTC, by the clock of the database.
  day            date NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'utc')::date,
  position       bigserial NOT NULL,
  -- Of the writing transaction: what a reader's horizon is compared with.
  xid            xid8 NOT NULL DEFAULT pg_current_xact_id(),
  topic          text NOT NULL,
  key            text NOT NULL,
  id             uuid NOT NULL,
  type           text NOT NULL CHECK (type ~ '^[a-z0-9_]+(\.[a-z0-9_]+)+$'),
  version        integer NOT NULL CHECK (version > 0),
  source         text NOT NULL,
  subject        text,
  time           timestamptz NOT NULL DEFAULT clock_timestamp(),
  tenant_id      uuid NOT NULL,
  traceparent    text,
  correlation_id text,
  causation_id   uuid,
  channels       text[] NOT NULL DEFAULT '{}' CHECK (cardinality(channels) <= 5),
  test           boolean NOT NULL DEFAULT false,
  data           jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'),
  PRIMARY KEY (day, position)
) PARTITION BY RANGE (day);
CREATE INDEX log_by_xid ON log (xid, position);

CREATE TABLE telemetry (LIKE log INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (day, position))
  PARTITION BY RANGE (day);
CREATE SEQUENCE telemetry_position_seq OWNED BY telemetry.position;
ALTER TABLE telemetry ALTER COLUMN position SET DEFAULT nextval('events.telemetry_position_seq');
CREATE INDEX telemetry_by_xid ON telemetry (xid, position);

-- The library keeps the partitions from here on.
DO $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'utc')::date;
  parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['log', 'telemetry'] LOOP
    FOR ahead IN -1..8 LOOP
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        parent || to_char(today + ahead, '_YYYYMMDD'), parent, today + ahead, today + ahead + 1);
    END LOOP;
  END LOOP;
END $$;

ALTER TABLE log ENABLE ROW LEVEL SECURITY;
ALTER TABLE log FORCE ROW LEVEL SECURITY;
ALTER TABLE telemetry ENABLE ROW LEVEL SECURITY;
ALTER TABLE telemetry FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON log TO events_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
-- Nobody of _app has a right on telemetry; the policy is there for the day somebody grants one.
CREATE POLICY own_tenant ON telemetry TO events_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY every_tenant ON log TO events_ingest USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON telemetry TO events_ingest USING (true) WITH CHECK (true);

-- How far each group has read. The pair (xid, position) is one place in the order of reading.
CREATE TABLE cursors (
  grp        text NOT NULL CHECK (grp ~ '^[a-z0-9_.:-]{1,100}$'),
  source     text NOT NULL CHECK (source IN ('log', 'telemetry')),
  xid        xid8 NOT NULL,
  position   bigint NOT NULL,
  -- The day the place is on; rows of the day before may still follow.
  day        date NOT NULL,
  -- The process that moved it last.
  owner      text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (grp, source)
);

-- Records that a consumer could not work with, of every bus, with their original bytes.
CREATE TABLE dead_letters (
  id         uuid PRIMARY KEY,
  consumer   text NOT NULL,
  reason     text NOT NULL CHECK (reason IN ('not_json', 'no_ce_headers', 'unknown_type', 'schema_invalid',
                                             'unknown_tenant', 'too_large', 'too_old', 'handler_error')),
  -- Where the record was: source or topic, place in it.
  origin     jsonb NOT NULL,
  event_id   uuid,
  topic      text NOT NULL,
  key        text,
  headers    jsonb NOT NULL,
  bytes      bytea NOT NULL,
  error      text NOT NULL,
  state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retried', 'discarded')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX dead_letters_open ON dead_letters (created_at, id) WHERE state = 'open';

GRANT INSERT ON log TO events_app;
GRANT USAGE ON SEQUENCE log_position_seq TO events_app, events_ingest;
GRANT USAGE ON SEQUENCE telemetry_position_seq TO events_ingest;
GRANT INSERT, SELECT ON log, telemetry TO events_ingest;
GRANT INSERT, SELECT, UPDATE ON cursors, dead_letters TO events_ingest;
