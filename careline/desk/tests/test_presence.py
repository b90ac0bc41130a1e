from django.test import Client

from careline.accounts.models import Staff
from careline.contacts.presence import is_accepting


def test_nonsense_counts_as_a_break(at_desk: Client, dana: Staff) -> None:
    at_desk.post("/desk/presence/", {"accepting": "perhaps"})
    assert not is_accepting(dana)


def test_one_button_starts_and_ends_a_break(at_desk: Client, dana: Staff) -> None:
    assert "On a break" in at_desk.get("/desk/").content.decode()
    response = at_desk.post("/desk/presence/", {"accepting": "yes"}, follow=True)
    assert is_accepting(dana)
    assert "Taking contacts" in response.content.decode()
    at_desk.post("/desk/presence/", {"accepting": "no"})
    assert not is_accepting(dana)
