"""Plans under a name (预案): whom an event calls, who leads, what is shown, ordered and asked; kept for one's center.

| command | refused with |
|---|---|
| `plan.save` | `not_found` (plan, center, group, account), `forbidden`, `invalid` (nobody to call, not called) |
| … | also `conflict` (name, or somebody saved it since), `too_many` |
| `plan.remove` | `not_found`, `forbidden` |

The plans of a center are seen, changed and started by its leaders and dispatchers. Groups and words for many are kept as such:
a township that is new is called with the others. Who is named for an order or a task has to be among those that are called.
The same twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ConfigDict, Field

from hub.called import MAX_CALLED, Reach, reached
from hub.clock import to_wire
from hub.codes import PackedCodes
from hub.conference.groups import Groups
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import own_targets, signature_of
from hub.parts import Part
from hub.people import Accounts
from hub.plans.shapes import CONTENT, PlanOrder, PlanRemove, PlanRemoved, PlanSave, PlanSaved, PlanTask
from hub.ruling import CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Author
from hub.state import HubState

#: Any JSON object.
Json = dict[str, Any]

#: Plans of one center.
MAX_PLANS: Final = 64


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan, as the hub keeps it."""

    id: str
    #: Code of the center that it belongs to.
    holder: str
    centers: PackedCodes
    #: The rest of it, as it was written (CONTENT).
    content: Json
    #: Who saved it last, when, and by which entry.
    by: Author
    at: str
    seq: int

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.content["name"])

    @property
    def reaches(self) -> list[Reach]:
        """Those whom it calls by a word."""
        return [Reach.model_validate(each) for each in self.content["reaches"]]

    def to_wire(self) -> Json:
        """As pages see it."""
        return {
            "id": self.id,
            **self.content,
            "centers": list(self.centers),
            "by": self.by.model_dump(mode="json"),
            "at": self.at,
            "seq": self.seq,
        }


class Plans(Part):
    """All plans, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, Plan] = Field(default_factory=dict)


def plans_of(state: HubState, account: Account, tree: CenterTree) -> list[Plan]:
    """The plans that this account may start: those of its center, in the order in which they were made."""
    if account.center not in tree or not may(account, "plan.keep", tree, account.center):
        return []
    return [each for each in state.parts.read(Plans).by_id.values() if each.holder == account.center]


def kept_plan(state: HubState, plan: str, context: Context) -> Plan:
    """A plan that the asker may change and start. Raises Refusal `forbidden` for a role that has none, `not_found`."""
    if not may(context.account, "plan.keep", context.tree, context.account.center):
        raise Refusal("forbidden", "this role keeps no plans")
    found = state.parts.read(Plans).by_id.get(plan)
    if found is None or found.holder != context.account.center:
        raise Refusal("not_found", "there is no such plan", "plan")
    return found


def meant(
    state: HubState,
    holder: str,
    centers: Sequence[str],
    reaches: Sequence[Reach],
    groups: Sequence[str],
    tree: CenterTree,
) -> list[str]:
    """Codes of the centers that are meant now, each once: what is not in the directory any more is left out."""
    kept = state.parts.read(Groups).by_id
    there = [
        kept[id] for id in groups if id in kept and (kept[id].scope, kept[id].holder) == ("center", holder)
    ]
    codes = [*centers, *(code for group in there for code in group.centers)]
    for reach in [*reaches, *(reach for group in there for reach in group.reaches)]:
        codes += reached(reach, tree)
    return [code for code in dict.fromkeys(codes) if code in tree]


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    data, account = PlanSave.model_validate(command.data), context.account
    if not may(account, "plan.keep", context.tree, account.center):
        raise Refusal("forbidden", "this role keeps no plans")
    before = kept_plan(state, data.plan, context) if data.plan is not None else None
    if before is not None and before.seq != data.seq:
        raise Refusal("conflict", "somebody has saved it since it was read", "seq")
    others = [each for each in plans_of(state, account, context.tree) if each is not before]
    if any(each.name == data.name for each in others):
        raise Refusal("conflict", f"there is a plan {data.name} already", "name")
    if before is None and len(others) >= MAX_PLANS:
        raise Refusal("too_many", f"there are {MAX_PLANS} plans; remove some")
    called = _called(state, data, context)
    for place, order in enumerate(data.orders):
        _require_called(order, called, f"orders.{place}", context)
    for place, task in enumerate(data.tasks):
        _require_called(task, called, f"tasks.{place}", context)
    centers = sorted(dict.fromkeys(data.centers))
    content = {
        **data.model_dump(mode="json", include=set(CONTENT)),
        "groups": list(dict.fromkeys(data.groups)),
        "backup": None if data.backup is None else _leader(state, data.backup, called, "backup", context),
        "co_chairs": [
            _leader(state, id, called, "co_chairs", context) for id in dict.fromkeys(data.co_chairs)
        ],
    }
    if before is not None and (list(before.centers), before.content) == (centers, content):
        return []
    saved = {
        "plan": before.id if before is not None else context.new_id("f"),
        "holder": account.center,
        "centers": centers,
        **content,
        "by": signature_of(account, context.tree),
    }
    return [Draft("plan.saved", None, saved, (center_audience(account.center),))]


def _called(state: HubState, data: PlanSave, context: Context) -> frozenset[str]:
    """All that it calls now. Raises Refusal `not_found`, `forbidden`, `invalid` (nobody, or too many)."""
    kept = state.parts.read(Groups).by_id
    for id in data.groups:
        group = kept.get(id)
        if group is None or (group.scope, group.holder) != ("center", context.account.center):
            raise Refusal("not_found", "there is no such group of your center", "groups")
    own_targets(list(data.centers), "meeting.open", "centers", context)
    own_targets([reach.center for reach in data.reaches], "meeting.open", "reaches", context)
    found = meant(state, context.account.center, data.centers, data.reaches, data.groups, context.tree)
    if not found:
        raise Refusal("invalid", "name at least one center to call", "centers")
    if len(found) > MAX_CALLED:
        raise Refusal("invalid", f"a meeting calls at most {MAX_CALLED} centers", "centers")
    return frozenset(found)


def _require_called(wish: PlanOrder | PlanTask, called: frozenset[str], field: str, context: Context) -> None:
    """Raises Refusal `invalid` for an order or a task to whom the plan does not call, else as `own_targets`."""
    own_targets(list(wish.centers), "order.issue", f"{field}.centers", context)
    own_targets([reach.center for reach in wish.reaches], "order.issue", f"{field}.reaches", context)
    for code in wish.centers:
        if code not in called:
            raise Refusal("invalid", f"the plan does not call center {code}", f"{field}.centers")
    many = [code for reach in wish.reaches for code in reached(reach, context.tree)]
    if wish.reaches and not wish.centers and called.isdisjoint(many):
        raise Refusal("invalid", "the plan calls none of these centers", f"{field}.reaches")


def _leader(state: HubState, id: str, called: frozenset[str], field: str, context: Context) -> dict[str, str]:
    """Who stands by, or leads beside. Raises Refusal `not_found`, `forbidden` (role), `invalid` (is not called)."""
    found = state.parts.read(Accounts).by_id.get(id)
    if found is None or found.disabled or not may(context.account, "center.read", context.tree, found.center):
        raise Refusal("not_found", "there is no such account", field)
    if not may(found, "chair.hold", context.tree, found.center):
        raise Refusal("forbidden", "this role leads no meeting", field)
    if found.center not in called and found.center != context.account.center:
        raise Refusal("invalid", "the plan does not call the center of this account", field)
    return signature_of(found, context.tree)


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = kept_plan(state, PlanRemove.model_validate(command.data).plan, context)
    return [
        Draft("plan.removed", None, {"plan": found.id, "name": found.name}, (center_audience(found.holder),))
    ]


def _saved(state: HubState, entry: Entry) -> None:
    data: dict[str, Any] = dict(entry.data)
    state.parts.edit(Plans).by_id[data["plan"]] = Plan(
        id=data["plan"],
        holder=data["holder"],
        centers=PackedCodes(data["centers"]),
        content={name: data[name] for name in CONTENT},
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
        seq=entry.seq,
    )


def _removed(state: HubState, entry: Entry) -> None:
    state.parts.edit(Plans).by_id.pop(entry.data["plan"], None)


#: A restart needs the entries of plans that are there.
_PLAN: Final = Subject(
    lambda entry: str(entry.data["plan"]),
    lambda state, plan: plan in state.parts.read(Plans).by_id,
)

RULES = RuleFile(
    "plans",
    commands=(
        CommandRule("plan.save", PlanSave, _save, meeting="never"),
        CommandRule("plan.remove", PlanRemove, _remove, meeting="never"),
    ),
    entries=tuple(
        EntryRule(
            kind,
            schema,
            apply,
            reads="plan.keep",
            document=Document("plan", "plan"),
            everywhere=True,
            subject=_PLAN,
        )
        for kind, schema, apply in (
            ("plan.saved", PlanSaved, _saved),
            ("plan.removed", PlanRemoved, _removed),
        )
    ),
)
