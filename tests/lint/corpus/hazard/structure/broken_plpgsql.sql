-- corpus: hazards=cannot-run severity=warning
CREATE FUNCTION total(order_id bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF order_id IS NULL THEN
        RETURN 0;
    RETURN (SELECT sum(price_cents) FROM line_items);
END
$$;
