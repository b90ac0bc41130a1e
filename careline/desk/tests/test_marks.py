from hypothesis import given
from hypothesis import strategies as st

from careline.desk.marks import Piece, pieces

SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8)


@given(st.text(max_size=50), SPANS)
def test_the_pieces_together_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in pieces(text, spans)) == text


@given(st.text(max_size=50), SPANS)
def test_exactly_what_a_span_covers_is_raised(text: str, spans: list[tuple[int, int]]) -> None:
    covered = {i for start, end in spans for i in range(max(start, 0), min(end, len(text)))}
    position, raised = 0, set()
    for piece in pieces(text, spans):
        if piece.raised:
            raised |= set(range(position, position + len(piece.text)))
        position += len(piece.text)
    assert raised == covered


def test_the_words_of_a_rule_are_set_apart() -> None:
    assert pieces("I can't breathe now", [[2, 15]]) == [
        Piece("I "),
        Piece("can't breathe", raised=True),
        Piece(" now"),
    ]
