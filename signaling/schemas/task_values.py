"""Routine tasks and their boards."""

from __future__ import annotations

from pydantic import Field

from hub.dispatch.task_shapes import NextRound, Repeats, TaskState
from hub.shapes import Author, Situation, Wire


class TaskCounts(Wire):
    """How many are asked, and how they answered: of those whom one may see."""

    total: int
    answered: int
    abnormal: int
    late: int
    """Answered after it was due."""


class TaskRound(Wire):
    """One time that a task is asked."""

    round: int
    """Which time, from 1 on."""
    opened_at: str
    due: str
    closed_at: str | None
    """Since when it cannot be answered any more."""
    urged: int
    """How often those who had not answered were urged."""
    urged_at: str | None


class TaskReply(Wire):
    """How a center answered."""

    center: str
    round: int
    at: str
    situation: Situation
    late: bool
    by: str
    """Who: a name."""
    report: str
    """The report that it is."""


class TaskOver(Wire):
    """When a task was over, and why."""

    at: str
    by: Author | None
    """Null where its time was over."""
    reason: str


class TaskVersion(Wire):
    """What a task said before it was changed, and who did that, when and why."""

    at: str
    by: Author
    reason: str
    text: str
    due: str | None
    """Of the round that was the newest then."""
    time: str | None
    until: str | None


class Task(Wire):
    """What centers are asked to report by a moment."""

    id: str
    title: str
    text: str
    by: Author
    repeats: Repeats
    time: str | None
    """Daily: `18:00`, by the hub's clock."""
    weekdays: list[int]
    """Daily: 1 Monday to 7 Sunday."""
    ahead_minutes: int
    remind_minutes: int
    names: list[str]
    """Of the first three that are asked."""
    targets: int
    """How many are asked in all."""
    given_at: str
    state: TaskState
    round: TaskRound | None
    """The newest; null before the first."""
    next: NextRound | None
    """When it is asked again; null for never."""
    until: str | None = None
    """A daily one is not due any more after this; null until somebody ends it."""
    versions: list[TaskVersion] = Field(default_factory=list)
    """What it said before, the first first."""
    ended: TaskOver | None
    counts: TaskCounts | None
    """Of the newest round, as one may see it; null where it was told, not read."""
    asked: bool
    """Whether one's own center is asked; false where it was told, not read."""
    own: TaskReply | None
    """What one's own center answered in the newest round; null where it was told, not read."""


class CountedRound(TaskRound):
    """One time that a task was asked, with its numbers."""

    counts: TaskCounts
