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

from hub.called import MAX_CALLED, Reach, reached
from hub.clock import to_wire
from hub.codes import PackedCodes
from hub.conference.groups import Groups
from hub.conference.secrecy import require_cleared
from hub.directory.permissions import may
from hub.directory.secrecy import NORMAL
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.gates import own_targets, signature_of
from hub.kept import ById, Shelf
from hub.people import Accounts
from hub.plans.shapes import CONTENT, PlanOrder, PlanRemove, PlanRemoved, PlanSave, PlanSaved, PlanTask
from hub.ruling import Context
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
    def level(self) -> str:
        """Who may know of it, and of its meeting."""
        return str(self.content["meeting"].get("level", NORMAL))

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


class Plans(ById[Plan]):
    """All plans, by id."""


def _level(plan: Plan) -> str:
    return plan.level


#: Where they are kept.
SHELF: Final = Shelf("plan", Plans, right="plan.keep", prefix="f", most=MAX_PLANS, level=_level)


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
    data = PlanSave.model_validate(command.data)
    before = SHELF.before(state, data.plan, context)
    if before is not None and before.seq != data.seq:
        raise Refusal("conflict", "somebody has saved it since it was read", "seq")
    require_cleared(context.account, data.meeting.level, "meeting.level")
    SHELF.require_room(state, before, data.name, context)
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
    return SHELF.saved(before, {"centers": centers, **content}, context, level=data.meeting.level)


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
    return SHELF.removed(SHELF.found(state, PlanRemove.model_validate(command.data).plan, context))


def _saved(state: HubState, entry: Entry) -> None:
    data: dict[str, Any] = dict(entry.data)
    kept = Plan(
        id=data["plan"],
        holder=data["holder"],
        centers=PackedCodes(data["centers"]),
        content={name: data[name] for name in CONTENT},
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
        seq=entry.seq,
    )
    SHELF.put(state, kept)


RULES = SHELF.rules(
    save=(PlanSave, _save),
    remove=(PlanRemove, _remove),
    saved=(PlanSaved, _saved),
    removed=PlanRemoved,
)
