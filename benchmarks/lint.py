"""How long `migrate-hooks lint` takes beside its own engines as commands, in one run.

Milliseconds are this machine's, the ratios travel. sqlfluff gets the same few rules, so it is the
quickest it can be. The promises: one changed file cold at most 0.9x of `sqlfluff lint`, without
style, by sqruff or unchanged at most 0.2x, 100 files cold at most 0.6x of sqlfluff and squawk in
turn, and memory that a thousand files do not exhaust.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from migrate_hooks.outside.raw_style import RULES

BIN = Path(sys.executable).parent
# An installed package has its bytecode; a shell that forbids writing it would measure compiling.
ENVIRONMENT = {name: text for name, text in os.environ.items() if name[:10] != "PYTHONDONT"}
ONE, MANY, ROUNDS_OF_ONE, ROUNDS_OF_MANY = 1, 100, 15, 5
CROWDS = (100, 1_000, 3_000)
MIGRATION = """\
-- UP Migration
CREATE TABLE invoices_{0} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    number text NOT NULL,
    state text NOT NULL DEFAULT 'open',
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    issued_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX invoices_{0}_customer_id_idx ON invoices_{0} (customer_id);
CREATE UNIQUE INDEX invoices_{0}_number_idx ON invoices_{0} (lower(number));

CREATE FUNCTION touch_invoices_{0}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.issued_at := now();
    RETURN NEW;
END
$$;

ALTER TABLE customers ADD COLUMN last_invoice_{0} bigint;
INSERT INTO settings (name, value) VALUES ('invoices.{0}', 'on') ON CONFLICT DO NOTHING;

-- DOWN Migration
DELETE FROM settings WHERE name = 'invoices.{0}';
ALTER TABLE customers DROP COLUMN last_invoice_{0};
DROP FUNCTION touch_invoices_{0}();
DROP TABLE invoices_{0};
"""


class Repository:
    """A repository of its own with new migrations; `cold` runs get an empty cache each."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.paths = [f"migrations/20260601{n:06}_invoices_{n}.sql" for n in range(count)]
        (folder / "migrations").mkdir(parents=True)
        for number, path in enumerate(self.paths):
            (folder / path).write_text(MIGRATION.format(number))
        for words in ("init -q", "add .", "-c user.name=b -c user.email=b@b commit -qm new"):
            subprocess.run(["git", *words.split()], cwd=folder, check=True)

    def ours(self, *flags: str, cold: bool = True, engine: str = "sqlfluff") -> float:
        """Return the seconds of one `migrate-hooks lint`."""
        with tempfile.TemporaryDirectory() as empty:
            cache = empty if cold else str(self.folder / ".git" / "cache")
            return self._seconds("migrate-hooks", ["lint", *flags, *self.paths], cache, engine)

    def memory(self) -> float:
        """Return the MiB that the largest process of one cold `lint --all` takes at its peak."""
        words = [str(BIN / "migrate-hooks"), "lint", "--all"]
        with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryFile() as said:
            env = {**ENVIRONMENT, "MIGRATE_HOOKS_CACHE_DIR": empty}
            running = subprocess.Popen(words, cwd=self.folder, env=env, stdout=said, stderr=said)
            _, status, usage = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
        assert running.returncode in (0, 1)
        return usage.ru_maxrss / 1024

    def sqlfluff(self) -> float:
        """Return the seconds of one `sqlfluff lint` with our rules."""
        words = ["lint", "--dialect", "postgres", "--templater", "raw", "--rules", RULES]
        return self._seconds("sqlfluff", [*words, *self.paths])

    def both(self) -> float:
        """Return the seconds of `sqlfluff lint` and then `squawk`."""
        return self.sqlfluff() + self._seconds("squawk", ["--assume-in-transaction", *self.paths])

    def _seconds(
        self, program: str, words: Iterable[str], cache: str = "", engine: str = "sqlfluff"
    ) -> float:
        env = {**ENVIRONMENT, "MIGRATE_HOOKS_CACHE_DIR": cache or str(self.folder)}
        env["MIGRATE_HOOKS_LINT_STYLE_ENGINE"] = engine
        start = time.perf_counter()
        done = subprocess.run(
            [str(BIN / program), *words], cwd=self.folder, env=env, capture_output=True
        )
        taken = time.perf_counter() - start
        said = done.stdout + done.stderr
        assert done.returncode in (0, 1), said.decode()
        assert b"failed" not in said, said.decode()
        return taken


def measure(runs: dict[str, Callable[[], float]], rounds: int) -> None:
    """Print the medians of runs in turns, so that a busy moment hits all; the first is the peer."""
    for run in runs.values():
        run()  # fills bytecode and caches of the file system
    taken = [{name: run() for name, run in runs.items()} for _ in range(rounds)]
    peer = next(iter(runs))
    for name in runs:
        middle = statistics.median(each[name] for each in taken)
        ratio = statistics.median(each[name] / each[peer] for each in taken)
        print(f"{name:<44}{middle * 1000:8.0f} ms   {ratio:.2f}x")


def main() -> None:
    """Measure one file and many, each in a fresh repository."""
    with tempfile.TemporaryDirectory() as folder:
        one, many = (Repository(Path(folder, str(count)), count) for count in (ONE, MANY))
        measure(
            {
                "sqlfluff lint, one file": one.sqlfluff,
                "migrate-hooks lint, cold": one.ours,
                "migrate-hooks lint by sqruff, cold": lambda: one.ours(engine="sqruff"),
                "migrate-hooks lint --no-style, cold": lambda: one.ours("--no-style"),
                "migrate-hooks lint, unchanged": lambda: one.ours(cold=False),
            },
            ROUNDS_OF_ONE,
        )
        measure(
            {
                f"sqlfluff lint, then squawk, {MANY} files": many.both,
                f"migrate-hooks lint, {MANY} files, cold": many.ours,
                f"migrate-hooks lint, {MANY} files, by sqruff": lambda: many.ours(engine="sqruff"),
                f"migrate-hooks lint, {MANY} files, unchanged": lambda: many.ours(cold=False),
            },
            ROUNDS_OF_MANY,
        )
        for count in CROWDS:
            peak = Repository(Path(folder, f"crowd{count}"), count).memory()
            print(f"{f'migrate-hooks lint, {count:,} files, cold':<44}{peak:8.0f} MiB at the peak")


if __name__ == "__main__":
    main()
