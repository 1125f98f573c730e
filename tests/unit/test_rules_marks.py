"""Marks of moments: who makes them, changes them, takes them back, and who sees them."""

from __future__ import annotations

import pytest

from hub.conference import marks
from hub.conference.marks import Marks
from hub.errors import Refusal
from tests.support.rules import CITY, COUNTY, VILLAGE, World, account

MAYOR = account("leader", CITY)
CLERK = account("clerk", CITY)
SECOND = account("clerk", CITY, number=1)
COUNTY_CLERK = account("clerk", COUNTY)
STATION = account("station", VILLAGE)
AT = "2026-11-23T08:00:01Z"


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


def test_a_clerk_marks_a_moment_of_a_meeting_that_is_over_changes_it_and_takes_it_back() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE, COUNTY)
    world.do(MAYOR, "meeting.end", meeting)
    (added,) = world.do(CLERK, "mark.add", meeting, at=AT, kind="quote", text="路口已封")
    mark = added.data["mark"]
    assert added.data["at"] == "2026-11-23T08:00:01.000000Z"
    assert (added.data["kind"], added.data["text"]) == ("quote", "路口已封")
    assert added.data["by"]["account"] == CLERK.id
    (changed,) = world.do(CLERK, "mark.change", meeting, mark=mark, at=AT, kind="task", text="待核")
    assert (changed.data["mark"], changed.data["text"]) == (mark, "待核")
    (withdrawn,) = world.do(CLERK, "mark.withdraw", meeting, mark=mark)
    assert withdrawn.data["mark"] == mark
    assert world.state.parts.read(Marks).by_id == {}
    for again in ("mark.change", "mark.withdraw"):
        more = {"at": AT} if again == "mark.change" else {}
        with refused("not_found", "mark"):
            world.do(CLERK, again, meeting, mark=mark, **more)


def test_only_its_author_changes_a_mark_and_who_minutes_the_meeting_takes_any_back() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE, COUNTY)
    (theirs,) = world.do(COUNTY_CLERK, "mark.add", meeting, at=AT)
    (ours,) = world.do(CLERK, "mark.add", meeting, at=AT)
    with refused("forbidden", "mark"):
        world.do(SECOND, "mark.change", meeting, mark=ours.data["mark"], at=AT)
    with refused("forbidden", "mark"):
        world.do(COUNTY_CLERK, "mark.withdraw", meeting, mark=ours.data["mark"])
    assert world.do(SECOND, "mark.withdraw", meeting, mark=theirs.data["mark"])


def test_a_mark_stands_within_its_meeting_and_stations_make_none() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    other = world.open(account("leader", CITY, number=1), VILLAGE)
    for moment in ("2026-11-23T07:00:00Z", "2026-11-23T09:00:00Z"):
        with refused("invalid", "at"):
            world.do(CLERK, "mark.add", meeting, at=moment)
    with refused("forbidden"):
        world.do(STATION, "mark.add", meeting, at=AT)
    with refused("not_found", "meeting"):
        world.do(COUNTY_CLERK, "mark.add", meeting, at=AT)
    (added,) = world.do(CLERK, "mark.add", meeting, at=AT)
    with refused("not_found", "mark"):
        world.do(CLERK, "mark.withdraw", other, mark=added.data["mark"])


def test_who_was_only_called_does_not_read_marks() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE, COUNTY)
    (added,) = world.do(COUNTY_CLERK, "mark.add", meeting, at=AT)
    assert added.audience == (f"center:{CITY}", f"center:{COUNTY}")


def test_a_meeting_has_so_many_marks_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "MOST", 2)
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    first, _ = (world.do(CLERK, "mark.add", meeting, at=AT)[0] for _ in range(2))
    with refused("too_many"):
        world.do(CLERK, "mark.add", meeting, at=AT)
    world.do(CLERK, "mark.withdraw", meeting, mark=first.data["mark"])
    assert world.do(CLERK, "mark.add", meeting, at=AT)
