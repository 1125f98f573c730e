"""Reading routine tasks and their boards, in the shapes of docs/protocol.md.

Who gave a task, and who is above, sees all that are asked; who is asked, or is above one of them, sees his own side. All
numbers are counted from the rows that one may see, each time they are read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from hub.filters import ListFilter
from hub.store import tables
from hub.store.sight import Condition, Everything, Sight, among

Json = dict[str, Any]
_tasks, _targets = tables.tasks.c, tables.task_targets.c
_rounds, _answers = tables.task_rounds.c, tables.task_answers.c
#: Rounds of one task that are listed.
MOST_ROUNDS = 100
_OVER = ("ended", "withdrawn")


def task_page(connection: sa.Connection, sight: Sight, wanted: ListFilter, limit: int) -> Json:
    """``{"tasks": [Task…], "next": id | null}``, newest first; `state` is ``current`` (waiting or open) or ``over``."""
    conditions: list[Condition] = []
    if wanted.id is not None:
        conditions.append(_tasks.id == wanted.id)
    if wanted.state is not None:
        over = _tasks.state.in_(_OVER)
        conditions.append(over if wanted.state == "over" else sa.not_(over))
    if wanted.text:
        conditions.append(_tasks.title.icontains(wanted.text, autoescape=True))
    if wanted.center is not None:
        asked = sa.select(_targets.task).where(sight.below(_targets.center, wanted.center))
        conditions.append(sa.or_(sight.below(_tasks.center, wanted.center), _tasks.id.in_(asked)))
    if wanted.before is not None:
        row = sa.select(_tasks.seq).where(_tasks.id == wanted.before, sight.tasks())
        last = connection.execute(row).scalar()
        if last is None:
            return {"tasks": [], "next": None}
        conditions.append(_tasks.seq < last)
    found = read_tasks(connection, sight, *conditions, limit=limit + 1)
    return {"tasks": found[:limit], "next": found[limit - 1]["id"] if len(found) > limit else None}


def read_tasks(
    connection: sa.Connection, sight: Sight | Everything, *conditions: Condition, limit: int | None = None
) -> list[Json]:
    """Tasks, newest first; without an own sight no numbers, and no own answer."""
    query = (
        sa.select(tables.tasks, tables.task_rounds)
        .join(
            tables.task_rounds,
            sa.and_(_rounds.task == _tasks.id, _rounds.round == _tasks.round),
            isouter=True,
        )
        .where(sight.tasks(), *conditions)
        .order_by(_tasks.seq.desc())
        .limit(limit)
    )
    rows = connection.execute(query.set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)).all()
    counts: dict[str, Json] = {}
    own: dict[str, Json] = {}
    asked: set[str] = set()
    if isinstance(sight, Sight) and rows:
        ids = [row.tasks_id for row in rows]
        newest = _answers.round == _tasks.round
        counts = {id: each for (id, _), each in _counts(connection, sight, ids, newest).items()}
        here = _targets.center == sight.account.center
        asked = set(connection.scalars(sa.select(_targets.task).where(_targets.task.in_(ids), here)))
        mine = (
            sa.select(tables.task_answers)
            .join(tables.tasks, _tasks.id == _answers.task)
            .where(_answers.task.in_(ids), newest, _answers.center == sight.account.center)
        )
        own = {row.task: _answer(row) for row in connection.execute(mine)}
    versions = _versions(connection, [row.tasks_id for row in rows])
    return [
        {
            **_task(row, counts.get(row.tasks_id), row.tasks_id in asked, own.get(row.tasks_id)),
            "versions": versions[row.tasks_id],
        }
        for row in rows
    ]


def _versions(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[Json]]:
    """By task: what it said before it was changed, the first first."""
    found: dict[str, list[Json]] = {id: [] for id in ids}
    names = ("at", "reason", "text", "due", "time", "until")
    query = sa.select(tables.task_versions).where(tables.task_versions.c.task.in_(ids))
    for row in connection.execute(query.order_by(tables.task_versions.c.seq)) if ids else ():
        found[row.task].append({**{name: getattr(row, name) for name in names}, "by": json.loads(row.by)})
    return found


def _counts(
    connection: sa.Connection, sight: Sight, ids: Sequence[str], *which: Condition
) -> dict[tuple[str, int], Json]:
    """(task, round) -> how many are asked and how they answered, of the rounds that are meant."""
    total = (
        sa.select(_targets.task, sa.func.count())
        .join(tables.tasks, _tasks.id == _targets.task)
        .where(_targets.task.in_(ids), sight.asked(_targets.center))
        .group_by(_targets.task)
    )
    totals = {row[0]: row[1] for row in connection.execute(total)}
    sums = (
        sa.select(
            _answers.task,
            _answers.round,
            sa.func.count(),
            sa.func.sum(sa.case((_answers.situation == "abnormal", 1), else_=0)),
            sa.func.sum(sa.case((_answers.late, 1), else_=0)),
        )
        .join(tables.tasks, _tasks.id == _answers.task)
        .where(_answers.task.in_(ids), sight.asked(_answers.center), *which)
        .group_by(_answers.task, _answers.round)
    )
    found = {
        (task, round): {
            "total": totals.get(task, 0),
            "answered": answered,
            "abnormal": int(abnormal),
            "late": int(late),
        }
        for task, round, answered, abnormal, late in connection.execute(sums)
    }
    newest = connection.execute(sa.select(_tasks.id, _tasks.round).where(_tasks.id.in_(ids)))
    numbers = {row[0]: row[1] for row in newest}
    for id in ids:
        nobody = {"total": totals.get(id, 0), "answered": 0, "abnormal": 0, "late": 0}
        found.setdefault((id, numbers.get(id, 0)), nobody)
    return found


def read_rounds(connection: sa.Connection, sight: Sight, task: str) -> list[Json] | None:
    """The rounds of a task with their numbers, newest first; None where there is no such task for this account."""
    if connection.execute(sa.select(_tasks.id).where(_tasks.id == task, sight.tasks())).first() is None:
        return None
    query = (
        sa.select(tables.task_rounds)
        .where(_rounds.task == task)
        .order_by(_rounds.round.desc())
        .limit(MOST_ROUNDS)
    )
    rows = connection.execute(query).all()
    first = rows[-1].round if rows else 0
    counts = _counts(connection, sight, [task], _answers.round >= first)
    total = next(iter(counts.values()))["total"]
    nobody = {"total": total, "answered": 0, "abnormal": 0, "late": 0}
    return [{**_round(row, ""), "counts": counts.get((task, row.round), nobody)} for row in rows]


def read_board(connection: sa.Connection, sight: Sight, task: str, round: int) -> Json | None:
    """``{"task", "round", "centers": [codes], "answers": [TaskReply…]}`` as far as it may be seen; None for no such round."""
    query = (
        sa.select(tables.task_rounds)
        .join(tables.tasks, _tasks.id == _rounds.task)
        .where(_rounds.task == task, _rounds.round == round, sight.tasks())
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    asked = (
        sa.select(_targets.center)
        .join(tables.tasks, _tasks.id == _targets.task)
        .where(_targets.task == task, sight.asked(_targets.center))
        .order_by(_targets.place)
    )
    answers = (
        sa.select(tables.task_answers)
        .join(tables.tasks, _tasks.id == _answers.task)
        .where(_answers.task == task, _answers.round == round, sight.asked(_answers.center))
        .order_by(_answers.seq)
    )
    return {
        "task": task,
        "round": _round(row, ""),
        "centers": list(connection.scalars(asked)),
        "answers": [_answer(each) for each in connection.execute(answers)],
    }


def read_answers(connection: sa.Connection, task: str, centers: Collection[str]) -> dict[str, Json]:
    """What these centers answered in the newest round of a task, by center, whoever may see it."""
    query = (
        sa.select(tables.task_answers)
        .join(tables.tasks, sa.and_(_tasks.id == _answers.task, _tasks.round == _answers.round))
        .where(_answers.task == task, among(_answers.center, sorted(centers), connection.dialect.name))
    )
    return {row.center: _answer(row) for row in connection.execute(query)}


def _task(row: Any, counts: Json | None, asked: bool, own: Json | None) -> Json:
    plain = ("id", "title", "text", "repeats", "time", "ahead_minutes", "remind_minutes", "targets")
    begun = row.task_rounds_round is not None
    upcoming = None
    if row.tasks_opens_at is not None:
        upcoming = {"opens_at": row.tasks_opens_at, "due": row.tasks_next_due}
    ended = None
    if row.tasks_ended_at is not None:
        by = None if row.tasks_ended_by is None else json.loads(row.tasks_ended_by)
        ended = {"at": row.tasks_ended_at, "by": by, "reason": row.tasks_reason}
    return {
        **{name: getattr(row, f"tasks_{name}") for name in (*plain, "given_at", "state", "until")},
        "by": json.loads(row.tasks_made_by),
        "weekdays": json.loads(row.tasks_weekdays),
        "names": json.loads(row.tasks_names),
        "round": _round(row, "task_rounds_") if begun else None,
        "next": upcoming,
        "ended": ended,
        "counts": counts,
        "asked": asked,
        "own": own,
    }


def _round(row: Any, prefix: str) -> Json:
    names = ("round", "opened_at", "due", "closed_at", "urged", "urged_at")
    return {name: getattr(row, f"{prefix}{name}") for name in names}


def _answer(row: Any) -> Json:
    names = ("center", "round", "at", "situation", "late", "by", "report")
    return {name: getattr(row, name) for name in names}
