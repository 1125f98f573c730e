"""What becomes of a routine task when its time comes: it is asked, urged, due, closed, and asked again."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hub.clock import to_wire
from hub.dispatch.task_state import Kept, due_after, tasks_of
from hub.entry import Command, Draft, center_audience
from hub.ruling import Context
from hub.state import HubState

#: Tasks that the clock takes on at once; the others follow at once.
AT_ONCE: Final = 32


def asked(center: str, targets: list[str]) -> tuple[str, ...]:
    """The audience of what concerns who gave a task and these of whom it asks."""
    return tuple(center_audience(code) for code in dict.fromkeys([center, *targets]))


def opened(kept: Kept, context: Context) -> Draft:
    """Its next round. What should have been asked while no hub ran is not asked any more."""
    due = kept.next_due
    assert due is not None, "a task that waits knows for what"
    following: dict[str, str] | None = None
    if kept.time is not None:
        if due <= context.now:
            due = due_after(kept.time, kept.weekdays, context.zone, context.now)
        following = following_round(kept, due, due, context)
    targets = list(kept.targets)
    data = {
        "task": kept.id,
        "round": kept.round + 1,
        "due": to_wire(due),
        "total": len(targets),
        "next": following,
    }
    return Draft("task.opened", None, data, asked(kept.center, targets))


def following_round(
    kept: Kept, after: datetime, earliest: datetime, context: Context
) -> dict[str, str] | None:
    """When a daily task is asked for the first time that is due after `after`, not before `earliest`; None for never."""
    if kept.time is None:
        return None
    due = due_after(kept.time, kept.weekdays, context.zone, after)
    if kept.until is not None and due > kept.until:
        return None
    return {"opens_at": to_wire(max(due - kept.ahead, earliest)), "due": to_wire(due)}


def urged(kept: Kept, missing: list[str], by: dict[str, str] | None) -> Draft:
    """These are urged, by a person or by the clock."""
    data = {
        "task": kept.id,
        "round": kept.round,
        "by": by,
        "missing": len(missing),
        "number": kept.urged + 1,
    }
    return Draft("task.urged", None, data, asked(kept.center, missing))


def closing(kept: Kept) -> list[Draft]:
    """The end of the round that can be answered; nothing where there is none."""
    if not kept.is_open:
        return []
    total = len(kept.targets)
    data = {
        "task": kept.id,
        "round": kept.round,
        "total": total,
        "answered": len(kept.answered),
        "abnormal": kept.abnormal,
        "late": kept.late,
        "missing": total - len(kept.answered),
    }
    return [Draft("task.closed", None, data, (center_audience(kept.center),))]


def ending(kept: Kept, by: dict[str, str] | None, *, withdrawn: bool = False, reason: str = "") -> Draft:
    """It is asked no more."""
    data = {"task": kept.id, "by": by, "withdrawn": withdrawn, "reason": reason}
    return Draft("task.ended", None, data, asked(kept.center, list(kept.targets)))


def advance(state: HubState, command: Command, context: Context) -> list[Draft]:
    """All that has come due, one step of each task."""
    tasks, drafts = tasks_of(state), list[Draft]()
    for at, id in tasks.upcoming[:AT_ONCE]:
        if at > context.now:
            break
        drafts += _come(tasks.by_id[id], context)
    return drafts


def _come(kept: Kept, context: Context) -> list[Draft]:
    step = kept.next_step
    if step is None:
        return []
    if step[1] == "open":
        return [opened(kept, context)]
    if step[1] == "remind" and kept.due is not None and context.now < kept.due:
        return [urged(kept, kept.missing, None)]
    if step[1] in ("remind", "due"):
        missing = len(kept.targets) - len(kept.answered)
        data = {
            "task": kept.id,
            "round": kept.round,
            "answered": len(kept.answered),
            "abnormal": kept.abnormal,
            "missing": missing,
        }
        return [Draft("task.fell_due", None, data, (center_audience(kept.center),))]
    after = [ending(kept, None)] if kept.opens_at is None else [opened(kept, context)]
    return [*closing(kept), *after]
