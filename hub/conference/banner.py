"""Banner and ticker (横幅, 滚动字幕): a line of words over the pictures, for all or for chosen centers.

| command | refused with |
|---|---|
| `banner.show` | `not_found` (meeting, center), `meeting_ended`, `forbidden`, `invalid` (nobody of those is called) |
| `banner.remove` | `not_found` (meeting, nothing of this id stands), `meeting_ended`, `forbidden` |
| `banner.expire` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (it still runs) |

One banner and one ticker stand at a time: a new one takes the place of the old one. A banner stays until it is taken off; a
ticker runs so many times, or until it is taken off. The hub says how long one run takes, so that it ends everywhere at once.
The same words to the same centers again change nothing. What is shown to chosen centers is told to them, and to desks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from hub.called import meant_here
from hub.clock import from_wire, to_wire
from hub.conference.banner_shapes import (
    Banner,
    BannerExpire,
    BannerLine,
    BannerOwn,
    BannerRemove,
    BannerRemoved,
    BannerRow,
    BannerSent,
    BannerShow,
    BannerShown,
    SentLine,
)
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.gates import require_here, running_meeting, signature_of
from hub.parts import PartTable
from hub.ruling import CommandRule, Context, Control, Due, EntryRule, RuleFile
from hub.shapes import Author
from hub.state import HubState, Meeting


def run_seconds(text: str) -> int:
    """Seconds of one run of a ticker: the way over the picture, and time to read on the way."""
    return 10 + math.ceil(len(text) / 4)


def _removed(meeting: Meeting, line: BannerLine, reason: str) -> Draft:
    gone = {"banner": line.id, "kind": line.kind, "text": line.text, "reason": reason}
    return Draft("banner.removed", meeting.id, gone)


def _standing(meeting: Meeting) -> list[SentLine]:
    sent = meeting.read(BannerSent)
    return [line for line in (sent.banner, sent.ticker) if line is not None]


def _show(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = BannerShow.model_validate(command.data)
    centers = meant_here(meeting, data.centers, data.reaches, context)
    before = next((line for line in _standing(meeting) if line.kind == data.kind), None)
    runs = data.kind == "ticker"
    if (
        before is not None
        and (before.text, before.style) == (data.text, data.style)
        and (before.centers is None) == (centers is None)
        and set(before.centers or ()) == set(centers or ())
        and before.until is None
        and (data.times is None or not runs)
    ):
        return []
    seconds = run_seconds(data.text) if runs else None
    until = None
    if seconds is not None and data.times is not None:
        until = to_wire(context.now + timedelta(seconds=seconds * data.times))
    shown = {
        "banner": context.new_id("l"),
        "kind": data.kind,
        "text": data.text,
        "style": data.style,
        "centers": centers,
        "times": data.times if runs else None,
        "run_seconds": seconds,
        "until": until,
        "by": signature_of(context.account, context.tree),
    }
    replaced = [] if before is None else [_removed(meeting, before, "replaced")]
    return [*replaced, Draft("banner.shown", meeting.id, shown)]


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    wanted = BannerRemove.model_validate(command.data).banner
    for line in _standing(meeting):
        if line.id == wanted:
            return [_removed(meeting, line, "taken_off")]
    raise Refusal("not_found", "it is not shown any more", "banner")


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    wanted = BannerExpire.model_validate(command.data).banner
    for line in _standing(meeting):
        if line.id == wanted and line.until is not None:
            if from_wire(line.until) > context.now:
                raise Refusal("wrong_state", "it still runs")
            return [_removed(meeting, line, "over")]
    return []


def _before_the_end(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    meeting = state.meetings[draft.meeting or ""]
    return [_removed(meeting, line, "ended") for line in _standing(meeting)]


def _has_run(meeting: Meeting) -> Due | None:
    """When the ticker has run as often as it was to."""
    line = meeting.read(BannerSent).ticker
    if line is None or line.until is None:
        return None
    return Due(from_wire(line.until), "banner.expire", meeting.id, line.id, {"banner": line.id})


def _parts(state: HubState, entry: Entry) -> PartTable | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.parts if meeting is not None and meeting.is_open else None


def _put(parts: PartTable, kind: str, line: BannerLine | None, centers: Iterable[str] | None) -> None:
    """A line at its place, for these centers; None: for all."""
    if centers is None:
        setattr(parts.edit(Banner), kind, line)
        return
    for code in centers:
        row = parts.row(BannerOwn, code)
        if row is None:
            parts.put_row(BannerOwn, code, BannerRow.model_validate({kind: line}))
        elif line is None and (row.ticker if kind == "banner" else row.banner) is None:
            parts.drop_row(BannerOwn, code)
        else:
            setattr(row, kind, line)


def _shown(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is None:
        return
    data: dict[str, Any] = dict(entry.data)
    kept = {name: data[name] for name in ("kind", "text", "style", "run_seconds", "until")}
    author = Author.model_validate({name: data["by"][name] for name in Author.model_fields})
    fields: dict[str, Any] = {**kept, "id": data["banner"], "at": to_wire(entry.at), "by": author}
    centers = data["centers"]
    _put(parts, data["kind"], BannerLine(**fields), centers)
    setattr(parts.edit(BannerSent), data["kind"], SentLine(**fields, centers=centers))


def _gone(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is None:
        return
    sent: SentLine | None = getattr(parts.read(BannerSent), entry.data["kind"])
    if sent is None or sent.id != entry.data["banner"]:
        return
    _put(parts, sent.kind, None, sent.centers)
    setattr(parts.edit(BannerSent), sent.kind, None)


RULES = RuleFile(
    "banner",
    part=Banner,
    commands=(
        CommandRule("banner.show", BannerShow, _show),
        CommandRule("banner.remove", BannerRemove, _remove),
        CommandRule("banner.expire", BannerExpire, _expire, system=True),
    ),
    entries=(
        EntryRule("banner.shown", BannerShown, _shown, control=Control("显示横幅", "banner shown")),
        EntryRule("banner.removed", BannerRemoved, _gone, control=Control("撤下横幅", "banner removed")),
    ),
    precedes={"meeting.ended": _before_the_end},
    due=_has_run,
)
#: For whom: what desks know of it.
SENT = RuleFile("banner_sent", part=BannerSent)
#: What chosen centers see.
OWN = RuleFile("banner_own", part=BannerOwn)
