"""Two packs beside each other: neither takes the other's questions."""

from pathlib import Path

import pytest
from django.conf import settings

from careline.answers import ask
from careline.content.actions.packs import load_pack

PACKS = Path(settings.PACKS_DIR)


@pytest.fixture
def both_packs(db: None) -> None:
    for pack in ("liver-immunotherapy", "tobacco"):
        load_pack(PACKS / pack)


# One test for each side: loading both packs takes seconds.


@pytest.mark.usefixtures("both_packs")
def test_what_neither_covers_is_refused_for_its_reason() -> None:
    refused = {
        "how many mg should my nicotine patch be": "dose",
        "does insurance pay for nicotine gum": "cost",
        "how do I quit opdivo": "personal",
        "does keytruda work on lung cancer": "other_condition",
        "does CAR-T work for hcc": "not_covered",
        "can I smoke weed": "not_covered",
        "is vaping safer than cigarettes": "not_covered",
        "how do I stop drinking": "not_covered",
    }
    kinds = {}
    for question in refused:
        refusal = ask(question, language="en").refusal
        kinds[question] = refusal.kind if refusal else "answered"
    assert kinds == refused


@pytest.mark.usefixtures("both_packs")
def test_each_pack_answers_what_is_its_own() -> None:
    answered = {
        "how can my dad stop smoking": "ways-to-quit-tobacco",
        "is it too late for me to quit smoking at 70": "why-quit-tobacco",
        "craving a smoke, what can I do": "tobacco-cravings",
        "nicotine patches any good?": "ways-to-quit-tobacco",
        "¿cómo dejo de fumar?": "ways-to-quit-tobacco",
        "cuánto dura la abstinencia de la nicotina": "tobacco-cravings",
        "can the helpline help with tobacco?": "tobacco",
        "what kinds of immunotherapy are there": "cancer-immunotherapy",
        "how should we prepare for immunotherapy": "managing-side-effects",
        "how does keytruda work": "pembrolizumab",
        "¿por qué da efectos secundarios la inmunoterapia?": "managing-side-effects",
    }
    pages = {}
    for question in answered:
        sentences = ask(question, language="en").sentences
        pages[question] = sentences[0].url.split("/")[2] if sentences else "refused"
    assert pages == answered
