"""A draft of minutes, made from what entries tell: nothing is looked at but the facts; the same facts give the same draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from hub.minutes.facts import Drafted, Facts, Line, time_code
from hub.minutes.text import (
    MAX_CELL,
    MAX_PICTURES,
    MAX_ROWS,
    MinutesFact,
    MinutesSection,
    MinutesTable,
    MinutesText,
)
from hub.minutes.what import decided, noted, ordered, pictured, recorded, reported, rested, taken_in
from hub.minutes.who import MOST_LINES, attended, called, spoke

#: The sections from top to bottom; what did not happen has none.
SECTIONS: Final[tuple[Callable[[Facts], Drafted | None], ...]] = (
    attended,
    called,
    reported,
    taken_in,
    decided,
    ordered,
    spoke,
    noted,
    pictured,
    rested,
    recorded,
)
_MAX_TEXT: Final = 19_000


def drafted(facts: Facts) -> list[Drafted]:
    """The sections that the meeting gives rise to."""
    found = [section for make in SECTIONS if (section := make(facts)) is not None]
    words = ["remark.codes", *(["remark.drill"] if facts.meeting.drill else [])]
    return [*found, Drafted("remarks", "\n".join(facts.say(each) for each in words))]


def text_of(facts: Facts, sections: Sequence[Drafted]) -> MinutesText:
    """The draft as a text to be written on."""
    title = facts.say("drill_title" if facts.meeting.drill else "title", title=facts.meeting.title)
    return MinutesText(
        language=facts.language,
        title=_line(title, 120),
        head=_head(facts),
        sections=[_section(facts, each) for each in sections],
    )


def sources(sections: Sequence[Drafted]) -> list[dict[str, Any]]:
    """What stands at the side of the page: each line with its moment and its entry, to be taken over one by one."""
    return [
        {
            "section": section.id,
            "lines": [
                {
                    "text": line.text,
                    "at_ms": line.at_ms,
                    "seq": line.seq,
                    "cells": None if line.cells is None else [_cell(cell) for cell in line.cells],
                    "picture": None if line.picture is None else line.picture.model_dump(mode="json"),
                }
                for line in section.lines[:MAX_ROWS]
            ],
        }
        for section in sections
        if section.lines
    ]


def as_written(line: Line) -> str:
    """A line as it stands in the text: with its moment behind it, where it has one."""
    return line.text if line.at_ms is None else f"{line.text} {time_code(line.at_ms)}"


def _section(facts: Facts, section: Drafted) -> MinutesSection:
    said = [line for line in section.lines if line.cells is None and line.picture is None]
    written = [as_written(line) for line in said[:MOST_LINES]]
    if len(said) > 1 and section.id not in ("attendance", "roll_call"):
        written = [f"{number}. {line}" for number, line in enumerate(written, 1)]
    if len(said) > MOST_LINES:
        written.append(facts.say("more", count=len(said) - MOST_LINES))
    text = "\n".join([section.intro] * bool(section.intro) + written)
    rows = [[_cell(cell) for cell in line.cells] for line in section.lines if line.cells is not None]
    table = MinutesTable(columns=list(section.columns), rows=rows[:MAX_ROWS]) if section.columns else None
    pictures = [line.picture for line in section.lines if line.picture is not None]
    return MinutesSection(
        id=section.id,
        title=facts.say(section.id),
        text=_shortened(text, facts),
        table=table,
        pictures=pictures[:MAX_PICTURES],
    )


def _shortened(text: str, facts: Facts) -> str:
    """Whole lines of a text that would be too long, and how many are left out."""
    if len(text) <= _MAX_TEXT:
        return text
    lines, kept, size = text.split("\n"), [], 0
    for line in lines:
        size += len(line) + 1
        if size > _MAX_TEXT:
            break
        kept.append(line)
    return "\n".join([*kept, facts.say("more", count=len(lines) - len(kept))])


def _head(facts: Facts) -> list[MinutesFact]:
    meeting, say = facts.meeting, facts.say
    chair, convener = meeting.chair, meeting.convener
    minutes = round((facts.end - meeting.opened_at) / timedelta(minutes=1))
    begun = facts.day(meeting.opened_at)
    over = say("span", **{"from": begun, "to": facts.clock(facts.end), "minutes": minutes})
    span = say("span.running", **{"from": begun}) if meeting.is_open else over
    facts_told = [
        ("head.meeting", meeting.title),
        ("head.kind", say(f"kind.{meeting.kind}")),
        ("head.time", span),
        ("head.place", convener.center_name),
        ("head.zone", _zone(facts)),
        ("head.chair", f"{chair.center_name} {chair.name}"),
        *([("head.convener", f"{convener.center_name} {convener.name}")] if convener.id != chair.id else []),
        ("head.clerk", f"{facts.clerk.center_name} {facts.clerk.name}"),
    ]
    return [MinutesFact(label=say(label), value=_line(value, 500)) for label, value in facts_told]


def _zone(facts: Facts) -> str:
    """Which levels were called, and how many centers of each; few are named."""
    codes = sorted(code for code in facts.meeting.centers if code != facts.meeting.convener.center)
    if len(codes) <= 6:
        names = facts.say("list").join(facts.name(code) for code in codes)
    else:
        counts = {
            level: sum(code in facts.tree and facts.tree[code].level == level for code in codes)
            for level in ("city", "county", "township", "village")
        }
        names = facts.say("list").join(
            facts.say("zone.level", level=facts.say(f"level.{level}"), count=count)
            for level, count in counts.items()
            if count
        )
    return facts.say("zone", names=names, count=len(codes)) if codes else facts.say("nothing")


def _line(text: str, most: int) -> str:
    """On one line, no longer than it may be."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _cell(text: str) -> str:
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"
