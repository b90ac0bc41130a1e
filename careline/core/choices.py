"""Reading a deployment's choices from the environment; what can't be used is refused in words.

Knows nothing of Django's settings: they are made from these. An empty variable
counts as one that isn't set, except where empty means "none".
"""

import os
import re
import zoneinfo
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_DATABASE = re.compile(r"(postgres|postgresql|sqlite)://.+", re.DOTALL)
_SHORTEST_SECRET = 32
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_SPAN = re.compile(rf"{_CLOCK}-(?:{_CLOCK}|24:00)")
_KEY = re.compile(r"[\w-]{43}=", re.ASCII)
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s().-]{2,29}\d")


class ChoiceRefused(ImproperlyConfigured):
    """A variable of the environment that can't be used, and what it should look like."""

    def __init__(self, name: str, given: str, expected: str) -> None:
        super().__init__(f"{name}={given} can't be used. It has to be {expected}.")


def number(name: str, default: int, *, least: int = 0, most: int = 36_500) -> int:
    """Return a whole number from `least` to `most`."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not (
        given.isascii() and given.isdigit() and len(given) < 10 and least <= int(given) <= most
    ):
        raise ChoiceRefused(
            name, given, f"a whole number from {least} to {most}, such as {default}"
        )
    return int(given)


def secret(name: str, *, may_miss: bool = False) -> str:
    """Return a secret; one that can be guessed is refused, and so is none unless it `may_miss`."""
    given = os.environ.get(name, "").strip()
    if len(given) < _SHORTEST_SECRET and not (may_miss and not given):
        # Not shown: it may be most of a real one.
        expected = f"a random text of at least {_SHORTEST_SECRET} characters that nobody else has"
        raise ChoiceRefused(name, "…" if given else "", expected)
    return given


def keys(name: str) -> tuple[str, ...]:
    """Return encryption keys with commas between, the newest first; none is allowed."""
    given = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    if not all(_KEY.fullmatch(key) for key in given):
        # Not shown: they may be most of real ones.
        expected = "keys of 32 random bytes in URL-safe base64, commas between, the newest first"
        raise ChoiceRefused(name, "…", expected)
    return tuple(given)


def names(name: str, example: str) -> list[str]:
    """Return one name or more, commas between."""
    found = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    if not found:
        raise ChoiceRefused(name, "", f"one name or more with commas between, such as {example}")
    return found


def phone(name: str, default: str) -> str:
    """Return a telephone number as people write it."""
    given = os.environ.get(name, "").strip() or default
    if not _PHONE.fullmatch(given):
        raise ChoiceRefused(name, given, f"a telephone number, such as {default}")
    return given


def web_address(name: str, default: str) -> str:
    """Return an address that a browser can be led to."""
    given = os.environ.get(name, "").strip() or default
    if not re.fullmatch(r"https?://[^\s/]+\S*", given):
        raise ChoiceRefused(name, given, f"a web address, such as {default}")
    return given


def origins(name: str) -> tuple[str, ...]:
    """Return the origins of sites (RFC 6454), commas between; none is allowed.

    A host may begin with ``*.`` for all hosts below it, as in a policy for frames.
    """
    given = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    for part in given:
        if not _ORIGIN.fullmatch(part):
            expected = (
                "addresses of sites with nothing after the host, commas between, such as "
                "https://www.example.org"
            )
            raise ChoiceRefused(name, part, expected)
    return tuple(given)


def some(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that are given out of those that are known, commas between."""
    given = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    if not set(given) <= set(known):
        raise ChoiceRefused(name, ",".join(given), f"words out of {', '.join(known)}, or empty")
    return tuple(given)


def time_zone(name: str, default: str) -> str:
    """Return the name of a time zone that this machine knows."""
    given = os.environ.get(name, "").strip() or default
    try:
        zoneinfo.ZoneInfo(given)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ChoiceRefused(name, given, f"the name of a time zone, such as {default}") from None
    return given


def opening_hours(name: str, default: dict[str, str]) -> dict[str, str]:
    """Return weekday (0 is Monday) -> spans ``HH:MM-HH:MM``, spaces between; empty is never open.

    A span that ends before it starts ends on the next day.
    """
    given = os.environ.get(name)
    if given is None:
        return default
    hours: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in given.split(","))):
        day, _equals, spans = part.partition("=")
        if day.strip() not in set("0123456") or not _are_spans(spans):
            expected = (
                "weekday=HH:MM-HH:MM with commas between, 0 is Monday, such as "
                "0=07:00-18:30,1=07:00-18:30"
            )
            raise ChoiceRefused(name, given, expected)
        hours[day.strip()] = spans.strip()
    return hours


def _are_spans(text: str) -> bool:
    spans = text.split()
    return bool(spans) and all(_SPAN.fullmatch(span) for span in spans)


def country(name: str, default: str) -> str:
    """Return the code of a country whose public holidays are known; empty for none."""
    given = os.environ.get(name, default).strip()
    if given and given != default:
        import holidays  # Only where another one is named: a start needn't pay for it.

        if given not in holidays.list_supported_countries():
            expected = "a country's two letters, such as US, or empty for no holidays"
            raise ChoiceRefused(name, given, expected)
    return given


def languages(name: str, default: str, *, first: str) -> list[tuple[str, str]]:
    """Return (code, the language's own name) for each of the codes, commas between.

    `first` has to lead: it is the language of the sources and of the interface's words.
    """
    from django.conf.locale import LANG_INFO

    given = os.environ.get(name, "").strip() or default
    codes = [part.strip() for part in given.split(",")]
    known = {code: str(info["name_local"]) for code, info in LANG_INFO.items() if "name" in info}
    if codes[0] != first or len(set(codes)) < len(codes) or not set(codes) <= set(known):
        expected = f"languages' codes with commas between, {first} first, such as {default}"
        raise ChoiceRefused(name, given, expected)
    return [(code, known[code][0].upper() + known[code][1:]) for code in codes]


def redis_address(name: str) -> str:
    """Return the address of a Redis, empty for none."""
    given = os.environ.get(name, "").strip()
    if given and not re.fullmatch(r"(rediss?|unix)://\S+", given):
        raise ChoiceRefused(name, "…", "an address such as redis://localhost:6379/0")
    return given


def database(name: str, default: str) -> dict[str, Any]:
    """Return Django's settings of a SQLite or PostgreSQL database."""
    given = os.environ.get(name, "").strip() or default
    try:
        if _DATABASE.fullmatch(given):
            return dict(environ.Env.db_url_config(given))
    except (ValueError, ImproperlyConfigured):
        pass
    # Not shown: it may hold a password.
    expected = "an address such as postgres://user:password@host/name, or empty for SQLite"
    raise ChoiceRefused(name, "…", expected)


def folder_to_write(name: str, default: Path) -> Path:
    """Return a folder in which this user can write, making it where it isn't there."""
    given = os.environ.get(name, "").strip()
    folder = Path(given or default).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        expected = "a folder in which this user can write"
        raise ChoiceRefused(name, given or str(folder), expected)
    return folder
