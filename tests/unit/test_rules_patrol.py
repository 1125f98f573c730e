"""Patrol: routes, rounds by the clock and by people, and that nothing is normal which the hub has not seen."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.cameras.patrol import RULES
from hub.cameras.patrol_drafts import ESCALATES_AFTER
from hub.cameras.patrol_routes import MAX_ROUTES
from hub.cameras.patrol_shapes import LEAST_SEEN_S, OUTCOMES
from hub.cameras.patrol_state import LATE_FOR, Round, patrols_of
from hub.clock import from_wire, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.dispatch import alarms
from hub.entry import Entry
from hub.errors import Refusal
from hub.ruling import RuleFile
from tests.support.rules import COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, World, account
from tests.unit.test_rules_all import rebuilt
from tests.unit.test_rules_dispatch import refused

DESK = account("dispatcher", TOWN)
SECOND = account("leader", TOWN)
COUNTY_DESK = account("dispatcher", COUNTY)
STATION = account("station", VILLAGE)
CLERK = account("clerk", TOWN)
#: Three cameras: one of the desk's own center, two of villages below.
CAMERAS = [
    {"camera": f"ca_{number:018d}", "name": name, "center": center, "shared": []}
    for number, (name, center) in enumerate([("镇口", TOWN), ("坦渡村口", VILLAGE), ("河堤", OTHER_VILLAGE)])
]
STOPS = [{"camera": each["camera"], "look_for": "积水"} for each in CAMERAS]
MORNING = {"time": "08:30"}
START = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday, UTC


def keep(world: World, who: Account = DESK, **more: Any) -> list[Entry]:
    data = {"center": TOWN, "title": "早间巡查", "stops": STOPS, "cameras": CAMERAS, "times": [MORNING]}
    return world.do(who, "patrol.keep", **{**data, **more})


def walking(world: World, who: Account = DESK, **more: Any) -> str:
    """A round that this one walks."""
    route = keep(world, **more)[0].data["route"]
    round = world.do(DESK, "patrol.open", route=route)[0].data["round"]
    world.do(who, "patrol.take", round=round)
    return str(round)


def going(world: World, round: str) -> Round:
    return patrols_of(world.state).rounds[round]


def see(
    world: World, round: str, stop: int = 1, who: Account = DESK, seconds: int = LEAST_SEEN_S, wait: int = 10
) -> list[Entry]:
    """The hub sees the picture flow, after some time at the stop."""
    world.now += timedelta(seconds=wait)
    camera = CAMERAS[stop - 1]["camera"]
    told = {"round": round, "stop": stop, "camera": camera, "account": who.id, "seconds": seconds}
    return world.do(SYSTEM_ACCOUNT, "patrol.seen", quality="good", **told)


def check(
    world: World, round: str, stop: int = 1, outcome: str = "normal", who: Account = DESK, **more: Any
) -> list[Entry]:
    reason = {"reason": "起雾"} if outcome in ("not_seen", "skipped") else {}
    return world.do(who, "patrol.check", round=round, stop=stop, outcome=outcome, **reason, **more)


def pass_time(world: World, until: datetime, *files: RuleFile) -> list[Entry]:
    """What the clock brings about until then, each at its moment."""
    made: list[Entry] = []
    while True:
        found = [file.hub_due(world.state) for file in (RULES, *files) if file.hub_due is not None]
        due = min((each for each in found if each is not None), key=lambda each: each.at, default=None)
        if due is None or due.at > until:
            break
        world.now = max(world.now, due.at - timedelta(seconds=1))
        made += world.do(SYSTEM_ACCOUNT, due.kind, due.meeting, **due.data)
    world.now = max(world.now, until)
    return made


def kinds(entries: list[Entry]) -> list[str]:
    return [entry.kind.removeprefix("patrol.") for entry in entries]


# -- routes


def test_a_route_knows_its_cameras_by_name_and_when_it_is_walked() -> None:
    world = World()
    kept, timed = keep(world)
    assert [each["name"] for each in kept.data["stops"]] == ["镇口", "坦渡村口", "河堤"]
    assert kept.data["stops"][1]["center_name"] == "坦渡村"
    assert timed.data["at"] == to_wire(START + timedelta(minutes=30))
    assert kept.audience == (f"center:{TOWN}",)


@pytest.mark.parametrize(
    ("who", "more", "code", "field"),
    [
        (STATION, {}, "forbidden", "center"),
        (CLERK, {}, "forbidden", "center"),
        (DESK, {"center": COUNTY}, "forbidden", "center"),
        (DESK, {"cameras": CAMERAS[:1]}, "not_found", "stops.1.camera"),
        (COUNTY_DESK, {"center": VILLAGE}, "forbidden", "stops.0.camera"),
        (DESK, {"route": "pr_" + "9" * 18, "version": 1}, "not_found", "route"),
        (DESK, {"stops": []}, "invalid", "stops"),
        (DESK, {"stops": STOPS * 70}, "invalid", "stops"),
        (DESK, {"times": [{"time": "25:00"}]}, "invalid", "times.0.time"),
    ],
)
def test_routes_that_cannot_be(who: Account, more: dict[str, Any], code: str, field: str) -> None:
    world = World()
    with refused(code, field):
        keep(world, who, **more)


def test_a_camera_that_is_shared_with_the_center_may_be_looked_through() -> None:
    shared = [{**CAMERAS[2], "shared": [VILLAGE]}]
    kept = keep(World(), COUNTY_DESK, center=VILLAGE, stops=STOPS[2:], cameras=shared)[0]
    assert kept.data["center"] == VILLAGE


def test_a_route_is_put_right_by_who_has_seen_its_last_version() -> None:
    world = World()
    route = keep(world)[0].data["route"]
    again = keep(world, COUNTY_DESK, route=route, version=1, times=[{"time": "09:00"}])
    assert kinds(again) == ["kept", "untimed", "timed"]
    assert (again[0].data["version"], again[2].data["number"]) == (2, 2)
    with refused("conflict", "version"):
        keep(world, route=route, version=1)
    assert kinds(keep(world, route=route, version=2, times=[{"time": "09:00"}], title="改名")) == ["kept"]


def test_a_center_has_so_many_routes() -> None:
    world = World()
    for _ in range(MAX_ROUTES):
        keep(world, times=[])
    with refused("too_many"):
        keep(world)


def test_a_route_that_is_withdrawn_takes_its_round_along() -> None:
    world = World()
    round = walking(world)
    route = going(world, round).route
    with refused("forbidden", "route"):
        world.do(CLERK, "patrol.withdraw", route=route)
    made = world.do(DESK, "patrol.withdraw", route=route, reason="改线")
    assert kinds(made) == ["ended", "untimed", "withdrawn"]
    assert made[0].data["state"] == "withdrawn"
    assert patrols_of(world.state).agenda == []
    with refused("not_found", "route"):
        world.do(DESK, "patrol.open", route=route)


# -- the clock


def test_rounds_begin_at_their_times_on_their_days_by_the_hubs_clock() -> None:
    world = World()
    world.zone = ZoneInfo("Asia/Shanghai")  # it is 16:00 there
    keep(world, times=[{"time": "18:00", "weekdays": [1, 3]}, {"time": "07:00", "weekdays": [2]}])
    begun = [each for each in pass_time(world, START + timedelta(days=3)) if each.kind == "patrol.opened"]
    assert [each.at.astimezone(world.zone).strftime("%a %H:%M") for each in begun] == [
        "Mon 18:00",
        "Tue 07:00",
        "Wed 18:00",
    ]
    assert begun[0].data["by"] is None


def test_a_round_that_nobody_takes_is_told_warned_of_taken_up_a_level_and_over() -> None:
    world = World()
    keep(world, within_minutes=30)
    opens = START + timedelta(minutes=30)
    (_, _, opened) = pass_time(world, opens)
    due = from_wire(opened.data["due"])
    assert due == opens + timedelta(minutes=30)
    fell, raised = pass_time(world, due, alarms.RULES)
    assert (fell.kind, fell.data["state"]) == ("patrol.fell_due", "waiting")
    assert (raised.data["kind"], raised.data["severity"], raised.data["owner"]["center"]) == (
        "patrol",
        "warning",
        TOWN,
    )
    assert raised.data["words"]["round"] == opened.data["round"]
    assert raised.data["escalates_at"] == to_wire(world.now + ESCALATES_AFTER)
    (up,) = pass_time(world, world.now + ESCALATES_AFTER, alarms.RULES)
    assert (up.kind, up.data["center"], up.data["escalates_at"]) == ("alarm.escalated", COUNTY, None)
    (ended,) = pass_time(world, due + LATE_FOR, alarms.RULES)
    assert (ended.data["state"], ended.data["late"], ended.data["by"]) == ("missed", True, None)
    (alarm,) = world.state.alarms
    assert kinds(world.do(COUNTY_DESK, "alarm.acknowledge", alarm=alarm)) == [
        "alarm.acknowledged",
        "alarm.cleared",
    ]


def test_what_was_acknowledged_stands_until_the_round_is_over_and_the_next_miss_warns_anew() -> None:
    world = World()
    keep(world, within_minutes=30, times=[{"time": "08:30"}, {"time": "10:00"}])
    due = START + timedelta(hours=1)
    pass_time(world, due)
    (alarm,) = world.state.alarms
    world.do(DESK, "alarm.acknowledge", alarm=alarm)
    assert alarm in world.state.alarms
    made = pass_time(world, START + timedelta(hours=2))
    assert kinds(made) == ["ended", "alarm.cleared", "untimed", "timed", "opened"]
    assert made[0].data["state"] == "missed"
    pass_time(world, START + timedelta(hours=2, minutes=30))
    assert len(world.state.alarms) == 1
    # nobody acknowledged: the third miss adds no second alarm
    pass_time(world, START + timedelta(days=1, hours=2))
    assert len(world.state.alarms) == 1


def test_a_round_that_is_late_can_be_done_and_ends_its_warning() -> None:
    world = World()
    round = walking(world, times=[], within_minutes=5, stops=STOPS[:1])
    pass_time(world, world.now + timedelta(minutes=10))
    see(world, round)
    checked, ended, cleared = check(world, round)
    assert (ended.data["state"], ended.data["late"], cleared.data["why"]) == ("done", True, "completed")
    assert checked.data["outcome"] == "normal"


def test_one_that_was_begun_and_left_is_not_walked_to_its_end() -> None:
    world = World()
    round = walking(world, times=[])
    see(world, round)
    check(world, round)
    world.do(DESK, "patrol.interrupt", round=round, reason="交班")
    ended = pass_time(world, world.now + timedelta(hours=4))[-1]
    assert (ended.data["state"], ended.data["normal"], ended.data["total"]) == ("unfinished", 1, 3)


def test_what_was_to_be_walked_while_no_hub_ran_is_not_walked_any_more() -> None:
    world = World()
    keep(world, within_minutes=30)
    world.now = START + timedelta(hours=5)
    made = pass_time(world, world.now)
    assert kinds(made) == ["untimed", "timed"]
    assert made[1].data["at"] == to_wire(START + timedelta(days=1, minutes=30))


def roster(world: World, *hours: int) -> list[Entry]:
    shifts = [
        {
            "role": "watch",
            "starts_at": to_wire(START + timedelta(hours=hour)),
            "ends_at": to_wire(START + timedelta(hours=hour + 2)),
            "name": "李某",
        }
        for hour in hours
    ]
    span = {"starts_at": to_wire(START), "ends_at": to_wire(START + timedelta(days=2))}
    return world.do(DESK, "duty.plan", center=TOWN, shifts=shifts, **span)


def test_rounds_begin_with_the_shifts_of_the_roster_whenever_that_is_put() -> None:
    world = World()
    _, timed = keep(world, times=[], by_shift=True)
    assert timed.data["at"] is None
    planned = roster(world, 2, 6)
    assert planned[-1].data["at"] == to_wire(START + timedelta(hours=2))
    assert kinds(roster(world, 3, 6))[1:] == ["untimed", "timed"]
    begun = [
        each.at - timedelta(seconds=0)
        for each in pass_time(world, START + timedelta(days=1))
        if each.kind == "patrol.opened"
    ]
    assert begun == [START + timedelta(hours=3), START + timedelta(hours=6)]


# -- walking


def test_a_stop_is_normal_only_after_the_hub_saw_it_and_the_entry_says_how_long_and_how_well() -> None:
    world = World()
    round = walking(world)
    with refused("wrong_state", "outcome"):
        check(world, round)
    see(world, round)
    see(world, round, seconds=12)
    (checked,) = check(world, round)
    told = checked.data
    assert (told["outcome"], told["seconds"], told["quality"], told["stayed"]) == ("normal", 12, "good", 24)
    assert (told["camera_name"], told["camera_center_name"], told["by"]["account"]) == (
        "镇口",
        "坦渡镇",
        DESK.id,
    )
    with refused("wrong_state", "outcome"):
        check(world, round, 2)


def test_what_was_seen_elsewhere_earlier_by_another_or_longer_than_one_stood_there_is_not_seen() -> None:
    world = World()
    round = walking(world)
    for field, told in (
        ("stop", {"stop": 2}),
        ("stop", {"stop": 1, "who": SECOND}),
        ("seconds", {"seconds": 60}),
    ):
        with refused("wrong_state", field):
            see(world, round, **told)
    see(world, round)
    world.do(SECOND, "patrol.take", round=round, relieves=DESK.id)
    with refused("wrong_state", "outcome"):
        check(world, round, who=SECOND)
    with refused("forbidden", "round"):
        check(world, round)


@pytest.mark.parametrize("outcome", ["not_seen", "skipped"])
def test_what_was_left_out_says_why_and_is_never_normal(outcome: str) -> None:
    world = World()
    round = walking(world)
    with refused("invalid", "reason"):
        world.do(DESK, "patrol.check", round=round, stop=1, outcome=outcome)
    check(world, round, outcome=outcome)
    with refused("wrong_state", "stop"):
        see(world, round, 1)
    with refused("already_done", "stop"):
        check(world, round, 1)


def test_a_client_cannot_tell_the_hub_what_it_saw() -> None:
    world = World()
    round = walking(world)
    told = {"round": round, "stop": 1, "camera": CAMERAS[0]["camera"], "account": DESK.id}
    with refused("invalid", "kind"):
        world.do(DESK, "patrol.seen", seconds=30, quality="good", **told)


def test_a_round_is_walked_by_its_own_people_one_at_a_time_and_relieved_by_name() -> None:
    world = World()
    round = walking(world)
    for who in (COUNTY_DESK, CLERK):
        with refused("forbidden", "round"):
            world.do(who, "patrol.take", round=round)
    with refused("not_found", "round"):
        world.do(STATION, "patrol.take", round=round)
    with refused("conflict", "relieves"):
        world.do(SECOND, "patrol.take", round=round)
    (taken,) = world.do(SECOND, "patrol.take", round=round, relieves=DESK.id)
    assert taken.data["relieves"]["account"] == DESK.id
    assert world.do(SECOND, "patrol.take", round=round) == []
    other = walking(world, title="河堤")
    world.do(DESK, "patrol.interrupt", round=other)
    with refused("wrong_state", "round"):
        world.do(SECOND, "patrol.take", round=other)


def test_a_round_is_ended_by_hand_with_a_reason() -> None:
    world = World()
    round = walking(world)
    with refused("forbidden", "round"):
        world.do(CLERK, "patrol.end", round=round, reason="停电")
    (ended,) = world.do(SECOND, "patrol.end", round=round, reason="停电")
    assert (ended.data["state"], ended.data["reason"]) == ("unfinished", "停电")
    with refused("not_found", "round"):
        check(world, round)


# -- findings

PHOTO = {"object": "a" * 64, "name": "截图.jpg", "type": "image/jpeg", "bytes": 4000}


def find(world: World, round: str, **more: Any) -> list[Entry]:
    finding = {"text": "路口积水，车辆绕行", **more}
    return check(world, round, outcome="finding", finding=finding, attachments=[PHOTO])


def test_a_finding_becomes_an_order_with_the_picture_and_both_name_each_other() -> None:
    world = World()
    round = walking(world)
    issued, checked = find(world, round, becomes="order", targets=[VILLAGE], urgency="urgent")
    assert (issued.kind, issued.data["about"], issued.data["attachments"]) == (
        "order.issued",
        {"what": "patrol", "id": round},
        [PHOTO],
    )
    assert checked.data["made"] == {"what": "order", "id": issued.data["order"]}
    assert (checked.data["seconds"], checked.data["attachments"]) == (0, [PHOTO])


def test_a_finding_becomes_an_incident_at_the_camera() -> None:
    world = World()
    round = walking(world)
    check(world, round, outcome="skipped")
    world.now += timedelta(seconds=1)
    registered, checked = world.do(
        DESK,
        "patrol.check",
        round=round,
        stop=2,
        outcome="finding",
        finding={"becomes": "incident", "text": "有人落水", "matter": "safety"},
    )
    data = registered.data
    assert (data["source"], data["title"], data["site"]["center"], data["place"], data["about"]["id"]) == (
        "patrol",
        "有人落水",
        VILLAGE,
        "坦渡村口",
        round,
    )
    assert checked.data["made"]["id"] == data["incident"]


def test_a_finding_becomes_a_report_which_raises_its_alarm() -> None:
    world = World()
    filed, raised, checked = find(world, walking(world), becomes="report", category="traffic")
    assert (filed.data["patrol"], filed.data["category"]) == (checked.data["round"], "traffic")
    assert (raised.kind, checked.data["made"]["id"]) == ("alarm.raised", filed.data["report"])


def test_a_finding_is_refused_as_what_it_becomes_is_and_nothing_is_said_of_the_stop() -> None:
    world = World()
    round = walking(world, who=account("station", TOWN))
    finding = {"becomes": "order", "text": "清障", "targets": [VILLAGE]}
    with refused("forbidden"):
        check(world, round, outcome="finding", who=account("station", TOWN), finding=finding)
    assert going(world, round).checked == 0
    for wrong in ({"outcome": "finding"}, {"outcome": "normal", "finding": finding}):
        with refused("invalid", "finding"):
            world.do(DESK, "patrol.check", round=round, stop=1, **wrong)
    with refused("invalid", "finding.targets"):
        find(world, round, becomes="order")


# -- whatever happens


@contextmanager
def allowed_to_be(*codes: str) -> Iterator[None]:
    """It may be refused, but with one of these codes."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code not in codes:
            raise


class Walks(RuleBasedStateMachine):
    """Whoever does whatever while time passes: of each stop something is said once, and normal only what was seen."""

    people = st.sampled_from([DESK, DESK, SECOND, COUNTY_DESK, STATION, account("station", TOWN)])

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.rounds: list[str] = []

    @initialize()
    def routes(self) -> None:
        keep(self.world, times=[MORNING, {"time": "12:00"}])
        keep(self.world, times=[], title="河堤", by_shift=True)
        self.opened(0)

    def _round(self, pick: int) -> str:
        """Those that go on first."""
        known = [each.data["round"] for each in self.world.entries if each.kind == "patrol.opened"]
        live = patrols_of(self.world.state).rounds
        known.sort(key=lambda round: round not in live)
        return str(known[pick % len(known)]) if known else "pd_" + "0" * 18

    @rule(pick=st.integers(0, 1))
    def opened(self, pick: int) -> None:
        routes = list(patrols_of(self.world.state).routes)
        if routes:
            with allowed_to_be("conflict"):
                self.world.do(DESK, "patrol.open", route=routes[pick % len(routes)])

    @rule(who=people, pick=st.integers(0, 2), relieves=st.sampled_from([None, DESK, SECOND]))
    def taken(self, who: Account, pick: int, relieves: Account | None) -> None:
        with allowed_to_be("not_found", "forbidden", "conflict", "wrong_state"):
            named = None if relieves is None else relieves.id
            self.world.do(who, "patrol.take", round=self._round(pick), relieves=named)

    @rule(
        who=people,
        pick=st.integers(0, 2),
        stop=st.integers(1, 3),
        right=st.booleans(),
        seconds=st.integers(3, 40),
        wait=st.integers(0, 30),
    )
    def saw(self, who: Account, pick: int, stop: int, right: bool, seconds: int, wait: int) -> None:
        one = patrols_of(self.world.state).rounds.get(self._round(pick))
        if right and one is not None and one.walker is not None:
            stop = one.stop
            who = next(
                each for each in (DESK, SECOND, account("station", TOWN)) if each.id == one.walker["account"]
            )
        with allowed_to_be("not_found", "wrong_state"):
            see(self.world, self._round(pick), stop, who, seconds, wait)

    @rule(who=people, pick=st.integers(0, 2), outcome=st.sampled_from(OUTCOMES), stop=st.integers(0, 3))
    def said(self, who: Account, pick: int, outcome: str, stop: int) -> None:
        one = patrols_of(self.world.state).rounds.get(self._round(pick))
        finding = {"finding": {"becomes": "report", "text": "有情况"}} if outcome == "finding" else {}
        at = one.stop if one is not None and stop == 0 else max(stop, 1)
        with allowed_to_be("not_found", "forbidden", "wrong_state", "already_done"):
            check(self.world, self._round(pick), at, outcome, who, **finding)

    @rule(who=people, pick=st.integers(0, 2), kind=st.sampled_from(["interrupt", "interrupt", "end"]))
    def left(self, who: Account, pick: int, kind: str) -> None:
        with allowed_to_be("not_found", "forbidden"):
            self.world.do(who, f"patrol.{kind}", round=self._round(pick), reason="交班")

    @rule(pick=st.integers(0, 1), change=st.booleans())
    def route_changes(self, pick: int, change: bool) -> None:
        routes = list(patrols_of(self.world.state).routes.values())
        if change and routes:
            one = routes[pick % len(routes)]
            keep(self.world, route=one.id, version=one.version, stops=STOPS[pick:], times=[{"time": "13:00"}])
        elif len(routes) > 1:
            self.world.do(DESK, "patrol.withdraw", route=routes[pick % len(routes)].id)

    @rule(hour=st.integers(1, 20))
    def roster_is_put(self, hour: int) -> None:
        with allowed_to_be("invalid", "conflict"):
            roster(self.world, hour, hour + 4)

    @rule(minutes=st.sampled_from([1, 30, 90, 400, 1500]))
    def later(self, minutes: int) -> None:
        pass_time(self.world, self.world.now + timedelta(minutes=minutes), alarms.RULES)

    @invariant()
    def of_each_stop_something_is_said_once_and_normal_only_what_was_seen(self) -> None:
        last: dict[str, int] = {}
        stands: dict[str, tuple[str, int, datetime] | None] = {}
        flowed: dict[str, int] = {}
        for entry in self.world.entries:
            data = entry.data
            round = data.get("round", "")
            match entry.kind:
                case "patrol.taken":
                    stands[round] = (data["by"]["account"], data["stop"], entry.at)
                    flowed[round] = 0
                case "patrol.interrupted":
                    stands[round], flowed[round] = None, 0
                case "patrol.seen":
                    who, stop, since = stands[round] or ("", 0, entry.at)
                    assert (data["account"], data["stop"]) == (who, stop)
                    assert timedelta(seconds=data["seconds"]) <= entry.at - since
                    flowed[round] = data["seconds"]
                case "patrol.checked":
                    assert stands[round] is not None
                    assert data["stop"] == last.get(round, 0) + 1
                    last[round] = data["stop"]
                    assert data["seconds"] == flowed[round]
                    assert data["outcome"] != "normal" or flowed[round] >= LEAST_SEEN_S
                    assert data["by"]["account"] == stands[round][0]  # type: ignore[index]
                    stands[round], flowed[round] = (data["by"]["account"], data["stop"] + 1, entry.at), 0

    @invariant()
    def ends_are_a_recount(self) -> None:
        said: dict[str, list[str]] = {}
        over: set[str] = set()
        for entry in self.world.entries:
            if entry.kind == "patrol.checked":
                assert entry.data["round"] not in over
                said.setdefault(entry.data["round"], []).append(entry.data["outcome"])
            if entry.kind == "patrol.ended":
                mine = said.get(entry.data["round"], [])
                assert {name: entry.data[name] for name in OUTCOMES} == {
                    name: mine.count(name) for name in OUTCOMES
                }
                assert (entry.data["state"] == "done") == (len(mine) == entry.data["total"])
                over.add(entry.data["round"])
        assert not over & patrols_of(self.world.state).rounds.keys()

    @invariant()
    def a_restart_knows_the_same(self) -> None:
        assert patrols_of(rebuilt(self.world.entries)) == patrols_of(self.world.state)

    @invariant()
    def the_agenda_is_sorted_and_whole(self) -> None:
        patrols = patrols_of(self.world.state)
        wanted = [(one.next_step[0], one.id) for one in patrols.rounds.values()]
        wanted += [(one.next_at, one.id) for one in patrols.routes.values() if one.next_at is not None]
        assert patrols.agenda == sorted(wanted)
        assert {one.round for one in patrols.routes.values()} - {None} == patrols.rounds.keys()
        assert copy.deepcopy(patrols) == patrols


TestWalks = Walks.TestCase
TestWalks.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
