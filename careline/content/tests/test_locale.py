"""Every word of this app's screens has its Spanish."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

APP = Path(__file__).resolve().parent.parent
TRANSLATE = re.compile(r'{%\s*translate\s+"([^"]+)"')
BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate", re.S)


def _in_python() -> Iterator[str]:
    for path in APP.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                argument = node.args[0]
                assert isinstance(argument, ast.Constant), f"{path}: not a plain text"
                yield str(argument.value)


def _in_templates() -> Iterator[str]:
    for path in (APP / "templates" / "content").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        yield from TRANSLATE.findall(text)
        yield from (re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", each) for each in BLOCK.findall(text))


def test_the_spanish_catalogue_is_complete() -> None:
    with (APP / "locale/es/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    translated = {message.id for message in catalogue if message.string}
    assert {*_in_python(), *_in_templates()} <= translated
