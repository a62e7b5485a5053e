-- Which dead letters the relay has copied to Kafka (webhooks.md 5.5).
ALTER TABLE dead_letters ADD COLUMN copied_at timestamptz;
CREATE INDEX dead_letters_to_copy ON dead_letters (created_at, id) WHERE copied_at IS NULL;
