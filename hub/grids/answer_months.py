"""What was said outside of sweeps goes with its month: of visits, and of errands. The clock ends the month's key.

| command | refused with |
|---|---|
| `answers.begin`, `answers.tick` (the hub only) | – |

A sweep says itself how long its answers are kept. What is said at doors besides, and what households ask for, is sealed by a
key of the month in which it was said; so long after that month's end (`KEPT`) the key, and what it sealed, are deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from hub.clock import from_wire, to_wire
from hub.entry import HOUSE, Command, Draft, Entry
from hub.errors import Refusal
from hub.grids.visit_shapes import MOST_AHEAD, MOST_BACK
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Due, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState

#: So long after a month what was said in it is kept.
KEPT: Final = timedelta(days=90)
VISITS, ERRANDS = "visits", "errands"
_ABOUT: Final = r"^(visits|errands) 20[0-9]{2}-(0[1-9]|1[0-2])$"


class Months(Part):
    """Months of which something that was said is kept, and until when, as on the wire."""

    until: dict[str, str] = Field(default_factory=dict)


class AnswersBegin(CommandData):
    """Something is kept that was said in a month."""

    about: Annotated[str, StringConstraints(pattern=_ABOUT)]
    """Of what, and the month: `visits 2026-11`."""


class AnswersBegun(Wire):
    """From now on something is kept that was said in a month."""

    about: str
    until: str


class AnswersForgotten(Wire):
    """What was said in a month is deleted, its key first."""

    about: str


def about_month(what: str, month: str, now: datetime) -> str:
    """What seals what was said in this month. Raises Refusal `invalid` for a month that no phone tells of now."""
    if month not in {to_wire(each)[:7] for each in (now - MOST_BACK, now, now + MOST_AHEAD)}:
        raise Refusal("invalid", "it was said at most seven days ago", "occurred_at")
    return f"{what} {month}"


def is_month(about: str) -> bool:
    """Whether a key is a month's."""
    return re.fullmatch(_ABOUT, about) is not None


def kept_until(about: str) -> datetime:
    """When what was said in this month is to be gone."""
    year, month = (int(each) for each in about.split()[1].split("-"))
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) + KEPT


def _begin(state: HubState, command: Command, context: Context) -> list[Draft]:
    about = AnswersBegin.model_validate(command.data).about
    if about in state.parts.read(Months).until:
        return []
    return [Draft("answers.begun", None, {"about": about, "until": to_wire(kept_until(about))}, (HOUSE,))]


def _over(state: HubState, now: datetime) -> Iterator[str]:
    return (about for about, until in state.parts.read(Months).until.items() if from_wire(until) <= now)


def _tick(state: HubState, command: Command, context: Context) -> list[Draft]:
    return [
        Draft("answers.forgotten", None, {"about": about}, (HOUSE,)) for about in _over(state, context.now)
    ]


def _due(state: HubState) -> Due | None:
    first = min(((until, about) for about, until in state.parts.read(Months).until.items()), default=None)
    return None if first is None else Due(from_wire(first[0]), "answers.tick", None, first[1])


def _begun(state: HubState, entry: Entry) -> None:
    state.parts.edit(Months).until[entry.data["about"]] = entry.data["until"]


def _forgotten(state: HubState, entry: Entry) -> None:
    until = state.parts.edit(Months).until
    until.pop(entry.data["about"], None)
    if not until:
        state.parts.forget(Months)


_MONTH: Final = Subject(
    lambda entry: str(entry.data["about"]), lambda state, about: about in state.parts.read(Months).until
)


RULES = RuleFile(
    "answers",
    commands=(
        CommandRule("answers.begin", AnswersBegin, _begin, meeting="never", system=True),
        CommandRule("answers.tick", NoData, _tick, meeting="never", system=True),
    ),
    entries=(
        EntryRule("answers.begun", AnswersBegun, _begun, reads="audit.read", subject=_MONTH, house=True),
        EntryRule(
            "answers.forgotten", AnswersForgotten, _forgotten, reads="audit.read", subject=_MONTH, house=True
        ),
    ),
    hub_due=_due,
)
