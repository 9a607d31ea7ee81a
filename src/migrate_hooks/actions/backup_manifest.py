"""What stands beside an archive, as text: a manifest for people and programs, and the schema."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from migrate_hooks.model.backup import Backup, Contents, LedgerHead, TableRows
from migrate_hooks.model.schema import SchemaObject, Snapshot, Unchecked

VERSION = 1

Object = dict[str, Any]


def to_json(backup: Backup) -> bytes:
    """Return a manifest; the archive's own name is left out, as it stands beside it."""
    words = asdict(backup)
    del words["archive"]
    text = json.dumps({"version": VERSION, **words}, indent=2, default=_spell)
    return f"{text}\n".encode()


def _spell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def from_json(data: bytes, archive: Path) -> Backup:
    """Read a manifest; raises ValueError, KeyError or TypeError for what is none of ours."""
    words = json.loads(data)
    if not isinstance(words, dict) or words.pop("version") != VERSION:
        raise ValueError("a manifest of another version")
    restored = words.pop("restored_at")
    return Backup(
        **words
        | {
            "archive": archive,
            "contents": _contents(words["contents"]),
            "finished_at": _moment(words["finished_at"]),
            "read_at": _moment(words["read_at"]),
            "restored_at": _moment(restored) if restored else None,
        }
    )


def _contents(words: Mapping[str, Any]) -> Contents:
    return Contents(
        **{
            **words,
            "taken_at": _moment(words["taken_at"]),
            "ledgers": tuple(LedgerHead(**one) for one in words["ledgers"]),
            "extensions": tuple(words["extensions"]),
            "roles": tuple(words["roles"]),
            "tables": tuple(TableRows(**one) for one in words["tables"]),
        }
    )


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found


def schema_to_json(snapshot: Snapshot) -> bytes:
    """Return the schema of a backup as text that `schema_from_json` reads."""
    return json.dumps(asdict(snapshot), separators=(",", ":")).encode()


def schema_from_json(data: bytes) -> Snapshot:
    """Read what schema_to_json wrote; raises ValueError, KeyError or TypeError otherwise."""
    words = json.loads(data)
    return Snapshot(
        words["environment"],
        tuple(_object(one) for one in words["objects"]),
        tuple(_unchecked(one) for one in words["unchecked"]),
    )


def _unchecked(words: Object) -> Unchecked:
    tables = tuple((schema, name) for schema, name in words.get("tables", ()))
    return Unchecked(words["environment"], words["kind"], words["reason"], tables)


def _object(words: Object) -> SchemaObject:
    owner = words["table"]
    return SchemaObject(
        words["kind"],
        tuple(words["identity"]),
        tuple((name, value) for name, value in words["attributes"]),
        (owner[0], owner[1]) if owner else None,
    )
