"""Which entries of a meeting are control (会控): somebody who leads it did something to it, or to somebody in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.ruling import MEETING, EntryRule

#: Who comes and goes, what people bring and answer, what the hub notices by itself: all that is no control.
NO_CONTROL: Final[frozenset[str]] = frozenset(
    {
        "meeting.joined",
        "meeting.left",
        "meeting.declined",
        "meeting.assembled",
        "meeting.signed_in",
        "meeting.end_near",
        "chair.lost",
        "chair.returned",
        "waiting.came",
        "waiting.gave_up",
        "floor.requested",
        "floor.withdrawn",
        "floor.released",
        "roll_call.answered",
        "recording.part_opened",
        "recording.part_closed",
        "note.added",
        "report.filed",
        "decision.recorded",
    }
)


def controls_among(rules: Mapping[str, EntryRule]) -> frozenset[str]:
    """The kinds of entries that are control. A new kind about a meeting counts as one until it is said that it is none."""
    return frozenset(
        kind
        for kind, rule in rules.items()
        if rule.subject is MEETING and not rule.house and kind not in NO_CONTROL
    )


def group_of(kind: str) -> str:
    """What a control is about: the word before the point of its kind."""
    return kind.partition(".")[0]
