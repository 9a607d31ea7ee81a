-- corpus: hazards=partition-lock severity=warning
-- The table exists for years and has no matching CHECK.
ALTER TABLE measurements ATTACH PARTITION measurements_2019
    FOR VALUES FROM ('2019-01-01') TO ('2020-01-01');
