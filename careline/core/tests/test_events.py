import uuid

import pytest

from careline.core.events import Event, log


@pytest.mark.parametrize("words", ["I can't breathe", "dana@example.org", "two words", "é", ""])
def test_what_a_person_typed_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="single word"):
        log(Event.QUESTION_ASKED, text=words)


def test_ids_and_counts_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="careline")
    contact = uuid.uuid4()

    log(Event.CONTACT_OPENED, contact=contact, milliseconds=1.25, count=3)

    assert caplog.messages == [f"contact.opened contact={contact} count=3 milliseconds=1.2"]
