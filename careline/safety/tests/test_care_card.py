"""The care cards: words, numbers and what they never say."""

import copy
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from careline.safety import CareCard, Level, care_card, rules_source
from careline.safety.cards import Numbers, compile_cards
from careline.safety.engine.compile import RuleError

LEVELS = [level for level in Level if level is not Level.NONE]


@pytest.fixture(autouse=True)
def shipped_cards() -> Iterator[None]:
    """Cards of the shipped files: no database in these tests."""
    rules_source.forget()
    yield
    rules_source.forget()


def card_of(level: Level, language: str) -> CareCard:
    """The card, which must exist."""
    card = care_card(level, language)
    assert card is not None
    return card


def words_of(card: CareCard) -> str:
    """Everything that a card says."""
    return " ".join([card.title, *card.lines, *(action.label for action in card.actions)])


@pytest.mark.parametrize(("level", "language"), list(itertools.product(LEVELS, ("en", "es"))))
def test_every_level_has_a_card_in_both_languages(level: Level, language: str) -> None:
    card = card_of(level, language)
    assert (card.level, card.language) == (level, language)
    assert card.title and card.lines and card.actions
    assert "{{" not in words_of(card)


def test_no_sign_means_no_card() -> None:
    assert care_card(Level.NONE, "en") is None


def test_numbers_come_from_the_settings(settings: Any) -> None:
    settings.EMERGENCY_NUMBER, settings.CRISIS_NUMBER = "112", "0800 11"
    settings.HELPLINE_PHONE = "1-800-555-0100"
    assert card_of(Level.EMERGENCY, "en").title == "Call 112 now"
    links = [action.href for action in card_of(Level.CRISIS, "es").actions]
    assert links == ["tel:080011", "sms:080011", "tel:112", "tel:18005550100"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_regional_language_gets_its_base_and_a_foreign_one_the_first(level: Level) -> None:
    assert card_of(level, "es-mx").language == "es"
    assert card_of(level, "vi").language == "en"


@pytest.mark.parametrize(("level", "language"), list(itertools.product(LEVELS, ("en", "es"))))
def test_a_card_never_diagnoses_doses_or_calms(level: Level, language: str) -> None:
    said = words_of(card_of(level, language)).casefold()
    never = [" mg", "ignore", "harmless", "nothing to worry", "you have a", "probably", "wait and"]
    never += ["ignorar", "no es grave", "usted tiene", "probablemente", "no se preocupe", "tablet"]
    assert [words for words in never if words in said] == []


def test_a_demonstration_says_that_a_clinician_has_yet_to_sign(card_data: Any) -> None:
    numbers = Numbers("911", "988", "1")
    shown = compile_cards(card_data, demonstration=True).card(Level.URGENT, ["en"], numbers)
    signed = compile_cards(card_data, demonstration=False).card(Level.URGENT, ["en"], numbers)
    assert shown is not None and signed is not None
    assert shown.lines == (*signed.lines, card_data["unsigned"]["en"])
    assert "not signed" in shown.lines[-1]


def test_no_card_in_any_language_asked_for_is_none(card_data: Any) -> None:
    cards = compile_cards(card_data, demonstration=True)
    assert cards.card(Level.URGENT, ["vi"], Numbers("911", "988", "1")) is None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data.pop("cards"), "cards"),
        (lambda data: data["cards"].pop("crisis"), "cards.crisis"),
        (lambda data: data["cards"]["urgent"].pop("es"), "cards.urgent"),
        (lambda data: data["cards"]["urgent"]["en"].pop("title"), "cards.urgent.en.title"),
        (lambda data: data["cards"]["urgent"]["en"].update(lines=[]), "cards.urgent.en.lines"),
        (lambda data: data["cards"]["urgent"]["en"].update(title="{{me}}"), "urgent.en.title"),
        (
            lambda data: data["cards"]["urgent"]["en"]["actions"][0].update(to="nobody"),
            r"actions\[0\].to",
        ),
        (lambda data: data.update(format=2), "format"),
    ],
)
def test_cards_that_cannot_be_used_name_the_place(card_data: Any, change: Any, where: str) -> None:
    data = copy.deepcopy(card_data)
    change(data)
    with pytest.raises(RuleError, match=where):
        compile_cards(data, demonstration=True)
