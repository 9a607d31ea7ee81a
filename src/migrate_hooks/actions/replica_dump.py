"""A scratch copy of an environment's schema by pg_dump, where its migrations cannot make one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.actions import backup
from migrate_hooks.actions.drift_read import Seen

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session
    from migrate_hooks.outside.scratch import Workshop

# Roles that something in the database belongs to, or is granted to: a dump names them.
_ROLES = """
SELECT DISTINCT r.rolname::text
FROM pg_catalog.pg_shdepend AS s
JOIN pg_catalog.pg_database AS d ON d.oid = s.dbid
    AND d.datname = pg_catalog.current_database()
JOIN pg_catalog.pg_roles AS r ON r.oid = s.refobjid
WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
"""
_KNOWN = "SELECT rolname::text FROM pg_catalog.pg_roles"
_TEMPLATE = "template0"


@contextmanager
def database(shop: "Workshop", seen: Seen) -> Iterator[str]:
    """Yield the name of a scratch database that has the schema that pg_dump finds there now.

    What the scratch server has not (an extension, a role that may not be made) is not in it: see
    what it contains. Raises ToolMissing where no pg_dump fits, and what pg_dump raises.
    """
    from migrate_hooks.outside import scratch

    with (
        tempfile.TemporaryDirectory(prefix="migrate-hooks-") as folder,
        scratch.copy(shop, _TEMPLATE) as name,
    ):
        archive = Path(folder) / "schema"
        with scratch.visit(shop, name) as session:
            _fill(shop, session, seen, archive)
        yield name


def _fill(shop: "Workshop", session: "Session", seen: Seen, archive: Path) -> None:
    from migrate_hooks.outside import pg_dump, pg_tools, postgres

    with postgres.session(seen.target) as source:
        client = pg_tools.client(source.version // 10_000, tls=backup.needs_tls(source))
        pg_dump.structure(client, source, archive)
        wanted = {str(name) for (name,) in source.rows(_ROLES)}
    if shop.ground.installation is not None:
        known = {str(name) for (name,) in session.rows(_KNOWN)}
        for role in sorted(wanted - known):
            doubled = role.replace('"', '""')
            session.run(f'CREATE ROLE "{doubled}"')
    pg_dump.restore(client, session, archive, lambda: None)
