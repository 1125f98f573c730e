"""Errands as on the wire: what was said only for who may do them, who asked covered where one does not walk the grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from hub.directory.accounts import Account
from hub.grids.catalog import grids_in
from hub.grids.errands import may_run
from hub.people import Accounts
from signaling.registry_sight import RegistrySight
from signaling.services import Json, Services

#: By which key something is sealed, whose household it is about, sealed.
Words = tuple[str, str, str]
#: So long phones see what is over: what was done may be rated.
SEEN_FOR: Final = timedelta(days=7)


async def told(
    services: Services,
    account: Account,
    found: Sequence[Json],
    *,
    places: RegistrySight | None = None,
    words: Mapping[str, Words] | None = None,
) -> list[Json]:
    """Errands with what was said where the account may do them; with `places` also who asked, and where that is.

    `words` are those of all of them, where they are at hand.
    """
    state, tree = services.writer.state, services.tree
    own = {each["errand"] for each in found if may_run(state, account, tree, each["grid"])}
    if words is None:
        words = await services.sweeps.errand_words(own) if own else {}
    texts = await _asked(services, {errand: words[errand] for errand in own if errand in words})
    done = await _done(services, {each["over_seq"] for each in found if each["errand"] in own})
    where = {} if places is None else await _places(services, account, found, places)
    grids = grids_in(state).by_code
    lines = []
    for each in found:
        grid, village = grids.get(each["grid"]), tree.get(each["center"])
        place, names = where.get(each["household"], ([], []))
        lines.append(
            {
                **{name: value for name, value in each.items() if name != "over_seq"},
                "grid_name": grid.name if grid is not None else each["grid"][-3:],
                "center_name": village.name if village is not None else each["center"],
                "place": place,
                "names": names,
                "text": texts.get(each["errand"]),
                "said": done.get(each["over_seq"], "" if each["errand"] in own else None),
                "runs": each["errand"] in own,
            }
        )
    return lines


async def _asked(services: Services, words: Mapping[str, Words]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for errand, (about, household, sealed) in words.items():
        key = await services.sweeps.key(about, services.clock())
        texts[errand] = key.open(household, sealed)["text"]
    return texts


async def _done(services: Services, seqs: set[int | None]) -> dict[int, str]:
    wanted = {seq for seq in seqs if seq is not None}
    texts: dict[int, str] = {}
    for seq, said in (await services.sweeps.said(wanted)).items() if wanted else ():
        key = await services.sweeps.key(said.about, services.clock())
        texts[seq] = key.open(said.household, said.sealed)["text"]
    return texts


async def _places(
    services: Services, account: Account, found: Sequence[Json], sight: RegistrySight
) -> dict[str, tuple[list[str], list[str]]]:
    """Household -> where it lives and who, as the registry shows it to the account."""
    seen = [each["household"] for each in found if sight.may(account, "read", each["grid"])]
    there = list((await services.registry.some(seen)).values()) if seen else []
    there = [each for each in there if sight.may(account, "read", each.grid)]
    lines: list[Json] = await sight.seen(account, there) if there else []
    return {
        line["household"]: (list(line["place"]), [each["name"] for each in line["persons"]]) for line in lines
    }


def runners(services: Services, grid: str) -> list[dict[str, Any]]:
    """Who walks a grid, whoever leads it first."""
    state = services.writer.state
    known, people = grids_in(state).by_code.get(grid), state.parts.read(Accounts).by_id
    there = [] if known is None else [people[account] for account in known.people if account in people]
    return [{"account": each.id, "name": each.name} for each in there if not each.disabled]
