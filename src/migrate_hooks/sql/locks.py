"""Table locks, and which of them each form of ALTER TABLE takes.

Levels are those of the chapter on explicit locking in PostgreSQL's documentation, and of the lock
level that ALTER TABLE's page names for each of its forms.
"""

from enum import IntEnum
from typing import Any

from migrate_hooks.sql import objects


class Lock(IntEnum):
    """Table locks, weakest first; the number is what LOCK TABLE's parse tree holds."""

    NONE = 0
    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8


# The forms of ALTER TABLE that take less than ACCESS EXCLUSIVE.
_WEAKER = {
    "AT_ValidateConstraint": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_SetStatistics": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_SetOptions": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_ResetOptions": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_SetRelOptions": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_ResetRelOptions": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_ClusterOn": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_DropCluster": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_AttachPartition": Lock.SHARE_UPDATE_EXCLUSIVE,
    "AT_EnableTrig": Lock.SHARE_ROW_EXCLUSIVE,
    "AT_DisableTrig": Lock.SHARE_ROW_EXCLUSIVE,
    "AT_EnableTrigAll": Lock.SHARE_ROW_EXCLUSIVE,
    "AT_DisableTrigAll": Lock.SHARE_ROW_EXCLUSIVE,
    "AT_EnableTrigUser": Lock.SHARE_ROW_EXCLUSIVE,
    "AT_DisableTrigUser": Lock.SHARE_ROW_EXCLUSIVE,
    "AT_EnableAlwaysTrig": Lock.SHARE_ROW_EXCLUSIVE,
    "AT_EnableReplicaTrig": Lock.SHARE_ROW_EXCLUSIVE,
}


def of_alter(command: Any) -> Lock:
    """Return the lock of one form of ALTER TABLE."""
    form = objects.enum_name(command, "subtype")
    if form == "AT_DetachPartition" and _is_concurrent_detach(command):
        return Lock.SHARE_UPDATE_EXCLUSIVE
    if form == "AT_AddConstraint" and _is_foreign_key(command):
        return Lock.SHARE_ROW_EXCLUSIVE
    return _WEAKER.get(form, Lock.ACCESS_EXCLUSIVE)


def _is_concurrent_detach(command: Any) -> bool:
    return bool(objects.unwrapped(getattr(command, "def"))[1].concurrent)


def _is_foreign_key(command: Any) -> bool:
    constraint = objects.unwrapped(getattr(command, "def"))[1]
    return objects.enum_name(constraint, "contype") == "CONSTR_FOREIGN"
