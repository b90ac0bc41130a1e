"""How a text is split into words, numbers and pauses."""

from careline.safety.engine.text import CLAUSE, COMMA, JOINED, NEW_LINE, SENTENCE, read


def test_words_lose_case_accents_and_apostrophes() -> None:
    assert read("CAN’T Respiré niño").words == ["cant", "respire", "nino"]


def test_null_bytes_and_hidden_characters_inside_words_vanish() -> None:
    assert read("che\x00st pa\u200bin").words == ["chest", "pain"]


def test_offsets_point_into_the_text_as_typed() -> None:
    text = "¡Ay! Me  duele el PECHO 😭"
    reading = read(text)
    last = len(reading) - 1
    assert text[reading.starts[last] : reading.ends[last]] == "PECHO"


def test_numbers_keep_decimal_points_and_decimal_commas() -> None:
    assert read("101.5 or 38,4 or 1,200").numbers == [101.5, None, 38.4, None, 1200.0]


def test_years_and_times_of_day_are_no_quantities() -> None:
    reading = read("in 2019 at 10:38")
    assert reading.words == ["in", "#y", "at", "#t"]
    assert reading.numbers == [None] * 4


def test_pauses_grow_from_nothing_to_the_end_of_a_sentence() -> None:
    reading = read("one two\nthree, four; five. six")
    assert reading.pauses == [JOINED, JOINED, NEW_LINE, COMMA, CLAUSE, SENTENCE]


def test_a_title_ends_no_sentence() -> None:
    assert read("Dr. Lee").pauses == [JOINED, JOINED]


def test_no_is_never_read_as_an_abbreviation() -> None:
    assert read("No. Chest pain").pauses[1] == SENTENCE


def test_contracted_verbs_become_words_of_their_own() -> None:
    assert read("I'll they're").words == ["i", "will", "they", "are"]


def test_nothing_at_all_is_an_empty_reading() -> None:
    assert len(read("")) == len(read("\x00\n 😭 …")) == 0
