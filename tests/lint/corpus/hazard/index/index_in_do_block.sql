-- corpus: hazards=blocking-index-build
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_indexes WHERE indexname = 'tickets_assignee_idx') THEN
        CREATE INDEX tickets_assignee_idx ON tickets (assignee_id);
    END IF;
END
$$;
