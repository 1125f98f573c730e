"""Reading what was done in the house: searched, in pages, and with what holds an entry in its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from hub.directory.secrecy import NORMAL
from hub.entry import Entry
from hub.filters import AuditFilter
from hub.journal.ports import Checkpoint
from hub.store import tables
from hub.store.order_reading import Json
from hub.store.rows import checkpoint_of, entry_of

_entries, _accounts = tables.entries.c, tables.accounts.c
#: The accounts that an entry tells of: one, or a list of them.
_ABOUT: Final = {
    "sqlite": """(json_extract(entries.data, '$.account') IN ({ids})
        OR entries.kind IN ('sign_in.failed', 'account.created') AND EXISTS (
            SELECT 1 FROM json_each(
                entries.data, CASE entries.kind WHEN 'sign_in.failed' THEN '$.failures' ELSE '$.accounts' END)
            AS told WHERE json_extract(told.value, '$.account') IN ({ids})))""",
    "postgresql": """(CAST(entries.data AS json) ->> 'account' IN ({ids})
        OR entries.kind IN ('sign_in.failed', 'account.created') AND EXISTS (
            SELECT 1 FROM json_array_elements(
                CAST(entries.data AS json) -> CASE entries.kind WHEN 'sign_in.failed' THEN 'failures' ELSE 'accounts' END)
            AS told WHERE told.value ->> 'account' IN ({ids})))""",
}
#: What the hub tells of one account alone, because that account did it.
TOLD_OF_ONE: Final = (
    "session.signed_in",
    "session.signed_out",
    "session.ended",
    "recording.viewed",
    "recording.downloaded",
    "evidence.taken",
    "audit.searched",
    "audit.exported",
)
_EACH: Final = {
    "sqlite": "SELECT value FROM json_each(:{name})",
    "postgresql": "SELECT json_array_elements_text(CAST(:{name} AS json))",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry, the hash of the one before it, and the first signed checkpoint that covers it, if there is one yet."""

    entry: Entry
    before: str | None
    checkpoint: Checkpoint | None


def audit_page(connection: sa.Connection, wanted: AuditFilter, limit: int) -> tuple[list[Entry], int | None]:
    """At most `limit` entries, newest first, and the number that the next page is `before`; None where nothing is left."""
    query = (
        sa.select(tables.entries)
        .where(*_conditions(connection, wanted))
        .order_by(_entries.seq.desc())
        .limit(limit + 1)
    )
    rows = connection.execute(query).all()
    found = [entry_of(row) for row in rows[:limit]]
    return found, found[-1].seq if len(rows) > limit else None


def _names_nothing_secret() -> Any:
    """Whether an entry names no secret meeting, whichever of its fields that would be: who looked, what was taken away."""
    meetings = tables.meetings.c
    named = sa.exists().where(meetings.level != NORMAL, _entries.data.contains(meetings.id))
    return sa.not_(named.correlate(tables.entries))


def _conditions(connection: sa.Connection, wanted: AuditFilter) -> list[Any]:
    dialect = connection.dialect.name
    conditions: list[Any] = [_entries.meeting.is_(None), _entries.kind.in_(list(wanted.kinds))]
    if not wanted.cleared:
        conditions.append(_names_nothing_secret())
    if wanted.before is not None:
        conditions.append(_entries.seq < wanted.before)
    if wanted.since is not None:
        conditions += [_entries.at >= wanted.since, *_bound(connection, wanted.since, first=True)]
    if wanted.until is not None:
        conditions += [_entries.at <= wanted.until, *_bound(connection, wanted.until, first=False)]
    if wanted.actor is not None:
        told = sa.and_(
            _entries.kind.in_(TOLD_OF_ONE),
            _entries.data.contains(wanted.actor, autoescape=True),
            _about(dialect, "actor", [wanted.actor]),
        )
        conditions.append(sa.or_(_entries.account == wanted.actor, told))
    if wanted.who is not None:
        # The id stands in the text of what tells of it: looked for there before anything is taken apart.
        told = sa.and_(
            _entries.data.contains(wanted.who, autoescape=True), _about(dialect, "who", [wanted.who])
        )
        conditions.append(sa.or_(_entries.account == wanted.who, told))
    if wanted.centers is not None:
        codes = _EACH[dialect].format(name="codes")
        people = f"SELECT id FROM accounts WHERE center IN ({codes})"  # noqa: S608 - our own words alone
        known = {"codes": json.dumps(wanted.centers)}
        there = sa.text(f"entries.center IN ({codes})").bindparams(**known)
        conditions.append(sa.or_(there, sa.text(_ABOUT[dialect].format(ids=people)).bindparams(**known)))
    if wanted.text:
        words = sa.or_(
            _accounts.name.icontains(wanted.text, autoescape=True),
            _accounts.username.icontains(wanted.text, autoescape=True),
        )
        named = connection.execute(sa.select(_accounts.id).where(words).limit(500)).scalars().all()
        conditions.append(
            sa.or_(
                _entries.data.icontains(wanted.text, autoescape=True),
                *([_entries.account.in_(named), _about(dialect, "named", named)] if named else []),
            )
        )
    return conditions


def _about(dialect: str, name: str, ids: Any) -> Any:
    each = _EACH[dialect].format(name=name)
    return sa.text(_ABOUT[dialect].format(ids=each)).bindparams(**{name: json.dumps(list(ids))})


def _bound(connection: sa.Connection, moment: str, *, first: bool) -> list[Any]:
    """The number at which this moment lies: time goes forward with numbers, and numbers are what is walked along."""
    at = sa.select(_entries.seq).where(_entries.meeting.is_(None))
    if first:
        seq = connection.execute(at.where(_entries.at >= moment).order_by(_entries.at).limit(1)).scalar()
        return [_entries.seq >= seq - _SAME_MOMENT if seq is not None else sa.false()]
    seq = connection.execute(at.where(_entries.at <= moment).order_by(_entries.at.desc()).limit(1)).scalar()
    return [_entries.seq <= seq + _SAME_MOMENT if seq is not None else sa.false()]


#: Entries of one group may bear one moment: so many around the bound are looked at by their time.
_SAME_MOMENT: Final = 10_000


def proof_of(connection: sa.Connection, seq: int, *, cleared: bool) -> Proof | None:
    """The entry of no meeting with this number, and what holds it in its place; `cleared` as in AuditFilter."""
    told = sa.true() if cleared else _names_nothing_secret()
    row = connection.execute(
        sa.select(tables.entries).where(_entries.seq == seq, _entries.meeting.is_(None), told)
    ).first()
    if row is None:
        return None
    before = connection.execute(sa.select(_entries.hash).where(_entries.seq == seq - 1)).scalar()
    signed = connection.execute(
        sa.select(tables.checkpoints)
        .where(tables.checkpoints.c.seq >= seq)
        .order_by(tables.checkpoints.c.seq)
        .limit(1)
    ).first()
    return Proof(entry_of(row), before, checkpoint_of(signed) if signed is not None else None)


def newest_checkpoint(connection: sa.Connection) -> Checkpoint | None:
    """The last one that was signed; None: none yet."""
    row = connection.execute(
        sa.select(tables.checkpoints).order_by(tables.checkpoints.c.seq.desc()).limit(1)
    ).first()
    return checkpoint_of(row) if row is not None else None


def audit_standing(connection: sa.Connection) -> Json:
    """How far back the journal reaches, how far it has come, and how far it is signed."""
    oldest = connection.execute(sa.select(_entries.at).order_by(_entries.seq).limit(1)).scalar()
    newest = connection.execute(sa.select(sa.func.max(_entries.seq))).scalar()
    signed = connection.execute(
        sa.select(tables.checkpoints).order_by(tables.checkpoints.c.seq.desc()).limit(1)
    ).first()
    return {
        "oldest_at": oldest,
        "seq": newest or 0,
        "signed_seq": signed.seq if signed is not None else 0,
        "signed_at": signed.at if signed is not None else None,
    }
