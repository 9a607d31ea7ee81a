"""Findings for other people's pages: what every format of a CI service needs to know of them."""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace
from migrate_hooks.render.findings import RANK


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with the worst first, and otherwise in the order of the report."""
    return sorted(findings, key=lambda one: RANK[one.severity])


def where(finding: Finding) -> str:
    """Return the place of a finding in words, "" for none."""
    match finding.place:
        case FilePlace(path=path, line=line, column=column):
            return f"{path}:{line}:{column}"
        case ObjectPlace(environment=environment, kind="environment"):
            return environment
        case ObjectPlace(environment=environment, kind=kind, identity=identity):
            return f"{environment}: {kind} {identity}"
    return ""


def words(finding: Finding) -> str:
    """Return message and hint, each on a line of its own."""
    return "\n".join(filter(None, (finding.message, finding.hint)))


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return a name for each finding that stays when lines above it come or go.

    It is made of code, place without line, and message; twins are told apart by their order.
    """
    seen: Counter[str] = Counter()
    names = []
    for finding in findings:
        place = finding.place
        file = place.path if isinstance(place, FilePlace) else where(finding)
        text = "\0".join((finding.code, file, finding.message))
        name = sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
        seen[name] += 1
        names.append(f"{name}:{seen[name]}")
    return names
