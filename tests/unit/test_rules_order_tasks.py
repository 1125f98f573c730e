"""Orders in grids: passed on by the village that signed, reported on by who walks there, over with the order."""

from __future__ import annotations

from typing import Any

import pytest

from hub.directory.accounts import Account
from hub.entry import center_audience
from hub.errors import Refusal
from hub.grids.catalog import Grid, Grids
from hub.grids.order_tasks import OrderTask, OrderTasks, order_task_of
from tests.support.gridded import person
from tests.support.rules import CITY, OTHER_VILLAGE, TOWN, VILLAGE, World, account

G1, G2 = f"{VILLAGE}001", f"{VILLAGE}002"
ELSEWHERE = f"{OTHER_VILLAGE}001"
CITY_DESK = account("dispatcher", CITY)
OFFICE = account("dispatcher", VILLAGE)
STATION = account("station", VILLAGE)
TOWNSHIP = account("dispatcher", TOWN)


class Village(World):
    """A world with grids, their people, and an order to the village that it signed for."""

    def __init__(self) -> None:
        super().__init__()
        self.know(CITY_DESK, OFFICE, STATION, TOWNSHIP)
        self.one, self.two = person(self), person(self)
        self.far = person(self, center=OTHER_VILLAGE)
        grids = self.state.parts.edit(Grids)
        grids.put(Grid(G1, "一组", "basic", None, (self.one.id,), 40))
        grids.put(Grid(G2, "二组", "basic", None, (self.two.id,), 40))
        grids.put(Grid(ELSEWHERE, "长岭一组", "basic", None, (self.far.id,), 40))
        self.order = self.issue()
        self.do(OFFICE, "order.sign", order=self.order)

    def issue(self, *targets: str) -> str:
        issued = self.do(CITY_DESK, "order.issue", text="入户提醒防火", targets=list(targets or (VILLAGE,)))
        return str(issued[0].data["order"])

    def give(self, *grids: str, who: Account = OFFICE, **more: Any) -> list[str]:
        facts = {"order": self.order, "grids": list(grids), **more}
        return [str(entry.data["task"]) for entry in self.do(who, "gridtask.give", **facts)]

    def task(self, task: str) -> OrderTask:
        found = order_task_of(self.state, task)
        assert found is not None
        return found

    def refused(self, who: Account, kind: str, /, **data: Any) -> str:
        with pytest.raises(Refusal) as caught:
            self.do(who, kind, **data)
        return f"{caught.value.code} {caught.value.field}"


@pytest.fixture
def world() -> Village:
    return Village()


def test_the_village_passes_it_on_once_to_each_grid(world: Village) -> None:
    (first,) = world.give(G1, note="先查独居老人")
    (second,) = world.give(G1, G2, G2)
    assert (world.task(first).grid, world.task(second).grid) == (G1, G2)
    assert world.give(G1) == []
    assert world.entries[-1].audience == (center_audience(VILLAGE),)


def test_who_signed_for_it_passes_it_on_and_to_own_grids_alone(world: Village) -> None:
    facts = {"order": world.order, "grids": [G1]}
    assert world.refused(TOWNSHIP, "gridtask.give", **facts) == "forbidden order"
    assert world.refused(world.one, "gridtask.give", **facts) == "not_found order"
    assert world.refused(OFFICE, "gridtask.give", order=world.order, grids=[ELSEWHERE]) == "not_found grids"
    unsigned = world.issue()
    assert world.refused(OFFICE, "gridtask.give", order=unsigned, grids=[G1]) == "wrong_state order"
    world.do(OFFICE, "order.complete", order=world.order, text="已查")
    assert world.refused(OFFICE, "gridtask.give", **facts) == "already_done order"
    world.order = unsigned
    world.do(STATION, "order.sign", order=unsigned)
    assert len(world.give(G1, who=STATION)) == 1


def test_an_order_from_a_secret_meeting_goes_to_no_grid(world: Village) -> None:
    chief = account("dispatcher", CITY, number=7, cleared=True)
    office = account("dispatcher", VILLAGE, number=7, cleared=True)
    meeting = world.open(chief, VILLAGE, level="secret")
    world.do(chief, "meeting.join", meeting)
    issued = world.do(chief, "order.issue", meeting, text="保密", targets=[VILLAGE])
    order = str(issued[0].data["order"])
    world.do(office, "order.sign", order=order)
    assert world.refused(office, "gridtask.give", order=order, grids=[G1]) == "forbidden order"


def test_what_a_meeting_ordered_that_becomes_secret_ends_in_grids(world: Village) -> None:
    chief = account("dispatcher", CITY, number=7, cleared=True)
    meeting = world.open(chief, VILLAGE)
    world.do(chief, "meeting.join", meeting)
    issued = world.do(chief, "order.issue", meeting, text="核查", targets=[VILLAGE])
    (other,) = world.give(G1)
    world.order = str(issued[0].data["order"])
    world.do(OFFICE, "order.sign", order=world.order)
    (task,) = world.give(G1)
    entries = world.do(chief, "secrecy.raise", meeting, reason="")
    ended = [each.data for each in entries if each.kind == "gridtask.ended"]
    assert [(each["task"], each["why"]) for each in ended] == [(task, "secret")]
    assert set(world.state.parts.read(OrderTasks).by_id) == {other}


def test_who_walks_the_grid_receives_it_and_says_what_came_of_it(world: Village) -> None:
    (task,) = world.give(G1)
    told = {"task": task, "text": "查了 12 户", "done": False}
    assert world.refused(world.one, "gridtask.report", **told) == "wrong_state task"
    for who in (world.two, world.far, OFFICE):
        assert world.refused(who, "gridtask.sign", task=task) == "not_found task"
    world.do(world.one, "gridtask.sign", task=task)
    assert world.refused(world.one, "gridtask.sign", task=task) == "already_done task"
    world.do(world.one, "gridtask.report", **told)
    (entry,) = world.do(world.one, "gridtask.report", task=task, text="全部查完", done=True)
    assert (entry.data["order"], entry.data["grid"], entry.data["done"]) == (world.order, G1, True)
    assert world.refused(world.one, "gridtask.report", **told) == "not_found task"
    # the order itself is the village's to complete
    assert world.state.orders[world.order].targets[VILLAGE] == "signed"


def test_the_village_takes_it_back_with_a_reason(world: Village) -> None:
    (task,) = world.give(G1)
    assert world.refused(world.one, "gridtask.withdraw", task=task, reason="x") == "forbidden task"
    assert world.refused(TOWNSHIP, "gridtask.withdraw", task=task, reason="x") == "forbidden task"
    assert world.refused(world.far, "gridtask.withdraw", task=task, reason="x") == "not_found task"
    world.do(OFFICE, "gridtask.withdraw", task=task, reason="改由二组")
    assert world.refused(world.one, "gridtask.sign", task=task) == "not_found task"


@pytest.mark.parametrize(("kind", "why"), [("order.complete", "completed"), ("order.withdraw", "withdrawn")])
def test_it_is_over_when_the_order_is(world: Village, kind: str, why: str) -> None:
    world.give(G1, G2)
    who, more = (OFFICE, {"text": "完成"}) if kind == "order.complete" else (CITY_DESK, {"reason": "有误"})
    entries = world.do(who, kind, order=world.order, **more)
    assert [(each.kind, each.data["why"]) for each in entries[1:]] == [("gridtask.ended", why)] * 2
    assert world.state.parts.read(OrderTasks).by_id == {}


def test_it_stays_while_another_target_completes(world: Village) -> None:
    far_office = account("dispatcher", OTHER_VILLAGE)
    world.know(far_office)
    world.order = world.issue(VILLAGE, OTHER_VILLAGE)
    for who in (OFFICE, far_office):
        world.do(who, "order.sign", order=world.order)
    (task,) = world.give(G1)
    (entry,) = world.do(far_office, "order.complete", order=world.order, text="完成")
    assert entry.kind == "order.completed"
    assert world.task(task).grid == G1


def test_it_goes_where_its_grid_goes(world: Village) -> None:
    (task,) = world.give(G1)
    world.do(world.one, "gridtask.sign", task=task)
    into = {"grid": G2, "name": "合组"}
    entries = world.do(TOWNSHIP, "grid.join", grids=[G1, G2], into=into)
    assert "gridtask.moved" in [each.kind for each in entries]
    assert world.task(task) == OrderTask(task, world.order, G2, signed=True)
    parts = [{"name": "东组", "members": [world.one.id]}, {"name": "西组"}]
    split = world.do(TOWNSHIP, "grid.split", grid=G2, into=parts)
    assert world.task(task).grid == next(each for each in split if each.kind == "grid.split").data["rest"]
