"""axe finds nothing on any screen, in both languages, narrow and wide; no page scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from e2e.conftest import Visit, sign_in
from e2e.servers import Server

pytestmark = pytest.mark.browser

PUBLIC = [
    "",
    "ask/",
    "search/?q=opdvio",
    "search/?q=zzzz",
    "side-effects/",
    "treatments/",
    "medicines/",
    "how-it-works/",
    "nivolumab/",
    "the-helpline/",
    "programs/",
    "news/",
    "talk/",
    "chat/",
    "callback/",
    "message/",
    "yours/enter/",
    "who-reviews/",
    "privacy-notice/",
    "accessibility/",
    "reprint/",
    "not-there/",
    "display/",
    "words/",
    "offline/",
    "look/switches/",
    "look/switches/?medicine=durvalumab-tremelimumab",
    "look/body/",
    "look/side-by-side/",
    "look/calendar/",
    "look/calendar/nivolumab-ipilimumab/?start=",
    "look/calendar/durvalumab-tremelimumab/?start=2026-12-01&durvalumab=0-2&tremelimumab=1-0&months=6",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def findings(page: Page) -> list[str]:
    """Return what axe complains of, with the elements."""
    violations = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{page.url}: {each['id']}: {node['html'][:160]}"
        for each in violations
        for node in each["nodes"]
    ]


@pytest.mark.screens
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("narrow", [True, False], ids=["narrow", "wide"])
def test_public_screens(closed_server: Server, visit: Visit, language: str, narrow: bool) -> None:
    page = visit(closed_server, narrow=narrow)
    found: list[str] = []
    for path in PUBLIC:
        page.goto(f"/{language}/{path}")
        found += findings(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > page.viewport_size["width"]:  # type: ignore[index]
            found.append(f"{page.url} scrolls sideways: {width}")
    assert not found


@pytest.mark.parametrize(
    "question",
    [
        "I can't breathe since the infusion",
        "I want to kill myself",
        "itchy all over since my opdivo infusion",
        "fever of 101.5 after keytruda",
        "How many mg of nivolumab?",
        "What is PD-1?",
        "",
    ],
)
def test_answers(closed_server: Server, visit: Visit, question: str) -> None:
    page = visit(closed_server, "/en/ask/", narrow=True, javascript=True)
    page.locator("#id_question").evaluate("box => box.removeAttribute('required')")
    page.locator("#id_question").fill(question)
    with page.expect_navigation():
        page.get_by_role("button", name="Ask", exact=True).click()
    assert not findings(page)


def test_conversation_and_desk(open_server: Server, visit: Visit) -> None:
    desk = visit(open_server, "/staff/sign-in/")
    found = findings(desk)
    sign_in(desk, open_server, "susan")
    desk.get_by_role("button", name="Take contacts").click()
    visitor = visit(open_server, "/en/chat/", narrow=True)
    visitor.locator("#id_text").fill("I have a fever of 101.5 since Monday")
    with visitor.expect_navigation():
        visitor.get_by_role("button", name="Start the chat").click()
    found += findings(visitor)
    for path in ("/desk/", "/desk/keys/", "/reports/", "/staff/2fa/"):
        desk.goto(path)
        found += findings(desk)
    desk.goto("/desk/")
    desk.locator(".queue__item", has_text="fever of 101.5").get_by_role(
        "button", name="Accept"
    ).click()
    desk.wait_for_selector("[data-messages] li")
    found += findings(desk)
    visitor.reload()
    found += findings(visitor)
    desk.set_viewport_size({"width": 360, "height": 740})
    found += findings(desk)
    desk.get_by_role("button", name="Save and end contact").click()
    assert not found
