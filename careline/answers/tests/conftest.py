"""What the tests of answers share: a small loaded pack that can be asked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from careline.answers import index
from careline.content.actions.packs import load_pack
from careline.content.tests.packmaker import write_pack

WrittenOnce = Callable[[Callable[[], object]], None]
ANSWERS = """\
- key: immunotherapy-what
  topic: basics
  sentences: [how-it-works#what, how-it-works#fever]
  variants:
    en:
      - what is immunotherapy
      - how does immunotherapy work
      - explain immunotherapy
    es:
      - qué es la inmunoterapia
      - cómo funciona la inmunoterapia
- key: nivolumab-what
  topic: basics
  sentences: [nivolumab#what]
  variants:
    en:
      - what does nivolumab block
      - what is nivolumab
    es:
      - qué bloquea nivolumab
      - qué es nivolumab
"""
REFUSALS = """\
- class: dose
  text:
    en: [We can't give doses.]
    es: [No podemos dar dosis.]
  next: [phone, chat]
  pages: [how-it-works]
  examples:
    en: [how many mg of nivolumab do I get, what is the right dose]
    es: [cuántos miligramos me tocan, qué dosis me toca]
- class: not_covered
  text:
    en: ["We don't have that. Call {{phone}}."]
    es: ["No tenemos eso. Llame al {{phone}}."]
  next: [phone, callback]
  pages: []
  examples:
    en: [does immunotherapy cause hair loss]
    es: [la inmunoterapia hace caer el pelo]
"""


@pytest.fixture(autouse=True)
def _no_index_from_another_test() -> Iterator[None]:
    index.forget()
    yield
    index.forget()


@pytest.fixture(scope="module")
def loaded_pack(written_once: WrittenOnce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_pack(tmp_path_factory.mktemp("packs") / "tiny")
    (folder / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
    (folder / "refusals.yaml").write_text(REFUSALS, encoding="utf-8")
    written_once(lambda: load_pack(folder))
    return folder


@pytest.fixture
def pack(loaded_pack: Path, db: None) -> Path:
    """A pack of a few pages, loaded: its folder."""
    return loaded_pack
