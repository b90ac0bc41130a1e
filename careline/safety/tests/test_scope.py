"""What is not happening, and what only looks as if it weren't."""

import pytest

from careline.safety.engine.judge import judge
from careline.safety.engine.rules import RuleSet
from careline.safety.levels import Level


@pytest.mark.parametrize(
    ("quiet", "loud"),
    [
        ("no chest pain", "no fever but chest pain"),
        ("no fever, cough or chest pain", "no fever, chest pain"),
        ("I don't have chest pain", "I don't know why I have chest pain"),
        ("my chest does not hurt", "my chest does not stop hurting"),
        ("chest pain: no", "chest pain. No, I am not on Opdivo"),
        ("chest pain? none", "chest pain, no fever"),
        ("No chest pain", "No, chest pain"),
        ("sin dolor de pecho", "sin parar me duele el pecho"),
        ("no me duele el pecho", "no se me quita el dolor de pecho"),
        ("Can it cause chest pain?", "Can it cause chest pain? I have it now"),
        ("Is chest pain a side effect?", "My chest pain, is it a side effect?"),
        ("what if I get chest pain", "what do I do if I have chest pain"),
        ("they told me to call if I have chest pain", "they told me to call, I have chest pain"),
        ("¿Puede causar dolor de pecho?", "¿Puede causar dolor de pecho? Lo tengo desde ayer"),
        ("Two years ago I had chest pain", "Two years ago I had chest pain and now it is back"),
        ("I had a seizure in 2015", "I finished Opdivo in 2015, I had a seizure this morning"),
        ("history of seizures", "history of seizures and another seizure today"),
        ("I nearly had a heart attack when I saw the bill", "I think I had a heart attack"),
        ("confused about my bill", "confused about where he is"),
        ("chest x-ray", "chest hurts after the x-ray"),
        ("I don't want to die", "I don't want to live"),
        ("can it cause suicidal thoughts", "I'm afraid that I might kill myself"),
    ],
)
def test_the_first_is_calm_and_the_second_is_not(rules: RuleSet, quiet: str, loud: str) -> None:
    assert judge(rules, quiet).level is Level.NONE
    assert judge(rules, loud).level in (Level.EMERGENCY, Level.CRISIS)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("temp 100.3", Level.REPORT),
        ("temp 100.4", Level.URGENT),
        ("temp 37.9", Level.REPORT),
        ("temp 38", Level.URGENT),
        ("temp 98.6", Level.NONE),
        ("38.4 °C", Level.URGENT),
        ("fever of 99.5", Level.REPORT),
        ("it was 99.1 and now it's 102.3", Level.URGENT),
        ("one hundred and one degrees", Level.URGENT),
        ("cuarenta de fiebre", Level.URGENT),
        ("39 years old", Level.NONE),
        ("AFP 101.5", Level.NONE),
        ("3 loose stools today", Level.REPORT),
        ("4 loose stools today", Level.URGENT),
        ("diarrhea for 5 days, twice a day", Level.URGENT),
        ("tuve diarrea cinco veces", Level.URGENT),
    ],
)
def test_numbers_are_read_with_their_units(rules: RuleSet, text: str, level: Level) -> None:
    assert judge(rules, text).level is level


def test_what_went_away_lately_counts_one_level_less(rules: RuleSet) -> None:
    assert judge(rules, "I have a fever").level is Level.URGENT
    assert judge(rules, "the fever went away").level is Level.REPORT
    assert judge(rules, "the fever won't go away").level is Level.URGENT


def test_a_faint_and_an_infusion_reaction_count_even_when_over(rules: RuleSet) -> None:
    assert judge(rules, "he passed out, he is fine now").level is Level.EMERGENCY
    assert judge(rules, "I had chills during the infusion, all gone").level is Level.URGENT


def test_two_urgent_signs_are_told_to_the_specialist(rules: RuleSet) -> None:
    assert not judge(rules, "I have a rash all over").several_urgent
    assert judge(rules, "rash all over and bloody diarrhea").several_urgent


def test_signs_carry_the_words_and_their_place(rules: RuleSet) -> None:
    text = "Hola. ¡Me duele el PECHO!"
    found = judge(rules, text)
    assert {text[sign.start : sign.end] for sign in found.signs} == {"duele el PECHO"}
    assert found.signs[0].matched == "duele el PECHO"


def test_the_worst_sign_comes_first(rules: RuleSet) -> None:
    found = judge(rules, "tired, a fever of 102, and chest pain")
    assert [sign.level.rank for sign in found.signs] == sorted(
        (sign.level.rank for sign in found.signs), reverse=True
    )
    assert found.level is found.signs[0].level is Level.EMERGENCY


@pytest.mark.parametrize(
    ("text", "language"),
    [("where is the clinic", "en"), ("¿dónde está la clínica?", "es"), ("???", "en")],
)
def test_the_language_is_recognised_unless_it_is_given(
    rules: RuleSet, text: str, language: str
) -> None:
    assert judge(rules, text).language == language
    assert judge(rules, text, "fr").language == "fr"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("oxygen: 84", Level.EMERGENCY),
        ("O2 is 91", Level.URGENT),
        ("spo2 97, pulse 135", Level.URGENT),
        ("pulse ox 97", Level.NONE),
        ("oxygen 4 liters", Level.NONE),
        ("85 years old. oxygen was 98", Level.NONE),
        ("glucosa en 350", Level.URGENT),
        ("pulse and blood pressure 150 over 85", Level.NONE),
    ],
)
def test_a_device_is_read_by_the_words_nearest_to_its_number(
    rules: RuleSet, text: str, level: Level
) -> None:
    assert judge(rules, text).level is level


@pytest.mark.parametrize(
    "text", ["her skin's yellow", "his pee's brown", "he just started talkin gibberish"]
)
def test_endings_as_people_write_them_hide_no_sign(rules: RuleSet, text: str) -> None:
    assert judge(rules, text).level.rank >= Level.URGENT.rank


@pytest.mark.parametrize(
    "text",
    [
        "do you know if the clinic is open, also chest pain",
        "they took him back in the house and he collapsed",
        "I'd rather put a bullet in my head than go back in",
    ],
)
def test_another_matter_in_the_same_sentence_hides_no_sign(rules: RuleSet, text: str) -> None:
    assert judge(rules, text).level in (Level.EMERGENCY, Level.CRISIS)
