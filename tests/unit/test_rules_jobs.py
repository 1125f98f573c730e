"""The rules of jobs: who may have long work done, once, and what the journal tells of it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.conference.job_kinds import ASKED, AskedKind
from hub.conference.jobs import MAX_OPEN, Jobs
from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT, Account
from hub.entry import EVERYONE_IN_MEETING
from hub.errors import Refusal
from hub.ruling import CommandData
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, VILLAGE, World, account

LEADER = account("leader", CITY)
CLERK = account("clerk", CITY)
FILE = {"name": "film.mp4", "bytes": 9, "sha256": "a" * 64}


class Options(CommandData):
    """What the kind of these tests is told."""

    part: int = 0


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ASKED, "ended", AskedKind("ended", Options))
    monkeypatch.setitem(ASKED, "any", AskedKind("any", Options, about="meeting"))


def ended_meeting(world: World) -> str:
    meeting = str(
        world.do(LEADER, "meeting.open", title="防汛", kind="dispatch", centers=[COUNTY, VILLAGE])[0].meeting
    )
    world.do(LEADER, "meeting.end", meeting)
    return meeting


def ask(world: World, meeting: str, who: Account = CLERK, kind: str = "ended", **options: Any) -> str:
    (entry,) = world.do(who, "job.ask", meeting, kind=kind, options=options)
    assert (entry.kind, entry.data["what"], entry.meeting) == ("job.asked", kind, meeting)
    assert entry.audience == (EVERYONE_IN_MEETING, f"center:{CITY}")
    return str(entry.data["job"])


def refused(world: World, who: Account, kind: str, meeting: str | None = None, /, **data: Any) -> str:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, meeting, **data)
    return caught.value.code


def test_those_who_read_the_meeting_by_right_have_work_done_and_nobody_else() -> None:
    world = World()
    meeting = ended_meeting(world)
    for role in ROLES:
        for center in (CITY, COUNTY, OTHER_COUNTY):
            who = account(role, center)
            if center == CITY and role in ("leader", "dispatcher", "clerk"):
                world.do(SYSTEM_ACCOUNT, "job.note_done", job=ask(world, meeting, who), files=[], took_ms=1)
            else:
                sees = role == "audit_admin" or (
                    center == COUNTY and role in ("leader", "dispatcher", "station", "clerk")
                )
                sees |= center == CITY and role == "station"
                code = refused(world, who, "job.ask", meeting, kind="ended")
                assert code == ("forbidden" if sees else "not_found"), f"{role} {center}"


def test_the_same_asked_again_while_it_waits_is_one_job() -> None:
    world = World()
    meeting = ended_meeting(world)
    job = ask(world, meeting, part=1)
    assert world.do(LEADER, "job.ask", meeting, kind="ended", options={"part": 1}) == []
    assert ask(world, meeting, part=2) != job
    world.do(SYSTEM_ACCOUNT, "job.note_failed", job=job, reason="died")
    assert ask(world, meeting, part=1) != job


def test_options_are_checked_and_a_running_meeting_and_a_crowd_of_jobs_are_refused() -> None:
    world = World()
    opened = world.do(LEADER, "meeting.open", title="防汛", kind="dispatch", centers=[COUNTY])
    meeting = str(opened[0].meeting)
    assert refused(world, LEADER, "job.ask", meeting, kind="ended") == "wrong_state"
    assert refused(world, LEADER, "job.ask", meeting, kind="unheard_of") == "invalid"
    assert refused(world, LEADER, "job.ask", meeting, kind="any", options={"part": "x"}) == "invalid"
    assert refused(world, LEADER, "job.ask", meeting, kind="any", options={"more": 1}) == "invalid"
    for part in range(MAX_OPEN):
        ask(world, meeting, LEADER, "any", part=part)
    assert refused(world, LEADER, "job.ask", meeting, kind="any", options={"part": 99}) == "too_many"


def test_a_job_is_cancelled_once_and_what_is_over_stays_over() -> None:
    world = World()
    meeting, other = ended_meeting(world), ended_meeting(world)
    job = ask(world, meeting)
    assert refused(world, CLERK, "job.cancel", other, job=job) == "not_found"
    assert refused(world, account("station", COUNTY), "job.cancel", meeting, job=job) == "forbidden"
    (entry,) = world.do(LEADER, "job.cancel", meeting, job=job)
    assert (entry.kind, entry.data) == ("job.cancelled", {"job": job, "what": "ended"})
    assert refused(world, LEADER, "job.cancel", meeting, job=job) == "not_found"
    assert refused(world, SYSTEM_ACCOUNT, "job.note_done", job=job, files=[FILE], took_ms=1) == "not_found"
    assert world.state.parts.read(Jobs).by_id == {}


def test_the_journal_tells_what_came_of_it_with_digests() -> None:
    world = World()
    meeting = ended_meeting(world)
    done = world.do(
        SYSTEM_ACCOUNT,
        "job.note_done",
        job=ask(world, meeting),
        files=[FILE],
        told={"duration_ms": 5},
        took_ms=7,
    )
    assert (done[0].meeting, done[0].data["files"], done[0].data["told"]) == (
        meeting,
        [FILE],
        {"duration_ms": 5},
    )
    failed = world.do(
        SYSTEM_ACCOUNT, "job.note_failed", job=ask(world, meeting), reason="no_room", detail="0 MiB"
    )
    assert (failed[0].data["what"], failed[0].data["reason"]) == ("ended", "no_room")
    assert refused(world, CLERK, "job.note_done", job=ask(world, meeting), files=[], took_ms=1) == "invalid"
