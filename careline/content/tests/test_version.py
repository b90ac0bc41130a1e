"""The number by which others notice that something approved has changed."""

import pytest
from django.db import transaction

from careline.content import version


@pytest.mark.django_db
def test_it_starts_at_nothing_and_grows() -> None:
    assert version.current() == 0
    version.bump()
    version.bump()
    assert version.current() == 2


@pytest.mark.django_db
def test_a_change_that_is_undone_leaves_it_alone() -> None:
    version.bump()
    with pytest.raises(RuntimeError), transaction.atomic():
        version.bump()
        raise RuntimeError
    assert version.current() == 1
