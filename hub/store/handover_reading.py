"""Reading what a hand-over of one meeting is made of, for the process that makes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.directory.accounts import Account
from hub.directory.pinyin import spell
from hub.directory.tree import Center, CenterTree
from hub.evidence.bundle import Material
from hub.store import meeting_reading, tables
from hub.store.evidence_reading import evidence_material
from hub.store.minutes_rows import read_versions
from hub.store.sight import Sight

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Handed:
    """All of it, read at one moment; `asker` may have been taken from the directory since: then there is nothing."""

    asker: Account
    title: str
    opened_at: str
    drill: bool
    level: str
    convener: Json
    material: Material
    recordings: list[Json]
    film: Json | None
    """`{"job", "files"}` of the newest film that somebody had made."""
    versions: list[Json]
    people: dict[str, str]
    """Account -> name."""
    centers: dict[str, str]
    """Code -> name."""


def handed(connection: sa.Connection, job: str, meeting: str, now: datetime) -> Handed | None:
    """None where the meeting does not exist for who asked, or nobody did."""
    jobs, accounts, meetings = tables.jobs.c, tables.accounts.c, tables.meetings.c
    asked = connection.execute(sa.select(jobs.asked_by).where(jobs.id == job)).scalar()
    if asked is None:
        return None
    row = connection.execute(
        sa.select(tables.accounts).where(accounts.id == json.loads(asked)["account"])
    ).first()
    found = connection.execute(sa.select(tables.meetings).where(meetings.id == meeting)).first()
    if row is None or row.disabled or found is None:
        return None
    asker = Account(row.id, row.username, row.name, row.role, row.center, cleared=bool(row.cleared))
    centers = [
        Center(each.code, each.name, each.level, each.parent, spell(each.name), bool(each.functional))
        for each in connection.execute(sa.select(tables.centers).order_by(tables.centers.c.place))
    ]
    sight = Sight(asker, CenterTree(centers), connection.dialect.name)
    material = evidence_material(connection, sight, meeting)
    if material is None:
        return None
    film = connection.execute(
        sa.select(jobs.id, jobs.result)
        .where(jobs.kind == "film", jobs.meeting == meeting, jobs.state == "done", jobs.id == jobs.subject)
        .order_by(jobs.ended_at.desc())
        .limit(1)
    ).first()
    return Handed(
        asker,
        found.title,
        found.opened_at,
        bool(found.drill),
        found.level,
        json.loads(found.chair),
        material,
        meeting_reading.recordings(connection, meeting, now),
        None if film is None else {"job": film.id, **json.loads(film.result or "{}")},
        read_versions(connection, meeting),
        {each.id: each.name for each in connection.execute(sa.select(accounts.id, accounts.name))},
        {each.code: each.name for each in centers},
    )
