"""The rules of upkeep: backups, the audit's verification, and what is noted of looks and questions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT, Account
from hub.entry import HOUSE
from hub.errors import Refusal
from hub.house.audit import Verification
from hub.house.backups import MOST_KEPT, Backups, Kept, cut_off, running
from hub.upkeep.schedule import is_due, last_due, outlived
from tests.support.rules import CITY, COUNTY, World, account

ADMIN = account("system_admin", CITY)
AUDITOR = account("audit_admin", COUNTY)
MADE = {"path": "/b/1", "seq": 7, "tip": "a" * 64, "bytes": 9, "files": 3, "missing": 0, "took_ms": 5}


def refused(world: World, who: Account, kind: str, **data: Any) -> str:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, **data)
    return caught.value.code


def begin(world: World, who: Account = ADMIN, **data: Any) -> str:
    (entry,) = world.do(who, "backup.make", **data)
    assert (entry.kind, entry.audience) == ("backup.begun", (HOUSE,))
    return str(entry.data["backup"])


def kept(world: World, name: str) -> Kept:
    return world.state.parts.read(Backups).by_name[name]


def test_backups_are_made_one_at_a_time_by_the_system_administrator_of_the_whole() -> None:
    world = World()
    for role in ROLES:
        for center in (CITY, COUNTY):
            if (role, center) != ("system_admin", CITY):
                assert refused(world, account(role, center), "backup.make") == "forbidden"
    assert refused(world, ADMIN, "backup.make", path="/elsewhere") == "forbidden"
    assert refused(world, ADMIN, "backup.make", scheduled=True) == "forbidden"
    name = begin(world, keys=True)
    assert (kept(world, name).state, kept(world, name).by, kept(world, name).keys) == (
        "running",
        ADMIN.id,
        True,
    )
    assert refused(world, ADMIN, "backup.make") == "conflict"
    assert refused(world, SYSTEM_ACCOUNT, "backup.make", path="/x") == "conflict"
    assert refused(world, ADMIN, "backup.verify", backup=name) == "not_found"
    world.do(SYSTEM_ACCOUNT, "backup.note_made", backup=name, **MADE)
    assert (kept(world, name).state, kept(world, name).seq, kept(world, name).path) == ("made", 7, "/b/1")
    assert running(world.state) is None


def test_a_backup_is_read_through_and_what_was_cut_off_is_told() -> None:
    world = World()
    name = begin(world)
    world.do(SYSTEM_ACCOUNT, "backup.note_made", backup=name, **MADE)
    world.do(ADMIN, "backup.verify", backup=name)
    assert refused(world, ADMIN, "backup.verify", backup=name) == "conflict"
    assert refused(world, AUDITOR, "backup.verify", backup=name) == "forbidden"
    world.do(
        SYSTEM_ACCOUNT, "backup.note_verified", backup=name, holds=False, findings=2, first="x is missing"
    )
    assert (kept(world, name).holds, kept(world, name).findings) == (False, 2)
    world.do(ADMIN, "backup.verify", backup=name)
    kind, data = cut_off(kept(world, name))
    world.do(SYSTEM_ACCOUNT, kind, **data)
    assert not kept(world, name).checking
    other = begin(world, SYSTEM_ACCOUNT, path="/b/2")
    kind, data = cut_off(kept(world, other))
    world.do(SYSTEM_ACCOUNT, kind, **data)
    assert (kept(world, other).state, kept(world, other).reason) == ("failed", "interrupted")


def test_in_the_hub_that_came_back_the_backup_it_comes_from_was_made() -> None:
    world = World()
    name = begin(world)
    world.do(SYSTEM_ACCOUNT, "backup.note_restored", backup=name, seq=1)
    assert (kept(world, name).state, running(world.state)) == ("made", None)


def test_so_many_backups_are_remembered_and_no_more() -> None:
    world = World()
    for _ in range(MOST_KEPT + 3):
        name = begin(world, SYSTEM_ACCOUNT, scheduled=True)
        world.do(SYSTEM_ACCOUNT, "backup.note_failed", backup=name, reason="disk full")
    assert len(world.state.parts.read(Backups).by_name) == MOST_KEPT


def test_the_journal_is_verified_by_who_reads_all_of_it_once_at_a_time() -> None:
    world = World()
    for role in ROLES:
        if role != "audit_admin":
            assert refused(world, account(role, CITY), "audit.verify") == "forbidden"
    (begun,) = world.do(AUDITOR, "audit.verify")
    assert world.state.parts.read(Verification).running == begun.data["run"]
    assert refused(world, AUDITOR, "audit.verify") == "conflict"
    world.do(SYSTEM_ACCOUNT, "audit.note_verified", run=begun.data["run"], ended="whole", entries=9)
    assert world.state.parts.read(Verification).running is None
    world.do(AUDITOR, "audit.verify")


def test_of_looks_and_questions_it_is_told_who_and_never_what_was_searched_for() -> None:
    world = World()
    new = {"username": "wang", "name": "王某", "role": "leader", "center": CITY}
    (made,) = world.do(SYSTEM_ACCOUNT, "account.create", accounts=[new])
    who = made.data["accounts"][0]["account"]
    ids = {"meeting": "m_" + "0" * 18, "recording": "r_" + "0" * 18}
    look = {"account": who, "title": "防汛", "network": "10.0.0.0/24", **ids}
    for kind in ("viewed", "downloaded"):
        (entry,) = world.do(SYSTEM_ACCOUNT, f"recording.note_{kind}", **look)
        assert (entry.kind, entry.meeting, entry.audience) == (f"recording.{kind}", None, (HOUSE,))
        assert (entry.data["username"], entry.data["name"], entry.data["title"]) == ("wang", "王某", "防汛")
    (entry,) = world.do(SYSTEM_ACCOUNT, "audit.note_searched", account=who, with_words=True)
    assert (entry.data["with_words"], entry.data["username"]) == (True, "wang")
    (entry,) = world.do(SYSTEM_ACCOUNT, "audit.note_exported", account=who, form="csv", up_to=4)
    assert (entry.data["form"], entry.data["up_to"]) == ("csv", 4)
    for kind in ("recording.note_viewed", "audit.note_searched", "backup.note_made"):
        assert refused(world, AUDITOR, kind, **({**look} if "viewed" in kind else {})) == "invalid"


AT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


def row(days_ago: int, **more: Any) -> Kept:
    begun = (AT - timedelta(days=days_ago)).isoformat()
    facts: dict[str, Any] = {"by": "system", "keys": False, "scheduled": True, "state": "made", **more}
    return Kept(name=f"b{days_ago}", begun_at=begun, **facts)


def test_a_backup_is_due_at_its_hour_and_one_that_was_missed_is_made_up_for() -> None:
    assert last_due(AT, 2, UTC) == AT
    assert last_due(AT - timedelta(seconds=1), 2, UTC) == AT - timedelta(days=1)
    assert is_due(AT, 2, [], UTC)
    assert is_due(AT, 2, [row(1)], UTC)
    assert not is_due(AT, 2, [row(0, state="failed")], UTC)
    assert not is_due(AT + timedelta(hours=23), 2, [row(0)], UTC)
    assert is_due(AT, 2, [row(0, scheduled=False)], UTC)


def test_the_newest_are_kept_what_a_person_made_and_one_that_holds() -> None:
    rows = [row(4), row(3, scheduled=False), row(2), row(1, state="failed"), row(0)]
    assert [each.name for each in outlived(rows, 1)] == ["b4", "b2"]
    assert outlived(rows, 3) == []
    spoilt = [row(4), row(2, holds=False), row(0, holds=False)]
    assert [each.name for each in outlived(spoilt, 1)] == ["b2"]
