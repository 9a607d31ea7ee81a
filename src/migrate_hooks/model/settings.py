"""The effective configuration, decided once."""

from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.model.environment import Environment


@dataclass(frozen=True, slots=True)
class LintSettings:
    """`down` is auto, required or optional; `style` switches the style engine,
    `style_engine` says which one (sqlfluff or sqruff), `safety` switches squawk.

    `severity` holds texts such as "order/out-of-order=warning"; the last that fits a code wins.
    `enable_rules` are codes, or rooms such as "schema/*", of rules that are off unless asked for.
    `baseline` is a file relative to the repository's root; `other_branches` switches the look at
    what else is on its way to the target branch.
    """

    down: str = "auto"
    style: bool = True
    style_engine: str = "sqlfluff"
    safety: bool = True
    exclude_rules: tuple[str, ...] = ()
    enable_rules: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    baseline: str | None = None
    other_branches: bool = True


@dataclass(frozen=True, slots=True)
class ApplySettings:
    """Timeouts in milliseconds, 0 for none; `lock_wait` in seconds for our own lock.

    `lock_retries` counts the tries after the first that ran into `lock_timeout`.
    """

    lock_timeout: int = 5_000
    statement_timeout: int = 0
    idle_in_transaction_session_timeout: int = 60_000
    lock_wait: int = 30
    lock_retries: int = 3


@dataclass(frozen=True, slots=True)
class ScratchSettings:
    """`prelude` are files of SQL relative to `root`, or "supabase", or "none"; empty decides by
    itself. `url_env` are names of variables that hold the DSN of another scratch server.
    """

    prelude: tuple[str, ...] = ()
    url_env: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ignore:
    """A difference that is meant to be there: names may have *, "" fits any.

    `object` is dotted, such as "public.orders.note"; `until` a date such as "2026-03-31", or "".
    """

    reason: str
    kind: str = ""
    object: str = ""
    environment: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """`ignore` is looked at in order. `severity` holds texts such as "index public.*=info", a kind
    or "*" and then an object or nothing; the last that fits wins.
    """

    ignore: tuple[Ignore, ...] = ()
    severity: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PushSettings:
    """`budget` in milliseconds for everything that a push asks. `promotion` says what a push does
    that skips an environment: block, warn or off. `remotes` are names, () for every remote.
    """

    budget: int = 8_000
    promotion: str = "block"
    remotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that was decided from file, environment and flags.

    `root` is the repository (or the current folder outside of one); `base` the folder of the
    configuration file (or `root`), where `.env` files are looked for. `migrations` and `templates`
    are relative to `root`. `environments` is the chain in deployment order. `origins` are rows of
    (dotted key, value, where it came from) for people.
    """

    root: Path
    base: Path
    file: Path | None
    environments: tuple[Environment, ...]
    migrations: str | None = None
    layout: str | None = None
    ledger: str | None = None
    templates: str | None = None
    exposed_schemas: tuple[str, ...] = ("public",)
    server_version: int | None = None
    lint: LintSettings = LintSettings()
    apply: ApplySettings = ApplySettings()
    scratch: ScratchSettings = ScratchSettings()
    drift: DriftSettings = DriftSettings()
    push: PushSettings = PushSettings()
    origins: tuple[tuple[str, str, str], ...] = ()
