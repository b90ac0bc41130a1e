"""The check of all logs of the suite (conftest.py) would notice what it is there for."""

import logging

import pytest
from django.test import Client

from careline.contacts.tests.factories import open_chat
from careline.core.tests.overheard import Overheard, listening

WORDS = "mirabellenkompott im winter, und mehr davon"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (WORDS, f"question {WORDS}"),
        (WORDS, f"cut short: {WORDS[:30]}"),
        ({"phone": "+13125550177"}, "calling +13125550177"),
        (["ann@example.org"], "mail to ann@example.org"),
    ],
)
def test_typed_words_in_a_line_are_found(typed: object, line: str) -> None:
    ear = Overheard()
    ear.typed(typed)
    ear.emit(logging.makeLogRecord({"msg": line, "levelname": "INFO", "name": "x"}))
    assert len(ear.leaks()) == 1


def test_ids_counts_and_single_words_are_not_typed_words() -> None:
    ear = Overheard()
    ear.typed({"topic": "immunotherapy", "seq": 7, "id": "0c9d7d2e-53a7-4a35-a5e9-1f6b1c4f8f30"})
    assert ear.probes == set()


@pytest.mark.django_db
def test_it_hears_what_is_sent_and_what_is_stored() -> None:
    with listening() as ear:
        Client().get("/en/search/", {"q": f"{WORDS} gesucht"})
        open_chat("pflaumenmus auf brot")
        logging.getLogger("somewhere").warning("a line")
    assert {WORDS[:24], "pflaumenmus auf brot"} <= ear.probes
    assert any("a line" in line for line in ear.lines)
    assert ear.leaks() == []
