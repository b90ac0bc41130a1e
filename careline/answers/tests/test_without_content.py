"""Before a pack is loaded, a question is refused as kindly as ever."""

from careline.answers import ask


def test_a_site_without_content_still_refuses_kindly(db: None) -> None:
    answer = ask("what is immunotherapy", language="fr")
    assert answer.refusal is not None
    assert "specialist" in answer.refusal.text
    assert answer.next_steps == ("phone", "chat", "callback", "message")
