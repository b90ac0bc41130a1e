import pytest
from django.db import connection
from django.template.loader import get_template
from django.test import Client, RequestFactory

from careline.core import errors

pytestmark = pytest.mark.django_db


def test_a_missing_page_offers_search_and_a_person(client: Client) -> None:
    response = client.get("/en/no-such-page/")

    assert response.status_code == 404
    page = response.content.decode()
    assert 'role="search"' in page
    assert "1-800-555-0100" in page


def test_a_stale_form_gives_back_every_word() -> None:
    client = Client(enforce_csrf_checks=True)
    words = 'my dad <b>can\'t</b> sleep & "hurts"'

    response = client.post("/en/search/", {"q": words, "client_id": "abc"})

    page = response.content.decode()
    assert response.status_code == 403
    assert "my dad &lt;b&gt;can&#x27;t&lt;/b&gt; sleep &amp; &quot;hurts&quot;" in page
    assert 'name="client_id" value="abc"' in page
    assert "csrfmiddlewaretoken" in page


@pytest.mark.parametrize("name", ["400", "403", "404", "413", "429", "csrf"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_error_says_what_to_do_and_offers_a_person(name: str, language: str) -> None:
    from django.utils import translation

    with translation.override(language):
        page = get_template(f"errors/{name}.html").render(
            {}, RequestFactory().get(f"/{language}/somewhere/")
        )

    assert "tel:18005550100" in page
    assert f'href="/{language}/"' in page


def test_our_own_fault_needs_neither_database_nor_context(
    django_assert_num_queries: object,
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        page = errors.server_error(RequestFactory().get("/")).content.decode()

    assert "1-800-555-0100" in page
    assert "Algo falló de nuestro lado" in page


def test_a_missing_page_is_still_told_when_the_database_is_down(client: Client) -> None:
    with connection.execute_wrapper(_down):
        page = errors.not_found(RequestFactory().get("/en/x/"))

    assert page.status_code == 404


def _down(*_arguments: object) -> None:
    from django.db import OperationalError

    raise OperationalError("the database is down")
