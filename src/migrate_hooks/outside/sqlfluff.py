"""sqlfluff, the style engine: texts in, raw findings out. Its import alone takes 0.3 s.

It is called in process, with garbage collection off: its own command line costs more and skips
what is over 20,000 bytes with only a warning.
"""

import gc
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from sqlfluff.core import FluffConfig, Linter, SQLBaseError
from sqlfluff.core.config.loader import load_config_at_path
from sqlfluff.core.errors import SQLFluffUserError
from sqlfluff.core.helpers.dict import nested_combine
from sqlfluff.core.types import ConfigMappingType

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.outside.raw_style import FIXABLE, FIXED, NOT_STYLE, RULES, RawStyle, folders


class Style:
    """sqlfluff made ready for one repository; a linter is built once for each folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._linters: dict[PurePosixPath, Linter] = {}

    def lint(self, path: str, text: str) -> tuple[RawStyle, ...]:
        """Return what sqlfluff says about one text.

        The repository's own configuration, from `root` down to the folder of `path`, decides the
        rules; a person's private one does not, so that a colleague sees the same. Raises
        ConfigProblem for a configuration that sqlfluff refuses.
        """
        with _undisturbed():
            linter = self._linter(PurePosixPath(path).parent)
            try:
                found = linter.lint_string(text, fname=path).get_violations()
            except SQLFluffUserError as wrong:  # a rule looks at its own settings only now
                raise _refused(wrong) from wrong
        return tuple(_finding(violation) for violation in found)

    def fix(self, path: str, text: str, waived: Iterable[str]) -> str | None:
        """Return the text with layout and case mended, by the rules in force but `waived`.

        None where sqlfluff cannot read the whole text. Raises what `lint` raises.
        """
        folder = PurePosixPath(path).parent
        with _undisturbed():
            in_force = self._linter(folder).get_rulepack().codes()
            chosen = [one for one in in_force if FIXABLE.fullmatch(one) and one not in set(waived)]
            if not chosen:
                return text
            config = _config(folders(self._root, folder), {"rules": ",".join(chosen)})
            try:
                done = Linter(config=config).lint_string(text, fname=path, fix=True)
            except SQLFluffUserError as wrong:
                raise _refused(wrong) from wrong
            if any(one.rule_code() in NOT_STYLE for one in done.violations):
                return None
            return done.fix_string()[0]

    def _linter(self, folder: PurePosixPath) -> Linter:
        if folder not in self._linters:
            try:
                config = _config(folders(self._root, folder))
            except Exception as wrong:  # it raises whatever its parsers and assertions raise
                raise _refused(wrong) from wrong
            self._linters[folder] = Linter(config=config)
        return self._linters[folder]


def _config(places: Iterable[Path], forced: ConfigMappingType | None = None) -> FluffConfig:
    """Return our few rules, what the folders say, and what they may not change; nearest wins."""
    defaults: ConfigMappingType = {"core": {"rules": RULES}}
    own = (load_config_at_path(str(place)) for place in places if place.is_dir())
    configs = nested_combine(defaults, *own)
    return FluffConfig(configs, ignore_local_config=True, overrides={**FIXED, **(forced or {})})


def _refused(wrong: Exception) -> ConfigProblem:
    first = (str(wrong).splitlines() or [type(wrong).__name__])[0]
    return ConfigProblem(
        f"sqlfluff refuses its configuration: {first}",
        "Correct .sqlfluff, or set `style = false` under [lint].",
    )


def _finding(violation: SQLBaseError) -> RawStyle:
    code = violation.rule_code()
    first = violation.desc().partition("\n")[0]
    return RawStyle(violation.line_no, violation.line_pos, code, first, code in NOT_STYLE)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Switch garbage collection and sqlfluff's own logging off for a while."""
    logger = logging.getLogger("sqlfluff")
    level, collecting = logger.level, gc.isenabled()
    logger.setLevel(logging.CRITICAL + 1)
    gc.disable()
    try:
        yield
    finally:
        logger.setLevel(level)
        if collecting:
            gc.enable()
