"""The danger cases of the packs of content: what their questions must be taken for."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from careline.content.packs.validators import Finding
from careline.safety.service import assess

if TYPE_CHECKING:  # This file is read at every start, the reader of packs isn't.
    from careline.content.packs.schema import CaseEntry


def findings(cases: Sequence["CaseEntry"]) -> Iterator[Finding]:
    """Yield a finding for each case that the rules in force judge otherwise.

    The same is asked of them as of the rules' own cases: exactly the level. It is asked
    before anything of the pack is stored.
    """
    for number, case in enumerate(cases):
        if case.danger is None:
            continue
        found = assess(case.question, case.language)
        if found.level.value != case.danger.value:
            names = ", ".join(dict.fromkeys(sign.rule for sign in found.signs))
            why = f" because of {names}" if names else ""
            message = f"the rules say '{found.level}'{why}; expected '{case.danger.value}'"
            yield Finding("cases", (number, "danger"), message)
