"""Where the rules come from: the rule set in force, else the files that are shipped.

The rules are compiled once and kept. At most every few seconds one caller looks whether another
version is in force. Whatever fails, a caller gets rules: the last good ones, or the shipped ones.
"""

import asyncio
import logging
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from ruamel.yaml import YAML

from careline.core.events import Event, log
from careline.safety.cards import Cards, compile_cards
from careline.safety.engine.compile import compile_rules
from careline.safety.engine.rules import RuleSet

CHECK_SECONDS: Final = 3.0
PACK: Final = "safety"
FILES: Final = "files"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Compiled rules and cards, and the stamp of what they were compiled from."""

    rules: RuleSet
    cards: Cards
    stamp: object
    origin: str


@dataclass(slots=True)
class _Kept:
    book: Rulebook | None = None
    next_look: float = 0.0
    # A version that couldn't be used; it isn't tried again until it changes.
    bad_stamp: object = None
    # What was last told to the log, so that a database that is down isn't told every few seconds.
    told: str = ""


_kept = _Kept()
# Two locks: nobody who waits for the first rules may wait for a look into the database.
_starting = threading.Lock()
_looking = threading.Lock()


def current() -> Rulebook:
    """The rules to use now. Only the very first call waits for them to be compiled.

    Raises only when the shipped files are broken and no rule set is in force either.
    """
    book = _kept.book
    if book is None:
        with _starting:
            book = _kept.book or _start()
    if time.monotonic() >= _kept.next_look and _looking.acquire(blocking=False):
        try:
            book = _look(book)
        finally:
            _looking.release()
    return book


def forget() -> None:
    """Drop what is kept, so that the next call reads everything again."""
    with _looking:
        _kept.book, _kept.next_look, _kept.bad_stamp, _kept.told = None, 0.0, None, ""


def _start() -> Rulebook:
    """The shipped rules first: they need no database. Raises when neither can be had."""
    try:
        book = from_files()
    except Exception as error:
        _tell(error)
        book = _from_database(None)
    _kept.book = book
    return book


def _look(book: Rulebook) -> Rulebook:
    """Look for another version; inside an event loop a thread does it, and this call goes on."""
    _kept.next_look = time.monotonic() + CHECK_SECONDS
    if _in_event_loop():
        threading.Thread(target=_refresh_apart, name="safety-rules", daemon=True).start()
        return book
    _kept.book = fresh = _refreshed(book)
    return fresh


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _refresh_apart() -> None:
    from django.db import connection

    with _looking:
        if _kept.book is not None:
            _kept.book = _refreshed(_kept.book)
    connection.close()


def _refreshed(book: Rulebook) -> Rulebook:
    """The rule set in force if it is another one and good; else ``book``, or the files' rules."""
    try:
        fresh = _from_database(book)
    # The database may be down, empty, read-only or older than the code: rules go on regardless.
    except Exception as error:
        _tell(error)
        return book
    _kept.told = ""
    return fresh


def _from_database(book: Rulebook | None) -> Rulebook:
    # Imported here, not above: the rules also serve where the database layer can't be loaded.
    from django.db import connection, transaction

    from careline.content import version
    from careline.content.models import SafetyRuleSet

    # A savepoint keeps a failing query from spoiling a caller's transaction. Where there is none,
    # none is begun: on SQLite it would wait for whoever writes.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        stamp = version.current()
        if book is not None and stamp in (book.stamp, _kept.bad_stamp):
            return book
        in_force = SafetyRuleSet.objects.in_force()
    if in_force is None:
        return book if book is not None and book.origin == FILES else from_files()
    return _compiled(in_force, stamp)


def _compiled(in_force: Any, stamp: int) -> Rulebook:
    try:
        rules = compile_rules({**in_force.rules, "version": in_force.version})
        demonstration = rules.demonstration or in_force.approval.demonstration
        cards = compile_cards(in_force.cards, demonstration=demonstration)
    except Exception:
        _kept.bad_stamp = stamp
        raise
    return Rulebook(rules, cards, stamp, origin=f"{PACK}:{in_force.version}")


def from_files() -> Rulebook:
    """The rules in the pack folder; raises OSError or RuleError when those files are broken."""
    folder = Path(settings.PACKS_DIR) / PACK
    rules = compile_rules(read_yaml(folder / "rules.yaml"))
    cards = compile_cards(read_yaml(folder / "cards.yaml"), demonstration=rules.demonstration)
    return Rulebook(rules, cards, stamp=None, origin=FILES)


def read_yaml(path: Path) -> Any:
    """The data of one file of a pack."""
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def _tell(error: Exception) -> None:
    reason = type(error).__name__
    if reason != _kept.told:
        log(Event.RULES_FELL_BACK, level=logging.WARNING, reason=reason)
    _kept.told = reason
