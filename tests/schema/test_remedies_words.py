"""What remedies say beside their SQL: what is lost, what must wait, what only a person can do."""

from dataclasses import replace

import pytest

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.registry import collect, load
from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.remedy import Piece, Remedy, World, world

Values = dict[str, str | None]


def remedy(name: str) -> Remedy:
    return load("migrate_hooks.schema.remedies", name, "REMEDY", Remedy)


def one(of: str, /, *identity: str, **values: str | None) -> SchemaObject:
    return SchemaObject(of, identity, tuple(values.items()))


def schema(*objects: SchemaObject, version: int = 180004) -> World:
    return world(objects, version)


def created(found: SchemaObject, *others: SchemaObject, version: int = 180004) -> tuple[Piece, ...]:
    module = found.kind.replace(" ", "_")
    return remedy(module).create(found, schema(found, *others, version=version))


def dropped(found: SchemaObject) -> tuple[Piece, ...]:
    return remedy(found.kind.replace(" ", "_")).drop(found, schema(found))


def altered(have: SchemaObject, want: SchemaObject, *others: SchemaObject) -> tuple[Piece, ...]:
    pieces = remedy(have.kind.replace(" ", "_")).alter(have, want, schema(want, *others))
    assert pieces is not None
    return pieces


def test_every_kind_has_a_remedy() -> None:
    kinds = collect("migrate_hooks.schema.kinds", "KIND", ObjectKind)
    remedies = collect("migrate_hooks.schema.remedies", "REMEDY", Remedy)
    assert {name: one.kind for name, one in remedies.items()} == {
        name: one.name for name, one in kinds.items()
    }


def test_a_label_that_is_said_elsewhere_is_added_in_a_transaction_of_its_own() -> None:
    have = one("enum", "public", "mood", labels="'sad'")
    want = one("enum", "public", "mood", labels="'sad', 'ok', 'fine'")
    column = one("column", "public", "people", "mood", default="'ok'::public.mood")
    assert altered(have, want, column) == (
        Piece("ALTER TYPE public.mood ADD VALUE IF NOT EXISTS 'ok' AFTER 'sad'", alone=True),
        Piece("ALTER TYPE public.mood ADD VALUE IF NOT EXISTS 'fine' AFTER 'ok'"),
    )


def test_a_label_that_is_gone_is_a_suggestion_that_names_it() -> None:
    have = one("enum", "public", "mood", labels="'sad', 'ok'")
    pieces = altered(have, one("enum", "public", "mood", labels="'ok'"))
    assert {piece.reason for piece in pieces} == {
        "PostgreSQL cannot remove a label of public.mood: a new type has to take its place, every "
        "table with a column of it is rewritten while nobody can use it, and that fails where a "
        "row holds 'sad'"
    }


def test_rows_are_checked_against_a_domain_in_a_later_file() -> None:
    have = one("domain", "public", "d", type="integer", checks=None)
    want = one("domain", "public", "d", type="integer", checks="c CHECK ((VALUE > 0))")
    assert altered(have, want) == (
        Piece("ALTER DOMAIN public.d DROP CONSTRAINT IF EXISTS c"),
        Piece("ALTER DOMAIN public.d ADD CONSTRAINT c CHECK ((VALUE > 0)) NOT VALID"),
        Piece(
            "ALTER DOMAIN public.d VALIDATE CONSTRAINT c",
            apart=True,
            note="this fails while a column of public.d has a value that breaks c",
        ),
    )


def test_a_field_that_goes_takes_its_values_along() -> None:
    have = one("composite type", "public", "t", fields="a integer, b text")
    want = one("composite type", "public", "t", fields="a integer")
    assert altered(have, want) == (
        Piece(
            "ALTER TYPE public.t DROP ATTRIBUTE IF EXISTS b",
            loses="field b of every value of type public.t",
        ),
    )


def test_a_type_that_tables_are_made_of_changes_with_them() -> None:
    have = one("composite type", "public", "t", fields="a integer")
    want = one("composite type", "public", "t", fields="a bigint")
    table = one("table", "public", "typed", of_type="public.t")
    assert altered(have, want, table) == (
        Piece("ALTER TYPE public.t ALTER ATTRIBUTE a TYPE bigint CASCADE"),
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("1.9", "1.10", ""),
        ("1.10", "1.9", "few extensions have a way back from 1.10 to 1.9"),
    ],
)
def test_an_extension_goes_forward_by_itself(old: str, new: str, reason: str) -> None:
    have = one("extension", "hstore", version=old, installed_in="public")
    want = one("extension", "hstore", version=new, installed_in="extensions")
    assert altered(have, want) == (
        Piece("ALTER EXTENSION hstore SET SCHEMA extensions"),
        Piece(f"ALTER EXTENSION hstore UPDATE TO '{new}'", reason=reason),
    )


def test_an_extension_may_keep_rows() -> None:
    assert dropped(one("extension", "pg_cron")) == (
        Piece("DROP EXTENSION IF EXISTS pg_cron", loses="what pg_cron keeps in tables of its own"),
    )


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        (
            {"provider": "icu", "locale": "de-u-co-phonebk", "deterministic": "false"},
            "PROVIDER = icu, LOCALE = 'de-u-co-phonebk', DETERMINISTIC = false",
        ),
        (
            {"provider": "icu", "locale": "und", "deterministic": "true", "rules": "&V << w"},
            "PROVIDER = icu, LOCALE = 'und', RULES = '&V << w'",
        ),
        (
            {"provider": "builtin", "locale": "C.UTF-8", "deterministic": "true"},
            "PROVIDER = builtin, LOCALE = 'C.UTF-8'",
        ),
    ],
)
def test_collations_of_each_provider(values: Values, parts: str) -> None:
    assert created(one("collation", "public", "c", **values)) == (
        Piece(f"CREATE COLLATION IF NOT EXISTS public.c ({parts})"),
    )


def test_a_function_in_c_needs_a_superuser_and_its_library() -> None:
    function = one(
        "function",
        *("public", "f", "(integer)"),
        kind="function",
        parameters="n integer",
        returns="integer",
        language="c",
        cost="1",
        library="$libdir/own",
        body="f_int",
    )
    piece, closing = created(function)
    assert closing.sql == "REVOKE EXECUTE ON FUNCTION public.f(integer) FROM PUBLIC"
    assert piece.sql.endswith("AS '$libdir/own', 'f_int'")
    assert "$libdir/own has to be installed" in piece.reason


def test_nothing_is_taken_from_public_where_the_grants_could_not_be_read() -> None:
    enum = one("enum", "public", "mood", labels="'sad'")
    read = schema(enum)
    assert len(remedy("enum").create(enum, read)) == 2
    assert len(remedy("enum").create(enum, replace(read, unread=frozenset({"grant"})))) == 1


@pytest.mark.parametrize(
    ("version", "option"),
    [(170000, ""), (180000, ", publish_generated_columns = stored")],
)
def test_a_publication_says_what_the_server_knows(version: int, option: str) -> None:
    publication = one(
        "publication",
        "p",
        all_tables="false",
        operations="insert",
        via_root="false",
        generated_columns="stored",
    )
    (piece,) = created(publication, version=version)
    said = f"WITH (publish = 'insert'{option});"
    assert f"CREATE PUBLICATION p {said}" in piece.sql


def test_a_subscription_is_made_by_a_person() -> None:
    subscription = one(
        "subscription", "s", enabled="true", publications="a, b", slot=None, binary="false"
    )
    (piece,) = created(subscription)
    assert piece.sql.startswith("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION a, b WITH (")
    assert "slot_name = NONE" in piece.sql
    assert "connection was not read" in piece.reason
    assert "no way back" in dropped(subscription)[0].reason


def test_a_password_is_never_made_up() -> None:
    mapping, server = one("user mapping", "s", "public"), one("foreign server", "s", wrapper="w")
    assert "not read" in created(mapping)[0].reason
    assert "password, of public on server s" in dropped(mapping)[0].loses
    secret = one("foreign server", "s", wrapper="w", options="host=a, password=(hidden)")
    assert "password may be a secret" in created(secret)[0].reason
    assert [bool(piece.reason) for piece in altered(server, secret)] == [False, True]


def test_a_label_needs_its_provider() -> None:
    label = one("security label", "public", "selinux", text="it's")
    (piece,) = created(label, one("schema", "public"))
    assert piece.sql == "SECURITY LABEL FOR selinux ON SCHEMA public IS 'it''s'"
    assert "provider selinux" in piece.reason


@pytest.mark.parametrize(
    ("others", "sql", "doubt"),
    [
        (
            [one("schema", "x"), one("publication", "x")],
            "COMMENT ON SCHEMA x IS 'y'",
            "x is the name of more than one publication and schema",
        ),
        ([], "COMMENT ON TYPE x IS 'y'", "it is not clear what x is"),
        ([one("foreign server", "x")], "COMMENT ON SERVER x IS 'y'", ""),
    ],
)
def test_a_remark_is_about_what_bears_the_name(
    others: list[SchemaObject], sql: str, doubt: str
) -> None:
    assert created(one("comment", "x", text="y"), *others) == (Piece(sql, reason=doubt),)


def test_operators_of_one_name_are_told_apart_by_nobody() -> None:
    several = [one("operator", "public", "===", f"({type_}, text)") for type_ in ("int4", "int8")]
    (piece,) = created(one("comment", "public", "===", text="y"), *several)
    assert piece.reason == "public.=== is the name of more than one operator"


def test_a_support_function_whose_types_nobody_knows_stays() -> None:
    have = one("operator family", "public", "f", "gin", functions="1 f(integer)", operators=None)
    want = one("operator family", "public", "f", "gin", functions=None, operators=None)
    (piece,) = altered(have, want)
    assert piece.reason == "nothing says for which types FUNCTION 1 f(integer) is there"
