"""`careline rebuild`: it finds what differs from the log, and changes nothing else."""

import pytest
from django.core.management import CommandError, call_command

from careline.contacts import log as contact_log
from careline.contacts.models import Contact
from careline.contacts.tests.factories import accepted_chat, open_chat


@pytest.mark.django_db
def test_checking_fails_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    contact = open_chat()
    Contact.objects.filter(pk=contact.pk).update(unread_count=7)
    with pytest.raises(CommandError, match="careline rebuild"):
        call_command("rebuild", "--check")
    assert f"{contact.pk} was not what its log says" in capsys.readouterr().out
    assert Contact.objects.get(pk=contact.pk).unread_count == 7


@pytest.mark.django_db
def test_it_mends_what_differs_and_leaves_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    (contact, _dana), other = accepted_chat(), open_chat("my chest hurts and I can't breathe")
    told = Contact.objects.get(pk=contact.pk).state
    Contact.objects.filter(pk=contact.pk).update(status="waiting", assignee=None, passed_by=[9])
    call_command("rebuild")
    assert "2 contacts looked at, 1 differed." in capsys.readouterr().out
    assert Contact.objects.get(pk=contact.pk).state == told
    assert not contact_log.mend(other.pk, keep=False)
