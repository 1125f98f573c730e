"""Orders, reports and decisions."""

from __future__ import annotations

import pytest

from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.rules import apply
from hub.state import HubState
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, World, account

MAYOR = account("leader", CITY)
CITY_CLERK = account("clerk", CITY)
COUNTY_LEADER = account("leader", COUNTY)
TOWN_DESK = account("dispatcher", TOWN)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    """Expects a refusal with this code, and this field if one is given."""
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


def issue(world: World, *targets: str, **more: object) -> str:
    (issued,) = world.do(MAYOR, "order.issue", text="加强巡查", targets=list(targets), **more)
    return str(issued.data["order"])


def test_an_order_goes_from_issued_over_signed_and_progress_to_completed() -> None:
    world = World()
    order = issue(world, VILLAGE)
    assert world.state.orders[order].state == "issued"
    (signed,) = world.do(STATION, "order.sign", order=order)
    assert signed.data == {"order": order, "center": VILLAGE, "name": "坦渡村", "account_name": STATION.name}
    assert world.state.orders[order].state == "signed"
    (progress,) = world.do(STATION, "order.progress", order=order, text="已到现场", percent=40)
    assert (progress.data["text"], progress.data["percent"]) == ("已到现场", 40)
    assert world.state.orders[order].state == "in_progress"
    (completed,) = world.do(STATION, "order.complete", order=order, text="完成")
    assert completed.data["text"] == "完成"
    assert world.state.orders[order].state == "completed"


def test_an_order_is_as_far_as_its_slowest_target() -> None:
    world = World()
    order = issue(world, VILLAGE, COUNTY)
    world.do(STATION, "order.sign", order=order)
    assert world.state.orders[order].state == "issued"
    world.do(COUNTY_LEADER, "order.sign", order=order)
    assert world.state.orders[order].state == "signed"


def test_steps_out_of_turn_are_refused() -> None:
    world = World()
    order = issue(world, VILLAGE)
    for kind, data in [("order.progress", {"text": "x"}), ("order.complete", {})]:
        with refused("wrong_state"):
            world.do(STATION, kind, order=order, **data)
    world.do(STATION, "order.sign", order=order)
    with refused("already_done"):
        world.do(STATION, "order.sign", order=order)
    world.do(STATION, "order.complete", order=order)
    for kind, data in [("order.sign", {}), ("order.progress", {"text": "x"}), ("order.complete", {})]:
        with refused("already_done"):
            world.do(STATION, kind, order=order, **data)


def test_orders_are_read_by_issuer_and_targets_and_carried_out_by_targets_only() -> None:
    world = World()
    (issued,) = world.do(MAYOR, "order.issue", text="巡", targets=[VILLAGE, COUNTY, VILLAGE])
    assert issued.audience == (f"center:{CITY}", f"center:{VILLAGE}", f"center:{COUNTY}")
    assert issued.data["targets"] == [
        {"center": VILLAGE, "name": "坦渡村"},
        {"center": COUNTY, "name": "临湘市"},
    ]
    assert issued.data["issuer"]["center_name"] == "岳阳市"
    order = issued.data["order"]
    (signed,) = world.do(STATION, "order.sign", order=order)
    assert signed.audience == (f"center:{CITY}", f"center:{VILLAGE}")
    for seeing in (MAYOR, TOWN_DESK, account("clerk", VILLAGE), account("audit_admin", CITY)):
        with refused("forbidden", "order"):
            world.do(seeing, "order.sign", order=order)
    for blind in (NEIGHBOUR, account("leader", OTHER_COUNTY), account("station", TOWN)):
        with refused("not_found", "order"):
            world.do(blind, "order.sign", order=order)
    with refused("not_found", "order"):
        world.do(MAYOR, "order.sign", order="o_" + "0" * 18)


@pytest.mark.parametrize(
    ("who", "data", "code", "field"),
    [
        (STATION, {}, "forbidden", None),
        (CITY_CLERK, {}, "forbidden", None),
        (COUNTY_LEADER, {"targets": [CITY]}, "forbidden", "targets"),
        (COUNTY_LEADER, {"targets": [OTHER_COUNTY]}, "not_found", "targets"),
        (MAYOR, {"targets": []}, "invalid", "targets"),
        (MAYOR, {"targets": ["１２３４５６７８９０１２"]}, "invalid", "targets.0"),
        (MAYOR, {"due": "2026-11-23T08:00:00Z"}, "invalid", "due"),
        (MAYOR, {"due": "2026-11-24T08:00:00"}, "invalid", "due"),
        (MAYOR, {"due": "tomorrow"}, "invalid", "due"),
        (MAYOR, {"text": ""}, "invalid", "text"),
        (MAYOR, {"text": "a\x00b"}, "invalid", "text"),
        (MAYOR, {"text": "\ud800"}, "invalid", "text"),
        (MAYOR, {"priority": "whenever"}, "invalid", "priority"),
    ],
)
def test_issuing_is_refused(who: Account, data: dict[str, object], code: str, field: str | None) -> None:
    with refused(code, field):
        World().do(who, "order.issue", **{"text": "巡", "targets": [VILLAGE], **data})


def test_an_order_in_a_meeting_needs_control_over_it_or_being_in_it() -> None:
    world = World()
    meeting = world.open(MAYOR, COUNTY)
    assert world.do(MAYOR, "order.issue", meeting, text="巡", targets=[VILLAGE])[0].meeting == meeting
    with refused("not_joined"):
        world.do(COUNTY_LEADER, "order.issue", meeting, text="巡", targets=[VILLAGE])
    world.do(COUNTY_LEADER, "meeting.join", meeting)
    assert world.do(COUNTY_LEADER, "order.issue", meeting, text="巡", targets=[VILLAGE])
    with refused("not_found", "meeting"):
        world.do(TOWN_DESK, "order.issue", meeting, text="巡", targets=[VILLAGE])


def test_a_step_named_with_another_meeting_finds_no_order() -> None:
    world = World()
    order = issue(world, VILLAGE)
    meeting = world.open(MAYOR, VILLAGE)
    with refused("not_found", "order"):
        world.do(STATION, "order.sign", meeting, order=order)


def test_an_order_of_a_forgotten_meeting_is_still_carried_out() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    (issued,) = world.do(MAYOR, "order.issue", meeting, text="巡", targets=[VILLAGE])
    world.do(MAYOR, "meeting.end", meeting)
    world.state = HubState()
    apply(world.state, issued)
    (signed,) = world.do(STATION, "order.sign", order=issued.data["order"])
    assert signed.meeting == meeting


@pytest.mark.parametrize("percent", [-1, 101, True, 5.0, "5"])
def test_percent_is_a_whole_number_up_to_100(percent: object) -> None:
    with refused("invalid", "percent"):
        World().do(STATION, "order.progress", order="o_" + "0" * 18, text="x", percent=percent)


def test_a_report_goes_upward_and_into_the_meeting_one_is_in() -> None:
    world = World()
    (report,) = world.do(STATION, "report.file", situation="normal")
    assert report.meeting is None
    assert report.audience == (f"center:{VILLAGE}",)
    assert report.data == {
        "report": report.data["report"],
        "situation": "normal",
        "text": "",
        "center": VILLAGE,
        "name": "坦渡村",
        "attachments": [],
        "category": None,
        "place": "",
        "persons": None,
        "urgency": "normal",
        "task": None,
        "patrol": None,
    }
    meeting = world.open(MAYOR, VILLAGE)
    with refused("not_joined"):
        world.do(STATION, "report.file", meeting, situation="normal")
    world.do(STATION, "meeting.join", meeting)
    report, _ = world.do(STATION, "report.file", meeting, situation="abnormal", text="管涌")
    assert report.audience == ("meeting", f"center:{VILLAGE}")
    with refused("not_found"):
        world.do(NEIGHBOUR, "report.file", meeting, situation="normal")


def test_an_abnormal_report_says_what_is_the_matter() -> None:
    with refused("invalid", "text"):
        World().do(STATION, "report.file", situation="abnormal", text="  ")
    with refused("invalid", "situation"):
        World().do(STATION, "report.file", situation="fine")


def test_clerks_and_administrators_file_no_reports() -> None:
    for role in ("clerk", "system_admin", "security_admin", "audit_admin"):
        with refused("forbidden"):
            World().do(account(role, COUNTY), "report.file", situation="normal")


def test_decisions_are_recorded_by_those_in_control_and_the_chairs_clerk() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE, COUNTY)
    (decision,) = world.do(MAYOR, "decision.record", meeting, text="启动三级响应")
    assert decision.data["text"] == "启动三级响应"
    assert decision.data["by"]["account"] == MAYOR.id
    assert world.do(CITY_CLERK, "decision.record", meeting, text="记录")
    for who in (STATION, COUNTY_LEADER, account("clerk", COUNTY)):
        with refused("forbidden"):
            world.do(who, "decision.record", meeting, text="x")
