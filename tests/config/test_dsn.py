"""Reading DSNs: what is understood, what is refused, and that no message repeats a secret."""

import pytest

from migrate_hooks.config import dsn
from migrate_hooks.errors import BadDsn

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "postgresql://app:s3cr3t@db.example:6432/shop",
            {
                "user": "app",
                "password": SECRET,
                "host": "db.example",
                "port": "6432",
                "dbname": "shop",
            },
        ),
        ("postgres:///shop", {"dbname": "shop"}),
        (
            "postgresql://u:[x@h/d",  # libpq takes this bracket for the start of an IPv6 address
            {"user": "u", "password": "[x", "host": "h", "port": "5432", "dbname": "d"},
        ),
        ("postgresql://localhost/shop", {"host": "localhost", "port": "5432", "dbname": "shop"}),
        ("postgresql://[::1]:5433/shop", {"host": "::1", "port": "5433", "dbname": "shop"}),
        ("postgresql://a,b:2/x", {"host": "a,b", "port": "5432,2", "dbname": "x"}),
        ("postgresql://%2Frun%2Fpg/x", {"host": "/run/pg", "port": "5432", "dbname": "x"}),
        (
            "postgresql://u:p%40%3A%2F%25@h/x",
            {"user": "u", "password": "p@:/%", "host": "h", "port": "5432", "dbname": "x"},
        ),
        (
            "postgresql+psycopg2://h/x?sslmode=require",
            {"host": "h", "port": "5432", "dbname": "x", "sslmode": "require"},
        ),
        (
            "host=h dbname='my db' password='it\\'s'",
            {"host": "h", "dbname": "my db", "password": "it's"},
        ),
    ],
)
def test_a_dsn_becomes_libpq_parameters(text: str, expected: dict[str, str]) -> None:
    assert dict(dsn.parse(text, "X").parameters) == expected


def test_prisma_parameters_are_understood_and_not_passed_on() -> None:
    found = dsn.parse("postgresql://h/x?schema=app&pgbouncer=true&connection_limit=1", "X")
    assert found.schema == "app"
    assert set(found.parameters) == {"host", "port", "dbname"}
    assert len(found.notes) == 2


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("postgresql://u:s3cr3t@x@h/d", "percent-encoded"),
        ("postgresql://u:s3cr3t/x@h/d", "percent-encoded"),
        ("postgresql://u:s3cr3t#x@h/d", "percent-encoded"),
        ("postgresql://u:s3cr3t?x@h/d", "percent-encoded"),
        ("postgresql://u:s3cr3t%zz@h/d", "%"),
        ("postgresql://u:s3cr3t x@h/d", "space"),
        ("postgresql://u:s3cr3t@[::1/d", "host"),
        ("postgresql://u:s3cr3t@h:port/d", "host"),
        ("postgresql://u:s3cr3t@h", "names no database"),
        ("postgresql://u:s3cr3t@h/", "names no database"),
        ("postgresql://postgres:[YOUR-PASSWORD]@db.x.supabase.co:5432/postgres", "placeholder"),
        ("postgresql://u:<password>@h/d", "placeholder"),
        ("mysql://u:s3cr3t@h/d", "postgresql://"),
        ("jdbc:postgresql://u:s3cr3t@h/d", "JDBC"),
        ("prisma://accelerate.example/?api_key=s3cr3t", "Prisma"),
        ("https://s3cr3t.supabase.co", "web address"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiczNjcjN0In0.s3cr3t", "API key"),
        ("sb_secret_s3cr3t", "API key"),
        ("postgresql://u:s3cr3t@h/d?passfile=/etc/x", "passfile"),
        ("postgresql://u:s3cr3t@h/d?service=x", "service"),
        ("postgresql://h/d?password=a&s3cr3t=b", "%26"),
        ("host=h dbname=d password=s3cr3t rest=b", "not accepted"),
        ("postgresql://u:s3cr3t@h/d%00", "no connection string has"),
        ("postgresql://u:s3cr3t@h/d\0", "no connection string has"),
        ("postgresql://u:s3cr3t\udcff@h/d", "no connection string has"),
        ("postgresql://u:s3cr3t@h:0/d", "port"),
        ("postgresql://u:s3cr3t@h:99999/d", "port"),
        ("postgresql://u:s3cr3t@h/d?port=1,x", "port"),
        ("host=h password=s3cr3t stray", "connection string"),
        ("s3cr3t", "connection string"),
    ],
)
def test_what_cannot_be_used_is_refused_without_repeating_it(text: str, word: str) -> None:
    with pytest.raises(BadDsn) as caught:
        dsn.parse(text, "DATABASE_URL_STAGING")
    said = f"{caught.value.message} {caught.value.hint}"
    assert word in said
    assert SECRET not in said
    assert "DATABASE_URL_STAGING" in said
