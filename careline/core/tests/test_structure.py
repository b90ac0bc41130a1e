"""The shape of the house: imports, access rules, third parties, file lengths."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from careline.core.access import Audience, rule_of

PACKAGE = Path(__file__).resolve().parents[2]
REPOSITORY = PACKAGE.parent
MAX_LINES = 600


def _routes(
    patterns: list[URLPattern | URLResolver], start: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        path = start + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, path)
        else:
            yield path, entry


ROUTES = sorted(dict(_routes(get_resolver().url_patterns)).items())


@pytest.mark.parametrize(("path", "entry"), ROUTES, ids=[path for path, _ in ROUTES])
def test_every_route_declares_who_may_use_it_and_how_often(path: str, entry: URLPattern) -> None:
    rule = rule_of(entry.callback, path)

    assert rule is not None, f"{path} has no access rule"
    assert rule.limit
    if rule.audience is Audience.STAFF:
        assert rule.allows is not None


def test_imports_go_one_way() -> None:
    program = Path(REPOSITORY / ".venv/bin/lint-imports")
    result = subprocess.run(
        [program, "--no-cache"], capture_output=True, text=True, cwd=REPOSITORY, check=False
    )
    assert result.returncode == 0, result.stdout


ASSETS = [
    file
    for pattern in (
        "**/templates/**/*.html",
        "static/**/*.css",
        "static/**/*.js",
        "static/**/*.svg",
    )
    for file in sorted(PACKAGE.glob(pattern))
]
# What makes a browser fetch something by itself. A link that a person follows is another matter.
_FETCHES = re.compile(
    r"""(?:\ssrc\s*=\s*|<link\b[^>]*\bhref\s*=\s*|url\(\s*|@import\s+|\bsrcset\s*=\s*|
        \bimport\s+.*?from\s+|\bfetch\(\s*|EventSource\(\s*)["']?(?:https?:)?//""",
    re.VERBOSE,
)


@pytest.mark.parametrize("file", ASSETS, ids=[str(file.relative_to(PACKAGE)) for file in ASSETS])
def test_no_screen_asks_a_third_party_for_anything(file: Path) -> None:
    assert not _FETCHES.search(file.read_text())


@pytest.mark.parametrize("file", ASSETS, ids=[str(file.relative_to(PACKAGE)) for file in ASSETS])
def test_no_screen_holds_inline_script_or_style(file: Path) -> None:
    if file.suffix == ".html":
        text = file.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", text)
        assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']", text)


PYTHON_FILES = [file for file in sorted(PACKAGE.rglob("*.py")) if "migrations" not in file.parts]


def test_files_stay_readable() -> None:
    long = {str(f): n for f in PYTHON_FILES if (n := len(f.read_text().splitlines())) > MAX_LINES}
    assert not long


def test_there_is_no_junk_drawer() -> None:
    assert not [file for file in PYTHON_FILES if file.name in ("utils.py", "helpers.py")]
