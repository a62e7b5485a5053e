-- A page is merged from one scan per topic (docs/decisions/0009): what others write costs a reader nothing.
CREATE INDEX log_by_topic ON log (topic, xid, position);
CREATE INDEX telemetry_by_topic ON telemetry (topic, xid, position);
DROP INDEX log_by_xid, telemetry_by_xid;

-- read_log and read_telemetry: up to `at_most` rows of the topics behind the place (after_xid, after_position), in the order of
-- (xid, position), of transactions before `horizon`. The scans advance only as far as the merge asks: rows read are those
-- given out and one more for each topic and day that has some, at most. One fixed statement, planned once per connection.
DO $do$
DECLARE
  parent text;
  scans text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['log', 'telemetry'] LOOP
    SELECT string_agg(format(
      '(SELECT * FROM events.%I AS e
        WHERE e.topic = asked[%s] AND e.day >= after_day - 1 AND (e.xid, e.position) > (after_xid, after_position)
          AND e.xid < horizon
        ORDER BY e.xid, e.position LIMIT at_most)', parent, place), ' UNION ALL ')
      INTO scans FROM generate_series(1, 8) AS place;
    -- Without sorting no way is left but the index in its order, whatever the statistics of a new partition say.
    EXECUTE format(
      'CREATE FUNCTION %I (topics text[], after_day date, after_xid xid8, after_position bigint, horizon xid8, at_most integer)
       RETURNS SETOF %I LANGUAGE plpgsql STABLE SET enable_sort = off SET plan_cache_mode = force_generic_plan
       AS $$
       DECLARE asked text[] := ARRAY(SELECT DISTINCT unnest(topics));
       BEGIN
         IF cardinality(asked) > 8 THEN
           RAISE EXCEPTION ''a page has 8 topics at most'';
         END IF;
         RETURN QUERY SELECT * FROM (%s) AS e ORDER BY e.xid, e.position LIMIT at_most;
       END $$', 'read_' || parent, parent, scans);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %I TO events_ingest', 'read_' || parent);
  END LOOP;
END $do$;
