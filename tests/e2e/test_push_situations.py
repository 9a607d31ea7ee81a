"""Must show 1 of the gate: what git can do with a push, and the verdict about each.

A row is a situation: what was done before (a shell script in the repository, SQL by hand in a
database), the words behind `git push`, whether git goes through with it, and what is said.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from migrate_hooks.outside.embedded import Server
from tests.databases import drop
from tests.e2e.shop import ITEMS, SECOND, Shop, on_path

PASSES, BLOCKED = True, False
SILENT = ""
"""Says nothing: neither a verdict nor even that something is looked at."""

WORDS = f"""
set -e
commit() {{ git add --all; git commit --quiet --allow-empty --no-verify --message "${{1:-Work}}"; }}
items() {{ printf '%s' '{ITEMS}' > {SECOND}; commit Items; }}
edit() {{ sed -i 's/note text/note varchar(9)/' migrations/20250101*; commit Edit; }}
quiet() {{ git -c core.hooksPath=/dev/null "$@"; }}
here() {{ quiet checkout --quiet "$@"; }}
origin=$(git remote get-url origin)
"""


@dataclass(frozen=True)
class Situation:
    name: str
    before: str
    push: str
    goes: bool
    says: tuple[str, ...]
    by_hand: Mapping[str, str] = field(default_factory=dict)
    at: str = "."


def row(
    name: str,
    before: str,
    push: str,
    goes: bool,
    *says: str,
    by_hand: Mapping[str, str] | None = None,
    at: str = ".",
) -> Situation:
    return Situation(name, before, push, goes, says, by_hand or {}, at)


DROPPED = "ALTER TABLE orders DROP COLUMN note"
BY_HAND = "CREATE TABLE by_hand (id int)"
ITEMS_APPLIED = "items; migrate-hooks apply --env=dev >&2"
DEV_PASSES = "dev (branch dev): passes"
DEPLOYS = f"{DEV_PASSES}; to be deployed: 20250102000000_create_items.sql"
STAGING_BLOCKED = "staging (branch staging): BLOCKED by 1 critical finding: "
MAIN_BLOCKED = "production (branch main): BLOCKED by 1 critical finding: "

SITUATIONS = (
    # What goes where.
    row("nothing new", "", "dev", PASSES, SILENT),
    row("a commit without a migration", "commit", "dev", PASSES, f"{DEV_PASSES}; nothing to"),
    row("a new migration", "items", "dev", PASSES, DEPLOYS, "Next: migrate-hooks apply --env=dev"),
    row("a feature branch", "here -b feature/x; items", "feature/x", PASSES, SILENT),
    row("a feature branch to dev", "here -b feature/x; items", "feature/x:dev", PASSES, DEPLOYS),
    row("HEAD to dev", "here -b feature/x; items", "HEAD:dev", PASSES, DEPLOYS),
    row("a commit before HEAD", "items; edit", "HEAD~1:dev", PASSES, DEPLOYS),
    row("an object's name", "items", "$(git rev-parse dev):refs/heads/dev", PASSES, DEPLOYS),
    row("a detached HEAD", "here --detach; items", "HEAD:refs/heads/dev", PASSES, DEPLOYS),
    row("to a URL", "items", "$origin dev", PASSES, DEPLOYS),
    row("to a fork", "git init -q --bare ../fresh; git remote add fork ../fresh; printf "
        "'[push]\nremotes = [\"origin\"]' > migrate-hooks.toml; items", "fork dev", PASSES, SILENT),
    row("from a folder below", "items; mkdir below", "dev", PASSES, DEPLOYS, at="below"),
    row("only to see", "items", "--dry-run dev", PASSES, DEPLOYS),
    row("a light tag", "items; git tag v1", "v1", PASSES, SILENT),
    row("an annotated tag", "items; git tag -am one v1", "v1", PASSES, SILENT),
    row("a tag's commit to dev", "items; git tag -am one v1", "v1^{commit}:dev", PASSES, DEPLOYS),
    row("a tag itself to dev", "git tag -am one v1", "v1:refs/heads/dev", BLOCKED, DEV_PASSES),
    row("every tag", "items; git tag -am one v1", "--tags", PASSES, SILENT),
    row("a note", "git notes add -m words", "refs/notes/commits", PASSES, SILENT),
    row("a new branch", "git push -q --no-verify origin :dev; items", "dev", PASSES, DEPLOYS),
    row(
        "everything at once, everything new", "git init -q --bare ../fresh; commit",
        "../fresh dev staging main", PASSES, DEV_PASSES, "staging (branch staging): passes",
        "production (branch main): passes",
    ),
    row("all branches", "commit", "--all", PASSES, f"checking the push against dev\n{DEV_PASSES}"),
    row("a mirror", "items", "--mirror", PASSES, DEPLOYS),
    row(
        "main to a branch of another name", "printf '[environments.production]\nbranch = \"prod\"' "
        "> migrate-hooks.toml", "main:prod", PASSES, "production (branch prod): passes",
    ),
    # What is lost.
    row("the branch of dev deleted", "", ":dev", PASSES, "dev is deleted; nothing is deployed"),
    row(
        "a protected branch deleted", "", "--delete main", BLOCKED, f"{MAIN_BLOCKED}push/deleted",
        "It holds what production has applied: 20250101000000_create_orders.sql",
    ),
    row("another branch deleted", "git push -q origin dev:other", ":other", PASSES, SILENT),
    row(
        "dev written anew", "git commit -q --amend --allow-empty -m Other", "--force dev", PASSES,
        "This push writes dev, the branch of dev anew", "none would vanish or change",
    ),
    row(
        "a protected branch written anew", "here --orphan bare; git rm -rqf .; commit",
        "--force bare:main", BLOCKED, "push/rewritten",
        "has applied, 20250101000000_create_orders.sql would vanish",
    ),
    row(
        "with a lease, and other SQL", "here main; sed -i s/text/int/ migrations/*; git add .; "
        "git commit -q --amend --no-verify --no-edit", "--force-with-lease main", BLOCKED,
        "create_orders.sql would have other SQL", "status/changed",
    ),
    row(
        "over what somebody else has pushed", "git clone -q -b main $origin ../other; "
        "git -C ../other commit -q --allow-empty -m Theirs; git -C ../other push -q; here main; "
        "commit", "--force main", BLOCKED, f"{MAIN_BLOCKED}push/rewritten",
        "this clone does not have those commits",
    ),
    row("not forward, not forced", "git commit -q --amend -m Other", "dev", BLOCKED, SILENT),
    row("two commits to one branch", "items", "dev:dev main:dev", BLOCKED, SILENT),
    row("a branch without a commit", "here --orphan unborn", "unborn:dev", BLOCKED, SILENT),
    # What is in the commit.
    row("worse on disk", "commit; echo 'DROP TABLE' > migrations/2025_bad.sql", "dev", PASSES),
    row(
        "better on disk", f"items; sed -i /DOWN/,\\$d {SECOND}; commit; rm migrations/*", "dev",
        BLOCKED, "sections/down-missing",
    ),
    row("other words", "sed -i 's/^CREATE/create /' migrations/*; commit", "dev", PASSES),
    row(
        "an applied migration edited", "edit", "dev", BLOCKED, "status/changed",
        "Next: migrate-hooks status --env=dev",
    ),
    row(
        "an applied migration gone", "git rm -q migrations/*; commit", "dev", BLOCKED,
        "status/unknown", "20250101000000_create_orders.sql is on",
    ),
    row(
        "older than what is applied", f"items; git mv {SECOND} migrations/20240101000000_create_"
        "items.sql; commit", "dev", BLOCKED, "status/out-of-order",
    ),
    row(
        "SQL that fails there", f"items; sed -i 's/name text/name no_such_type/' {SECOND}; commit",
        "dev", BLOCKED, "rehearsal/failed", 'type "no_such_type" does not exist',
    ),
    row(
        "SQL that needs rows", f"items; sed -i 's/^CREATE.*/DO $$BEGIN RAISE EXCEPTION "
        f"$m$no rows$m$; END$$;/' {SECOND}; commit", "dev", PASSES, "rehearsal/needs-rows",
    ),
    row(
        "SQL that names a role of the server", f"items; sed -i 's/^CREATE.*/GRANT SELECT ON orders "
        f"TO no_such_role;/' {SECOND}; commit", "dev", PASSES, "rehearsal/needs-server",
        'role "no_such_role" does not exist',
    ),
    # Who was first.
    row(
        "two environments at once", "items; git branch -f staging", "dev staging", BLOCKED, DEPLOYS,
        f"{STAGING_BLOCKED}promotion/not-applied", "migrate-hooks apply --env=dev",
    ),
    row(
        "applied where it comes from", f"{ITEMS_APPLIED}; git branch -f staging", "dev staging",
        PASSES, f"{DEV_PASSES}; nothing to deploy",
        "staging (branch staging): passes; to be deployed: 20250102000000_create_items.sql",
        by_hand={"dev": "SELECT 1"},
    ),
    row(
        "past dev", "here staging; items", "staging", BLOCKED,
        f"{STAGING_BLOCKED}promotion/not-on-branch", "Merge into dev",
    ),
    row(
        "past dev, as may be", "here staging; items; printf '[push]\npromotion = \"warn\"' > "
        "migrate-hooks.toml", "staging", PASSES, "promotion/not-on-branch",
    ),
    row(
        "past a dev whose database nobody names", "rm .env.dev; here staging; items", "staging",
        BLOCKED, f"{STAGING_BLOCKED}promotion/not-on-branch", "NOT CHECKED: what dev has applied",
    ),
    row(
        "past dev with dev's name", "items; git push -q --no-verify origin dev; here staging; "
        f"items; sed -i s/name/title/ {SECOND}; commit", "staging", BLOCKED,
        f"{STAGING_BLOCKED}promotion/other-sql",
    ),
    row(
        "an environment of many databases", "printf '[environments.dev]\ndatabases = {env = "
        "\"TENANTS\"}' > migrate-hooks.toml; TENANTS=$(sed s/.*=// .env.dev .env.staging); "
        "export TENANTS; items", "dev", PASSES, DEPLOYS, "the first of 2 databases",
        "migrate-hooks status --env=dev",
    ),
    row(
        "databases that a query names", "printf '[environments.dev]\ndatabases = {query = "
        "\"SELECT 1 / 0\"}' > migrate-hooks.toml; items", "dev", PASSES,
        "NOT CHECKED", "a hook runs no SQL that a repository brings",
    ),
    # What was made by hand.
    row(
        "only staging has drifted", "commit; git branch -f staging; git branch -f main",
        "dev staging main", BLOCKED, f"{DEV_PASSES}; nothing to deploy",
        f"{STAGING_BLOCKED}drift/missing-column public.orders.note",
        "production (branch main): passes; nothing to deploy",
        by_hand={"staging": DROPPED},
    ),
    row(
        "a table too many", "commit", "dev", PASSES, "table public.by_hand",
        by_hand={"dev": BY_HAND},
    ),
    row(
        "code may need dev's own table", "here staging; commit", "staging", BLOCKED,
        f"{STAGING_BLOCKED}drift/missing-table public.by_hand", by_hand={"dev": BY_HAND},
    ),
    row(
        "in the way of a migration", "items", "dev", BLOCKED, "rehearsal/failed",
        'relation "items" already exists', by_hand={"dev": "CREATE TABLE items (id int)"},
    ),
    # Other kinds of repositories.
    row("a linked worktree", "quiet worktree add -q ../linked staging; cd "
        "../linked; commit", "staging", PASSES, "staging (branch staging): passes; nothing",
        at="../linked"),
    row("a sparse checkout", "mkdir docs; touch docs/x; items; git sparse-checkout set docs; "
        "test ! -e migrations", "dev", PASSES, DEPLOYS),
    row("a shallow clone", "git clone -q --depth 1 -b dev file://$origin ../clone; " "cd ../clone; "
        "cp ../shop/.env.* .; migrate-hooks install >&2; mkdir -p migrations; items", "dev",
        PASSES, DEPLOYS, at="../clone"),
    row("a partial clone", "git -C $origin config uploadpack.allowFilter true; git clone -q "
        "--filter=blob:none --no-checkout -b dev file://$origin ../clone; cd ../clone; "
        "git sparse-checkout set docs; here dev; cp ../shop/.env.* .; migrate-hooks install >&2; "
        "mkdir docs; touch docs/x; commit", "dev", PASSES, f"{DEV_PASSES}; nothing to deploy",
        at="../clone"),
    row("a submodule", "git init -q ../whole; git -C ../whole submodule --quiet add -b dev "
        "$origin part; cd ../whole/part; cp ../../shop/.env.* .; migrate-hooks install >&2; items",
        "dev", PASSES, DEPLOYS, at="../whole/part"),
    row("a SHA-256 repository", "git init -q --object-format=sha256 -b dev ../long; git init -q "
        "--bare --object-format=sha256 ../long.git; cd ../long; cp -r ../shop/.env.* "
        "../shop/.gitignore ../shop/migrations .; git remote add origin ../long.git; "
        "migrate-hooks install >&2; commit; git push -q --no-verify origin dev; items", "dev",
        PASSES, DEPLOYS, at="../long"),
    row("a name that the deployed code says", "echo 'from orders' > app.py; commit; git push -q "
        "--no-verify origin dev; git rm -q app.py; printf -- '-- UP\\nALTER TABLE orders RENAME TO "
        "sales;\\n-- DOWN\\nALTER TABLE sales RENAME TO orders;\\n' > migrations/20250102_a.sql; "
        "commit", "dev", BLOCKED, "data/rename", "push/still-used", "says orders: app.py:1."),
    # Around the gate.
    row("not verified", "edit", "--no-verify dev", PASSES, SILENT),
    row("the hook skipped, no reason", "export MIGRATE_HOOKS_SKIP=pre-push; edit", "dev", BLOCKED,
        "MIGRATE_HOOKS_SKIP_REASON"),
    row("the hook skipped", "export MIGRATE_HOOKS_SKIP=pre-push MIGRATE_HOOKS_SKIP_REASON='it "
        "burns'; edit", "dev", PASSES, "pre-push was skipped: it burns"),
)  # fmt: skip


@pytest.fixture
def place(prototype: Shop, tmp_path: Path, server: Server, situation: Situation) -> Iterator[Shop]:
    """A copy of the shop, with databases of its own only where the situation changes them."""
    shop = prototype.copy(tmp_path, situation.by_hand)
    for environment, sql in situation.by_hand.items():
        shop.databases[environment].run(sql)
    yield shop
    for environment in situation.by_hand:
        drop(server, shop.databases[environment])


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_what_git_does_and_what_we_say(situation: Situation, place: Shop) -> None:
    first = situation.push.split()[0]
    to = "" if first in ("$origin", "../fresh", "fork") else "origin"
    push = f'cd "$root/{situation.at}"; git push {to} {situation.push}'
    script = f'{WORDS}\nroot=$PWD\n{situation.before}\nset +e\necho "PUSH" >&2\n{push}'
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=place.repo.path,
        env={**os.environ, "PATH": on_path()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    _, began, printed = done.stderr.partition("PUSH\n")
    assert began, done
    assert (done.returncode == 0) is situation.goes, printed
    for words in situation.says:
        assert words in printed, printed
    if situation.says == (SILENT,):
        assert "migrate-hooks" not in printed
