-- Which events this schema's consumers have had (webhooks.md 5.4). Copy of libs/events/templates/inbox.sql.
CREATE TABLE inbox (
  consumer    text NOT NULL,
  -- The day inside the UUIDv7 of the event.
  event_day   date NOT NULL,
  event_id    uuid NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (consumer, event_day, event_id)
) PARTITION BY RANGE (event_day);

-- libs/events keeps the partitions from here on.
DO $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'utc')::date;
BEGIN
  FOR ahead IN -14..8 LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF inbox FOR VALUES FROM (%L) TO (%L)',
      'inbox' || to_char(today + ahead, '_YYYYMMDD'), today + ahead, today + ahead + 1);
  END LOOP;
END $$;
