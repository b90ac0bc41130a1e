"""Every word that staff read exists in Spanish."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

PACKAGE = settings.BASE_DIR / "careline"
APPS = ["accounts", "desk", "reports"]
_BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
_ONE = re.compile(r"""\{%\s*translate\s+"([^"]+)"|\b_(?:lazy)?\(\s*"([^"\\]+)"\s*\)""")


def _said_in(file: Path) -> Iterator[str]:
    text = file.read_text()
    yield from (one or other for one, other in _ONE.findall(text))
    for block in _BLOCK.findall(text):
        yield re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", _PLURAL.split(block)[0])


def _translated() -> set[str]:
    found: set[str] = set()
    for catalogue in PACKAGE.glob("*/locale/es/LC_MESSAGES/django.po"):
        with catalogue.open("rb") as opened:
            for message in read_po(opened, locale="es"):
                one = message.id if isinstance(message.id, str) else message.id[0]
                if message.string:
                    found.add(one)
    return found


FILES = [
    file
    for app in APPS
    for file in sorted([*PACKAGE.glob(f"{app}/templates/**/*.html"), *PACKAGE.glob(f"{app}/*.py")])
]


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(PACKAGE)) for file in FILES])
def test_every_word_has_its_spanish(file: Path) -> None:
    assert not set(_said_in(file)) - _translated()
