"""Retention, holds and disposal lists: what goes and what stays adds up; holds and second persons are asked when it goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.custody.disposal_shapes import Disposals
from hub.custody.listing import MOST_ITEMS, File, Item, Left, canonical, dry_run, meetings_on
from hub.custody.retention import KEPT_KINDS, RetentionPolicy
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.errors import Refusal
from tests.support.rules import CITY, COUNTY, TREE, VILLAGE, World, account

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CLERK, AUDITOR, LEADER = account("clerk", CITY), account("audit_admin", CITY), account("leader", CITY)

digests = st.integers(0, 3).map(lambda number: f"{number:064x}")
files = st.builds(File, st.just("f"), st.integers(0, 1000), digests)
days = st.none() | st.integers(1, 40)
policies = st.builds(
    RetentionPolicy,
    recordings=days,
    films=days,
    clips=days,
    minutes=days,
    speech=days,
    needs_copy=st.booleans(),
)


@st.composite
def lefts(draw: st.DrawFn) -> list[Left]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        kinds = draw(st.lists(st.sampled_from(KEPT_KINDS), min_size=1, max_size=6))
        items = tuple(
            Item(kind, f"{kind}-{place}", tuple(draw(st.lists(files, max_size=2))))
            for place, kind in enumerate(kinds)
        )
        found.append(
            Left(
                f"m{number}",
                "会",
                CITY,
                draw(st.none() | st.integers(0, 60).map(lambda ago: NOW - timedelta(days=ago))),
                items,
                held=draw(st.booleans()),
                in_work=frozenset(draw(st.sets(st.sampled_from(KEPT_KINDS)))),
                listed=draw(st.booleans()),
            )
        )
    return found


@given(lefts(), policies, st.sets(st.sampled_from(KEPT_KINDS)), st.sets(digests))
def test_everything_goes_or_stays_for_a_reason_and_the_sums_are_exact(
    left: list[Left], policy: RetentionPolicy, wanted: set[Any], copied: set[str]
) -> None:
    run = dry_run(left, policy, NOW, sorted(wanted), copied.__contains__)
    every = [item for each in left for item in each.items]
    told = [*run.goes.values(), *run.stays.values()]
    assert sum(each.items for each in told) == len(every)
    assert sum(each.bytes for each in told) == sum(item.bytes for item in every)
    by_id = {each.meeting: each for each in left}
    for meeting, items in meetings_on(run.listing):
        known = by_id[meeting]
        assert not known.held
        assert not known.listed
        for item in items:
            kept = policy.days_of(item["kind"])
            assert kept is not None
            assert known.ended_at is not None
            assert known.ended_at + timedelta(days=kept) <= NOW
            assert item["kind"] in wanted
            assert item["kind"] not in known.in_work
            if policy.needs_copy:
                assert {file["sha256"] for file in item["files"]} <= copied


@given(lefts(), policies, st.randoms(use_true_random=False))
def test_the_same_facts_in_any_order_make_the_same_list(
    left: list[Left], policy: RetentionPolicy, chance: Any
) -> None:
    mixed = list(left)
    chance.shuffle(mixed)
    assert canonical(dry_run(left, policy, NOW).listing) == canonical(dry_run(mixed, policy, NOW).listing)


def test_as_the_hub_comes_nothing_ever_goes() -> None:
    old = Left("m", "会", CITY, NOW - timedelta(days=36_000), tuple(Item(kind, kind) for kind in KEPT_KINDS))
    run = dry_run([old], RetentionPolicy(), NOW)
    assert (run.meetings, list(run.stays)) == (0, ["forever"])


def test_a_full_list_leaves_the_newer_meetings_for_the_next_one() -> None:
    half = tuple(Item("clips", f"{number:05}") for number in range(MOST_ITEMS // 2))
    left = [Left(f"m{day}", "会", CITY, NOW - timedelta(days=50 - day), half) for day in range(4)]
    run = dry_run(left, RetentionPolicy(clips=1), NOW)
    assert [meeting for meeting, _ in meetings_on(run.listing)] == ["m0", "m1"]
    assert run.stays["next_list"].meetings == 2


class Custody:
    """A world with a meeting that is over, a policy, and a list of its recording."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.meeting = world.open(LEADER, COUNTY, record=False)
        world.do(LEADER, "meeting.end", self.meeting)
        world.now += timedelta(days=40)
        world.do(account("system_admin", CITY), "retention.set", policy={"clips": 30})
        by = {"account": CLERK.id, "name": CLERK.name, "center": CITY, "center_name": TREE[CITY].name}
        content = {"object": "a" * 64, "name": "disposal.json", "type": "application/json", "bytes": 9}
        (asked,) = world.do(
            SYSTEM_ACCOUNT,
            "disposal.note_asked",
            by=by,
            role="clerk",
            on="2026-11-23T08:00:00.000000Z",
            kinds=[{"kind": "clips", "items": 1, "bytes": 7}],
            content=content,
            centers=[CITY],
            meetings=1,
            reason="到期",
        )
        self.disposal, self.number = str(asked.data["disposal"]), str(asked.data["number"])

    def approve(self, who: Any = AUDITOR) -> None:
        self.world.do(who, "disposal.approve", disposal=self.disposal, digest="a" * 64)

    def destroy(self) -> list[tuple[str, Any]]:
        items = [
            {"kind": "clips", "id": "jb_1", "files": [{"name": "c.mp4", "bytes": 7, "sha256": "b" * 64}]}
        ]
        made = self.world.do(
            SYSTEM_ACCOUNT, "disposal.note_destroyed", self.meeting, disposal=self.disposal, items=items
        )
        return [(each.kind, each.data.get("reason")) for each in made]


@pytest.fixture
def custody() -> Custody:
    return Custody(World())


def _code(call: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code


def test_nothing_is_destroyed_before_a_second_person_of_another_role_agreed(custody: Custody) -> None:
    assert _code(custody.destroy) == "wrong_state"
    assert _code(lambda: custody.approve(CLERK)) == "forbidden"
    assert _code(lambda: custody.approve(account("clerk", CITY, number=2))) == "forbidden"
    assert _code(lambda: custody.approve(account("leader", COUNTY))) == "not_found"
    assert _code(lambda: custody.approve(account("system_admin", CITY))) == "not_found"
    custody.approve(LEADER)
    assert _code(custody.approve) == "wrong_state"
    assert custody.destroy() == [("disposal.destroyed", None)]
    assert custody.destroy() == [], "told once"
    (done,) = custody.world.do(SYSTEM_ACCOUNT, "disposal.note_completed", disposal=custody.disposal)
    assert (done.data["meetings"], done.data["items"], done.data["bytes"]) == (1, 1, 7)
    assert _code(custody.destroy) == "not_found", "the list is over"


def test_a_hold_placed_after_the_approval_spares_the_meeting(custody: Custody) -> None:
    custody.approve()
    custody.world.do(CLERK, "hold.place", custody.meeting, reason="复查")
    assert custody.destroy() == [("disposal.spared", "held")]


def test_a_job_or_a_longer_period_spares_it_too(custody: Custody) -> None:
    custody.approve()
    custody.world.do(account("system_admin", CITY), "retention.set", policy={"clips": 50})
    assert custody.destroy() == [("disposal.spared", "policy")]
    again = Custody(World())
    again.approve()
    again.world.do(LEADER, "job.ask", again.meeting, kind="film")
    assert again.destroy() == [("disposal.spared", "open_job")]


def test_a_running_meeting_loses_nothing(custody: Custody) -> None:
    custody.approve()
    custody.meeting = custody.world.open(LEADER, COUNTY, record=False)
    assert custody.destroy() == [("disposal.spared", "running")]


def test_numbers_are_counted_by_year_whatever_became_of_the_lists(custody: Custody) -> None:
    assert custody.number == "2027-001"
    custody.world.do(CLERK, "disposal.reject", disposal=custody.disposal)
    assert custody.world.state.parts.read(Disposals).counted == {"2027": 1}
    assert Custody(custody.world).number == "2027-002"


def test_two_persons_lift_a_hold_and_who_asked_is_not_the_second(custody: Custody) -> None:
    world, meeting = custody.world, custody.meeting
    assert _code(lambda: world.do(LEADER, "hold.place", meeting, reason="x")) == "forbidden"
    assert (
        _code(lambda: world.do(account("station", VILLAGE), "hold.place", meeting, reason="x")) == "not_found"
    )
    assert _code(lambda: world.do(CLERK, "hold.ask_lift", meeting, reason="x")) == "wrong_state"
    world.do(CLERK, "hold.place", meeting, reason="复查")
    world.do(CLERK, "hold.ask_lift", meeting, reason="复查完毕")
    assert _code(lambda: world.do(CLERK, "hold.lift", meeting)) == "forbidden"
    world.do(AUDITOR, "hold.keep", meeting, reason="还没有")
    assert _code(lambda: world.do(AUDITOR, "hold.lift", meeting)) == "wrong_state"
    world.do(AUDITOR, "hold.ask_lift", meeting, reason="好了")
    (lifted,) = world.do(account("clerk", CITY, number=2), "hold.lift", meeting)
    assert (lifted.data["asked_by"], lifted.data["reason"]) == (AUDITOR.id, "好了")
    assert _code(lambda: world.do(CLERK, "hold.lift", meeting)) == "wrong_state"
