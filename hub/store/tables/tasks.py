"""Projections of routine tasks: what is asked of whom, how often it was asked, and who answered."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, words

# `opens_at` and `next_due` are of the round to come; `round` is the newest that was opened, 0 before the first.
tasks = projection(
    "tasks",
    code("id", key=True),
    number("seq"),
    words("title"),
    words("text"),
    words("made_by"),
    code("center"),
    code("repeats"),
    code("time", null=True),
    words("weekdays"),
    number("ahead_minutes"),
    number("remind_minutes"),
    words("names"),
    number("targets"),
    code("given_at"),
    code("state"),
    number("round"),
    code("opens_at", null=True),
    code("next_due", null=True),
    code("until", null=True),
    code("ended_at", null=True),
    words("ended_by", null=True),
    words("reason"),
    sa.Index("tasks_seq", "seq"),
    sa.Index("tasks_center", "center", "seq"),
    sa.Index("tasks_state", "state", "seq"),
)

# What a task said before it was changed.
task_versions = projection(
    "task_versions",
    number("seq", key=True),
    code("task"),
    code("at"),
    words("by"),
    words("reason"),
    words("text"),
    code("due", null=True),
    code("time", null=True),
    code("until", null=True),
    sa.Index("task_versions_task", "task", "seq"),
)

task_targets = projection(
    "task_targets",
    code("task", key=True),
    code("center", key=True),
    number("place"),
    sa.Index("task_targets_center", "center", "task"),
)

task_rounds = projection(
    "task_rounds",
    code("task", key=True),
    number("round", key=True),
    code("opened_at"),
    code("due"),
    code("closed_at", null=True),
    number("urged"),
    code("urged_at", null=True),
)

task_answers = projection(
    "task_answers",
    code("task", key=True),
    number("round", key=True),
    code("center", key=True),
    number("seq"),
    code("at"),
    code("situation"),
    flag("late"),
    words("by"),
    code("report"),
    sa.Index("task_answers_center", "center", "seq"),
)
