"""For people who would rather look: switches by keyboard and touch, a calendar without script."""

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Visit
from e2e.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.screens]
SWITCHES = "/en/look/switches/"
OFF = "the T cell is switched off"
STRONGER = "makes the attack on cancer cells stronger"


def blocked(page: Page) -> str | None:
    """Return what the picture shows as blocked."""
    return page.locator("[data-scene]").get_attribute("data-blocked")


def test_the_switches_by_keyboard(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, SWITCHES)
    page.get_by_role("radio", name="No medicine").focus()

    page.keyboard.press("ArrowDown")
    expect(page.get_by_text(STRONGER)).to_be_visible()
    expect(page.get_by_text(OFF)).to_be_hidden()
    assert blocked(page) == "PD-L1"

    ctla_4 = page.get_by_role("switch", name="Block CTLA-4")
    ctla_4.focus()
    page.keyboard.press("Space")
    expect(ctla_4).to_be_checked()
    assert blocked(page) == "PD-1 CTLA-4"
    expect(page.get_by_role("radio", name="No medicine")).to_be_checked()
    page.keyboard.press("Enter")
    assert blocked(page) == "PD-1"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_medicine_moves_the_switches(
    closed_server: Server, visit: Visit, javascript: bool
) -> None:
    page = visit(closed_server, SWITCHES, narrow=True, javascript=javascript)

    page.get_by_label("Nivolumab with ipilimumab").check()
    if not javascript:
        page.get_by_role("button", name="Show it in the picture").click()

    expect(page.get_by_role("switch", name="Block PD-1")).to_be_checked()
    expect(page.get_by_role("switch", name="Block CTLA-4")).to_be_checked()
    expect(page.get_by_text(STRONGER)).to_be_visible()
    page.get_by_role("switch", name="Block PD-1").click()
    expect(page.get_by_text(OFF)).to_be_visible()
    assert blocked(page) == "CTLA-4"


def test_a_calendar_without_script(closed_server: Server, visit: Visit) -> None:
    page = visit(closed_server, "/en/look/calendar/", narrow=True, javascript=False)
    page.get_by_role("link", name="Durvalumab with tremelimumab").click()
    page.get_by_label("First day of treatment").fill("2026-12-01")
    page.get_by_role("group", name="durvalumab").get_by_label("every 4 weeks").check()
    page.get_by_label("one time only, on day 1").check()

    page.get_by_role("button", name="Show the visits").click()

    expect(page.get_by_role("row", name="Dec. 1, 2026")).to_contain_text("tremelimumab")
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to my calendar").click()
    assert "BEGIN:VEVENT" in download.value.path().read_text()
