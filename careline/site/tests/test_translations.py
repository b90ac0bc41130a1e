"""Every word of the interface exists in every language."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    [
        *PACKAGE.glob("templates/**/*.html"),
        *PACKAGE.glob("site/templates/**/*.html"),
        *PACKAGE.glob("content/templates/content/**/*.html"),
        # What people see of a model in the administration.
        *PACKAGE.glob("contacts/*models.py"),
    ]
)
_WORDS = re.compile(r"""\{%\s*translate\s+"([^"]+)"|_\("([^"]+)"\)""")


def _translated() -> set[str]:
    found: set[str] = set()
    for file in PACKAGE.glob("*/locale/es/LC_MESSAGES/django.po"):
        with file.open("rb") as opened:
            for message in read_po(opened, locale="es"):
                said = (
                    message.string
                    if isinstance(message.string, str)
                    else "".join(message.string or ())
                )
                if message.id and said:
                    found.add(message.id if isinstance(message.id, str) else message.id[0])
    return found


@pytest.mark.parametrize("file", TEMPLATES, ids=[str(f.relative_to(PACKAGE)) for f in TEMPLATES])
def test_every_word_of_a_template_has_its_spanish(file: Path) -> None:
    words = {one or other for one, other in _WORDS.findall(file.read_text())}

    assert not words - _translated()
