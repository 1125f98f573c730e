"""Lists of people to be checked (比对下发): split to the centers responsible, cleared row by row, gone after their time.

| command | refused with |
|---|---|
| `clearing.issue` | `not_found`, `forbidden`, `already_done`, `invalid` (due) |
| `clearing.take` | `not_found`, `forbidden` (role) |
| `clearing.unmask` | `not_found` (list, row), `forbidden` |
| `clearing.delete` | `not_found`, `forbidden`, `invalid` (no reason, of one that was given out) |
| `clearing.load` (the hub only) | `not_found` (center) |
| `clearing.expire` (the hub only) | – |

Who the people are stands in no command, no entry and not here: rows are sealed in tables of their own, outside of the journal.
Here is how many there are, whose they are, and what came of each. A row that moved to another center of the list is that
center's from then on, and not looked at yet. Which of its grids a row is given to, and who reports what came of it, stands in
`hub/grids/list_rows.py`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from sys import intern
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import ConfigDict, Field

from hub.clock import from_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may, may_grid
from hub.directory.tree import CenterTree
from hub.dispatch.clearing_shapes import (
    ClearingDelete,
    ClearingDeleted,
    ClearingIssue,
    ClearingIssued,
    ClearingLoad,
    ClearingLoaded,
    ClearingReport,
    ClearingReported,
    ClearingTake,
    ClearingTaken,
    ClearingUnmask,
    ClearingUnmasked,
    Outcome,
    RowResult,
)
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import own_targets, signature_of
from hub.parts import Part
from hub.ruling import Apply, CommandRule, Context, Document, Due, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState

if TYPE_CHECKING:
    Integers = array[int]
else:  # an array says nothing of what it holds before Python 3.12
    Integers = array

#: What came of a row, as a byte: 0 for nothing yet.
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome.__value__)


@dataclass(slots=True)
class Clearing:
    """A list whose rows are there."""

    id: str
    #: The center that brought it.
    center: str
    delete_at: str
    #: The centers, in the order of their codes, and the number of the last row of each.
    codes: tuple[str, ...]
    ends: tuple[int, ...]
    issued: bool = False
    #: By row, from 1 on at place 0.
    outcomes: bytearray = field(default_factory=bytearray)
    #: Rows that went on to another center than their first -> that center.
    passed: dict[int, str] = field(default_factory=dict)
    #: Accounts that have received their center's rows.
    taken: set[str] = field(default_factory=set)
    #: Grids that were given rows, and by row the place of its grid there, counted from 1: 0 where its center checks it itself.
    grids: list[str] = field(default_factory=list)
    at: Integers = field(default_factory=lambda: array("H"))

    @property
    def rows(self) -> int:
        return self.ends[-1]

    def grid(self, row: int) -> str | None:
        """Code of the grid that a row is given to; None where its center checks it itself."""
        place = self.at[row - 1]
        return self.grids[place - 1] if place else None

    def give(self, rows: Collection[int], grid: str | None) -> None:
        """These rows are the grid's from now on; None: their center's own."""
        place = 0
        if grid is not None:
            if grid not in self.grids:
                self.grids.append(intern(grid))
            place = self.grids.index(grid) + 1
        for row in rows:
            self.at[row - 1] = place

    def rows_in(self, center: str, grid: str) -> list[int]:
        """The numbers of a center's rows that are given to this grid, ascending."""
        if grid not in self.grids:
            return []
        place = self.grids.index(grid) + 1
        return [row for row in self.rows_of(center) if self.at[row - 1] == place]

    def in_grids(self, center: str) -> int:
        """How many of a center's rows are given to grids."""
        first = self._first(center)
        if not self.passed:
            return len(first) - self.at[first.start - 1 : first.stop - 1].count(0) if first else 0
        return sum(1 for row in self.rows_of(center) if self.at[row - 1])

    def holder(self, row: int) -> str | None:
        """Code of the center that checks this row; None where there is no such row."""
        if not 1 <= row <= self.rows:
            return None
        return self.passed.get(row) or self.codes[bisect_left(self.ends, row)]

    def outcome(self, row: int) -> Outcome | None:
        """What came of a row."""
        found = self.outcomes[row - 1]
        return OUTCOMES[found - 1] if found else None

    def rows_of(self, center: str) -> Iterator[int]:
        """The numbers of the rows that a center checks, ascending."""
        first = self._first(center)
        came = [row for row, code in self.passed.items() if code == center]
        stayed = [row for row in first if self.passed.get(row, center) == center]
        yield from sorted({*stayed, *came}) if came else stayed

    def _first(self, center: str) -> range:
        """The rows that the center had when the list came."""
        place = bisect_left(self.codes, center)
        if place == len(self.codes) or self.codes[place] != center:
            return range(0)
        return range((self.ends[place - 1] if place else 0) + 1, self.ends[place] + 1)

    def holders(self) -> Collection[str]:
        """Codes of the centers that have, or had, rows."""
        return {*self.codes, *self.passed.values()}


class Clearings(Part):
    """Lists whose rows are there, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    by_id: dict[str, Clearing] = Field(default_factory=dict)


def clearing_of(state: HubState, clearing: str) -> Clearing | None:
    """The list of this id, while its rows are there."""
    return state.parts.read(Clearings).by_id.get(clearing)


def sees_clearing(account: Account, tree: CenterTree, found: Clearing) -> bool:
    """Whether something of the list is for this account: it is its center's, or rows were given to one that it reads."""
    if may(account, "clearing.read", tree, found.center):
        return True
    if not found.issued:
        return False
    holders = found.holders()
    # Most who ask are of a center that has rows.
    if account.center in holders and may(account, "clearing.read", tree, account.center):
        return True
    return any(may(account, "clearing.read", tree, code) for code in holders)


# -- what people do


def readable(state: HubState, clearing: str, context: Context) -> Clearing:
    """The list, for who may read any of it. Raises Refusal `not_found`."""
    found = clearing_of(state, clearing)
    if found is not None and sees_clearing(context.account, context.tree, found):
        return found
    raise Refusal("not_found", "there is no such list, or its rows are gone", "clearing")


def _own(state: HubState, clearing: str, context: Context) -> Clearing:
    """The list, for who clears rows of it. Raises Refusal."""
    found, account = readable(state, clearing, context), context.account
    if not may(account, "clearing.carry_out", context.tree, account.center):
        raise Refusal("forbidden", "this role clears no rows")
    if not found.issued or account.center not in found.holders():
        raise Refusal("not_found", "your center has no rows of this list", "clearing")
    return found


def _kept(state: HubState, clearing: str, context: Context) -> Clearing:
    """The list, for who issues it or takes it back. Raises Refusal."""
    found = readable(state, clearing, context)
    if not may(context.account, "clearing.issue", context.tree, found.center):
        raise Refusal("forbidden", "this list is not yours to give out or take back")
    return found


def _issue(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ClearingIssue.model_validate(command.data)
    found = _kept(state, data.clearing, context)
    if found.issued:
        raise Refusal("already_done", "it was given out before", "clearing")
    own_targets(list(found.codes), "clearing.issue", "clearing", context)
    if data.due is not None and not context.now < from_wire(data.due) <= from_wire(found.delete_at):
        raise Refusal("invalid", "it is due between now and the day on which its rows are gone", "due")
    told = {**data.model_dump(mode="json"), "by": signature_of(context.account, context.tree)}
    return [draft_of("clearing.issued", told, found.center, *found.codes)]


def _take(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = _own(state, ClearingTake.model_validate(command.data).clearing, context)
    if context.account.id in found.taken:
        return []
    center = context.account.center
    told = {"clearing": found.id, "center": center, "by": signature_of(context.account, context.tree)}
    return [draft_of("clearing.taken", told, center)]


def report(state: HubState, command: Command, context: Context, grids: Collection[str]) -> list[Draft]:
    """What came of rows of the account's center; who walks grids tells it of those given to them. `grids`: their codes."""
    data = ClearingReport.model_validate(command.data)
    account = context.account
    center, walks = account.center, walks_for(account, context.tree)
    found = walked(state, data.clearing, grids) if walks else _own(state, data.clearing, context)
    if len({each.row for each in data.results}) != len(data.results):
        raise Refusal("invalid", "a row stands twice", "results")
    told, reached = [], [center]
    for each in data.results:
        if found.holder(each.row) != center or (walks and found.grid(each.row) not in grids):
            raise Refusal("not_found", f"row {each.row} is not yours", "results")
        _require_fit(found, each, context)
        was = found.outcome(each.row)
        # With words, the same again is more than it was.
        if each.outcome != was or each.outcome == "abnormal" or each.to is not None or data.commitment:
            told.append({**each.model_dump(mode="json"), "was": was})
            reached += [each.to] if each.to is not None else []
    if not told:
        return []
    whole = {"clearing": found.id, "center": center, "results": told, "commitment": data.commitment}
    return [draft_of("clearing.reported", whole, *dict.fromkeys(reached))]


def walks_for(account: Account, tree: CenterTree) -> bool:
    """Whether the account clears rows for grids that it walks, and not for its center."""
    own = account.center
    return not may(account, "clearing.carry_out", tree, own) and may_grid(
        account, "clearing.carry_out", tree, own, own=True
    )


def walked(state: HubState, clearing: str, grids: Collection[str]) -> Clearing:
    """The list, for who walks one of the grids that rows of it are given to. Raises Refusal `not_found`."""
    found = clearing_of(state, clearing)
    if found is None or not found.issued or not set(found.grids) & set(grids):
        raise Refusal("not_found", "there is no such list, or none of its rows is yours", "clearing")
    return found


def _require_fit(found: Clearing, each: RowResult, context: Context) -> None:
    if (each.trouble is not None) != (each.outcome == "abnormal"):
        raise Refusal("invalid", "what is the matter belongs to an abnormal row, and to no other", "trouble")
    if each.to is None:
        return
    if each.outcome != "moved":
        raise Refusal("invalid", "only one that moved goes to another center", "to")
    if each.to == context.account.center or not context.tree.contains(found.center, each.to):
        raise Refusal("not_found", f"the list has no center {each.to} to go to", "to")


def _unmask(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ClearingUnmask.model_validate(command.data)
    found = readable(state, data.clearing, context)
    holder = found.holder(data.row)
    if holder is None or not (
        may(context.account, "clearing.read", context.tree, holder)
        or may(context.account, "clearing.read", context.tree, found.center)
    ):
        raise Refusal("not_found", "the list has no such row", "row")
    if not may(context.account, "clearing.unmask", context.tree, holder):
        raise Refusal("forbidden", "you may not read who this is", "row")
    by = signature_of(context.account, context.tree)
    told = {"clearing": found.id, "row": data.row, "center": holder, "by": by}
    return [draft_of("clearing.unmasked", told, holder)]


def _delete(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ClearingDelete.model_validate(command.data)
    found = _kept(state, data.clearing, context)
    if found.issued and not data.reason:
        raise Refusal("invalid", "those who check its rows read why it is closed", "reason")
    return [_gone(found, "by_hand", data.reason, signature_of(context.account, context.tree))]


# -- what the hub does


def _load(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ClearingLoad.model_validate(command.data)
    place = context.tree.get(data.center)
    if place is None:
        raise Refusal("not_found", "there is no such center", "center")
    by = {"account": data.account, "name": data.name, "center": data.center, "center_name": place.name}
    kept = ("clearing", "title", "left_out", "repeated", "commitment", "delete_at")
    told = {
        **{name: getattr(data, name) for name in kept},
        "by": by,
        "counts": dict(sorted(data.counts.items())),
    }
    return [] if clearing_of(state, data.clearing) else [draft_of("clearing.loaded", told, data.center)]


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    there = state.parts.read(Clearings).by_id.values()
    return [_gone(each, "time") for each in there if from_wire(each.delete_at) <= context.now]


def _due(state: HubState) -> Due | None:
    there = state.parts.read(Clearings).by_id.values()
    first = min(there, key=lambda each: (each.delete_at, each.id), default=None)
    return None if first is None else Due(from_wire(first.delete_at), "clearing.expire", None, first.id)


def _gone(found: Clearing, why: str, reason: str = "", by: dict[str, str] | None = None) -> Draft:
    centers = found.holders() if found.issued else ()
    gone = {"clearing": found.id, "why": why, "reason": reason, "by": by, "left": found.outcomes.count(0)}
    return draft_of("clearing.deleted", gone, found.center, *sorted(centers))


def draft_of(kind: str, data: dict[str, Any], *centers: str) -> Draft:
    """An entry for these centers and those above them."""
    return Draft(kind, None, data, tuple(map(center_audience, dict.fromkeys(centers))))


# -- the state


def _loaded(state: HubState, entry: Entry) -> None:
    data = entry.data
    codes = tuple(sorted(data["counts"]))
    ends = tuple(accumulate(data["counts"][code] for code in codes))
    state.parts.edit(Clearings).by_id[data["clearing"]] = Clearing(
        data["clearing"],
        data["by"]["center"],
        data["delete_at"],
        codes,
        ends,
        outcomes=bytearray(ends[-1]),
        at=array("H", bytes(2 * ends[-1])),
    )


def known(change: Apply) -> Apply:
    """What changes a list, only where the state has it."""

    def apply(state: HubState, entry: Entry) -> None:
        if clearing_of(state, entry.data["clearing"]) is not None:
            change(state, entry)

    return apply


def edited(state: HubState, entry: Entry) -> Clearing:
    """The list that an entry is about, to be changed."""
    return state.parts.edit(Clearings).by_id[entry.data["clearing"]]


def _issued(state: HubState, entry: Entry) -> None:
    edited(state, entry).issued = True


def _taken(state: HubState, entry: Entry) -> None:
    edited(state, entry).taken.add(entry.data["by"]["account"])


def _reported(state: HubState, entry: Entry) -> None:
    clearing = edited(state, entry)
    for each in entry.data["results"]:
        if each["to"] is not None:
            clearing.passed[each["row"]] = each["to"]
            clearing.give((each["row"],), None)
        clearing.outcomes[each["row"] - 1] = 0 if each["to"] else OUTCOMES.index(each["outcome"]) + 1


def _deleted(state: HubState, entry: Entry) -> None:
    by_id = state.parts.edit(Clearings).by_id
    del by_id[entry.data["clearing"]]
    if not by_id:
        state.parts.forget(Clearings)


#: What all entries here are about: a restart needs those of lists whose rows are there.
CLEARING: Final = Subject(
    lambda entry: str(entry.data["clearing"]), lambda state, one: clearing_of(state, one) is not None
)


def list_entry(kind: str, schema: type[Wire], apply: Apply) -> EntryRule:
    """The rule of an entry that changes what there is to see of a list."""
    # Told without a value, to be read again: each sees other numbers of it.
    document = Document("clearing", "clearing", gone=True)
    return EntryRule(
        kind, schema, apply, reads="clearing.read", document=document, everywhere=True, subject=CLEARING
    )


RULES = RuleFile(
    "clearings",
    commands=(
        CommandRule("clearing.load", ClearingLoad, _load, meeting="never", system=True),
        CommandRule("clearing.issue", ClearingIssue, _issue, meeting="never"),
        CommandRule("clearing.take", ClearingTake, _take, meeting="never"),
        CommandRule("clearing.unmask", ClearingUnmask, _unmask, meeting="never"),
        CommandRule("clearing.delete", ClearingDelete, _delete, meeting="never"),
        CommandRule("clearing.expire", NoData, _expire, meeting="never", system=True),
    ),
    entries=(
        list_entry("clearing.loaded", ClearingLoaded, _loaded),
        list_entry("clearing.issued", ClearingIssued, known(_issued)),
        list_entry("clearing.taken", ClearingTaken, known(_taken)),
        list_entry("clearing.reported", ClearingReported, known(_reported)),
        EntryRule("clearing.unmasked", ClearingUnmasked, reads="clearing.read", subject=CLEARING),
        list_entry("clearing.deleted", ClearingDeleted, known(_deleted)),
    ),
    hub_due=_due,
)
