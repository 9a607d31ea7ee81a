CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, SORTOP = >, PARALLEL = SAFE);
CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
CREATE AGGREGATE of_all(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '1');
CREATE AGGREGATE average("the, value" int8) (SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg,
    COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize);
CREATE AGGREGATE moving(int) (SFUNC = int4pl, STYPE = int, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int,
    MINITCOND = '0');
CREATE AGGREGATE middle(float8 ORDER BY float8) (SFUNC = ordered_set_transition, STYPE = internal,
    FINALFUNC = percentile_cont_float8_final);
CREATE AGGREGATE place(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,
    STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
COMMENT ON AGGREGATE middle(float8 ORDER BY float8) IS 'x';
REVOKE EXECUTE ON FUNCTION moving FROM PUBLIC;
ALTER AGGREGATE moving(int) OWNER TO writer;
