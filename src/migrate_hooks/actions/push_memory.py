"""Verdicts that stay true: the same commit, ledgers, schemas, settings and version judge the same.

What decides without asking a database is in the key of a row, what the databases say in its
digests. Only whole verdicts are kept.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from migrate_hooks import __version__
from migrate_hooks.actions.push_site import Refs
from migrate_hooks.actions.push_verdict import Verdict
from migrate_hooks.ledgers.base import Wanted
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Place, Severity
from migrate_hooks.model.schema import AttributeChange, Change, Difference, Origin
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import Trigger
from migrate_hooks.outside import clock, files, shelf, squawk

_READ_BESIDE = (squawk.CONFIG, "supabase/config.toml")


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one pushed branch: which ledger each environment has, and the verdict.

    `digests` are those of the environments' facts, by their names.
    """

    wanted: Mapping[str, Wanted]
    digests: Mapping[str, str]
    verdict: Verdict


def key(settings: Settings, trigger: Trigger, refs: Refs, environment: Environment) -> str:
    """Return what names the verdict about the branch of `environment` in this push."""
    beside = [files.read_text(settings.root, name) for name in _beside(settings)]
    return shelf.key(
        "push",
        __version__,
        repr(settings),
        repr((trigger.remote, trigger.updates)),
        repr(sorted(refs.items())),
        repr(beside),
        environment.name,
        f"{clock.utc_now():%Y-%m-%d}",  # the day on which what is ignored may count again
    )


def _beside(settings: Settings) -> list[str]:
    return [*_READ_BESIDE, *(one for one in settings.scratch.prelude if one.endswith(".sql"))]


def find(keys: Mapping[str, str], environments: Mapping[str, Environment]) -> dict[str, Row]:
    """Return the rows that are known, by the environments' names; `keys` are by them, too."""
    answers = shelf.find(list(keys.values()))
    read = {
        name: _loaded(answers[one], environments[name])
        for name, one in keys.items()
        if one in answers
    }
    return {name: row for name, row in read.items() if row}


def keep(name: str, row: Row) -> None:
    """Keep a row under its key, unless something was not checked."""
    if not row.verdict.unchecked:
        shelf.keep({name: _dumped(row)})


def _dumped(row: Row) -> str:
    words = asdict(row.verdict)
    del words["environment"]
    wanted = {name: asdict(one) for name, one in row.wanted.items()}
    return json.dumps([wanted, dict(row.digests), words])


def _loaded(text: str, environment: Environment) -> Row | None:
    """Read what _dumped wrote; None for anything else, which a disk may make of it."""
    try:
        wanted, digests, words = json.loads(text)
        plain = ("deploys", "unchecked", "notes", "next_steps")
        verdict = Verdict(
            environment,
            findings=tuple(map(_finding, words["findings"])),
            differences=tuple(map(_difference, words["differences"])),
            is_deletion=bool(words["is_deletion"]),
            **{name: tuple(words[name]) for name in plain},
        )
        return Row({name: Wanted(**one) for name, one in wanted.items()}, digests, verdict)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _finding(words: dict[str, Any]) -> Finding:
    severity, place = Severity(words["severity"]), _place(words["place"])
    return Finding(**{**words, "severity": severity, "place": place})


def _place(words: dict[str, Any] | None) -> Place | None:
    if words is None:
        return None
    return FilePlace(**words) if "path" in words else ObjectPlace(**words)


def _difference(words: dict[str, Any]) -> Difference:
    return Difference(
        **{
            **words,
            "change": Change(words["change"]),
            "identity": tuple(words["identity"]),
            "attributes": tuple(AttributeChange(**one) for one in words["attributes"]),
            "severity": Severity(words["severity"]),
            "table": tuple(words["table"]) if words["table"] else None,
            "origin": Origin(words["origin"]) if words["origin"] else None,
        }
    )
