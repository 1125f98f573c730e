"""What a visit says, be it of a sweep's row or of a household met outside of any: who says it, when it was, what is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from hub.clock import from_wire, to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.dispatch import incidents
from hub.dispatch.report_shapes import ReportFile
from hub.dispatch.reports import report_of
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.grids.catalog import grid_of, grids_of, may_in_grid, village_of
from hub.grids.sweep_form import Flag
from hub.grids.visit_shapes import MOST_AHEAD, MOST_BACK, VisitFinding, VisitRecord
from hub.objects.reference import NamedObject
from hub.ruling import Context
from hub.state import HubState

#: What the hub itself writes where nobody said more.
_WORDS: Final = {"symptom": "有症状", "origin": "来自需关注的地区", "need": "需要帮助"}
_TITLE: Final = 60
#: Commands of another file that findings give.
_COMMANDS: Final = {rule.kind: rule for rule in incidents.RULES.commands}


def may_visit(state: HubState, account: Account, tree: CenterTree, grid: str, *, handed: bool) -> bool:
    """Whether the account may say what came of a household in this grid: it walks it, or it is the village's turn."""
    if grid in grids_of(state, account.id):
        return may_in_grid(state, account, "visit.record", tree, grid)
    return handed and may(account, "visit.record", tree, village_of(grid))


def may_settle(state: HubState, context: Context, grid: str) -> bool:
    """Whether the account says which of several visits in this grid holds: it answers for the grid, or is of its village."""
    account = context.account
    if may(account, "visit.settle", context.tree, village_of(grid)):
        return True
    known = grid_of(state, grid)
    leads = known is not None and known.leader == account.id
    return leads and may_in_grid(state, account, "visit.settle", context.tree, grid)


def moment_of(said: str | None, now: datetime) -> datetime:
    """When it was. Raises Refusal `invalid` for a moment that is not to be believed."""
    if said is None:
        return now
    at = from_wire(said)
    if not now - MOST_BACK <= at <= now + MOST_AHEAD:
        raise Refusal("invalid", "a visit was at most seven days ago, and is not ahead", "occurred_at")
    return min(at, now)


def told_of(data: VisitRecord, at: datetime, context: Context) -> dict[str, Any]:
    said = data.model_dump(
        mode="json",
        include={"outcome", "seen", "offline", "seconds", "flags", "asked", "photos", "commitment"},
    )
    day = at.astimezone(context.zone).date().isoformat()
    return {**said, "visit": context.new_id("vi"), "occurred_at": to_wire(at), "day": day}


class Found(NamedTuple):
    """What somebody says that he found, and what the hub sees in what was answered."""

    finding: VisitFinding | None
    flags: Sequence[Flag]
    photos: Sequence[NamedObject] = ()


def found_at(
    state: HubState,
    command: Command,
    data: Found,
    title: str,
    grid: str,
    reports: bool,
    context: Context,
) -> tuple[list[Draft], dict[str, str] | None]:
    """The drafts that a finding becomes, and what they make. What somebody must look at is reported, whoever says no word."""
    finding = data.finding
    if finding is None:
        if not reports:
            return [], None
        words = "、".join(_WORDS[flag] for flag in data.flags)
        finding = VisitFinding(text=f"走访发现：{words}（1 户）", urgency="urgent")
    village = village_of(grid)
    known = grid_of(state, grid)
    place = known.name if known is not None else grid
    text = f"{finding.text}\n——{title}" if title else finding.text
    if finding.becomes == "report":
        category = "people" if "origin" in data.flags else "health" if "symptom" in data.flags else "other"
        said = ReportFile.model_validate(
            {
                "situation": "abnormal",
                "text": text,
                "category": category,
                "place": place,
                "urgency": finding.urgency,
                "attachments": [each.model_dump(mode="json") for each in data.photos],
            }
        )
        draft = report_of(said, village, context)
        return [draft], {"what": "report", "id": str(draft.data["report"])}
    register = _COMMANDS["incident.register"]
    asked = register.schema.model_validate(
        {
            "kind": "incident",
            "source": "other",
            "title": finding.text.splitlines()[0][:_TITLE],
            "text": text,
            "category": "other",
            "place": place,
            "urgency": finding.urgency,
            "attachments": [each.model_dump(mode="json") for each in data.photos],
        }
    ).model_dump(mode="json")
    drafts = register.decide(state, Command(command.id, register.kind, None, asked), context)
    return drafts, {"what": "incident", "id": str(drafts[0].data["incident"])}
