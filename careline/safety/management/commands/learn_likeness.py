"""Learns the likenesses of the safety pack anew, for whoever changed its sentences."""

import base64
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from careline.safety.engine.compile import compile_rules
from careline.safety.engine.judge import judge
from careline.safety.engine.learning import Learned, learn
from careline.safety.engine.rules import RuleSet
from careline.safety.engine.text import read
from careline.safety.levels import Level
from careline.safety.rules_source import PACK, read_yaml

LINES = {Level.EMERGENCY: 0.3, Level.CRISIS: 0.25, Level.URGENT: 0.25}
# What sounds like an emergency sounds urgent, too.
TAUGHT_BY = {Level.URGENT: (Level.URGENT, Level.EMERGENCY)}
# Numbers are read by the rules, not by likeness.
WITH_NUMBERS = (Level.EMERGENCY, Level.CRISIS)
# Where a rule saw a hint of the level, this much is enough.
HINTED = {
    Level.CRISIS: (
        -0.1,
        (
            *("hint_gift", "hint_end", "hint_decided", "hint_burden", "hint_means", "hint_calm"),
            *("farewell", "despair"),
        ),
    )
}
LONGEST = 30
# How much a sentence counts: one of the pack's own, one of its cases, an everyday question.
OWN, CASE, EVERYDAY = 4.0, 8.0, 1.0
START = "# ---- learned by `careline learn_likeness`; don't edit below\n"
LABELS = {
    Level.EMERGENCY: '{en: "Sounds like an emergency", es: "Suena a una emergencia"}',
    Level.CRISIS: '{en: "Sounds like talk of suicide", es: "Suena a hablar de suicidio"}',
    Level.URGENT: '{en: "Sounds urgent", es: "Suena urgente"}',
}

Example = tuple[str, str, float]


class Command(BaseCommand):
    """Write the learned weights to the end of packs/safety/rules.yaml."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the sentences, learn, and replace what was learned before."""
        folder = Path(settings.PACKS_DIR)
        path = folder / PACK / "rules.yaml"
        rules = compile_rules(read_yaml(path))
        examples = [each for each in _examples(folder, rules) if len(each[0].split()) <= LONGEST]
        words = [rules.spelling.put_right(read(text)).words for text, _, _ in examples]
        counts = [count for _, _, count in examples]
        parts = [START, "likenesses:\n"]
        for level, line in LINES.items():
            taught_by = {each.value for each in TAUGHT_BY.get(level, (level,))}
            learned = learn(words, [of in taught_by for _, of, _ in examples], counts)
            parts.append(_written(level, line, learned))
        kept = path.read_text(encoding="utf-8").partition(START)[0].rstrip("\n")
        path.write_text(kept + "\n\n" + "".join(parts), encoding="utf-8")
        self.stdout.write(f"{len(examples)} sentences")


def _examples(folder: Path, rules: RuleSet) -> Iterator[Example]:
    """Sentences and their levels: the pack's own, its cases, and everyday questions."""
    for level, languages in read_yaml(folder / PACK / "sentences.yaml").items():
        for texts in languages.values():
            yield from ((text, level, OWN) for text in texts)
    for case in read_yaml(folder / PACK / "cases.yaml")["cases"]:
        yield case["text"], case["level"], CASE
    for file in sorted(folder.glob("*/answers.yaml")) + sorted(folder.glob("*/refusals.yaml")):
        for entry in read_yaml(file):
            yield from _everyday(entry, rules)


def _everyday(entry: dict[str, Any], rules: RuleSet) -> Iterator[Example]:
    """Questions in which the rules see nothing."""
    for languages in (entry.get("variants") or {}, entry.get("examples") or {}):
        for texts in languages.values():
            yield from (
                (text, Level.NONE.value, EVERYDAY)
                for text in texts
                if judge(rules, text).level.rank < Level.URGENT.rank
            )


def _written(level: Level, line: float, learned: Learned) -> str:
    encoded = base64.b64encode(learned.weights).decode()
    lines = textwrap.indent("\n".join(textwrap.wrap(encoded, 100)), "      ")
    hinted_line, hints = HINTED.get(level, (line, ()))
    return (
        f"  - key: sounds_like_{level.value}\n    level: {level.value}\n"
        f"    label: {LABELS[level]}\n    line: {line}\n"
        f"    hinted_line: {hinted_line}\n    hints: [{', '.join(hints)}]\n"
        f"    numbers: {str(level in WITH_NUMBERS).lower()}\n"
        f"    bias: {learned.bias:.6f}\n    scale: {learned.scale:.8f}\n    weights: |\n{lines}\n"
    )
