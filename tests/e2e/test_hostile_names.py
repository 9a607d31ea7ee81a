"""Hostile names of objects, files and words: shown escaped, judged like any other, never run."""

from pathlib import Path

import pytest

from tests.databases import Database
from tests.e2e.trouble import FIRST, GOOD, NO_STYLE, UP, ZEROS, ask, assert_harmless
from tests.program import Program
from tests.repo import Repo

NAMES = (
    "new\nline",
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\u202egnp.exe",
    "\x7f\x85\u2028",
    "quote\"'`",
    "$(touch pwned)",
    "; touch pwned;",
    "back\\slash",
    "%s{0}",
    "日本",
)


def quoted(name: str, sign: str = '"') -> str:
    return sign + name.replace(sign, sign * 2) + sign


def hostile_objects(name: str) -> str:
    """Return SQL that gives every kind of object a hostile name."""
    it, text = quoted(name), quoted(name, "'")
    other = quoted(f"x{name}")
    return f"""
        CREATE SCHEMA {it};
        CREATE TABLE {it}.{it} ({it} int PRIMARY KEY, c text DEFAULT {text}, CHECK ({it} > 0));
        COMMENT ON TABLE {it}.{it} IS {text};
        CREATE INDEX {other} ON {it}.{it} (c);
        CREATE TYPE {it}.{quoted(f"e{name}")} AS ENUM ({text});
        CREATE FUNCTION {it}.{it}({it} int) RETURNS text LANGUAGE sql AS $f$ SELECT {text} $f$;
        CREATE VIEW {it}.{quoted(f"v{name}")} AS SELECT {it} AS {other} FROM {it}.{it};
        ALTER TABLE {it}.{it} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY {it} ON {it}.{it} USING (c = {text});
        INSERT INTO supabase_migrations.schema_migrations VALUES ({text}, ARRAY[{text}], {text});
    """


@pytest.fixture
def hostile(repo: Repo, database: Database, second_database: Database) -> Program:
    """A repository whose dev is full of hostile names, and whose staging is empty."""
    repo.write(FIRST, GOOD)
    repo.write("migrate-hooks.toml", NO_STYLE)
    for name, one in (("dev", database), ("staging", second_database)):
        repo.write(f".env.{name}", f"DATABASE_URL={one.url}\n").chmod(0o600)
    program = Program(repo.path)
    for environment in ("dev", "staging"):
        assert program("apply", f"--env={environment}", "--allow=dirty").code == 0
    for name in NAMES:
        database.run(hostile_objects(name))
    return program


def test_names_in_a_database_are_shown_and_not_obeyed(hostile: Program, repo: Repo) -> None:
    repo.write(".gitignore", ".env.*\n")
    repo.commit()
    push = f"HEAD {repo.git('rev-parse', 'HEAD')} refs/heads/staging {ZEROS}\n"
    for line, code in (
        ("drift --source=dev --target=staging -v", 0),
        ("drift --source=staging --target=dev -v", 0),
        ("status --all", 3),
        ("apply --env=dev", 0),
        ("env check dev", 0),
        ("hook pre-push origin url", 0),
    ):
        done = assert_harmless(hostile(*line.split(), stdin=push))
        assert done.code == code, done
    found = ask(hostile, "drift --source=dev --target=staging", 0)
    assert len(found["differences"]) >= 5 * len(NAMES)
    versions = {one["version"] for one in ask(hostile, "status --env=dev", 0)["entries"]}
    assert versions >= set(NAMES), "programs get them as they are"


def test_a_command_to_type_is_quoted(hostile: Program) -> None:
    """Whoever wrote the ledger must not write what the next person pastes."""
    hints = [one["hint"] for one in ask(hostile, "apply --env=dev", 0)["findings"]]
    assert "Find it with: git log --all --oneline -- '*; touch pwned;*'" in hints
    assert "Find it with: git log --all --oneline -- '*$(touch pwned)*'" in hints
    apostrophe = next(hint for hint in hints if "quote" in hint)
    assert apostrophe.endswith("""'*quote"'"'"'`*'""")


FILES = (
    *(name.encode() for name in NAMES),
    b"20250201000000_new\nline.sql",
    b"20250201000001_\x1b[31m.sql",
    b"--help.sql",
    b"-rf.sql",
    b"20250201000002_with space.sql",
    "20250201000003_ünï_日本.sql".encode(),
    b"20250201000004_" + b"a" * 236 + b".sql",
    b"20250201000005_\xff\xfe.sql",
    b"20250201000006_*.sql",
    b":(glob)20250201000007_x.sql",
    b"20250201000008_cr\r.sql",
    "\u0662\u0660250201000009_digits.sql".encode(),
)
NAMED = [name if name.endswith(b".sql") else name + b".sql" for name in FILES]


def fill(repo: Repo) -> None:
    folder = bytes(repo.path / "migrations")
    for number, name in enumerate(NAMED):
        path = folder + b"/" + name.replace(b"/", b"")
        Path(path.decode("utf-8", "surrogateescape")).write_text(UP.replace("orders", f"t{number}"))


def test_names_of_files_are_shown_and_not_obeyed(repo: Repo, database: Database) -> None:
    """Each is judged where it is; none is taken for an option, a pattern or a command."""
    repo.write("migrate-hooks.toml", NO_STYLE)
    repo.write(".gitignore", ".env.*\n")
    repo.write(".env.dev", f"DATABASE_URL={database.url}\n")
    repo.write(FIRST, GOOD)
    before = repo.commit()
    fill(repo)
    program = Program(repo.path)
    for line in ("lint --all", "lint migrations", "hook pre-commit"):
        if line.startswith("hook"):
            repo.git("add", "--all")
        done = assert_harmless(program(*line.split()))
        assert done.code == 1
        found = ask(program, line, 1)
        places = {one["place"]["path"] for one in found["findings"] if one["place"]}
        assert len(places) == len(NAMED), sorted(places)
    ask(program, "apply --env=dev", 1, "has a name that is not UTF-8", "Nothing was applied")
    repo.commit()
    push = f"HEAD {repo.git('rev-parse', 'HEAD')} refs/heads/dev {before}\n"
    done = assert_harmless(program("hook", "pre-push", "origin", "url", stdin=push))
    assert done.code == 1
    assert "is not named YYYYMMDDHHMMSS_snake_case.sql" in done.stderr
    repo.git("update-ref", "ORIG_HEAD", before)
    repo.git("symbolic-ref", "HEAD", "refs/heads/other")
    repo.git("update-ref", "refs/heads/other", "refs/heads/main")
    assert_harmless(program("hook", "post-merge", "0"))
    assert not list(repo.path.rglob("pwned"))


def test_names_that_are_typed_are_shown_and_not_obeyed(repo: Repo) -> None:
    """A shell's * puts names of files into the command line, options and escapes among them."""
    repo.write(FIRST, GOOD)
    program = Program(repo.path)
    for line in (
        ("lint", "--\x1b]0;evil\x07.sql"),
        ("lint", "no\x1b[31msuch.sql"),
        ("status", "--env=\x1b[31m\u202e"),
        ("apply", "--env=dev", "--migration=\x1b[31m"),
        ("\x1b[31m",),
        ("lint", "--since", "\x1b[31m"),
        ("new", "--template", "\x1b[31m", "x"),
        ("hook", "\x1b[31m"),
        ("config", "show", "--config", "\x1b[31m"),
        ("lint", "\udcff.sql"),
    ):
        assert assert_harmless(program(*line)).code in (2, 3), line


def test_every_command_to_type_is_quoted(repo: Repo) -> None:
    """Whoever names a file must not write what the next person pastes."""
    trap = "$(touch pwned)"
    repo.write("migrate-hooks.toml", f'migrations = "a {trap}"\n{NO_STYLE}')
    repo.write(f".env.{trap}", "A=1\n").chmod(0o644)
    program = Program(repo.path)
    ask(program, "lint --all", 2, f"mkdir -p 'a {trap}'")
    ask(program, "env check dev", 3, f"chmod 600 '.env.{trap}'")
    repo.write(f"a {trap}/20250102000000_a.sql", GOOD)
    repo.commit()
    ask(program, "env check dev", 1, f"git rm --cached '.env.{trap}'")
    ask(program, "new thing", 0, f"git add 'a {trap}/2")
    repo.git("checkout", "-q", "-b", "other")
    repo.write(f"a {trap}/20250101000000_{trap}.sql", GOOD)
    ask(program, "lint", 1, f"git mv 'a {trap}/20250101000000_{trap}.sql' 'a {trap}/2")
