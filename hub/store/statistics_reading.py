"""Counting for statistics: one question a table, answered by center; what each counts is said in hub.statistics.figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from hub.plans.shapes import DRILL
from hub.statistics.period import Period
from hub.store import tables
from hub.store.drills import is_real
from hub.store.order_rows import COMPLETED

Condition = sa.ColumnElement[bool]
#: Whether the center in a column is one of those that are counted.
Among = Callable[[Any], Condition]
Counts = dict[str, dict[str, int]]

_meetings, _called, _stays = tables.meetings.c, tables.meeting_centers.c, tables.stays.c
_reports, _incidents = tables.reports.c, tables.incidents.c
_orders, _targets = tables.orders.c, tables.order_targets.c
_spans, _voices = tables.spans.c, tables.voices.c
_lists, _of_list = tables.clearings.c, tables.clearing_centers.c
_tasks, _asked, _rounds, _answers = (
    tables.tasks.c,
    tables.task_targets.c,
    tables.task_rounds.c,
    tables.task_answers.c,
)
_patrols = tables.patrol_rounds.c
#: What a chart over time shows.
SERIES: Final = ("meetings", "consultations", "reports", "incidents", "appeals")


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: of which centers, in which period, and what of it may be told to who asks."""

    among: Among
    period: Period
    #: Whether a row of the meeting in a column, or of none, may be told by its level (`Sight.told_of`): figures of who is not
    #: cleared are as if there were no secret meetings.
    told: Among

    def held(self) -> Condition:
        """Meetings that were held in the period, in earnest."""
        return sa.and_(
            _within(_meetings.opened_at, self.period), sa.not_(_meetings.drill), self.told(_meetings.id)
        )

    def real(self, at: Any, meeting: Any) -> Condition:
        """What came in the period from a real meeting, or none."""
        return sa.and_(_within(at, self.period), is_real(meeting), self.told(meeting))

    def filed(self) -> Condition:
        """Reports."""
        return self.real(_reports.at, _reports.meeting)

    def taken_in(self) -> Condition:
        """Incidents and appeals."""
        return self.real(_incidents.registered_at, _incidents.meeting)

    def in_earnest(self) -> Condition:
        """Rounds of tasks that a drill did not give: such a task says so in its title, and belongs to no meeting."""
        no_drill = sa.not_(_tasks.title.startswith(DRILL, autoescape=True))
        return sa.and_(_within(_rounds.due, self.period), no_drill)


def count_by_center(connection: sa.Connection, counted: Counted, now: str) -> Counts:
    """Center -> name of a figure -> number, `present_ms` and `spoken_ms`, of the centers that are counted."""
    counts: Counts = {}
    for query in _questions(counted, now, connection.dialect.name):
        for row in connection.execute(query).mappings():
            kept = counts.setdefault(row["center"], {})
            for name, number in row.items():
                if name != "center" and number:
                    kept[str(name)] = kept.get(str(name), 0) + int(number)
    return counts


def count_by_hour(connection: sa.Connection, counted: Counted) -> Mapping[str, dict[str, int]]:
    """Name of SERIES -> hour of UTC (``2026-11-29T08``) -> number."""
    counts: dict[str, dict[str, int]] = {name: {} for name in SERIES}
    for at, kind, table, conditions in (
        (
            _meetings.opened_at,
            _meetings.kind,
            tables.meetings,
            (counted.held(), counted.among(_meetings.chair_center)),
        ),
        (
            _reports.at,
            sa.literal("report"),
            tables.reports,
            (counted.filed(), counted.among(_reports.center)),
        ),
        (
            _incidents.registered_at,
            _incidents.kind,
            tables.incidents,
            (counted.taken_in(), counted.among(_incidents.responsible)),
        ),
    ):
        hour = sa.func.substr(at, 1, 13)
        query = sa.select(hour, kind, sa.func.count()).select_from(table).where(*conditions)
        for when, which, number in connection.execute(query.group_by(hour, kind)):
            counts[_SERIES_OF[which]][when] = int(number)
    return counts


_SERIES_OF: Final = {
    "dispatch": "meetings",
    "consultation": "consultations",
    "report": "reports",
    "incident": "incidents",
    "appeal": "appeals",
}


def _within(column: Any, period: Period) -> Condition:
    return sa.and_(column >= period.since, column < period.until)


def _sum(condition: Condition) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _questions(counted: Counted, now: str, dialect: str) -> Iterator[sa.Select[Any]]:
    yield from _of_meetings(counted, now, dialect)
    yield from _of_speech(counted, now, dialect)
    yield from _of_news(counted)
    yield from _of_work(counted, now)
    yield from _of_patrols(counted)


def _of_meetings(counted: Counted, now: str, dialect: str) -> Iterator[sa.Select[Any]]:
    center = _meetings.chair_center
    yield (
        sa.select(
            center.label("center"),
            _sum(_meetings.kind == "dispatch").label("meetings"),
            _sum(_meetings.kind == "consultation").label("consultations"),
        )
        .where(counted.held(), counted.among(center))
        .group_by(center)
    )
    yield (
        sa.select(_called.center.label("center"), sa.func.count().label("called"))
        .join_from(tables.meeting_centers, tables.meetings, _called.meeting == _meetings.id)
        .where(counted.held(), _called.center != _meetings.chair_center, counted.among(_called.center))
        .group_by(_called.center)
    )
    # Who came uncalled was there, too; at its own meetings a center is not called.
    there = (
        sa.select(
            _meetings.chair_center.label("convener"),
            _stays.center.label("center"),
            _stays.meeting.label("meeting"),
            sa.func.sum(_lasted(_stays.joined_at, sa.func.coalesce(_stays.left_at, now), dialect)).label(
                "ms"
            ),
        )
        .join_from(tables.stays, tables.meetings, _stays.meeting == _meetings.id)
        .where(counted.held(), counted.among(_stays.center))
        .group_by(_meetings.chair_center, _stays.center, _stays.meeting)
        .subquery()
    )
    came = sa.and_(
        _called.meeting == there.c.meeting,
        _called.center == there.c.center,
        _called.center != there.c.convener,
    )
    yield (
        sa.select(
            there.c.center.label("center"),
            sa.func.sum(there.c.ms).label("present_ms"),
            sa.func.count(_called.center).label("attended"),
        )
        .select_from(there.outerjoin(tables.meeting_centers, came))
        .group_by(there.c.center)
    )


def _of_speech(counted: Counted, now: str, dialect: str) -> Iterator[sa.Select[Any]]:
    """As it was heard in what was recorded; where nobody has listened, as the word was given."""
    yield (
        sa.select(_voices.center.label("center"), sa.func.sum(_voices.spoken_ms).label("spoken_ms"))
        .join_from(tables.voices, tables.meetings, _voices.meeting == _meetings.id)
        .where(counted.held(), counted.among(_voices.center))
        .group_by(_voices.center)
    )
    until = sa.func.coalesce(_spans.to_at, _meetings.ended_at, now)
    inside = tables.participants.c
    # Of a roll call the center is told, of all else who it was.
    center = sa.func.coalesce(_spans.center, inside.center)
    yield (
        sa.select(
            center.label("center"),
            sa.func.sum(_lasted(_spans.from_at, until, dialect)).label("spoken_ms"),
        )
        .join_from(tables.spans, tables.meetings, _spans.meeting == _meetings.id)
        .outerjoin(
            tables.participants,
            sa.and_(inside.meeting == _spans.meeting, inside.account == _spans.account),
        )
        .where(
            counted.held(),
            _spans.why.in_(("floor", "talk", "roll_call")),
            _spans.meeting.not_in(sa.select(_voices.meeting)),
            counted.among(center),
        )
        .group_by(center)
    )


def _lasted(begun: Any, ended: Any, dialect: str) -> Any:
    """Milliseconds from one time on the wire to another; never less than none."""
    if dialect == "sqlite":
        days = sa.func.julianday(ended) - sa.func.julianday(begun)
        length = sa.cast(sa.func.round(days * 86_400_000), sa.BigInteger)
        return sa.func.max(length, 0)
    span = sa.cast(ended, sa.DateTime(timezone=True)) - sa.cast(begun, sa.DateTime(timezone=True))
    length = sa.cast(sa.func.round(sa.extract("epoch", span) * 1000), sa.BigInteger)
    return sa.func.greatest(length, 0)


def _of_news(counted: Counted) -> Iterator[sa.Select[Any]]:
    yield (
        sa.select(
            _reports.center.label("center"),
            sa.func.count().label("reports"),
            _sum(_reports.situation == "abnormal").label("abnormal"),
        )
        .where(counted.filed(), counted.among(_reports.center))
        .group_by(_reports.center)
    )
    appeal, closed = _incidents.kind == "appeal", _incidents.closed_at.is_not(None)
    yield (
        sa.select(
            _incidents.responsible.label("center"),
            _sum(sa.not_(appeal)).label("incidents"),
            _sum(sa.and_(sa.not_(appeal), closed)).label("incidents_closed"),
            _sum(appeal).label("appeals"),
            _sum(sa.and_(appeal, closed)).label("appeals_closed"),
            _sum(_incidents.overdue_at.is_not(None)).label("overdue"),
        )
        .where(counted.taken_in(), counted.among(_incidents.responsible))
        .group_by(_incidents.responsible)
    )


def _of_work(counted: Counted, now: str) -> Iterator[sa.Select[Any]]:
    yield (
        sa.select(
            _of_list.center.label("center"),
            sa.func.sum(_of_list.total).label("rows"),
            sa.func.sum(_of_list.normal + _of_list.abnormal + _of_list.absent + _of_list.moved).label(
                "cleared"
            ),
        )
        .join_from(tables.clearing_centers, tables.clearings, _of_list.clearing == _lists.id)
        .where(_within(_lists.issued_at, counted.period), counted.among(_of_list.center))
        .group_by(_of_list.center)
    )
    due = sa.func.coalesce(_targets.due, _orders.due)
    done = sa.and_(_targets.step >= COMPLETED, _targets.completed_at.is_not(None))
    late = sa.case((done, _targets.completed_at > due), else_=due <= now)
    yield (
        sa.select(
            _targets.center.label("center"),
            sa.func.count().label("orders"),
            _sum(sa.and_(done, _targets.completed_at <= due)).label("on_time"),
            _sum(sa.and_(due.is_not(None), late)).label("late"),
        )
        .join_from(tables.order_targets, tables.orders, _targets.order_id == _orders.id)
        .where(
            counted.real(_orders.issued_at, _orders.meeting),
            _orders.withdrawn.is_(None),
            counted.among(_targets.center),
        )
        .group_by(_targets.center)
    )
    rounds = (
        sa.select(_rounds.task, sa.func.count().label("times"))
        .join_from(tables.task_rounds, tables.tasks, _rounds.task == _tasks.id)
        .where(counted.in_earnest())
        .group_by(_rounds.task)
        .subquery()
    )
    yield (
        sa.select(_asked.center.label("center"), sa.func.sum(rounds.c.times).label("asked"))
        .join_from(tables.task_targets, rounds, _asked.task == rounds.c.task)
        .where(counted.among(_asked.center))
        .group_by(_asked.center)
    )
    yield (
        sa.select(
            _answers.center.label("center"),
            _sum(sa.not_(_answers.late)).label("answered"),
            _sum(_answers.late).label("answered_late"),
        )
        .join_from(
            tables.task_answers,
            tables.task_rounds,
            sa.and_(_answers.task == _rounds.task, _answers.round == _rounds.round),
        )
        .join(tables.tasks, _rounds.task == _tasks.id)
        .where(counted.in_earnest(), counted.among(_answers.center))
        .group_by(_answers.center)
    )


def _of_patrols(counted: Counted) -> Iterator[sa.Select[Any]]:
    """Rounds that are over; what was withdrawn counts for nothing."""
    done = _patrols.state == "done"
    yield (
        sa.select(
            _patrols.center.label("center"),
            sa.func.count().label("patrols"),
            _sum(done).label("patrolled"),
            _sum(sa.not_(done)).label("patrols_missed"),
            sa.func.sum(_patrols.total).label("stops"),
            sa.func.sum(_patrols.normal + _patrols.finding).label("stops_seen"),
            sa.func.sum(_patrols.finding).label("findings"),
        )
        .where(
            _within(_patrols.opened_at, counted.period),
            _patrols.state.in_(("done", "missed", "unfinished")),
            counted.among(_patrols.center),
        )
        .group_by(_patrols.center)
    )
