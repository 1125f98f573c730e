"""The one walk through all commands of dispatch and plans: command × role × above, own, target, beside.

Each command stands here with a thing that it is about, made by a county for one of its towns, and with what it asks of the one
table of rights. A command without a row fails.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, NamedTuple

import pytest

from hub.clock import to_wire
from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import FILES, Context, decide, parse_data
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, TREE, World, account

#: Who made the things, and who is at the town; neither is one of those who try.
CHIEF: Final = account("leader", COUNTY, number=9)
AT_TOWN: Final = account("leader", TOWN, number=9)
#: Who wrote the draft of a decision: the one thing that an account has for itself.
AUTHOR: Final = account("dispatcher", COUNTY)
#: From where it is tried.
PLACES: Final = (CITY, COUNTY, TOWN, OTHER_COUNTY)
LIST: Final = "li_000000000000000001"
#: What is said to who may not.
NO: Final = {"forbidden", "not_found", "not_joined"}

Data = dict[str, Any]


class Can:
    """What somebody may, by the table: `can(action)` about his own center, `can(action, center)` about another."""

    def __init__(self, who: Account) -> None:
        self.who = who

    def __call__(self, action: str, center: str | None = None) -> bool:
        return may(self.who, action, TREE, center or self.who.center)


class Row(NamedTuple):
    """What a command is given, made in a world, and whether somebody may give it."""

    make: Callable[[World], Data]
    allowed: Callable[[Can], bool]


def soon(world: World, hours: int = 2) -> str:
    return to_wire(world.now + timedelta(hours=hours))


def order(world: World, *steps: str) -> Data:
    """An order of the county to the town, which has done so much."""
    issued = world.do(CHIEF, "order.issue", text="巡查", targets=[TOWN], due=soon(world))
    data = {"order": issued[0].data["order"]}
    for step in steps:
        more = {"due": soon(world, 5), "reason": "路断"} if step == "extension.ask" else {}
        world.do(AT_TOWN, step, **data, **more)
    return data


def task(world: World) -> Data:
    given = world.do(CHIEF, "task.give", title="平安", due=soon(world), centers=[TOWN])
    return {"task": given[0].data["task"]}


def rows(world: World, *, issued: bool = True) -> Data:
    """A list of the county, of which the town has both rows."""
    facts = {"clearing": LIST, "title": "比对", "account": CHIEF.id, "name": "某", "center": COUNTY}
    more = {"counts": {TOWN: 2}, "left_out": 0, "repeated": 0, "commitment": "0" * 64}
    world.do(SYSTEM_ACCOUNT, "clearing.load", **facts, **more, delete_at=soon(world, 48))
    if issued:
        world.do(CHIEF, "clearing.issue", clearing=LIST)
    return {"clearing": LIST}


def incident(world: World, *steps: str) -> Data:
    """An incident that the county took in; routed, the town has it, which has done so much."""
    taken = world.do(CHIEF, "incident.register", kind="incident", title="塌方")
    data = {"incident": taken[0].data["incident"]}
    for step in steps:
        if step == "incident.route":
            world.do(CHIEF, step, **data, to=TOWN, reason="交办")
        elif step == "incident.close":
            world.do(CHIEF, step, **data)
        else:
            world.do(AT_TOWN, step, **data, **({"text": "完成"} if step == "incident.complete" else {}))
    return data


TO_TOWN: Final = ("incident.route", "incident.acknowledge", "incident.complete")


def joined(world: World) -> Data:
    data, main = incident(world), incident(world)
    world.do(CHIEF, "incident.join", **data, main=main["incident"])
    return data


def alarm(world: World) -> Data:
    filed = world.do(AT_TOWN, "report.file", situation="abnormal", text="水位上涨")
    return {"alarm": next(each.data["alarm"] for each in filed if each.kind == "alarm.raised")}


def decision(world: World) -> Data:
    """A draft in the meeting of the county's chief."""
    meeting = world.open(CHIEF, TOWN)
    for who in (CHIEF, AUTHOR):
        world.do(who, "meeting.join", meeting)
    recorded = world.do(AUTHOR, "decision.record", meeting, text="转移")
    return {"meeting": meeting, "decision": recorded[0].data["decision"]}


def plan(world: World) -> Data:
    saved = world.do(CHIEF, "plan.save", name="山洪", meeting={"title": "山洪"}, centers=[TOWN])
    return {"plan": saved[0].data["plan"]}


def wording(world: World) -> Data:
    saved = world.do(CHIEF, "wording.save", name="巡堤", text="巡查【堤段】")
    return {"wording": saved[0].data["wording"]}


def turn(world: World) -> Data:
    """The county's duty was taken over."""
    return {"turn": world.do(CHIEF, "duty.take", name="甲")[0].data["turn"], "situation": "平稳"}


def follows(can: Can) -> bool:
    return can("order.follow", COUNTY)


def carries_out(can: Can) -> bool:
    return can("order.carry_out", TOWN)


def manages(can: Can) -> bool:
    return can("incident.manage", COUNTY)


def leads(can: Can) -> bool:
    return can("chair.take", COUNTY)


ROWS: Final[dict[str, Row]] = {
    "report.file": Row(lambda world: {"situation": "normal"}, lambda can: can("report.file")),
    "task.give": Row(
        lambda world: {"title": "平安", "due": soon(world), "centers": [TOWN]},
        lambda can: can("task.give", TOWN),
    ),
    "task.answer": Row(
        lambda world: {**task(world), "round": 1, "situation": "normal"},
        lambda can: can("report.file", TOWN),
    ),
    "task.urge": Row(task, lambda can: can("task.give", COUNTY) or can("task.give", TOWN)),
    "task.change": Row(
        lambda world: {**task(world), "text": "再看堤脚", "reason": "补充"},
        lambda can: can("task.give", COUNTY),
    ),
    "task.end": Row(task, lambda can: can("task.give", COUNTY)),
    "order.issue": Row(
        lambda world: {"text": "巡查", "targets": [TOWN]}, lambda can: can("order.issue", TOWN)
    ),
    "order.deliver": Row(order, carries_out),
    "order.sign": Row(order, carries_out),
    "order.progress": Row(lambda world: {**order(world, "order.sign"), "text": "在办"}, carries_out),
    "order.complete": Row(lambda world: order(world, "order.sign"), carries_out),
    "order.accept": Row(lambda world: order(world, "order.sign", "order.complete"), follows),
    "order.return": Row(
        lambda world: {**order(world, "order.sign", "order.complete"), "center": TOWN, "reason": "缺"},
        follows,
    ),
    "order.urge": Row(lambda world: {**order(world), "whom": "open"}, follows),
    "order.supervise": Row(lambda world: {**order(world), "on": True}, follows),
    "order.withdraw": Row(
        lambda world: {**order(world), "reason": "误发"}, lambda can: can("order.change", COUNTY)
    ),
    "order.correct": Row(
        lambda world: {**order(world), "text": "再巡查", "priority": "normal", "due": None, "reason": "补"},
        lambda can: can("order.change", COUNTY),
    ),
    "extension.ask": Row(
        lambda world: {**order(world, "order.sign"), "due": soon(world, 5), "reason": "路断"}, carries_out
    ),
    "extension.grant": Row(
        lambda world: {**order(world, "order.sign", "extension.ask"), "center": TOWN}, follows
    ),
    "extension.refuse": Row(
        lambda world: {**order(world, "order.sign", "extension.ask"), "center": TOWN}, follows
    ),
    "numbering.change": Row(lambda world: {"pattern": "{year}-{number}"}, lambda can: can("order.keep")),
    "wording.save": Row(
        lambda world: {"name": "巡堤", "text": "巡查【堤段】"}, lambda can: can("order.keep")
    ),
    "wording.remove": Row(wording, lambda can: can("order.keep", COUNTY)),
    "decision.record": Row(
        lambda world: {"meeting": decision(world)["meeting"], "text": "封路"},
        lambda can: can("meeting.minute", COUNTY),
    ),
    "decision.edit": Row(lambda world: {**decision(world), "text": "封路"}, lambda can: can.who == AUTHOR),
    "decision.confirm": Row(decision, leads),
    "decision.withdraw": Row(decision, lambda can: leads(can) or can.who == AUTHOR),
    "alarm.acknowledge": Row(alarm, lambda can: can("alarm.acknowledge", COUNTY)),
    "alarm.deliver": Row(alarm, lambda can: can("alarm.acknowledge", COUNTY)),
    "clearing.issue": Row(
        lambda world: rows(world, issued=False),
        lambda can: can("clearing.issue", COUNTY) and can("clearing.issue", TOWN),
    ),
    "clearing.take": Row(rows, lambda can: can("clearing.carry_out", TOWN)),
    "clearing.report": Row(
        lambda world: {**rows(world), "results": [{"row": 1, "outcome": "normal"}]},
        lambda can: can("clearing.carry_out", TOWN),
    ),
    "clearing.unmask": Row(lambda world: {**rows(world), "row": 1}, lambda can: can("clearing.unmask", TOWN)),
    "clearing.delete": Row(rows, lambda can: can("clearing.issue", COUNTY)),
    "incident.register": Row(
        lambda world: {"kind": "incident", "title": "塌方"}, lambda can: can("incident.register")
    ),
    "incident.change": Row(lambda world: {**incident(world), "title": "塌方二处"}, manages),
    "incident.study": Row(lambda world: {**incident(world), "text": "会商"}, manages),
    "incident.route": Row(
        lambda world: {**incident(world), "to": TOWN, "reason": "交办"},
        lambda can: manages(can) and can("incident.manage", TOWN),
    ),
    "incident.acknowledge": Row(
        lambda world: incident(world, "incident.route"), lambda can: can("incident.handle", TOWN)
    ),
    "incident.note": Row(
        lambda world: {**incident(world, *TO_TOWN[:2]), "text": "清理"},
        lambda can: can("incident.handle", TOWN),
    ),
    "incident.complete": Row(
        lambda world: {**incident(world, *TO_TOWN[:2]), "text": "完成"},
        lambda can: can("incident.handle", TOWN),
    ),
    "incident.close": Row(lambda world: incident(world, *TO_TOWN), manages),
    "incident.return": Row(lambda world: {**incident(world, *TO_TOWN), "reason": "未清"}, manages),
    "incident.reopen": Row(
        lambda world: {**incident(world, *TO_TOWN, "incident.close"), "reason": "又塌"},
        lambda can: manages(can) or can("incident.manage", TOWN),
    ),
    "incident.join": Row(lambda world: {**incident(world), "main": incident(world)["incident"]}, manages),
    "incident.separate": Row(joined, manages),
    "duty.plan": Row(
        lambda world: {"center": TOWN, "starts_at": soon(world), "ends_at": soon(world, 9)},
        lambda can: can("duty.keep", TOWN),
    ),
    "duty.take": Row(lambda world: {"name": "甲"}, lambda can: can("duty.take")),
    "duty.hand_over": Row(turn, lambda can: can("duty.take")),
    "plan.save": Row(
        lambda world: {"name": "山洪", "meeting": {"title": "山洪"}, "centers": []},
        lambda can: can("plan.keep"),
    ),
    "plan.remove": Row(plan, lambda can: can("plan.keep", COUNTY)),
    "plan.start": Row(
        lambda world: {**plan(world), "seq": len(world.entries), "drill": True},
        lambda can: can("plan.keep", COUNTY),
    ),
}


def commands() -> set[str]:
    """Every command of a person in the rules of dispatch and of plans."""
    rules = [rule for file in FILES for rule in file.commands if not rule.system]
    return {rule.kind for rule in rules if rule.decide.__module__.startswith(("hub.dispatch.", "hub.plans."))}


def test_every_command_of_dispatch_and_of_plans_has_its_row() -> None:
    assert commands() - set(ROWS) == set()


@pytest.mark.parametrize("kind", sorted(commands() & ROWS.keys()))
def test_a_command_is_taken_from_whom_the_table_of_rights_says_and_from_nobody_else(kind: str) -> None:
    row = ROWS[kind]
    world = World()
    data = row.make(world)
    meeting = data.pop("meeting", None) if kind.startswith("decision.") else None
    told = {}
    for role in ROLES:
        for center in PLACES:
            who = account(role, center)
            command = Command("c", kind, meeting, parse_data(kind, data))
            try:
                decide(world.state, command, Context(world.now, who, TREE, world.new_id, zone=world.zone))
            except Refusal as refusal:
                told[role, TREE[center].name] = refusal.code not in NO
            else:
                told[role, TREE[center].name] = True
    wanted = {
        (role, TREE[center].name): row.allowed(Can(account(role, center)))
        for role in ROLES
        for center in PLACES
    }
    assert {who for who in told if told[who]} == {who for who in wanted if wanted[who]}
    assert any(told.values())
    assert not all(told.values())
