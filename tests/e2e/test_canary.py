"""A password in a broken DSN appears nowhere: not on a screen, not in a report."""

import pytest

from tests.e2e.trouble import FIRST, GOOD, NO_STYLE, ZEROS, ask, no_bug, report, words
from tests.program import Finished, Program
from tests.repo import Repo

CANARY = "kanarienvogel"
BROKEN = (
    f"postgresql://u:{CANARY}@@127.0.0.1:1/d",
    f"postgresql://u:x/{CANARY}@127.0.0.1:1/d",
    f"postgresql://u:{CANARY}#x@127.0.0.1:1/d",
    f"postgresql://u:{CANARY}?x@127.0.0.1:1/d",
    f"postgresql://u:{CANARY}%zz@127.0.0.1:1/d",
    f"postgresql://u:[{CANARY}@127.0.0.1:1/d",
    f"postgresql://u:{CANARY} x@127.0.0.1:1/d",
    f"postgresql://u:{CANARY}%00@127.0.0.1:1/d",
    f"postgresql://u:{CANARY}\udcff@127.0.0.1:1/d",
    f"postgresql://u:{CANARY}@127.0.0.1:1",
    f"postgresql://u:{CANARY}@127.0.0.1:99999/d",
    f"postgresql://u:{CANARY}@127.0.0.1:port/d",
    f"postgresql://u:{CANARY}@[::1/d",
    f"postgresql://u:{CANARY}@{'a' * 300}.invalid/d",
    f"postgresql://u:{CANARY}@127.0.0.1:1/d?sslmode={CANARY}",
    f"postgresql://u:{CANARY}@127.0.0.1:1/d?connect_timeout={CANARY}",
    f"postgresql://u:{CANARY}@127.0.0.1:1/d?sslrootcert=/nowhere&sslmode=verify-full",
    f"postgresql://127.0.0.1:1/d?user=u&password=a&{CANARY}",
    f"postgresql://127.0.0.1:1/d?user=u&password=a&{CANARY}=b",
    f"postgresql:/u:{CANARY}@127.0.0.1:1/d",
    f"postgresql://u:{CANARY}/d",
    f"psql 'postgresql://u:{CANARY}@127.0.0.1:1/d'",
    f"DATABASE_URL=postgresql://u:{CANARY}@127.0.0.1:1/d",
    f"mysql://u:{CANARY}@127.0.0.1:1/d",
    f"jdbc:postgresql://u:{CANARY}@127.0.0.1:1/d",
    f"https://u:{CANARY}@127.0.0.1:1/d",
    f"host=127.0.0.1 port=1 dbname=d password=my {CANARY}",
    f"host=127.0.0.1 port=1 dbname=d password=my {CANARY}=5",
    f"host=127.0.0.1 port=1 dbname=d password='{CANARY}",
    f"sb_secret_{CANARY}",
    CANARY,
    f"postgresql://u:{CANARY}@127.0.0.1:1/d",
)
PLACEHOLDER = f"postgresql://postgres:[YOUR-PASSWORD]@db.{CANARY}.supabase.co:5432/postgres"


def assert_secret(done: Finished, code: int) -> None:
    no_bug(done)
    assert done.code == code, done
    assert CANARY not in done.stdout + done.stderr


@pytest.fixture
def many(repo: Repo) -> tuple[Program, dict[str, str]]:
    """A repository with one environment for every broken DSN, and the variables that hold them."""
    table = "".join(f"[environments.e{number}]\n" for number in range(len(BROKEN)))
    repo.write("migrate-hooks.toml", f"{NO_STYLE}{table}")
    repo.write(FIRST, GOOD)
    repo.commit()
    variables = {f"DATABASE_URL_E{number}": dsn for number, dsn in enumerate(BROKEN)}
    return Program(repo.path), variables


def test_no_command_prints_a_piece_of_a_broken_dsn(
    many: tuple[Program, dict[str, str]], repo: Repo
) -> None:
    """A whole look at all of them, for people and for programs; then those that need one."""
    program, variables = many
    line = f"HEAD {repo.git('rev-parse', 'HEAD')} refs/heads/e{{}} {ZEROS}\n"
    push = "".join(line.format(number) for number in range(len(BROKEN)))
    for format_ in ("human", "json"):
        how = f"--format={format_}"
        assert_secret(program("status", "--all", how, env=variables), 3)
        assert_secret(program("env", "check", how, env=variables), 1)
        assert_secret(program("config", "show", how, env=variables), 0)
        assert_secret(program("where", how, env=variables), 3)
        assert_secret(program("doctor", how, env=variables), 1)
        hook = ("hook", how, "pre-push", "origin", f"https://u:{CANARY}@host/x")
        assert_secret(program(*hook, env=variables, stdin=push), 0)
    found = report(program("status", "--all", "--format=json", env=variables))
    assert len(found["findings"]) == len(BROKEN)
    assert all(one["hint"] for one in found["findings"])


@pytest.mark.parametrize("number", range(0, len(BROKEN), 4))
def test_no_deed_prints_a_piece_of_a_broken_dsn(
    many: tuple[Program, dict[str, str]], number: int
) -> None:
    program, variables = many
    one, other = f"e{number}", f"e{number + 1}"
    for line in (
        ("apply", f"--env={one}"),
        ("rollback", f"--env={one}", "--steps=1"),
        ("drift", f"--source={other}", f"--target={one}"),
    ):
        done = program(*line, "--format=json", env=variables)
        assert_secret(done, report(done)["exit_code"])
        assert done.code in (2, 3)


def test_dsns_in_places_where_none_belongs(repo: Repo) -> None:
    """In a file with a broken line, in the configuration, in the place of a name."""
    repo.write(FIRST, GOOD)
    program = Program(repo.path)
    dsn = BROKEN[-1]
    for text in (f'DATABASE_URL="{dsn}\n', f"{dsn}\n", f"DATABASE_URL='{dsn}\n"):
        repo.write(".env.staging", text)
        done = program("env", "check", "staging")
        assert_secret(done, 1 if "DATABASE" in text else 3)
    repo.write(".env.staging", f"# A comment\nA=1\nDATABASE_URL='{dsn}\n")
    ask(program, "apply --env=staging", 2, "line 3", "quoted on both sides")
    for words_ in (
        ("status", f"--env={dsn}"),
        ("apply", "--env", dsn),
        ("rollback", "--steps=1", "--env", dsn),
        ("drift", f"--source={dsn}", "--target=dev"),
        ("env", "check", dsn),
        ("status", dsn),
        (dsn,),
    ):
        assert_secret(program(*words_, "--format=json"), 2)
    for text in ('url = "{}"', 'url_env = "{}"', 'dsn = "{}"', 'url_env = ["A", "{}"]'):
        repo.write("migrate-hooks.toml", f"[environments.dev]\n{text.format(dsn)}\n")
        assert_secret(program("config", "show"), 2)


def test_a_dsn_as_it_is_copied_from_the_dashboard(repo: Repo) -> None:
    repo.write(FIRST, GOOD)
    repo.write(".env.staging", f"DATABASE_URL={PLACEHOLDER}\n")
    found = ask(Program(repo.path), "apply --env=staging", 2, "placeholder for the password")
    assert "percent-encode" in words(found)
