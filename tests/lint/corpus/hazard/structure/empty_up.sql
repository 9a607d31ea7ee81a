-- corpus: hazards=does-nothing severity=warning
-- Up
-- TBD, Tom knows the numbers

-- Down
SELECT 1;
