"""What a person says beforehand: which hazards are meant, which guards may be passed."""

from dataclasses import dataclass

HAZARDS: dict[str, str] = {
    "drop-table": "a table that exists before the run is dropped, with its rows",
    "drop-column": "a column is dropped, with its values",
    "drop-schema": "a schema or database is dropped, with whatever is in it",
    "truncate": "a table is emptied",
    "delete-all": "every row of a table is deleted",
    "rewrite": "a whole table is written again while nobody can use it",
    "blocking-index": "an index is built while nobody can write to its table",
    "rename": "a table or column gets another name, which running code does not know",
}
"""Hazards of the SQL itself; a protected environment asks for each by name."""

GUARDS: dict[str, str] = {
    "branch": "another branch is checked out than the environment's, or an older state of it",
    "unpushed": "files that would run are not at origin as they stand",
    "dirty": "files that would run are not committed as they stand",
    "out-of-order": "a file is older than what was applied last",
    "changed": "a file that would be taken back was edited after it was applied",
    "stale-backup": "the newest backup is older than the environment allows",
    "copy": "the database is a copy of the one that was recorded",
    "again": "what a protected environment has applied already would run a second time",
}
"""Guards that `--allow` passes, with what is the case then."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the command line agreed to.

    `force` is the first word for a protected environment and `yes` (the environment's name) the
    second. `allow` holds names of HAZARDS and GUARDS. `backup` takes one before anything runs.
    """

    force: bool = False
    yes: str = ""
    allow: frozenset[str] = frozenset()
    backup: bool = False
