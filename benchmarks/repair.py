"""How much of real projects' history `drift --write-migration` can write, and prove, both ways.

A set of `replay.py` is cut into stretches. Somebody is to have made by hand what the migrations of
one stretch make: it is adopted from what stands before them, and undone from what stands after.
What is left as a comment and what cannot be proved is counted, and named.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from migrate_hooks.actions import (
    drift_files,
    drift_plan,
    drift_proof,
    new_file,
    replay,
    replay_ground,
    replica,
    sources,
)
from migrate_hooks.actions.replay import Piece, Setup
from migrate_hooks.actions.replica import Replica
from migrate_hooks.config import load
from migrate_hooks.errors import Failure
from migrate_hooks.model.consent import HAZARDS
from migrate_hooks.model.settings import Settings
from migrate_hooks.schema import repair

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.replay import SETS, Real, fetch, lay_out, whoever

STRETCHES = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way between two states: how many differences, what was left, what was not proved."""

    differences: int
    left: tuple[str, ...]
    flaws: tuple[str, ...]


def gone(
    settings: Settings, pieces: Sequence[Piece], span: tuple[int, int], setup: Setup
) -> Outcome:
    """Write what leads from one number of migrations to another, and prove it."""
    start, end = span
    both = replay.shots(setup, pieces[: max(span)], {start, end})
    have, want = (replica.copied(both[count].reading) for count in span)
    place = new_file.folder(settings)
    with replay.database(setup, pieces[:start]) as (shop, name):
        base = Replica(shop, name, have)
        plan = drift_plan.make(base, want, both[end].reading.version, frozenset(HAZARDS))
        drafts, _ = drift_files.drafts(place, "proposal", "Proposed.", plan.parts, plan.left)
        read = [drift_files.read(place, each) for each in drafts]
        kept = {one.key for part in plan.parts for one in part.kept}
        flaws = drift_proof.flaws(base, read, plan.end, kept)
    left = tuple(f"{drift_files.subject(one)}: {one.reason}" for one in plan.left)
    return Outcome(len(repair.differences(have, want)), left, flaws)


def measured(real: Real, folder: Path) -> list[Outcome]:
    """Return how every stretch of a set went, there and back."""
    with tempfile.TemporaryDirectory() as made:
        lay_out(real, folder, Path(made))
        settings = load.load(Path(made), None, {})
        source = sources.from_worktree(settings)
        pieces = [Piece(one.path, one.up) for one in source.migrations]
        cuts = sorted({round(len(pieces) * at / STRETCHES) for at in range(STRETCHES + 1)})
        spans = [span for one in pairwise(cuts) for span in (one, one[::-1])]
        return [
            replay_ground.on_first_that_fits(
                settings, source, whoever(), partial(gone, settings, pieces, span)
            )
            for span in spans
        ]


def main() -> None:
    """Go through every set, print."""
    for real in SETS:
        folder = fetch(real)
        if folder is None:
            print(f"{real.package:34} not to be had, so not counted")
            continue
        started = time.perf_counter()
        try:
            found = measured(real, folder)
        except Failure as wrong:
            print(f"{real.package:34} cannot be replayed: {wrong.message}")
            continue
        proved = sum(not one.flaws for one in found)
        whole = sum(not (one.flaws or one.left) for one in found)
        total = sum(one.differences for one in found)
        left = sum(len(one.left) for one in found)
        spent = time.perf_counter() - started
        print(
            f"{real.package:34} {len(found):3} ways, {total:5} differences: {proved} proved, "
            f"{whole} without a comment, {left} objects left {spent:6.1f} s"
        )
        for line in sorted({line for one in found for line in (*one.flaws, *one.left)})[:8]:
            print(f"    {line[:160]}")


if __name__ == "__main__":
    main()
