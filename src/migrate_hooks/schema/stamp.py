"""What tells cheaply whether a database is as it was: one number over the rows of its catalogs.

PostgreSQL never changes a row of a catalog: it writes a new one, at another place (`ctid`) or by
another transaction (`xmin`). So the sum over both of all rows that our kinds are read from is
another one whenever what they show may be. What is changed in place is only statistics of VACUUM
and ANALYZE, which no kind shows. TRUNCATE, REINDEX and VACUUM FULL change the stamp although the
schema stays: then it is read again, and that is all. Temporary tables do not count.

Roles, tablespaces, subscriptions and user mappings are not for everybody to read by row; of those
what our kinds show is summed up itself.
"""

from migrate_hooks.outside.postgres import Session
from migrate_hooks.schema.scope import MADE_LATER

_LASTING = "NOT IN (SELECT t.oid FROM temporary AS t)"

# Each catalog, and which of its rows count: the server's own are as old as the server.
_BY_OID = (
    "pg_am", "pg_collation", "pg_conversion", "pg_event_trigger", "pg_extension",
    "pg_foreign_data_wrapper", "pg_foreign_server", "pg_language", "pg_operator", "pg_opclass",
    "pg_opfamily", "pg_policy", "pg_proc", "pg_publication", "pg_statistic_ext", "pg_transform",
    "pg_ts_config", "pg_ts_dict", "pg_ts_parser", "pg_ts_template",
)  # fmt: skip
_BY_COLUMN = {
    "pg_aggregate": f"c.aggfnoid::pg_catalog.oid {MADE_LATER}",
    "pg_amop": f"c.oid {MADE_LATER}",
    "pg_amproc": f"c.oid {MADE_LATER}",
    "pg_attrdef": f"c.adrelid {_LASTING}",
    "pg_attribute": f"c.attrelid {MADE_LATER} AND c.attrelid {_LASTING}",
    "pg_cast": f"c.oid {MADE_LATER}",
    "pg_class": f"c.oid {MADE_LATER} AND c.relpersistence <> 't' AND c.relkind <> 't'",
    "pg_constraint": f"c.oid {MADE_LATER} AND c.conrelid {_LASTING}",
    "pg_database": "c.datname = pg_catalog.current_database()",
    "pg_default_acl": "true",
    "pg_depend": (
        "c.deptype = 'e' OR c.deptype IN ('a', 'i') AND"
        " c.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
        f" AND c.objid {_LASTING} AND c.refobjid {_LASTING}"
    ),
    "pg_description": (
        f"(c.objoid {MADE_LATER} OR c.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass)"
    ),
    "pg_enum": "true",
    "pg_foreign_table": "true",
    "pg_index": f"c.indexrelid {MADE_LATER} AND c.indrelid {_LASTING}",
    "pg_inherits": "true",
    "pg_namespace": "c.nspname !~ '^pg_'",
    "pg_partitioned_table": "true",
    "pg_publication_rel": "true",
    "pg_range": f"c.rngtypid {MADE_LATER}",
    "pg_rewrite": f"c.oid {MADE_LATER} AND c.ev_class {_LASTING}",
    "pg_seclabel": "true",
    "pg_sequence": f"c.seqrelid {_LASTING}",
    "pg_trigger": f"c.tgrelid {_LASTING}",
    "pg_ts_config_map": f"c.mapcfg {MADE_LATER}",
    "pg_type": f"c.oid {MADE_LATER} AND c.typrelid {_LASTING} AND c.typelem NOT IN ("
    "SELECT w.reltype FROM temporary AS w WHERE w.reltype <> 0)",
}
_NEWER = {"pg_publication_namespace": 150_000}
_BY_VALUE = {
    "pg_roles": "c.oid, c.rolname FROM pg_catalog.pg_roles AS c",
    "pg_subscription": (
        "c.subname, c.subenabled, c.subpublications, c.subslotname, c.subbinary, c.subsynccommit"
        " FROM pg_catalog.pg_subscription AS c"
    ),
    "pg_tablespace": "c.oid, c.spcname FROM pg_catalog.pg_tablespace AS c",
    "pg_user_mappings": "c.umid, c.srvid, c.usename FROM pg_catalog.pg_user_mappings AS c",
}

CATALOGS = frozenset((*_BY_OID, *_BY_COLUMN, *_NEWER, *_BY_VALUE))
"""Every catalog that counts."""

_TEMPORARY = """
WITH temporary AS (
    SELECT c.oid, c.reltype FROM pg_catalog.pg_class AS c WHERE c.relpersistence = 't'
)
"""
_ROW = "pg_catalog.hashtidextended(c.ctid, c.xmin::pg_catalog.text::pg_catalog.int8)"


def query(version: int) -> str:
    """Return the query of a server of `version`; its one value is the stamp, a text.

    It names nothing without its schema but operators, so that the search path must be empty.
    """
    rows = {
        **dict.fromkeys(_BY_OID, f"c.oid {MADE_LATER}"),
        **_BY_COLUMN,
        **{name: "true" for name, since in _NEWER.items() if since <= version},
    }
    parts = [
        f"SELECT '{name}' AS name, pg_catalog.bit_xor({_ROW}) AS sum"
        f" FROM pg_catalog.{name} AS c WHERE {condition}"
        for name, condition in rows.items()
    ]
    parts += [
        f"SELECT '{name}', pg_catalog.bit_xor(pg_catalog.hashtextextended(r::pg_catalog.text, 0))"
        f" FROM (SELECT {columns}) AS r"
        for name, columns in _BY_VALUE.items()
    ]
    everything = " UNION ALL ".join(parts)
    return (
        f"{_TEMPORARY} SELECT pg_catalog.md5(pg_catalog.string_agg(p.name || COALESCE("
        f"p.sum::pg_catalog.text, ''), ' ' ORDER BY p.name)) FROM ({everything}) AS p"
    )


def read(session: Session) -> str:
    """Return the stamp of the session's database; raises QueryFailed, LockBusy, ConnectionLost."""
    rows = session.apart((query(session.version), ()))[0]
    return f"{session.version} {rows[0][0]}"
