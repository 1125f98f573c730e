"""What a headless station keeps of what the hub tells: parts of its meeting, orders of its center, its company."""

from __future__ import annotations

import io
import json
import logging
from typing import Any, cast

import pytest

from clients.station.alarms import Alarms
from clients.station.api import HubApi
from clients.station.company import Company
from clients.station.hearing import sound_words
from clients.station.orders import Orders
from clients.station.parts import Parts

ME, MINE = "a_me", "430682115210"


def seat(state: str) -> dict[str, Any]:
    return {"id": ME, "center": MINE, "state": state}


def part(name: str, seq: int, **how: Any) -> dict[str, Any]:
    return {"meeting": "m_1", "name": name, "seq": seq, **how}


def settled(**parts: Any) -> Parts:
    made = Parts()
    made.settle({"seq": 10, "parts": {"meeting": {"state": "open"}, "seats": {"rows": {}}, **parts}})
    return made


def test_the_newest_of_a_part_stands_in_whatever_order_it_comes() -> None:
    parts = settled(stage={"broadcast": None})
    for seq in (10, 12, 11, 12):
        parts.take(part("stage", seq, value={"broadcast": f"a_{seq}"}))
    assert parts["stage"] == {"broadcast": "a_12"}


def test_each_row_stands_for_itself() -> None:
    parts = settled()
    parts.take(part("seats", 12, rows={ME: seat("removed")}))
    parts.take(part("seats", 11, rows={ME: seat("joined"), "a_2": seat("left")}))
    assert parts.is_removed(ME)
    assert not parts.is_removed("a_2")
    parts.take(part("seats", 13, rows={ME: None}))
    parts.take(part("seats", 12, rows={ME: seat("removed")}))
    assert not parts.is_removed(ME)


def test_a_meeting_has_ended_when_its_part_says_so_and_a_new_reading_replaces_all() -> None:
    parts = settled()
    seen = [parts.has_ended]
    parts.take(part("meeting", 12, value={"state": "ended"}))
    seen.append(parts.has_ended)
    parts.settle({"seq": 5, "parts": {"meeting": {"state": "open"}}})
    seen.append(parts.has_ended)
    parts.take(part("meeting", 6, value={"state": "ended"}))
    seen.append(parts.has_ended)
    assert seen == [False, True, False, True]


class StoredOrders:
    """The hub's reading of orders."""

    def __init__(self, *orders: dict[str, Any]) -> None:
        self.orders = {order["id"]: order for order in orders}
        self.asked: list[str] = []

    async def order(self, order: str) -> dict[str, Any] | None:
        self.asked.append(order)
        return self.orders.get(order)


def order(state: str, center: str = MINE, id: str = "o_1") -> dict[str, Any]:
    return {
        "id": id,
        "targets": [{"center": "430602000000", "state": "issued"}, {"center": center, "state": state}],
    }


async def test_an_order_is_known_by_its_value_and_moves_on_with_the_own_row() -> None:
    hub = StoredOrders()
    orders = Orders(cast(HubApi, hub))
    assert await orders.changed({"id": "o_1", "value": order("issued")}, MINE) == order("issued")
    moved = {"id": "o_1", "rows": {MINE: {"center": MINE, "state": "signed"}}, "state": "issued"}
    assert await orders.changed(moved, MINE) == order("signed")
    other = {"id": "o_1", "rows": {"430602000000": {"center": "430602000000", "state": "signed"}}}
    assert await orders.changed(other, MINE) is None
    assert orders.known == {"o_1": order("signed")}
    assert hub.asked == []


async def test_an_order_that_is_not_known_is_read_and_one_of_others_is_left_aside() -> None:
    hub = StoredOrders(order("issued"), order("issued", "430682115001", "o_2"))
    orders = Orders(cast(HubApi, hub))
    moved = {"id": "o_1", "rows": {MINE: {"center": MINE, "state": "signed"}}}
    assert await orders.changed(moved, MINE) == order("issued")
    assert await orders.changed({"id": "o_2"}, MINE) is None
    assert await orders.changed({"id": "o_3"}, MINE) is None
    assert hub.asked == ["o_1", "o_2", "o_3"]
    assert list(orders.known) == ["o_1"]


def test_company_is_who_else_of_the_own_center_is_in_the_meeting_now() -> None:
    company = Company(ME, MINE)
    there = {"id": "a_2", "center": MINE, "state": "joined"}
    seen = []
    for people in (
        [seat("joined"), {**there, "center": "430602000000"}, {**there, "state": "left"}],
        [there],
        [],
    ):
        company.take(people)
        seen.append(bool(company))
    assert seen == [False, True, False]


def alarm(**news: Any) -> dict[str, Any]:
    steps = dict.fromkeys(("delivered", "acknowledged", "ordered", "cleared"))
    return {
        "id": "w_1",
        "kind": "situation",
        "center": MINE,
        "report": "p_1",
        "text": "水位上涨",
        **steps,
        **news,
    }


def test_each_step_of_an_alarm_is_said_once_in_the_log_and_as_json(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "station.alarms")
    told_to = io.StringIO()
    alarms = Alarms(told_to)
    desk = {"account": "a_1", "name": "王某", "center": "430600000000", "center_name": "岳阳市"}
    at = "2026-11-23T08:00:05.000000Z"
    delivered = {"delivered": {"at": at, "by": desk}}
    seen = {**delivered, "acknowledged": {"at": at, "by": desk}}
    ordered = {**seen, "ordered": {"at": at, "order": "o_1", "by": desk}}
    assert alarms.take(alarm(), MINE) == []
    assert alarms.take(alarm(**delivered), MINE) == ["delivered"]
    assert alarms.take(alarm(**delivered), MINE) == []
    assert alarms.take(alarm(**ordered), MINE) == ["acknowledged", "ordered"], "what was missed is said, too"
    assert alarms.going == ["w_1"]
    assert alarms.take(alarm(**ordered, cleared={"at": at, "why": "answered"}), MINE) == ["cleared"]
    assert alarms.going == []
    assert [record.getMessage().strip() for record in caplog.records] == [
        "水位上涨: 已送达 岳阳市 王某",
        "水位上涨: 已阅 岳阳市 王某",
        "水位上涨: 已下令 岳阳市 王某",
        "水位上涨: 已解除",
    ]
    lines = [json.loads(line) for line in told_to.getvalue().splitlines()]
    assert [(line["step"], line["by"], line["order"]) for line in lines] == [
        ("delivered", "王某", None),
        ("acknowledged", "王某", None),
        ("ordered", "王某", "o_1"),
        ("cleared", None, None),
    ]
    assert {(line["event"], line["alarm"], line["report"]) for line in lines} == {("alarm", "w_1", "p_1")}


def test_alarms_of_others_and_of_other_kinds_are_left_aside() -> None:
    alarms = Alarms()
    done = {"delivered": {"at": "", "by": None}}
    assert alarms.take(alarm(center="430682115001", **done), MINE) == []
    assert alarms.take(alarm(kind="overdue", **done), MINE) == []
    assert alarms.known == {}


def test_what_becomes_of_the_own_sound_is_said_in_words() -> None:
    parts = settled(sound={"mode": "open", "apart": []}, own_sound={"rows": {}})
    assert sound_words(parts, ME) == set()
    leader = {"participant": "a_1", "name": "王某", "center": "430600000000", "center_name": "岳阳市"}
    own = {"speaker_off": True, "listeners": [leader], "listens": None}
    parts.take(part("own_sound", 11, rows={ME: own}))
    parts.take(part("seats", 12, rows={ME: {**seat("joined"), "muted": True}}))
    assert sound_words(parts, ME) == {
        "muted by the chair",
        "the loudspeaker is off by order of the chair",
        "岳阳市 王某 listens in",
    }
    me = {"participant": ME, "name": "值守", "center": MINE, "center_name": "坦渡村", "forced": False}
    apart = {"talk": "x_1", "members": [{**leader, "forced": True}, me]}
    parts.take(part("own_sound", 13, rows={ME: None}))
    parts.take(part("seats", 13, rows={ME: seat("joined")}))
    parts.take(part("sound", 13, value={"mode": "talk", "apart": [apart]}))
    assert sound_words(parts, ME) == {
        "a word apart with 岳阳市 王某",
        "岳阳市 王某 came in by force",
        "one talks by a key: not heard",
    }
