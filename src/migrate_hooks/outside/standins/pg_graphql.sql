CREATE SCHEMA IF NOT EXISTS graphql;
CREATE FUNCTION graphql.resolve(
    query text, variables jsonb DEFAULT '{}', "operationName" text DEFAULT NULL,
    extensions jsonb DEFAULT NULL
) RETURNS jsonb LANGUAGE sql AS 'SELECT ''{}''::jsonb';
