"""Errands come in here with words: these are committed to before the command, and sealed after it, before anybody is answered.

So whoever was answered has all of it kept, and whoever was not sends it again, which adds what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hub.directory.accounts import Account
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.answer_months import ERRANDS, about_month
from hub.grids.sweep_kept import Said
from hub.objects.reference import named_in
from hub.rules import parse_data
from signaling.schemas.sweep_asked import ErrandBrought, ErrandDone
from signaling.services import Json, Services
from signaling.visit_door import key_of

_ASK: Final = "errand.ask"
_FINISH: Final = "errand.finish"


async def ask(services: Services, account: Account, asked: ErrandBrought) -> Json:
    """Write down what a household asks for. Sent again it has its first answer, wherever the household is by now."""
    there = None if asked.errand is None else await services.queries.errand(asked.errand)
    # what comes again may come late
    about = f"{ERRANDS} {asked.asked_on}"
    if there is None:
        about = about_month(ERRANDS, asked.asked_on, services.clock())
    key = await key_of(services, about)
    said = {"text": asked.text}
    commitment = key.commit(f"{account.id} {asked.id}", said)
    sealed = key.seal(asked.household, said)
    if there is not None:
        if there["commitment"] != commitment or there["household"] != asked.household:
            raise Refusal("id_reused", "there is an errand of this id", "errand")
        errand, seq = str(there["errand"]), int(there["seq"])
    else:
        grid = (await services.sweeps.grids_of_households([asked.household])).get(asked.household)
        data = {
            **asked.model_dump(mode="json", include={"errand", "household", "kind", "due", "urgent"}),
            "grid": grid,
            "commitment": commitment,
        }
        command = Command(asked.id, _ASK, None, parse_data(_ASK, data), frozenset({"grid"}))
        answer = await services.writer.submit(command, account)
        errand, seq = str(answer.entries[0].data["errand"]), answer.seq
    await services.sweeps.put_errand(errand, about, asked.household, sealed)
    return {"errand": errand, "seq": seq}


async def finish(services: Services, account: Account, errand: str, done: ErrandDone) -> Json:
    """Say that an errand is done, with words about it. Raises Refusal `not_found` for one that is not there."""
    there = await services.queries.errand(errand)
    if there is None:
        raise Refusal("not_found", "there is no such errand", "errand")
    household = str(there["household"])
    data: dict[str, Any] = {
        "errand": errand,
        **done.model_dump(mode="json", include={"photos", "cents", "occurred_at"}),
    }
    said: Mapping[str, Any] = {"text": done.text} if done.text else {}
    key = None
    if said:
        about = about_month(ERRANDS, done.occurred_at[:7], services.clock())
        key = await key_of(services, about)
    data["commitment"] = None if key is None else key.commit(f"{account.id} {done.id}", said)
    if named := list(named_in(data)):
        await services.objects.about_to_name(account, services.tree, named)
    answer = await services.writer.submit(Command(done.id, _FINISH, None, parse_data(_FINISH, data)), account)
    if key is not None:
        seq = answer.entries[0].seq
        await services.sweeps.put([Said(seq, about, household, key.seal(household, said))], {})
    return {"errand": errand, "seq": answer.seq}
