"""What entries about routine tasks change in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change

_OPEN: Final = "UPDATE tasks SET state = 'open', round = :round, opens_at = :opens_at, next_due = :next_due WHERE id = :task"
_URGE: Final = "UPDATE task_rounds SET urged = :number, urged_at = :at WHERE task = :task AND round = :round"
_KEEP_VERSION: Final = (
    "INSERT INTO task_versions (seq, task, at, by, reason, text, due, time, until)"
    " SELECT :seq, tasks.id, :at, :by, :reason, tasks.text, task_rounds.due, tasks.time, tasks.until FROM tasks"
    " LEFT JOIN task_rounds ON task_rounds.task = tasks.id AND task_rounds.round = tasks.round WHERE tasks.id = :task"
)
_CHANGE: Final = (
    "UPDATE tasks SET text = :text, time = :time, until = :until, opens_at = :opens_at, next_due = :next_due"
    " WHERE id = :task"
)
_PUT_OFF: Final = "UPDATE task_rounds SET due = :due WHERE task = :task AND round = :round"
_CLOSE: Final = "UPDATE task_rounds SET closed_at = :at WHERE task = :task AND round = :round"
_END: Final = (
    "UPDATE tasks SET state = :state, opens_at = NULL, next_due = NULL, ended_at = :at, ended_by = :by, reason = :reason"
    " WHERE id = :task"
)


def _given(entry: Entry) -> Iterator[Change]:
    data = entry.data
    plain = ("title", "text", "repeats", "time", "ahead_minutes", "remind_minutes")
    yield (
        tables.tasks,
        {
            **{name: data[name] for name in plain},
            "id": data["task"],
            "seq": entry.seq,
            "made_by": json_text(data["by"]),
            "center": data["by"]["center"],
            "weekdays": json_text(data["weekdays"]),
            "names": json_text(data["names"]),
            "targets": len(data["centers"]),
            "given_at": to_wire(entry.at),
            "state": "waiting",
            "round": 0,
            "opens_at": data["next"]["opens_at"],
            "next_due": data["next"]["due"],
            "until": None,
            "ended_at": None,
            "ended_by": None,
            "reason": "",
        },
    )
    for place, center in enumerate(data["centers"]):
        yield tables.task_targets, {"task": data["task"], "center": center, "place": place}


def _opened(entry: Entry) -> Iterator[Change]:
    data = entry.data
    upcoming = data["next"] or {"opens_at": None, "due": None}
    yield (
        _OPEN,
        {
            "task": data["task"],
            "round": data["round"],
            "opens_at": upcoming["opens_at"],
            "next_due": upcoming["due"],
        },
    )
    yield (
        tables.task_rounds,
        {
            "task": data["task"],
            "round": data["round"],
            "opened_at": to_wire(entry.at),
            "due": data["due"],
            "closed_at": None,
            "urged": 0,
            "urged_at": None,
        },
    )


def _answered(entry: Entry) -> Iterator[Change]:
    plain = ("task", "round", "center", "situation", "late", "by", "report")
    row = {name: entry.data[name] for name in plain}
    yield tables.task_answers, {**row, "seq": entry.seq, "at": to_wire(entry.at)}


def _urged(entry: Entry) -> Iterator[Change]:
    data = {name: entry.data[name] for name in ("task", "round", "number")}
    yield _URGE, {**data, "at": to_wire(entry.at)}


def _closed(entry: Entry) -> Iterator[Change]:
    yield (
        _CLOSE,
        {"task": entry.data["task"], "round": entry.data["round"], "at": to_wire(entry.at)},
    )


def _ended(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        _END,
        {
            "state": "withdrawn" if data["withdrawn"] else "ended",
            "at": to_wire(entry.at),
            "by": None if data["by"] is None else json_text(data["by"]),
            "reason": data["reason"],
            "task": data["task"],
        },
    )


def _changed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    by, upcoming = json_text(data["by"]), data["next"] or {"opens_at": None, "due": None}
    task = {"task": data["task"]}
    yield (
        _KEEP_VERSION,
        {**task, "seq": entry.seq, "at": to_wire(entry.at), "by": by, "reason": data["reason"]},
    )
    yield (
        _CHANGE,
        {
            **task,
            **{name: data[name] for name in ("text", "time", "until")},
            "opens_at": upcoming["opens_at"],
            "next_due": upcoming["due"],
        },
    )
    if data["due"] is not None:
        yield _PUT_OFF, {**task, "due": data["due"], "round": data["round"]}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "task.given": _given,
    "task.opened": _opened,
    "task.answered": _answered,
    "task.urged": _urged,
    "task.closed": _closed,
    "task.changed": _changed,
    "task.ended": _ended,
}
