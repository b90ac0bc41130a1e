"""A page that was read opens without a network; what is personal never does; leaving forgets."""

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Visit, sign_in
from e2e.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.screens]
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const all = await (await caches.open(name)).keys();
    found.push(...all.map((each) => new URL(each.url).pathname));
  }
  return found;
}"""
ASKED = ("ask/", "search/?q=fever", "talk/", "callback/", "display/", "chat/")


def kept(page: Page) -> list[str]:
    """Return the paths of everything that the browser keeps."""
    found: list[str] = page.evaluate(KEPT)
    return found


def wait_for_kept(page: Page, path: str) -> None:
    """Wait until the worker has kept a page, which it does beside showing it."""
    page.wait_for_function(f"async () => (await ({KEPT})()).includes('{path}')")


def test_a_page_that_was_read_opens_without_a_network(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, "/en/side-effects/", narrow=True)
    wait_for_kept(page, "/en/side-effects/")
    wait_for_kept(page, "/en/offline/")
    page.goto("/en/look/body/")
    wait_for_kept(page, "/en/look/body/")

    page.context.set_offline(True)
    page.goto("/en/side-effects/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Side effects")
    expect(page.get_by_text("You are offline.")).to_be_visible()
    expect(page.locator(".help-bar")).to_have_css("display", "block")
    page.goto("/en/look/body/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Side effects by body part")

    page.goto("/en/treatments/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    expect(page.get_by_role("main").get_by_role("link", name="1-800-555-0100")).to_be_visible()


def test_what_is_personal_is_never_kept(open_server: Server, visit: Visit) -> None:
    page = visit(open_server, "/en/")
    wait_for_kept(page, "/en/")

    desk = visit(open_server, "/staff/sign-in/")
    sign_in(desk, open_server, "susan")
    desk.get_by_role("button", name="Take contacts").click()
    for path in ASKED:
        page.goto(f"/en/{path}")
    page.locator("#id_text").fill("Nobody else should read this")
    with page.expect_navigation():
        page.get_by_role("button", name="Start the chat").click()
    expect(page.locator("[data-messages]")).to_contain_text("Nobody else")
    page.goto("/staff/sign-in/")
    assert kept(desk) == []

    paths = {path for path in kept(page) if not path.startswith("/static/")}
    assert paths == {"/en/", "/en/offline/"}


def test_leaving_forgets_what_was_kept(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, "/en/")
    wait_for_kept(page, "/en/")
    page.context.route("**/leave/", lambda route: route.fulfill(body="Elsewhere"))

    page.get_by_role("link", name="Leave").click()

    page.wait_for_url("**/leave/")
    page.wait_for_function(f"async () => !(await ({KEPT})()).length")
