-- corpus: safe
CREATE PROCEDURE purge_hints() LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM hints WHERE body = '';
    COMMIT;
END
$$;
