-- corpus: safe
CREATE TABLE price_changes (id bigint PRIMARY KEY, changed_at timestamptz);
CREATE FUNCTION stamp_price_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER price_changes_stamp BEFORE INSERT ON price_changes
    FOR EACH ROW EXECUTE FUNCTION stamp_price_change();
