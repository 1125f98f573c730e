"""Routine tasks (例行报告任务): centers are asked to report by a moment, once or day by day; a board shows who has.

| command | refused with |
|---|---|
| `task.give` | `forbidden` (role, center above), `not_found` (center), `invalid` (nobody, or no moment to come) |
| … | also `wrong_state` (too many go on) |
| `task.answer` | `not_found`, `forbidden` (role, or not asked), `wrong_state` (this round is not open) |
| … | also `already_done` (the center has answered, or the task is over) |
| `task.urge` | `not_found`, `forbidden`, `already_done` (over), `wrong_state` (not open, nobody missing, or urged just now) |
| `task.change` | `not_found`, `forbidden`, `already_done` (over), `invalid` (a moment that does not fit) |
| `task.end` | `not_found`, `forbidden`, `already_done` (it is over) |
| `task.advance` (the hub only) | – |

Each time that a task is asked is a *round*: it opens, is due, and closes when the next one opens; asked once, a day after
it was due. Who answers after it was due is late. An answer is a report, and raises an alarm as any report does. A center
answers a round once; a further report corrects it. Who was asked stands fixed; who may urge does so below his own center
alone. At a restart only the round that can be answered is replayed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from hub.called import called_codes, first_names
from hub.clock import from_wire, to_wire
from hub.codes import PackedCodes
from hub.directory.permissions import may
from hub.dispatch import task_state as kept_as
from hub.dispatch.reports import report_of
from hub.dispatch.task_clock import advance, asked, closing, ending, following_round, opened, urged
from hub.dispatch.task_shapes import (
    TaskAnswer,
    TaskAnswered,
    TaskChange,
    TaskChanged,
    TaskClosed,
    TaskEnd,
    TaskEnded,
    TaskFellDue,
    TaskGive,
    TaskGiven,
    TaskOpened,
    TaskUrge,
    TaskUrged,
)
from hub.dispatch.task_state import Kept, due_after, tasks_of
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import signature_of
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState

#: Tasks of one center that go on.
MAX_OPEN: Final = 100
#: How far ahead a task is due.
FURTHEST: Final = timedelta(days=400)
#: Nobody is urged again so soon.
URGED_APART: Final = timedelta(minutes=1)


def _give(state: HubState, command: Command, context: Context) -> list[Draft]:
    data, account = TaskGive.model_validate(command.data), context.account
    if not may(account, "task.give", context.tree, account.center):
        raise Refusal("forbidden", "this role gives no tasks")
    if sum(kept.center == account.center for kept in tasks_of(state).by_id.values()) >= MAX_OPEN:
        raise Refusal("wrong_state", f"{MAX_OPEN} tasks of your center go on; end some")
    opens_at, due = _first(data, context)
    centers = called_codes(list(data.centers), list(data.reaches), "task.give", context)
    kept = Kept(
        id=context.new_id("q"),
        center=account.center,
        targets=PackedCodes(centers),
        time=data.time,
        weekdays=tuple(data.weekdays),
        ahead=timedelta(minutes=data.ahead_minutes),
        remind=timedelta(minutes=data.remind_minutes),
        opens_at=opens_at,
        next_due=due,
    )
    given = {
        "task": kept.id,
        **data.model_dump(
            include={"title", "text", "repeats", "time", "weekdays", "ahead_minutes", "remind_minutes"}
        ),
        "by": signature_of(account, context.tree),
        "centers": centers,
        "names": first_names(centers, context),
        "next": {"opens_at": to_wire(opens_at), "due": to_wire(due)},
    }
    drafts = [Draft("task.given", None, given, asked(kept.center, centers))]
    return [*drafts, opened(kept, context)] if opens_at <= context.now else drafts


def _first(data: TaskGive, context: Context) -> tuple[datetime, datetime]:
    """When it is asked first, and due. Raises Refusal `invalid` for a moment that is past or too far."""
    if data.time is not None:
        due = due_after(data.time, tuple(data.weekdays), context.zone, context.now)
        return max(due - timedelta(minutes=data.ahead_minutes), context.now), due
    due = from_wire(data.due or "")
    if not context.now < due <= context.now + FURTHEST:
        raise Refusal("invalid", f"a task is due within the next {FURTHEST.days} days", "due")
    return context.now, due


def _seen(state: HubState, task: str, context: Context) -> Kept:
    """A task that goes on. Raises Refusal `not_found`, `already_done`."""
    tasks = tasks_of(state)
    found = tasks.by_id.get(task) or tasks.over.get(task)
    if found is None or not _sees(found.center, found.targets, context):
        raise Refusal("not_found", "there is no such task", "task")
    if not isinstance(found, Kept):
        raise Refusal("already_done", "this task is over", "task")
    return found


def _sees(center: str, targets: PackedCodes, context: Context) -> bool:
    account, tree = context.account, context.tree
    if may(account, "task.read", tree, center) or (
        may(account, "task.read", tree, account.center) and account.center in targets
    ):
        return True
    return any(may(account, "task.read", tree, code) for code in targets)


def _answer(state: HubState, command: Command, context: Context) -> list[Draft]:
    data, account = TaskAnswer.model_validate(command.data), context.account
    kept = _seen(state, data.task, context)
    if not may(account, "report.file", context.tree, account.center) or account.center not in kept.targets:
        raise Refusal("forbidden", "your center is not asked", "task")
    if not kept.is_open or data.round != kept.round or kept.due is None:
        raise Refusal("wrong_state", "this round cannot be answered", "round")
    if account.center in kept.answered:
        raise Refusal("already_done", "your center has answered", "round")
    filed = report_of(data, account.center, context, task=kept.id)
    answered = {
        "task": kept.id,
        "round": kept.round,
        "center": account.center,
        "center_name": context.tree[account.center].name,
        "situation": data.situation,
        "report": filed.data["report"],
        "late": context.now > kept.due,
        "by": account.name,
    }
    return [filed, Draft("task.answered", None, answered, asked(kept.center, [account.center]))]


def _urge(state: HubState, command: Command, context: Context) -> list[Draft]:
    """All that have not answered and are one's own to ask."""
    kept = _seen(state, TaskUrge.model_validate(command.data).task, context)
    account, tree = context.account, context.tree
    if not may(account, "task.give", tree, kept.center) and not any(
        may(account, "task.give", tree, code) for code in kept.targets
    ):
        raise Refusal("forbidden", "this task is not yours to urge", "task")
    if not kept.is_open:
        raise Refusal("wrong_state", "it cannot be answered now", "task")
    if kept.urged_at is not None and context.now < kept.urged_at + URGED_APART:
        raise Refusal("wrong_state", "they were urged just now", "task")
    missing = [code for code in kept.missing if may(account, "task.give", tree, code)]
    if not missing:
        raise Refusal("wrong_state", "all have answered", "task")
    return [urged(kept, missing, signature_of(account, tree))]


def _end(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = TaskEnd.model_validate(command.data)
    kept = _seen(state, data.task, context)
    if not may(context.account, "task.give", context.tree, kept.center):
        raise Refusal("forbidden", "this task is not yours to end", "task")
    by = signature_of(context.account, context.tree)
    return [*closing(kept), ending(kept, by, withdrawn=data.withdrawn, reason=data.reason)]


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = TaskChange.model_validate(command.data)
    kept = _seen(state, data.task, context)
    if not may(context.account, "task.give", context.tree, kept.center):
        raise Refusal("forbidden", "this task is not yours to change", "task")
    daily, now = kept.time is not None, context.now
    for field in ("time", "until") if not daily else ("due",):
        if getattr(data, field) is not None:
            raise Refusal("invalid", "once it is due at a moment, daily at a time", field)
    due = None if data.due is None else from_wire(data.due)
    if due is not None and not (kept.is_open and now < due <= now + FURTHEST):
        raise Refusal("invalid", f"a task is due within the next {FURTHEST.days} days", "due")
    until = None if data.until is None else from_wire(data.until)
    if until is not None and until <= now:
        raise Refusal("invalid", "it is asked no more at once: end it", "until")
    upcoming = None
    if daily:
        wanted = replace(kept, time=data.time or kept.time, until=until)
        after = now if kept.due is None else max(now, kept.due)
        upcoming = following_round(wanted, after, after, context)
        if upcoming is None and kept.round == 0:
            raise Refusal("invalid", "it would never be asked: end it", "until")
    changed = {
        "task": kept.id,
        "round": kept.round,
        "text": data.text,
        "due": data.due,
        "time": data.time or kept.time,
        "until": data.until,
        "next": upcoming,
        "reason": data.reason,
        "by": signature_of(context.account, context.tree),
    }
    return [Draft("task.changed", None, changed, asked(kept.center, list(kept.targets)))]


def _entry(
    kind: str, schema: type[Wire], apply: Apply, subject: Subject = kept_as.ROUND, **more: Any
) -> EntryRule:
    document = Document("task", "task", row="center" if kind == "task.answered" else None)
    return EntryRule(
        kind, schema, apply, reads="task.read", document=document, everywhere=True, subject=subject, **more
    )


RULES = RuleFile(
    "tasks",
    commands=(
        CommandRule("task.give", TaskGive, _give, meeting="never"),
        CommandRule("task.answer", TaskAnswer, _answer, meeting="never"),
        CommandRule("task.urge", TaskUrge, _urge, meeting="never"),
        CommandRule("task.change", TaskChange, _change, meeting="never"),
        CommandRule("task.end", TaskEnd, _end, meeting="never"),
        CommandRule("task.advance", NoData, advance, meeting="never", system=True),
    ),
    entries=(
        _entry("task.given", TaskGiven, kept_as.given, kept_as.TASK, recall=kept_as.recalled),
        _entry("task.opened", TaskOpened, kept_as.stepped(kept_as.open_round)),
        _entry("task.answered", TaskAnswered, kept_as.stepped(kept_as.answer)),
        _entry("task.urged", TaskUrged, kept_as.stepped(kept_as.urge)),
        _entry("task.fell_due", TaskFellDue, kept_as.stepped(kept_as.fall_due)),
        _entry("task.closed", TaskClosed, kept_as.stepped(kept_as.close)),
        _entry("task.changed", TaskChanged, kept_as.stepped(kept_as.change), kept_as.TASK),
        _entry("task.ended", TaskEnded, kept_as.ended, kept_as.TASK),
    ),
    hub_due=kept_as.next_due,
)
