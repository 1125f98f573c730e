"""Sweeps (排查): a form is carried to all households of an area, or to certain ones, and none is missed.

| command | refused with |
|---|---|
| `sweep.load` (the hub only) | `not_found` (center), `invalid` (form, due, rows) |
| `sweep.close` | `not_found`, `forbidden`, `already_done`, `invalid` (no reason, while households are left) |
| `sweep.tick` (the hub only) | – |

Which households are expected is fixed when it is opened, and stands in tables of its own, outside of the journal: entries tell
numbers of rows. When it is due and not done, the centers next below are warned, and the warning goes up.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.dispatch import alarm_drafts
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.grids import visits
from hub.grids.catalog import village_of
from hub.grids.sweep_form import checked_form
from hub.grids.sweep_shapes import (
    MAX_ROWS,
    SweepClose,
    SweepClosed,
    SweepEnded,
    SweepFellDue,
    SweepFolded,
    SweepForgotten,
    SweepLoad,
    SweepMoved,
    SweepOpened,
)
from hub.grids.sweep_state import (
    STRETCH,
    SWEEP,
    Rows,
    Sweep,
    Sweeps,
    edited,
    ends_at,
    forget_at,
    sweep_of,
)
from hub.grids.visit_shapes import (
    VisitCorrect,
    VisitCorrected,
    VisitRecord,
    VisitRecorded,
    VisitSettle,
    VisitSettled,
)
from hub.ruling import Apply, CommandRule, Context, Document, Due, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Wire
from hub.state import Alarm, HubState

#: So long after a sweep fell due without anybody acknowledging that the level above is asked.
ESCALATES_AFTER: Final = timedelta(minutes=30)
_SUBJECT: Final = "sweep:"


# -- opened and closed


def _load(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = SweepLoad.model_validate(command.data)
    place = context.tree.get(data.center)
    if place is None:
        raise Refusal("not_found", "there is no such center", "center")
    if sweep_of(state, data.sweep) is not None:
        return []
    checked_form(data.form)
    if data.due is not None and from_wire(data.due) <= context.now:
        raise Refusal("invalid", "it is due some time from now", "due")
    rows = {village: dict(sorted(grids.items())) for village, grids in sorted(data.rows.items())}
    for village, grids in rows.items():
        if not context.tree.contains(data.center, village):
            raise Refusal("not_found", f"there is no center {village} below", "rows")
        if any(village_of(grid) != village for grid in grids):
            raise Refusal("invalid", "a grid is of another village", "rows")
    total = sum(counts[0] for grids in rows.values() for counts in grids.values())
    if not 0 < total <= MAX_ROWS:
        raise Refusal("invalid", "there are no households, or too many", "rows")
    by = {"account": data.account, "name": data.name, "center": data.center, "center_name": place.name}
    kept = data.model_dump(mode="json", include={"sweep", "title", "sort", "note", "due", "days", "form"})
    return [draft_of("sweep.opened", {**kept, "by": by, "rows": rows}, data.center, *rows)]


def _close(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = SweepClose.model_validate(command.data)
    found = readable(state, data.sweep, context)
    if not may(context.account, "sweep.open", context.tree, found.center):
        raise Refusal("forbidden", "this sweep is not yours to close")
    if found.closed_at is not None:
        raise Refusal("already_done", "it is closed", "sweep")
    left = found.left()
    if left and not data.reason:
        raise Refusal("invalid", "say why, while households are left", "reason")
    told = {
        "sweep": found.id,
        "by": signature_of(context.account, context.tree),
        "reason": data.reason,
        "left": left,
    }
    over = alarm_drafts.over(_alarms(state, found), "passed")
    return [draft_of("sweep.closed", told, found.center, *_villages(found)), *over]


def readable(state: HubState, sweep: str, context: Context) -> Sweep:
    """The sweep, for who reads of it. Raises Refusal `not_found`."""
    found = sweep_of(state, sweep)
    if found is not None and visits.sees_sweep(state, context.account, context.tree, found):
        return found
    raise Refusal("not_found", "there is no such sweep", "sweep")


def draft_of(kind: str, data: dict[str, Any], *centers: str) -> Draft:
    """An entry for these centers and those above them."""
    return Draft(kind, None, data, tuple(map(center_audience, dict.fromkeys(centers))))


def _villages(found: Sweep) -> list[str]:
    return [each.center for each in found.villages]


# -- by the clock


def _tick(state: HubState, command: Command, context: Context) -> list[Draft]:
    drafts: list[Draft] = []
    for each in state.parts.read(Sweeps).by_id.values():
        end, forget = ends_at(each), forget_at(each)
        if end is not None and end <= context.now:
            drafts.append(draft_of("sweep.ended", {"sweep": each.id}, each.center, *_villages(each)))
        if forget is not None and forget <= context.now:
            drafts.append(draft_of("sweep.forgotten", {"sweep": each.id}, each.center))
        if _falls_due(each) and from_wire(str(each.due)) <= context.now:
            drafts += _fell_due(state, each, context)
    return drafts


def _falls_due(sweep: Sweep) -> bool:
    return sweep.due is not None and not sweep.fallen and sweep.closed_at is None


def _fell_due(state: HubState, found: Sweep, context: Context) -> list[Draft]:
    left = {each.center: each.left() for each in found.villages}
    left = {center: count for center, count in left.items() if count}
    told = {"sweep": found.id, "title": found.title, "left": left}
    drafts = [draft_of("sweep.fell_due", told, found.center, *left)]
    below: defaultdict[str, int] = defaultdict(int)
    for village, count in left.items():
        below[_next_below(context.tree, found.center, village)] += count
    for center, count in sorted(below.items()):
        words = {"sweep": found.id, "title": found.title, "left": count}
        subject = f"{_SUBJECT}{found.id}:{center}"
        above = alarm_drafts.above(context.tree, center)
        goes_up = to_wire(context.now + ESCALATES_AFTER) if above is not None else None
        drafts.append(
            alarm_drafts.raised(
                "sweep", None, center, center, context, subject=subject, words=words, escalates_at=goes_up
            )
        )
    return drafts


def _next_below(tree: CenterTree, center: str, village: str) -> str:
    """The center on the way down to the village that stands next below `center`; itself where that is the village."""
    path = [each.code for each in tree.path(village)]
    place = path.index(center) + 1 if center in path else 0
    return path[place] if place < len(path) else village


def _alarms(state: HubState, found: Sweep) -> list[Alarm]:
    begins = f"{_SUBJECT}{found.id}:"
    return [each for each in state.alarms.values() if (each.subject or "").startswith(begins)]


def _due(state: HubState) -> Due | None:
    first: tuple[datetime, str] | None = None
    for each in state.parts.read(Sweeps).by_id.values():
        moments: list[datetime | None] = [ends_at(each), forget_at(each) if each.ended else None]
        if _falls_due(each):
            moments.append(from_wire(str(each.due)))
        for at in moments:
            if at is not None and (first is None or (at, each.id) < first):
                first = (at, each.id)
    return None if first is None else Due(first[0], "sweep.tick", None, first[1])


# -- grids are split and joined


def _on_split(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Rows go where their households go: those that a part names to it, all others to the rest."""
    named: dict[str, dict[str, list[int]]] = draft.data.get("rows", {})
    drafts: list[Draft] = []
    for sweep, rows in _rows_in(state, str(draft.data["village"])):
        stays, moves = set(rows.rows_of(draft.data["grid"])), dict[str, list[int]]()
        for grid, wanted in named.get(sweep.id, {}).items():
            moves[grid] = sorted(stays.intersection(wanted))
            stays.difference_update(wanted)
        moves.setdefault(draft.data["rest"], []).extend(sorted(stays))
        drafts += _moved(sweep, rows, moves)
    return drafts


def _on_joined(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    drafts: list[Draft] = []
    for sweep, rows in _rows_in(state, str(draft.data["village"])):
        into = draft.data["into"]["grid"]
        moves = {into: [row for grid in draft.data["grids"] for row in rows.rows_of(grid)]}
        drafts += _moved(sweep, rows, moves)
    return drafts


def _rows_in(state: HubState, village: str) -> list[tuple[Sweep, Rows]]:
    found = state.parts.read(Sweeps).by_id.values()
    return [(each, rows) for each in found if (rows := each.of_center(village)) is not None]


def _moved(sweep: Sweep, rows: Rows, moves: dict[str, list[int]]) -> list[Draft]:
    was: defaultdict[str, list[int]] = defaultdict(list)
    going: defaultdict[str, list[int]] = defaultdict(list)
    for grid, numbers in moves.items():
        for row in numbers:
            if (at := rows.grid_of(row)) != grid:
                was[at].append(row)
                going[grid].append(row)
    if not going:
        return []
    told = {
        "sweep": sweep.id,
        "center": rows.center,
        "part": rows.part,
        "moves": dict(going),
        "was": dict(was),
    }
    return [draft_of("sweep.moved", told, rows.center)]


# -- the state


def _opened(state: HubState, entry: Entry) -> None:
    data = SweepOpened.model_validate(entry.data)
    sizes = [sum(counts[0] for counts in grids.values()) for _, grids in sorted(data.rows.items())]
    ends = tuple(accumulate(sizes))
    villages = tuple(
        Rows.fresh(center, end - size, grids)
        for (center, grids), size, end in zip(sorted(data.rows.items()), sizes, ends, strict=True)
    )
    state.parts.edit(Sweeps).by_id[data.sweep] = Sweep(
        data.sweep,
        data.title,
        data.sort,
        data.note,
        data.by.center,
        data.due,
        to_wire(entry.at),
        data.days,
        tuple(data.form),
        villages,
        ends,
    )


def _fallen(state: HubState, entry: Entry) -> None:
    if (found := edited(state, entry.data["sweep"])) is not None:
        found.fallen = True


def _closed(state: HubState, entry: Entry) -> None:
    if (found := edited(state, entry.data["sweep"])) is not None:
        found.closed_at = to_wire(entry.at)


def _ended(state: HubState, entry: Entry) -> None:
    if (found := edited(state, entry.data["sweep"])) is not None:
        found.ended, found.villages, found.ends, found.form = True, (), (), ()


def _forgotten(state: HubState, entry: Entry) -> None:
    if edited(state, entry.data["sweep"]) is None:
        return
    by_id = state.parts.edit(Sweeps).by_id
    del by_id[entry.data["sweep"]]
    if not by_id:
        state.parts.forget(Sweeps)


def _entry(
    kind: str, schema: type[Wire], apply: Apply, subject: Subject = SWEEP, *, told: bool = True
) -> EntryRule:
    # Told without a value, to be read again: each sees other numbers of it.
    document = Document("sweep", "sweep", gone=True) if told else None
    return EntryRule(
        kind, schema, apply, reads="sweep.read", document=document, everywhere=told, subject=subject
    )


def _command(kind: str, schema: Any, decide: Any, *, system: bool = False) -> CommandRule:
    return CommandRule(kind, schema, decide, meeting="never", system=system)


RULES = RuleFile(
    "sweeps",
    commands=(
        _command("sweep.load", SweepLoad, _load, system=True),
        _command("sweep.close", SweepClose, _close),
        _command("sweep.tick", NoData, _tick, system=True),
        _command("visit.record", VisitRecord, visits.record),
        _command("visit.correct", VisitCorrect, visits.correct),
        _command("visit.settle", VisitSettle, visits.settle),
    ),
    entries=(
        _entry("sweep.opened", SweepOpened, _opened),
        _entry("sweep.moved", SweepMoved, visits.moved, STRETCH),
        _entry("sweep.folded", SweepFolded, visits.folded, STRETCH, told=False),
        _entry("sweep.fell_due", SweepFellDue, _fallen),
        _entry("sweep.closed", SweepClosed, _closed),
        _entry("sweep.ended", SweepEnded, _ended),
        _entry("sweep.forgotten", SweepForgotten, _forgotten),
        # A city's visits are many: who looks at a board reads it again now and then, who walks asks for his rows.
        _entry("visit.recorded", VisitRecorded, visits.recorded, STRETCH, told=False),
        _entry("visit.corrected", VisitCorrected, visits.corrected, STRETCH, told=False),
        _entry("visit.settled", VisitSettled, visits.settled, STRETCH, told=False),
    ),
    follows={"grid.split": _on_split, "grid.joined": _on_joined},
    hub_due=_due,
)
