-- corpus: hazards=planner-trusts-function severity=warning
ALTER FUNCTION exchange_rate(text) IMMUTABLE;
