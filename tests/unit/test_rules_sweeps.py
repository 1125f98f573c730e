"""Sweeps: whom one expects is fixed, each visit counts once, what came late is kept beside what holds, grids may change."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.clock import to_wire
from hub.directory.accounts import GRID_LEADER, GRID_MEMBER, SYSTEM_ACCOUNT, Account
from hub.entry import Entry, center_audience
from hub.errors import Refusal
from hub.grids.catalog import Grid, Grids
from hub.grids.sweep_form import FormField, Known, asker, checked_answers, checked_form, flags_of
from hub.grids.sweep_ready import READY
from hub.grids.sweep_state import FOLD_AFTER, Rows, Standing, Sweep, sweep_of
from hub.people import Accounts
from hub.rules import FILES, apply, standing
from hub.state import HubState
from hub.store.sweep_rows import KINDS
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, World, account

SWEEP = "sw_000000000000000001"
G1, G2, G3 = (f"{VILLAGE}{number:03d}" for number in (1, 2, 3))
ELSEWHERE = f"{OTHER_VILLAGE}001"
ROWS = {VILLAGE: {G1: [3, 9], G2: [2, 5]}, OTHER_VILLAGE: {ELSEWHERE: [4, 10]}}
DESK = account("dispatcher", CITY)


def walker(role: str, center: str, number: int) -> Account:
    """Somebody who walks grids."""
    return Account(f"a_{number:018d}", f"walker{number}", f"网格{number}", role, center)


LEADER = walker(GRID_LEADER, VILLAGE, 1)
ONE = walker(GRID_MEMBER, VILLAGE, 2)
TWO = walker(GRID_MEMBER, VILLAGE, 3)
NEIGHBOUR = walker(GRID_MEMBER, OTHER_VILLAGE, 4)
STATION = account("station", VILLAGE)
# Rows in the order of the grids' codes: the other village first.
FIRST = 5


def world_of(**more: Any) -> World:
    """A world with three grids and a sweep of nine households."""
    world = World()
    grids = world.state.parts.edit(Grids)
    grids.put(Grid(G1, "一组", "basic", LEADER.id, (ONE.id, TWO.id), 40))
    grids.put(Grid(G2, "二组", "basic", LEADER.id, (TWO.id,), 40))
    grids.put(Grid(ELSEWHERE, "长岭一组", "basic", None, (NEIGHBOUR.id,), 40))
    for who in (LEADER, ONE, TWO, NEIGHBOUR):
        world.state.parts.edit(Accounts).by_id[who.id] = who
    load(world, **more)
    return world


def load(world: World, **more: Any) -> list[Entry]:
    facts = {
        "sweep": SWEEP,
        "title": "发热排查",
        "sort": "blanket",
        "account": DESK.id,
        "name": DESK.name,
        "center": CITY,
        "rows": ROWS,
        "form": [each.model_dump(mode="json") for each in READY["fever"].form],
    }
    return world.do(SYSTEM_ACCOUNT, "sweep.load", **{**facts, **more})


def swept(world: World) -> Sweep:
    found = sweep_of(world.state, SWEEP)
    assert found is not None
    return found


def rows_of(world: World, center: str = VILLAGE) -> Rows:
    found = swept(world).of_center(center)
    assert found is not None
    return found


def visit(world: World, who: Account, row: int, outcome: str = "met", **more: Any) -> Entry:
    made = world.do(who, "visit.record", sweep=SWEEP, row=row, outcome=outcome, **more)
    return next(each for each in made if each.kind == "visit.recorded")


def refused(world: World, who: Account, kind: str, **data: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, **data)
    return caught.value.code, caught.value.field


def test_whom_a_sweep_expects_is_numbered_in_the_order_of_grids() -> None:
    world = world_of()
    found = swept(world)
    assert found.rows == 9
    assert [(rows.center, list(rows.numbers())) for rows in found.villages] == [
        (OTHER_VILLAGE, [1, 2, 3, 4]),
        (VILLAGE, [5, 6, 7, 8, 9]),
    ]
    assert [rows_of(world).grid_of(row) for row in range(5, 10)] == [G1, G1, G1, G2, G2]
    assert list(rows_of(world).rows_of(G2)) == [8, 9]
    assert (found.village_of(0), found.village_of(10)) == (None, None)
    assert load(world) == []


def test_a_sweep_needs_households_of_its_own_area_and_a_form_that_can_be_asked() -> None:
    for more, code in (
        ({"rows": {OTHER_VILLAGE: {G1: [1, 1]}}}, "invalid"),
        ({"rows": {VILLAGE: {G1: [0, 0]}}}, "invalid"),
        ({"center": OTHER_COUNTY, "rows": {VILLAGE: {G1: [1, 1]}}}, "not_found"),
        ({"due": to_wire(World().now - timedelta(days=1))}, "invalid"),
        ({"form": [{"key": "a", "label": "甲", "kind": "text"}] * 2}, "invalid"),
    ):
        with pytest.raises(Refusal) as caught:
            load(World(), **more)
        assert caught.value.code == code, more


def test_who_walks_a_grid_says_what_came_of_its_households_and_of_no_others() -> None:
    world = world_of()
    entry = visit(world, ONE, 5, "met", seen=3)
    assert entry.audience == (center_audience(VILLAGE),)
    assert (entry.data["was"], entry.data["grid"], entry.data["center"]) == (None, G1, VILLAGE)
    for who, row in (
        (ONE, 8),
        (ONE, 1),
        (NEIGHBOUR, 5),
        (STATION, 5),
        (account("leader", TOWN), 5),
        (DESK, 5),
    ):
        assert refused(world, who, "visit.record", sweep=SWEEP, row=row, outcome="met")[0] == "not_found"
    for who in (account("system_admin", CITY), account("audit_admin", CITY), account("clerk", CITY)):
        assert refused(world, who, "visit.record", sweep=SWEEP, row=5, outcome="met")[0] == "not_found"
    assert refused(world, ONE, "visit.record", sweep=SWEEP, row=10, outcome="met") == ("not_found", "row")
    visit(world, LEADER, 8, "unchanged", seen=2)
    assert rows_of(world).standing(8)[:2] == ("unchanged", 2)


def test_nobody_there_three_times_is_called_and_then_the_villages() -> None:
    world = world_of()
    steps = []
    for _ in range(4):
        visit(world, ONE, 5, "absent", base=rows_of(world).standing(5).seq)
        steps.append(rows_of(world).standing(5).next_step)
    assert steps == ["again", "again", "phone", "village"]
    base = rows_of(world).standing(5).seq
    assert visit(world, STATION, 5, "phone", seen=1, base=base).data["was_handed"]
    assert rows_of(world).standing(5).next_step == "none"
    base = visit(world, ONE, 6, "refused").seq
    assert rows_of(world).standing(6).handed
    visit(world, STATION, 6, "met", seen=4, base=base)
    assert not rows_of(world).standing(6).handed


def test_two_who_did_not_know_of_each_other_are_both_kept_and_the_grid_leader_says_which_holds() -> None:
    world = world_of()
    first = visit(world, ONE, 5, "absent")
    second = visit(world, TWO, 5, "met", seen=3, offline=True)
    assert (first.data["conflict"], second.data["conflict"]) == (False, True)
    assert rows_of(world).standing(5).outcome == "absent"
    assert refused(world, ONE, "visit.settle", sweep=SWEEP, row=5, holds=second.seq)[0] == "forbidden"
    assert refused(world, NEIGHBOUR, "visit.settle", sweep=SWEEP, row=5, holds=second.seq)[0] == "not_found"
    assert refused(world, LEADER, "visit.settle", sweep=SWEEP, row=5, holds=99)[0] == "not_found"
    (settled,) = world.do(LEADER, "visit.settle", sweep=SWEEP, row=5, holds=second.seq)
    stands = rows_of(world).standing(5)
    assert (stands.outcome, stands.seen, stands.tries, stands.account) == ("met", 3, 0, TWO.id)
    assert (settled.data["was"], stands.seq) == ("absent", settled.seq)
    assert refused(world, LEADER, "visit.settle", sweep=SWEEP, row=5, holds=first.seq)[0] == "not_found"


def test_what_one_says_later_is_no_conflict_with_what_he_said_before() -> None:
    world = world_of()
    assert not visit(world, ONE, 5, "absent", base=0, offline=True).data["conflict"]
    again = visit(world, ONE, 5, "met", base=0, offline=True)
    assert not again.data["conflict"]
    assert not visit(world, TWO, 5, "met", base=again.seq).data["conflict"]


def test_only_who_said_it_or_answers_for_the_grid_corrects_and_only_what_is_newest() -> None:
    world = world_of()
    first = visit(world, ONE, 5, "met", seen=2)
    data = {"sweep": SWEEP, "row": 5, "base": first.seq, "outcome": "phone", "seen": 2, "reason": "打的电话"}
    assert refused(world, TWO, "visit.correct", **data)[0] == "forbidden"
    (entry,) = world.do(ONE, "visit.correct", **data)
    assert (entry.data["was"], rows_of(world).standing(5).outcome) == ("met", "phone")
    assert refused(world, ONE, "visit.correct", **data)[0] == "conflict"
    world.do(LEADER, "visit.correct", **{**data, "base": entry.seq, "outcome": "gone"})
    assert rows_of(world).standing(5)[:1] == ("gone",)
    assert rows_of(world).standing(5).account == ONE.id


def test_a_visit_is_of_the_last_seven_days_and_not_ahead() -> None:
    world = world_of()
    for late in (timedelta(days=7, minutes=1), -timedelta(minutes=6)):
        said = {"sweep": SWEEP, "row": 5, "outcome": "met", "occurred_at": to_wire(world.now - late)}
        assert refused(world, ONE, "visit.record", **said) == ("invalid", "occurred_at")
    ahead = visit(world, ONE, 5, occurred_at=to_wire(world.now + timedelta(minutes=4)))
    assert ahead.data["occurred_at"] == to_wire(ahead.at)
    before = to_wire(world.now - timedelta(hours=2))
    assert visit(world, ONE, 6, occurred_at=before).data["occurred_at"] == before


def test_a_visit_counts_on_the_day_where_the_hub_is() -> None:
    world = world_of()
    world.zone = ZoneInfo("Asia/Shanghai")
    noon = world.now.replace(hour=12, minute=0)
    world.now = noon + timedelta(days=1)
    for number, (hours, day) in enumerate(((3, noon), (5, noon + timedelta(days=1))), start=5):
        entry = visit(world, ONE, number, occurred_at=to_wire(noon + timedelta(hours=hours)))
        assert entry.data["day"] == f"{day:%Y-%m-%d}"
        assert _counted_on(entry) == [entry.data["day"]]
    # what was written before entries named a day
    old = replace(entry, data={name: value for name, value in entry.data.items() if name != "day"})
    assert _counted_on(old) == [f"{noon:%Y-%m-%d}"]


def _counted_on(entry: Entry) -> list[str]:
    """The days on which the database counts it."""
    changes = KINDS[entry.kind](entry)
    return [values["day"] for what, values in changes if isinstance(what, str) and "INTO visit_days" in what]


def test_what_is_found_is_reported_once_and_an_incident_is_its_desks() -> None:
    world = world_of()
    made = world.do(ONE, "visit.record", sweep=SWEEP, row=5, outcome="met", flags=["symptom"])
    assert [each.kind for each in made] == ["visit.recorded", "report.filed", "alarm.raised"]
    report = made[1].data
    assert made[0].data["found"] == {"what": "report", "id": report["report"]}
    assert (report["center"], report["category"], report["place"]) == (VILLAGE, "health", "一组")
    assert len(world.do(ONE, "visit.record", sweep=SWEEP, row=5, outcome="met", flags=["symptom"])) == 1
    assert len(world.do(ONE, "visit.record", sweep=SWEEP, row=6, outcome="met", flags=["need"])) == 1
    finding = {"becomes": "incident", "text": "独居老人摔伤", "urgency": "urgent"}
    said = {"sweep": SWEEP, "row": 7, "outcome": "met", "finding": finding}
    assert refused(world, ONE, "visit.record", **said)[0] == "forbidden"
    outside = {"household": "hh_000000000000000001", "grid": G1, "outcome": "met", "finding": finding}
    made = world.do(account("dispatcher", VILLAGE), "visit.record", **outside)
    assert made[1].kind == "incident.registered"


def test_a_household_met_outside_of_a_sweep_is_told_with_its_grid() -> None:
    world = world_of()
    said = {"household": "hh_000000000000000001", "grid": G1, "outcome": "met"}
    (entry,) = world.do(ONE, "visit.record", **said)
    assert (entry.data["sweep"], entry.data["center"], entry.data["grid"]) == (None, VILLAGE, G1)
    assert standing(world.state, entry) is None
    for who in (NEIGHBOUR, DESK):
        assert refused(world, who, "visit.record", **said) == ("not_found", "household")


def test_a_closed_sweep_takes_what_was_before_for_some_days_and_forgets_in_its_time() -> None:
    world = world_of(days=30)
    visit(world, ONE, 5)
    assert refused(world, account("leader", COUNTY), "sweep.close", sweep=SWEEP)[0] == "forbidden"
    assert refused(world, DESK, "sweep.close", sweep=SWEEP) == ("invalid", "reason")
    before = to_wire(world.now)
    world.now += timedelta(minutes=1)
    (closed,) = world.do(DESK, "sweep.close", sweep=SWEEP, reason="已转入常态")
    assert closed.data["left"] == 8
    assert refused(world, ONE, "visit.record", sweep=SWEEP, row=6, outcome="met") == ("already_done", "sweep")
    visit(world, ONE, 6, occurred_at=before, offline=True)
    due = next(file.hub_due for file in FILES if file.name == "sweeps")
    assert due is not None
    coming = due(world.state)
    assert coming is not None
    assert coming.at == closed.at + timedelta(days=7)
    world.now = coming.at
    assert [each.kind for each in world.do(SYSTEM_ACCOUNT, "sweep.tick")] == ["sweep.ended"]
    assert (
        refused(world, ONE, "visit.record", sweep=SWEEP, row=6, outcome="met", occurred_at=None)[0]
        == "not_found"
    )
    coming = due(world.state)
    assert coming is not None
    assert coming.at == closed.at + timedelta(days=30)
    world.now = coming.at
    assert [each.kind for each in world.do(SYSTEM_ACCOUNT, "sweep.tick")] == ["sweep.forgotten"]
    assert sweep_of(world.state, SWEEP) is None
    assert due(world.state) is None


def test_what_is_not_done_in_time_warns_the_centers_below_and_their_warning_goes_up() -> None:
    world = world_of(due=to_wire(World().now + timedelta(hours=4)))
    for row in range(1, 5):
        visit(world, NEIGHBOUR, row)
    world.now += timedelta(hours=4)
    made = world.do(SYSTEM_ACCOUNT, "sweep.tick")
    assert [each.kind for each in made] == ["sweep.fell_due", "alarm.raised"]
    assert made[0].data["left"] == {VILLAGE: 5}
    assert (made[1].data["center"], made[1].data["words"]["left"]) == (COUNTY, 5)
    assert world.do(SYSTEM_ACCOUNT, "sweep.tick") == []
    assert visit(world, ONE, 5).data["late"]
    assert not visit(world, ONE, 6, occurred_at=to_wire(world.now - timedelta(hours=1))).data["late"]
    world.now += timedelta(minutes=30)
    assert [each.kind for each in world.do(SYSTEM_ACCOUNT, "alarm.advance")] == ["alarm.escalated"]
    closed = world.do(DESK, "sweep.close", sweep=SWEEP, reason="到期")
    assert [each.kind for each in closed] == ["sweep.closed", "alarm.cleared"]


def test_a_village_is_folded_and_a_restart_needs_only_what_came_since() -> None:
    world = world_of()
    loaded = len(world.entries)
    for turn in range(FOLD_AFTER + 5):
        visit(world, TWO, 5 + turn % 5, ("met", "absent", "refused")[turn % 3], seen=turn % 7)
    visit(world, ONE, 6, "met", base=0)
    folds = [each for each in world.entries if each.kind == "sweep.folded"]
    assert len(folds) == 1
    again = HubState()
    again.parts = copy.deepcopy(HubState().parts)
    for entry in [*world.entries[:loaded], *world.entries[folds[0].seq - 1 :]]:
        apply(again, entry)
    assert sweep_of(again, SWEEP) == sweep_of(world.state, SWEEP)
    subject = standing(world.state, folds[0])
    assert subject is not None
    assert (subject.subject, subject.open) == (f"{SWEEP}/{VILLAGE}/1", True)
    assert standing(world.state, world.entries[loaded]) == subject._replace(
        subject=f"{SWEEP}/{VILLAGE}/0", open=False
    )


def test_households_go_with_their_grid_and_none_is_lost_or_counted_twice() -> None:
    world = world_of()
    visit(world, ONE, 6, "met", seen=3)
    new = f"{VILLAGE}003"
    split = {
        "grid": G1,
        "into": [{"grid": G1, "name": "一组"}, {"name": "四组", "members": [TWO.id]}],
        "rest": 0,
        "rows": {SWEEP: [[], [6, 7, 9]]},
    }
    made = world.do(account("dispatcher", VILLAGE), "grid.split", **split)
    moved = next(each for each in made if each.kind == "sweep.moved")
    # Row 9 is none of that grid's.
    assert (moved.data["moves"], moved.data["was"]) == ({new: [6, 7]}, {G1: [6, 7]})
    assert list(rows_of(world).rows_of(G1)) == [5]
    assert list(rows_of(world).rows_of(new)) == [6, 7]
    assert refused(world, ONE, "visit.record", sweep=SWEEP, row=6, outcome="met")[0] == "not_found"
    visit(world, TWO, 6, "unchanged")
    join = {"grids": [G2, new], "into": {"grid": G2, "name": "二组"}}
    world.do(account("dispatcher", VILLAGE), "grid.joined".removesuffix("ed"), **join)
    assert list(rows_of(world).rows_of(G2)) == [6, 7, 8, 9]
    assert sum(len(list(rows_of(world).rows_of(grid))) for grid in (G1, G2, new)) == 5


class Walking(RuleBasedStateMachine):
    """People visit, correct and settle, grids change hands and shape: sums of entries always equal a recount."""

    people = st.sampled_from([ONE, TWO, LEADER, NEIGHBOUR, STATION])
    row = st.integers(1, 9)
    outcome = st.sampled_from(["met", "unchanged", "phone", "absent", "refused", "gone"])

    def __init__(self) -> None:
        super().__init__()
        self.world = world_of()
        self.begun = len(self.world.entries)
        self.sums: Counter[tuple[str, str]] = Counter()
        self.seen = 0
        self.last: dict[int, str] = {}

    def give(self, who: Account, kind: str, **data: Any) -> None:
        try:
            made = self.world.do(who, kind, **data)
        except Refusal:
            return
        for entry in made:
            data = dict(entry.data)
            if entry.kind == "sweep.moved":
                rows = rows_of(self.world, data["center"])
                for sign, moves in ((-1, data["was"]), (1, data["moves"])):
                    for grid, numbers in moves.items():
                        for row in numbers:
                            self.sums[grid, rows.standing(row).outcome or "none"] += sign
            elif entry.kind.startswith("visit.") and not data.get("conflict"):
                if data["was"] is not None:
                    self.sums[data["grid"], data["was"]] -= 1
                else:
                    self.sums[data["grid"], "none"] -= 1
                self.sums[data["grid"], data["outcome"]] += 1
                self.seen += data["seen"] - data["was_seen"]

    @initialize()
    def all_are_left(self) -> None:
        self.sums.update({(ELSEWHERE, "none"): 4, (G1, "none"): 3, (G2, "none"): 2})

    @rule(who=people, row=row, outcome=outcome, seen=st.integers(0, 9), known=st.booleans())
    def record(self, who: Account, row: int, outcome: str, seen: int, known: bool) -> None:
        rows = swept(self.world).village_of(row)
        assert rows is not None
        base = rows.standing(row).seq if known else 0
        self.give(who, "visit.record", sweep=SWEEP, row=row, outcome=outcome, seen=seen, base=base)

    @rule(who=people, row=row, outcome=outcome, seen=st.integers(0, 9))
    def correct(self, who: Account, row: int, outcome: str, seen: int) -> None:
        rows = swept(self.world).village_of(row)
        assert rows is not None
        base = max(1, rows.standing(row).seq)
        self.give(
            who, "visit.correct", sweep=SWEEP, row=row, base=base, outcome=outcome, seen=seen, reason="误记"
        )

    @rule(row=row, first=st.booleans())
    def settle(self, row: int, first: bool) -> None:
        rows = swept(self.world).village_of(row)
        assert rows is not None
        others = rows.contenders.get(row, [])
        holds = others[0][0] if others and not first else max(1, rows.standing(row).seq)
        self.give(LEADER, "visit.settle", sweep=SWEEP, row=row, holds=holds)

    @rule(row=st.integers(5, 9))
    def split(self, row: int) -> None:
        grid = rows_of(self.world).grid_of(row)
        data = {
            "grid": grid,
            "into": [{"name": "甲", "grid": grid}, {"name": "乙", "leader": LEADER.id, "members": [ONE.id]}],
        }
        self.give(account("dispatcher", VILLAGE), "grid.split", **data, rest=0, rows={SWEEP: [[], [row]]})

    @rule(pick=st.integers(0, 5))
    def join(self, pick: int) -> None:
        grids = self.world.state.parts.read(Grids).of_village.get(VILLAGE, [])
        if len(grids) > 1:
            two = [grids[pick % len(grids)], grids[(pick + 1) % len(grids)]]
            into = {"grid": two[0], "name": "合并", "leader": LEADER.id}
            self.give(account("dispatcher", VILLAGE), "grid.join", grids=two, into=into)

    @rule(one=st.sampled_from([ONE, TWO]), other=st.sampled_from([ONE, TWO, LEADER]))
    def hand_over(self, one: Account, other: Account) -> None:
        grids = list(self.world.state.parts.read(Grids).of_account.get(one.id, ()))
        if grids:
            self.give(account("dispatcher", VILLAGE), "grid.hand", account=one.id, to=other.id, grids=grids)

    @invariant()
    def sums_equal_a_recount(self) -> None:
        counted: Counter[tuple[str, str]] = Counter()
        seen = left = 0
        for rows in swept(self.world).villages:
            for row in rows.numbers():
                stands = rows.standing(row)
                counted[rows.grid_of(row), stands.outcome or "none"] += 1
                seen += stands.seen
                left += stands.outcome in (None, "absent", "refused")
        assert counted == +self.sums
        assert (seen, left) == (self.seen, swept(self.world).left())
        assert sum(counted.values()) == 9

    @invariant()
    def rows_are_packed_whole(self) -> None:
        for rows in swept(self.world).villages:
            other = replace(rows)
            other.unpack(rows.packed())
            assert other == rows


TestWalking = Walking.TestCase
TestWalking.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


# -- forms


def test_ready_made_forms_can_be_asked() -> None:
    for each in READY.values():
        checked_form(each.form)


def test_what_is_fresh_is_not_asked_again_and_what_depends_is_asked_when_it_may_come() -> None:
    form = [
        FormField(key="from", label="来源地", kind="text", fresh_for=30),
        FormField.model_validate(
            {
                "key": "ill",
                "label": "症状",
                "kind": "choice",
                "each_person": True,
                "options": [
                    {"value": "no", "label": "无"},
                    {"value": "fever", "label": "发热", "flag": "symptom"},
                ],
            }
        ),
        FormField.model_validate(
            {
                "key": "temperature",
                "label": "体温",
                "kind": "number",
                "above": 373,
                "each_person": True,
                "only_when": {"key": "ill", "values": ["fever"]},
            }
        ),
    ]
    checked_form(form)
    now = World().now
    one, two = "pe_000000000000000001", "pe_000000000000000002"
    assert asker(form, now)([one, two], {}) == [
        "from",
        f"ill@{one}",
        f"ill@{two}",
        f"temperature@{one}",
        f"temperature@{two}",
    ]
    fresh = {"from": Known("本地", now - timedelta(days=29)), f"ill@{one}": Known("no", now)}
    assert "from" not in asker(form, now)([one], fresh)
    assert f"ill@{one}" in asker(form, now)([one], fresh)
    assert "from" in asker(form, now)([one], {"from": Known("本地", now - timedelta(days=30))})
    checked_answers(form, {"from": "本地", f"ill@{one}": "fever", f"temperature@{one}": "38.2"})
    assert flags_of(form, {f"temperature@{one}": "37.3"}) == ["symptom"]
    assert flags_of(form, {f"temperature@{one}": "37.2", f"ill@{two}": "no"}) == []
    for wrong in (
        {"ill": "no"},
        {f"from@{one}": "x"},
        {f"ill@{one}": "maybe"},
        {f"temperature@{one}": "38,2"},
        {"what": "x"},
        {"from": " "},
    ):
        with pytest.raises(Refusal):
            checked_answers(form, wrong)


def test_a_standing_says_what_is_to_be_done_next() -> None:
    assert Standing().next_step == "visit"
    assert Standing("gone").next_step == "none"
