"""What a migration file is called: YYYYMMDDHHMMSS_snake_case.sql."""

import re
import unicodedata
from datetime import datetime, timedelta

LONGEST = 100  # characters of the name; the whole path stays far below what file systems allow
_FORM = "%Y%m%d%H%M%S"
_FILE = re.compile(r"(?P<digits>\d{14})_(?P<words>[a-z0-9]+(?:_[a-z0-9]+)*)\.sql", re.ASCII)


def moment(digits: str) -> datetime | None:
    """Return the UTC time that 14 digits stand for, or None where the calendar has no such time."""
    if len(digits) != 14 or not digits.isascii() or not digits.isdigit():
        return None
    try:
        return datetime.strptime(digits, _FORM)
    except ValueError:
        return None


def stamp(when: datetime) -> str:
    """Return the 14 digits of a moment."""
    return when.strftime(_FORM)


def after(digits: str) -> str:
    """Return the version one second later; `digits` must be a real time."""
    found = moment(digits)
    if found is None:
        raise ValueError(f"{digits} is no time")
    return stamp(found + timedelta(seconds=1))


def is_file_name(name: str) -> bool:
    """Return whether `name` (without folders) has the form, with a time that exists."""
    found = _FILE.fullmatch(name)
    return found is not None and moment(found["digits"]) is not None


def snake_case(words: str) -> str:
    """Return `words` in snake case: "Add-user's eMail" gives "add_users_e_mail"; "" for none.

    Apostrophes vanish, accents too; capitals inside a word start a new one; anything else that is
    no ASCII letter or digit separates.
    """
    spelled = words.replace("ß", "ss").replace("æ", "ae").replace("ø", "o").replace("Ø", "O")
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    plain = re.sub(r"['`]", "", plain)
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", plain)
    whole = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    return whole[:LONGEST].strip("_")


def corrected(name: str) -> str:
    """Return the nearest right file name for a wrong one; its time is left open if it has none."""
    stem = re.sub(r"\.sql$", "", name, flags=re.IGNORECASE)
    found = re.match(r"[^0-9a-zA-Z]*([\d]+(?:[-_:.T ]\d+)*)?", stem, re.ASCII)
    digits = re.sub(r"\D", "", found[1] or "") if found else ""
    padded = digits.ljust(14, "0") if 8 <= len(digits) <= 14 else ""
    words = snake_case(stem[found.end() :] if found else stem) or "describe_the_change"
    return f"{padded if moment(padded) else 'YYYYMMDDHHMMSS'}_{words}.sql"
