-- When a provider may be called next by any process of this installation; one row for each provider with such a limit.
CREATE TABLE call_slots (
  provider text PRIMARY KEY,
  next_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON call_slots TO providers_app;
