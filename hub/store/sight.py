"""Rights as conditions on rows: the one permission table, asked in SQL.

Every condition here says the same as `hub.directory.permissions` does about one object; a test compares them.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from hub.directory.accounts import Account
from hub.directory.permissions import RELATIONS, TABLE, may, reads_entry, sees_meeting
from hub.directory.tree import CenterTree
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
    if dialect == "sqlite":
        listed = sa.func.json_each(json.dumps(list(codes))).table_valued("value")
        return sa.cast(column.in_(sa.select(listed.c.value)), sa.Boolean)
    return sa.cast(column == sa.any_(sa.bindparam(None, list(codes), type_=ARRAY(sa.Text))), sa.Boolean)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one account may see, against one state of the directory."""

    account: Account
    tree: CenterTree
    dialect: str

    def meetings(self) -> Condition:
        """Meetings that exist for this account (`sees_meeting`)."""
        meetings, called = tables.meetings.c, tables.meeting_centers.c
        seen = among(
            meetings.chair_center, centers_for(self.account, "meeting.read", self.tree), self.dialect
        )
        if not may(self.account, "meeting.join", self.tree, self.account.center):
            return seen
        calls = sa.select(called.meeting).where(called.center == self.account.center)
        return sa.or_(seen, meetings.id.in_(calls))

    def orders(self) -> Condition:
        """Orders of which this account may read something."""
        orders, targets = tables.orders.c, tables.order_targets.c
        codes = centers_for(self.account, "order.read", self.tree)
        if codes is None:
            return sa.true()
        aimed = sa.select(targets.order_id).where(among(targets.center, codes, self.dialect))
        return sa.or_(
            among(orders.issuer_center, codes, self.dialect),
            orders.id.in_(aimed),
            sa.and_(orders.shared, orders.meeting.in_(self._meeting_ids())),
        )

    def targets(self) -> Condition:
        """Targets whose progress this account may read, in a join of order_targets with orders.

        The issuer's side sees all of them, a target's side its own.
        """
        codes = centers_for(self.account, "order.read", self.tree)
        return sa.or_(
            among(tables.orders.c.issuer_center, codes, self.dialect),
            among(tables.order_targets.c.center, codes, self.dialect),
        )

    def filed(self, table: sa.Table) -> Condition:
        """Rows of `reports`, `decisions` or `notes` that this account may read."""
        action = "report.read" if table is tables.reports else "order.read"
        own = among(table.c.center, centers_for(self.account, action, self.tree), self.dialect)
        if table is not tables.reports:
            # Their entries have no center words: who sees the meeting reads them, nobody else.
            own = sa.and_(own, sa.not_(table.c.shared))
        return sa.or_(own, sa.and_(table.c.shared, table.c.meeting.in_(self._meeting_ids())))

    def sees(self, chair_center: str, centers: Collection[str]) -> bool:
        """Whether a meeting with this chair and these called centers exists for this account."""
        return sees_meeting(self.account, self.tree, chair_center, centers)

    def reads(self, audience: Collection[str], in_meeting: bool) -> bool:
        """Whether this account may read an entry with these audience words."""
        return reads_entry(self.account, self.tree, audience, in_meeting)

    def below(self, column: Any, center: str) -> Condition:
        """Whether the column holds this center or one below it."""
        return among(column, [each.code for each in self.tree.subtree(center)], self.dialect)

    def _meeting_ids(self) -> sa.Select[tuple[str]]:
        return sa.select(tables.meetings.c.id).where(self.meetings())
