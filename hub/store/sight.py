"""Rights as conditions on rows: the one permission table and the levels of secrecy, asked in SQL.

Every condition here says the same as `hub.directory.permissions` and `hub.directory.secrecy` do about one object; a test
compares them.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from hub.directory.accounts import Account
from hub.directory.permissions import RELATIONS, TABLE, Relation, may, reads_entry, sees_meeting
from hub.directory.secrecy import NORMAL, SECRET
from hub.directory.tree import CenterTree
from hub.rules import ENTRIES
from hub.store import tables

Condition = sa.ColumnElement[bool]


def centers_for(account: Account, action: str, tree: CenterTree) -> list[str] | None:
    """Codes of the centers about which the account may do `action`; None for all there are."""
    relations = TABLE[action].get(account.role, frozenset())
    if account.disabled or not relations:
        return []
    if relations >= set(RELATIONS):
        return None
    codes = [account.center] if "self" in relations and account.center in tree else []
    if "below" in relations:
        codes += [center.code for center in tree.subtree(account.center)[1:]]
    if "above" in relations:
        codes += [center.code for center in tree.path(account.center)[:-1]]
    return codes


def among(column: Any, codes: Collection[str] | None, dialect: str) -> Condition:
    """Whether the column holds one of these codes (None: any). One bound value, however many codes."""
    if codes is None:
        return sa.true()
    if not codes:
        return sa.false()
    if len(codes) == 1:
        return sa.ColumnElement.__eq__(column, next(iter(codes)))
    return _listed(column, json.dumps(list(codes)), dialect)


def _listed(column: Any, codes: str, dialect: str) -> Condition:
    """Whether the column holds one of the codes in a JSON list."""
    if dialect == "sqlite":
        listed = sa.func.json_each(codes).table_valued("value")
    else:
        listed = sa.func.json_array_elements_text(sa.cast(sa.literal(codes, sa.Text), sa.JSON)).table_valued(
            "value"
        )
    return sa.cast(column.in_(sa.select(listed.c.value)), sa.Boolean)


class Everything:
    """No sight at all: what is read so is told in rooms, and the rooms decide who hears it."""

    def orders(self) -> Condition:
        """See Sight."""
        return sa.true()

    def targets(self) -> Condition:
        """See Sight."""
        return sa.true()

    def filed(self, table: sa.Table) -> Condition:
        """See Sight."""
        return sa.true()

    def bookings(self) -> Condition:
        """See Sight."""
        return sa.true()

    def templates(self) -> Condition:
        """See Sight."""
        return sa.true()

    def tasks(self) -> Condition:
        """See Sight."""
        return sa.true()

    def clearings(self) -> Condition:
        """See Sight."""
        return sa.true()

    def clearing_centers(self) -> Condition:
        """See Sight."""
        return sa.true()

    def sweeps(self) -> Condition:
        """See Sight."""
        return sa.true()

    def sweep_villages(self) -> Condition:
        """See Sight."""
        return sa.true()

    def errands(self) -> Condition:
        """See Sight."""
        return sa.true()

    def grid_tasks(self) -> Condition:
        """See Sight."""
        return sa.true()

    def incidents(self) -> Condition:
        """See Sight."""
        return sa.true()

    def minutes(self) -> Condition:
        """See Sight."""
        return sa.true()

    def told_of(self, meeting: Any) -> Condition:
        """See Sight."""
        return sa.true()

    def untold(self, connection: sa.Connection, meetings: Collection[str | None]) -> frozenset[str]:
        """See Sight."""
        return frozenset()


class Sight:
    """What one account may see, against one state of the directory. Made for each question anew."""

    def __init__(self, account: Account, tree: CenterTree, dialect: str) -> None:
        self.account = account
        self.tree = tree
        self.dialect = dialect
        self._codes: dict[str, list[str] | str | None] = {}

    def _about(self, column: Any, action: str) -> Condition:
        """Whether the account may do `action` about the center in the column."""
        if action not in self._codes:
            codes = centers_for(self.account, action, self.tree)
            # The top of the tree has thousands: they are written out once and bound in every condition.
            self._codes[action] = json.dumps(codes) if codes is not None and len(codes) > 1 else codes
        kept = self._codes[action]
        return (
            _listed(column, kept, self.dialect)
            if isinstance(kept, str)
            else among(column, kept, self.dialect)
        )

    def told_of(self, meeting: Any) -> Condition:
        """Whether things of the meeting in the column, or of none, may be told to this account by its level."""
        if self.account.cleared:
            return sa.true()
        # Asked of each thing by itself: a list of all that are secret is made by walking through all meetings.
        its = sa.alias(tables.meetings)
        return sa.not_(sa.exists().where(its.c.id == meeting, its.c.level != NORMAL))

    def untold(self, connection: sa.Connection, meetings: Collection[str | None]) -> frozenset[str]:
        """Those of these meetings whose ids are kept from this account: what they ask of it is told without them."""
        ids = sorted({each for each in meetings if each is not None})
        if self.account.cleared or not ids:
            return frozenset()
        of_meetings = tables.meetings.c
        query = sa.select(of_meetings.id).where(of_meetings.id.in_(ids), of_meetings.level != NORMAL)
        return frozenset(connection.execute(query).scalars())

    def meetings(self) -> Condition:
        """Meetings that exist for this account (`sees_meeting`)."""
        if self.account.cleared:
            return self._by_table()
        return sa.and_(tables.meetings.c.level == NORMAL, self._by_table())

    def _by_table(self) -> Condition:
        """Meetings that the permission table lets it see, whatever their level."""
        meetings, called = tables.meetings.c, tables.meeting_centers.c
        seen = self._about(meetings.chair_center, "meeting.read")
        if not may(self.account, "meeting.join", self.tree, self.account.center):
            return seen
        calls = sa.select(called.meeting).where(called.center == self.account.center)
        return sa.or_(seen, sa.and_(meetings.id.in_(calls), meetings.id.not_in(self.removed_from())))

    def removed_from(self) -> sa.Select[tuple[str]]:
        """Ids of the meetings from which this account was removed."""
        inside = tables.participants.c
        return sa.select(inside.meeting).where(inside.account == self.account.id, inside.state == "removed")

    def orders(self) -> Condition:
        """Orders of which this account may read something."""
        orders, targets = tables.orders.c, tables.order_targets.c
        aimed = sa.select(targets.order_id).where(self._about(targets.center, "order.read"))
        seen = sa.or_(
            self._about(orders.issuer_center, "order.read"),
            orders.id.in_(aimed),
            sa.and_(orders.shared, orders.meeting.in_(self._meeting_ids())),
        )
        if self.account.cleared:
            return seen
        return sa.and_(seen, sa.or_(self.told_of(orders.meeting), self._ordered()))

    def _ordered(self) -> Condition:
        """Orders that ask something of this account's own center, of another one (`asked_of`)."""
        orders, targets, own = tables.orders.c, tables.order_targets.c, self.account.center
        if not may(self.account, "order.read", self.tree, own):
            return sa.false()
        mine = sa.select(targets.order_id).where(targets.center == own)
        return sa.and_(orders.id.in_(mine), orders.issuer_center != own)

    def targets(self) -> Condition:
        """Targets whose progress this account may read, in a join of order_targets with orders.

        The issuer's side sees all of them, a target's side its own.
        """
        seen = sa.or_(
            self._about(tables.orders.c.issuer_center, "order.read"),
            self._about(tables.order_targets.c.center, "order.read"),
        )
        if self.account.cleared:
            return seen
        own = tables.order_targets.c.center == self.account.center
        return sa.and_(seen, sa.or_(self.told_of(tables.orders.c.meeting), own))

    def filed(self, table: sa.Table) -> Condition:
        """Rows of `reports`, `alarms`, `decisions` or `notes` that this account may read."""
        if table is tables.alarms:
            return sa.and_(self._about(table.c.center, "alarm.read"), self.told_of(table.c.meeting))
        shared = sa.and_(table.c.shared, table.c.meeting.in_(self._meeting_ids()))
        if table is tables.reports:
            own = sa.and_(self._about(table.c.center, "report.read"), self.told_of(table.c.meeting))
            return sa.or_(own, shared)
        # Entries of the others have no center words: who sees the meeting reads them, nobody else.
        return shared

    def clearings(self) -> Condition:
        """Lists of people of which this account may read something: those of its centers, and rows given to them."""
        clearings, counts = tables.clearings.c, tables.clearing_centers.c
        given = sa.select(counts.clearing).where(self._about(counts.center, "clearing.read"))
        return sa.or_(
            self._about(clearings.center, "clearing.read"),
            sa.and_(clearings.issued_at.is_not(None), clearings.id.in_(given)),
        )

    def clearing_centers(self) -> Condition:
        """Centers whose numbers this account may read, in a join of clearing_centers with clearings."""
        return sa.or_(
            self._about(tables.clearings.c.center, "clearing.read"),
            self._about(tables.clearing_centers.c.center, "clearing.read"),
        )

    def sweeps(self) -> Condition:
        """Sweeps of which this account may read something: those of its centers, and those that are walked there."""
        sweeps, villages = tables.sweeps.c, tables.sweep_villages.c
        walked = sa.select(villages.sweep).where(self._swept(villages.center))
        return sa.or_(self._about(sweeps.center, "sweep.read"), sweeps.id.in_(walked))

    def sweep_villages(self) -> Condition:
        """Villages whose numbers this account may read, in a join of sweep_villages with sweeps."""
        return sa.or_(
            self._about(tables.sweeps.c.center, "sweep.read"), self._swept(tables.sweep_villages.c.center)
        )

    def errands(self) -> Condition:
        """Errands that this account may read: of its villages, or of its own grids."""
        return self._in_grids(tables.errands.c.center, tables.errands.c.grid, "errand.read")

    def grid_tasks(self) -> Condition:
        """Orders in grids that this account may read, likewise, as far as it may know of the order itself."""
        tasks, orders = tables.grid_tasks.c, tables.orders.c
        seen = self._in_grids(tasks.center, tasks.grid, "gridtask.read")
        if self.account.cleared:
            return seen
        told = sa.or_(self.told_of(orders.meeting), self._ordered())
        its = sa.exists().where(orders.id == tasks.order_id, told)
        return sa.and_(seen, its.correlate(tables.grid_tasks))

    def _in_grids(self, center: Any, grid: Any, action: str) -> Condition:
        grids, members = tables.grids.c, tables.grid_members.c
        if "grid" not in TABLE[action].get(self.account.role, frozenset()) or self.account.disabled:
            return self._about(center, action)
        walks = sa.select(members.grid).where(members.account == self.account.id)
        leads = sa.select(grids.grid).where(grids.leader == self.account.id)
        return sa.or_(grid.in_(walks), grid.in_(leads))

    def _swept(self, center: Any) -> Condition:
        """Whether rows of the village in the column are this account's to read; who walks grids has one village alone."""
        if "grid" in TABLE["sweep.read"].get(self.account.role, frozenset()) and not self.account.disabled:
            grids, members = tables.grids.c, tables.grid_members.c
            walks = sa.select(members.grid).where(members.account == self.account.id)
            own = sa.or_(grids.leader == self.account.id, grids.grid.in_(walks))
            there = sa.exists().where(grids.village == self.account.center, own)
            return sa.and_(sa.ColumnElement.__eq__(center, self.account.center), there)
        return self._about(center, "sweep.read")

    def checks(self) -> Condition:
        """Checks that this account may read."""
        return self._about(tables.checks.c.center, "check.read")

    def bookings(self) -> Condition:
        """Bookings that this account may read: of its centers, and those that call them once they may know."""
        bookings, called = tables.bookings.c, tables.booking_centers.c
        calls = sa.select(called.booking).where(self._about(called.center, "booking.read"))
        seen = sa.or_(
            self._about(bookings.center, "booking.read"),
            self._about(bookings.chair_center, "booking.read"),
            sa.and_(bookings.announced, bookings.id.in_(calls)),
        )
        if self.account.cleared:
            return seen
        # Once it is a meeting, that one's level counts.
        to_come = sa.and_(bookings.meeting.is_(None), bookings.level == NORMAL)
        became = sa.and_(bookings.meeting.is_not(None), self.told_of(bookings.meeting))
        return sa.and_(seen, sa.or_(to_come, became))

    def templates(self) -> Condition:
        """Templates that this account may use: its own, and those of its own center."""
        templates, account = tables.templates.c, self.account
        if not may(account, "booking.make", self.tree, account.center):
            return sa.false()
        return sa.or_(
            sa.and_(templates.scope == "mine", templates.account == account.id),
            sa.and_(templates.scope == "center", templates.center == account.center),
        )

    def tasks(self) -> Condition:
        """Tasks of which this account may read something: who gave them, and who is asked."""
        targets = tables.task_targets.c
        asked = sa.select(targets.task).where(self._about(targets.center, "task.read"))
        return sa.or_(self._about(tables.tasks.c.center, "task.read"), tables.tasks.c.id.in_(asked))

    def asked(self, center: Any) -> Condition:
        """Whether this account may read how the center in the column answers, in a join with tasks.

        Who gave the task sees all, who is asked his own side.
        """
        return sa.or_(self._about(tables.tasks.c.center, "task.read"), self._about(center, "task.read"))

    def patrolled(self, center: Any) -> Condition:
        """Whether this account may read routes and rounds of the center in the column."""
        return self._about(center, "patrol.read")

    def grids(self) -> Condition:
        """Grids that this account may read: those of its centers, and its own."""
        grids, members = tables.grids.c, tables.grid_members.c
        seen = self._about(grids.village, "grid.read")
        if self.account.disabled or "grid" not in TABLE["grid.read"].get(
            self.account.role, frozenset[Relation]()
        ):
            return seen
        walks = sa.select(members.grid).where(members.account == self.account.id)
        own = sa.or_(grids.leader == self.account.id, grids.grid.in_(walks))
        return sa.or_(seen, sa.and_(grids.village == self.account.center, own))

    def incidents(self) -> Condition:
        """Incidents that this account may read: those that concern its centers, and what was joined into one of them."""
        incidents, concerned = tables.incidents.c, tables.incident_centers.c
        own = sa.select(concerned.incident).where(self._about(concerned.center, "incident.read"))
        seen = sa.or_(incidents.id.in_(own), incidents.main_id.in_(own))
        if self.account.cleared:
            return seen
        return sa.and_(seen, sa.or_(self.told_of(incidents.meeting), self._handed()))

    def _handed(self) -> Condition:
        """Incidents that another center asked this account's own center about (`asked_of`)."""
        incidents, own = tables.incidents.c, self.account.center
        if not may(self.account, "incident.read", self.tree, own):
            return sa.false()
        return sa.and_(
            sa.or_(incidents.responsible == own, incidents.checker == own), incidents.center != own
        )

    def texts(self) -> Condition:
        """Rows of `texts` that this account may read: what is shared by its meeting, the rest by what it belongs to."""
        texts, orders, incidents = tables.texts.c, tables.orders.c, tables.incidents.c
        order = sa.exists().where(orders.id == texts.subject, self.orders())
        issued = sa.exists().where(
            orders.id == texts.subject, self._about(orders.issuer_center, "order.read")
        )
        incident = sa.exists().where(incidents.id == texts.subject, self.incidents())
        tasks, bookings = tables.tasks.c, tables.bookings.c
        task = sa.exists().where(tasks.id == texts.subject, self.tasks())
        # As it is booked now: those called hear of no words that stood there before they were told of it.
        as_now = sa.func.trim(bookings.title.concat(" ").concat(bookings.note)) == texts.text
        booking = sa.exists().where(bookings.id == texts.subject, as_now, self.bookings())
        # One's own side first: it costs the least.
        own = self._about(texts.center, "order.read")
        found = sa.or_(
            sa.and_(texts.shared, texts.meeting.in_(self._meeting_ids())),
            sa.and_(texts.sort == "order", order),
            sa.and_(texts.sort == "answer", sa.or_(own, issued)),
            sa.and_(texts.sort == "report", self._about(texts.center, "report.read")),
            sa.and_(texts.sort == "incident", incident),
            sa.and_(texts.sort == "patrol", self.patrolled(texts.center)),
            sa.and_(texts.sort == "mark", self._marks()),
            sa.and_(texts.sort == "task", task),
            sa.and_(texts.sort == "booking", booking),
            sa.and_(texts.sort == "duty", self._about(texts.center, "duty.read")),
        )
        return (
            found
            if self.account.cleared
            else sa.and_(found, sa.or_(self.told_of(texts.meeting), self._asked_text()))
        )

    def _asked_text(self) -> Condition:
        """Rows of `texts` of a secret meeting that ask something of this account's own center, or are its answers."""
        texts, orders, incidents = tables.texts.c, tables.orders.c, tables.incidents.c
        order = sa.exists().where(orders.id == texts.subject, self._ordered())
        # Not what was done about it in another secret meeting.
        incident = sa.exists().where(
            incidents.id == texts.subject, incidents.meeting == texts.meeting, self._handed()
        )
        return sa.or_(
            sa.and_(texts.sort == "order", order),
            sa.and_(texts.sort == "answer", order, texts.center == self.account.center),
            sa.and_(texts.sort == "incident", incident),
        )

    def minutes(self) -> Condition:
        """Minutes whose standing this account may read: by right, as who led the meeting last, as who submitted them."""
        minutes = tables.minutes.c
        seen = sa.or_(
            self._about(minutes.center, "minutes.read"),
            minutes.chair == self.account.id,
            minutes.writer == self.account.id,
        )
        return sa.and_(seen, self.told_of(minutes.id))

    def _marks(self) -> Condition:
        """Rows of `texts` that are marks as they stand: its author's side reads it, and the meeting's.

        What a mark said before it was changed, and one that was taken back, is found by nobody.
        """
        texts, meetings, marks = tables.texts.c, tables.meetings.c, tables.moment_marks.c
        led = sa.select(meetings.id).where(self._about(meetings.chair_center, "meeting.read"))
        stands = sa.exists().where(marks.id == texts.subject, marks.seq == texts.seq)
        return sa.and_(stands, sa.or_(self._about(texts.center, "meeting.read"), texts.meeting.in_(led)))

    def sees(self, chair_center: str, centers: Collection[str], removed: bool, level: str) -> bool:
        """Whether a meeting with this chair and these called centers, of this level, exists for this account."""
        return sees_meeting(self.account, self.tree, chair_center, centers, removed, level=level)

    def reads(self, kind: str, audience: Collection[str], in_meeting: bool, *, secret: bool = False) -> bool:
        """Whether this account may read an entry of this kind with these audience words; `secret`: of a secret meeting."""
        rule = ENTRIES.get(kind)
        action = rule.reads if rule is not None else "order.read"
        level = SECRET if secret else NORMAL
        return reads_entry(self.account, self.tree, audience, in_meeting, action, level=level)

    def below(self, column: Any, center: str) -> Condition:
        """Whether the column holds this center or one below it."""
        return among(column, [each.code for each in self.tree.subtree(center)], self.dialect)

    def _meeting_ids(self) -> sa.Select[tuple[str]]:
        return sa.select(tables.meetings.c.id).where(self.meetings())
