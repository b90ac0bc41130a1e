"""What the log says about a promised call: its window, whether it is due, how often we missed it.

Pure; part of contacts.state, which takes these steps in.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from careline.contacts.enums import AttemptOutcome, EventKind, PlannedBecause

# After one of these nobody owes the person a call any more.
_REACHED = frozenset({AttemptOutcome.REACHED, AttemptOutcome.ANSWERED_BY_EMAIL})


def _planned(state: Any, event: Any) -> Any:
    because = event.body.get("why")
    missed = state.calls_missed + 1 if because == PlannedBecause.MISSED else state.calls_missed
    return replace(
        state,
        call_from=_moment(event.body.get("from")),
        call_until=_moment(event.body.get("until")),
        call_due=False,
        # Who chooses anew has read that we are sorry.
        calls_missed=0 if because == PlannedBecause.CHOSEN else missed,
    )


def _moment(written: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(str(written)) if written else None


def _due(state: Any, event: Any) -> Any:
    return replace(state, call_due=True)


def _tried(state: Any, event: Any) -> Any:
    if event.body.get("outcome") not in _REACHED:
        return state
    return replace(state, call_from=None, call_until=None, call_due=False, calls_missed=0)


def without_call(state: Any) -> Any:
    """Return the state of a contact that has ended: nobody waits for a call in it."""
    return replace(state, call_from=None, call_until=None, call_due=False)


STEPS: dict[str, Callable[[Any, Any], Any]] = {
    EventKind.CALL_PLANNED: _planned,
    EventKind.CALL_DUE: _due,
    EventKind.CALL_ATTEMPT: _tried,
}
