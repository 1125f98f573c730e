"""Orders in grids (指令到网格): a village passes an order on to who walks its grids; they receive it and say what came of it.

| command | refused with |
|---|---|
| `gridtask.give` | `not_found` (order, grid), `forbidden` (no target, secret), `wrong_state` (not signed), `already_done` |
| `gridtask.sign` | `not_found` (also once it is over), `already_done` |
| `gridtask.report` | `not_found` (also once it is over), `wrong_state` (not received) |
| `gridtask.withdraw` | `not_found` (also once it is over), `forbidden` |

The order stays the village's: what is done in its grids it reports and completes itself. When it has, or the order is
withdrawn, what still goes on in its grids ends. Nothing of an order from a secret meeting goes to a grid, and where the
meeting becomes a secret one later, it ends there. Pages are told by the order: where it is in grids is to be read again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field, InstanceOf

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.dispatch.order_gates import target_of
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import level_of, signature_of
from hub.grids.catalog import grids_in, grids_of, may_in_grid, village_of
from hub.grids.order_task_shapes import (
    OrderTaskEnded,
    OrderTaskGive,
    OrderTaskGiven,
    OrderTaskMoved,
    OrderTaskReport,
    OrderTaskReported,
    OrderTaskSign,
    OrderTaskSigned,
    OrderTaskWithdraw,
    OrderTaskWithdrawn,
)
from hub.parts import Part
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Wire
from hub.state import DONE, HubState


@dataclass(frozen=True, slots=True)
class OrderTask:
    """An order in a grid that goes on."""

    id: str
    order: str
    grid: str
    signed: bool = False

    @property
    def village(self) -> str:
        """Code of its village."""
        return village_of(self.grid)


class OrderTasks(Part):
    """Orders in grids that go on, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    by_id: dict[str, InstanceOf[OrderTask]] = Field(default_factory=dict)


def order_task_of(state: HubState, task: str) -> OrderTask | None:
    """The order in a grid of this id, while it goes on."""
    return state.parts.read(OrderTasks).by_id.get(task)


def does(state: HubState, account: Account, tree: CenterTree, grid: str) -> bool:
    """Whether the account walks this grid, and so does what it is given."""
    own = grid in grids_of(state, account.id)
    return own and may_in_grid(state, account, "gridtask.do", tree, grid)


def _own(state: HubState, task: str, context: Context) -> OrderTask:
    found = order_task_of(state, task)
    if found is None or not does(state, context.account, context.tree, found.grid):
        raise Refusal("not_found", "there is no such order among yours", "task")
    return found


def _draft(kind: str, task: OrderTask, /, **more: Any) -> Draft:
    told = {"task": task.id, "order": task.order, "center": task.village, "grid": task.grid, **more}
    return Draft(kind, None, told, (center_audience(task.village),))


def _signed_draft(kind: str, task: OrderTask, context: Context, /, **more: Any) -> Draft:
    return _draft(kind, task, **more, by=signature_of(context.account, context.tree))


def _give(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = OrderTaskGive.model_validate(command.data)
    order, reached = target_of(state, command, data.order, context)
    if level_of(state, order.meeting) != "normal":
        raise Refusal("forbidden", "an order from a secret meeting is not passed on to grids", "order")
    if reached in DONE:
        raise Refusal("already_done", "the order is completed", "order")
    if reached in ("issued", "delivered"):
        raise Refusal("wrong_state", "sign for the order first", "order")
    there = grids_in(state).of_village.get(context.account.center, ())
    for grid in data.grids:
        if grid not in there:
            raise Refusal("not_found", f"there is no grid {grid} in this village", "grids")
    going = {each.grid for each in _tasks(state) if each.order == order.id}
    return [
        _signed_draft(
            "gridtask.given", OrderTask(context.new_id("gt"), order.id, grid), context, note=data.note
        )
        for grid in dict.fromkeys(data.grids)
        if grid not in going
    ]


def _sign(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = _own(state, OrderTaskSign.model_validate(command.data).task, context)
    if found.signed:
        raise Refusal("already_done", "somebody of the grid has received it", "task")
    return [_signed_draft("gridtask.signed", found, context)]


def _report(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = OrderTaskReport.model_validate(command.data)
    found = _own(state, data.task, context)
    if not found.signed:
        raise Refusal("wrong_state", "say that you have received it first", "task")
    photos = [each.model_dump(mode="json") for each in data.photos]
    return [_signed_draft("gridtask.reported", found, context, text=data.text, done=data.done, photos=photos)]


def _withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = OrderTaskWithdraw.model_validate(command.data)
    found, account, tree = order_task_of(state, data.task), context.account, context.tree
    if found is None or not (
        may(account, "gridtask.read", tree, found.village) or does(state, account, tree, found.grid)
    ):
        raise Refusal("not_found", "there is no such order in a grid", "task")
    if not may(account, "order.carry_out", tree, found.village):
        raise Refusal("forbidden", "the village takes it back", "task")
    return [_signed_draft("gridtask.withdrawn", found, context, reason=data.reason)]


# -- what comes of other entries


def _tasks(state: HubState) -> list[OrderTask]:
    return list(state.parts.read(OrderTasks).by_id.values())


def _ended(tasks: list[OrderTask], why: Literal["completed", "withdrawn", "secret"]) -> list[Draft]:
    return [_draft("gridtask.ended", each, why=why) for each in tasks]


def _on_withdrawn(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    return _ended([each for each in _tasks(state) if each.order == draft.data["order"]], "withdrawn")


def _on_completed(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    order, center = draft.data["order"], draft.data["center"]
    mine = [each for each in _tasks(state) if each.order == order and each.village == center]
    return _ended(mine, "completed")


def _on_raised(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What a meeting ordered that is secret from now on is in no grid any more."""
    orders = {each.id for each in state.orders.values() if each.meeting == draft.meeting}
    return _ended([each for each in _tasks(state) if each.order in orders], "secret")


def _on_split(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    data = draft.data
    gone = [each for each in _tasks(state) if each.grid == data["grid"] != data["rest"]]
    return _to(gone, data["rest"])


def _on_joined(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    grids, into = draft.data["grids"], draft.data["into"]["grid"]
    return _to([each for each in _tasks(state) if each.grid in grids and each.grid != into], into)


def _to(tasks: list[OrderTask], grid: str) -> list[Draft]:
    return [_draft("gridtask.moved", replace(each, grid=grid), was=each.grid) for each in tasks]


# -- the state


def _given(state: HubState, entry: Entry) -> None:
    data = entry.data
    task = OrderTask(data["task"], data["order"], data["grid"])
    state.parts.edit(OrderTasks).by_id[task.id] = task


def _put(state: HubState, entry: Entry, /, **more: Any) -> None:
    if (found := order_task_of(state, entry.data["task"])) is not None:
        state.parts.edit(OrderTasks).by_id[found.id] = replace(found, **more)


def _received(state: HubState, entry: Entry) -> None:
    _put(state, entry, signed=True)


def _moved(state: HubState, entry: Entry) -> None:
    _put(state, entry, grid=entry.data["grid"])


def _reported(state: HubState, entry: Entry) -> None:
    if entry.data["done"]:
        _gone(state, entry)


def _gone(state: HubState, entry: Entry) -> None:
    if order_task_of(state, entry.data["task"]) is None:
        return
    by_id = state.parts.edit(OrderTasks).by_id
    del by_id[entry.data["task"]]
    if not by_id:
        state.parts.forget(OrderTasks)


#: What all entries here are about.
TASK: Final = Subject(
    lambda entry: str(entry.data["task"]), lambda state, one: order_task_of(state, one) is not None
)


def _entry(kind: str, schema: type[Wire], apply: Apply) -> EntryRule:
    return EntryRule(
        kind,
        schema,
        apply,
        reads="gridtask.read",
        document=Document("gridtask", "order", gone=True),
        everywhere=True,
        subject=TASK,
    )


RULES = RuleFile(
    "order_tasks",
    commands=(
        CommandRule("gridtask.give", OrderTaskGive, _give, meeting="never"),
        CommandRule("gridtask.sign", OrderTaskSign, _sign, meeting="never"),
        CommandRule("gridtask.report", OrderTaskReport, _report, meeting="never"),
        CommandRule("gridtask.withdraw", OrderTaskWithdraw, _withdraw, meeting="never"),
    ),
    entries=(
        _entry("gridtask.given", OrderTaskGiven, _given),
        _entry("gridtask.signed", OrderTaskSigned, _received),
        _entry("gridtask.reported", OrderTaskReported, _reported),
        _entry("gridtask.withdrawn", OrderTaskWithdrawn, _gone),
        _entry("gridtask.ended", OrderTaskEnded, _gone),
        _entry("gridtask.moved", OrderTaskMoved, _moved),
    ),
    follows={
        "order.withdrawn": _on_withdrawn,
        "order.completed": _on_completed,
        "secrecy.raised": _on_raised,
        "grid.split": _on_split,
        "grid.joined": _on_joined,
    },
)
