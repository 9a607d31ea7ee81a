-- corpus: safe
CREATE FUNCTION archive_old_orders() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orders_archive SELECT * FROM orders WHERE placed_at < now() - interval '2 years';
    DELETE FROM orders WHERE placed_at < now() - interval '2 years';
    TRUNCATE order_cache;
END
$$;
