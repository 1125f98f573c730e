"""Corrections of visits come in here: what was answered wrongly is sealed beside what was answered first, and both stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hub.directory.accounts import Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.grids.answer_months import VISITS, about_month
from hub.grids.answer_sealing import AnswerKey
from hub.grids.sweep_form import FLAGS, checked_answers, flags_of
from hub.grids.sweep_kept import NewKnown, Said
from hub.grids.sweep_state import sweep_of
from hub.grids.visit_said import moment_of
from hub.rules import parse_data
from signaling.schemas.sweep_asked import CorrectionBrought
from signaling.services import Json, Services
from signaling.visit_door import in_turn, key_of, of_household, told

_KIND: Final = "visit.correct"


async def put_right(
    services: Services, account: Account, corrections: Sequence[CorrectionBrought]
) -> list[Json]:
    """What became of each, in their order, one after the other: they are few."""
    found: list[Json] = []
    for each in corrections:
        try:
            outcome: Entry | Refusal | None = await _put_right(services, account, each)
        except Refusal as refusal:
            outcome = refusal
        found.append(told(each.id, outcome, services.writer.state.last_seq))
    return found


async def _put_right(services: Services, account: Account, correction: CorrectionBrought) -> Entry | None:
    """The entry; None where it is as it was. Raises Refusal."""
    data: dict[str, Any] = correction.model_dump(
        mode="json", exclude={"id", "answers", "note", "occurred_at"}
    ) | {"asked": sorted(correction.answers), "flags": [], "commitment": None, "grid": None, "last": None}
    now = services.clock()
    at = moment_of(correction.occurred_at, now)
    if correction.sweep is not None and correction.row is not None:
        sweep = sweep_of(services.writer.state, correction.sweep)
        place = (correction.sweep, correction.row)
        row = (await services.sweeps.named([place])).get(place)
        if sweep is None or row is None:
            raise Refusal("not_found", "there is no such sweep, or no such row", "row")
        checked_answers(sweep.form, correction.answers)
        flags = flags_of(sweep.form, correction.answers)
        data["flags"] = [flag for flag in FLAGS if flag in flags]
        household, about = row.household, correction.sweep
    else:
        if correction.answers:
            raise Refusal("invalid", "nobody asked for this", "answers")
        household, about = str(correction.household), ""
    said = {"answers": correction.answers, "note": correction.note}
    key: AnswerKey | None = None
    if correction.answers or correction.note:
        about = about or about_month(VISITS, correction.occurred_at[:7], now)
        key = await key_of(services, about)
        data["commitment"] = key.commit(f"{account.id} {correction.id}", said)
    command = Command(correction.id, _KIND, None, parse_data(_KIND, data))
    async with in_turn(services, command):
        answer = await services.writer.submit(await of_household(services, command), account)
    entry = next((each for each in answer.entries if each.kind == "visit.corrected"), None)
    if entry is None or key is None:
        return entry
    known = {household: [NewKnown(entry.seq, at, correction.answers)]} if correction.answers else {}
    await services.sweeps.put([Said(entry.seq, about, household, key.seal(household, said))], known)
    return entry
