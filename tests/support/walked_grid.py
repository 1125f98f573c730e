"""A grid of a running hub that is walked by phones: its people, its made-up households, a sweep, and a code for each phone."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from hub.grids.registry_sealing import RegistryKey
from hub.grids.sweep_ready import READY
from hub.store.database import open_database
from hub.store.registry_made import write_made
from tests.support.hub_process import HubProcess
from tests.support.waiting import eventually

VILLAGE = "430682115210"
GRID = f"{VILLAGE}101"
_serial = itertools.count(1)


@dataclass
class WalkedGrid:
    """A village's grid with members; `members` are account ids."""

    hub: HubProcess
    desk: str = field(default="", repr=False)
    members: list[str] = field(default_factory=list)
    grids: list[str] = field(default_factory=list)
    sweep: str = ""

    async def begin(
        self, households: int, members: int = 1, *, of_grids: int = 1, form: str = "care"
    ) -> None:
        """Make the people, the grids with so many households each, and a sweep of all of them."""
        self.desk = await self.sign_in("dispatcher", "430600000000")
        keeper = await self.sign_in("system_admin", "430600000000")
        new = [
            {"username": f"walks-{n}", "name": f"网格员{n}", "role": "grid_member", "center": VILLAGE}
            for n in range(1, members + 1)
        ]
        made = await self.command(keeper, "account.create", accounts=new)
        self.members = [each["account"] for each in made["entries"][0]["data"]["accounts"]]
        self.grids = [f"{VILLAGE}{100 + n}" for n in range(1, of_grids + 1)]
        shares = [self.members[at::of_grids] for at in range(of_grids)]
        await self.command(
            self.desk,
            "grid.make",
            village=VILLAGE,
            grids=[
                {"grid": grid, "name": f"走访{at}号网格", "members": share}
                for at, (grid, share) in enumerate(zip(self.grids, shares, strict=True), start=1)
            ],
        )
        await asyncio.to_thread(self._fill, households)
        asked = {
            "id": "open-1",
            "title": "入户走访",
            "sort": "blanket",
            "center": VILLAGE,
            "form": [each.model_dump(mode="json") for each in READY[form].form],
        }
        self.sweep = (await self.ask(self.desk, "POST", "/api/v1/sweeps", asked))["sweep"]

    def _fill(self, households: int) -> None:
        key = RegistryKey((self.hub.folder / "registry.key").read_text().strip().encode())
        database = open_database(f"sqlite:///{self.hub.folder / 'hub.db'}")
        try:
            write_made(database, key, [(grid, households) for grid in self.grids], 7)
        finally:
            asyncio.run(database.close())

    async def give_rows(self, rows: list[list[str]], columns: list[str]) -> str:
        """A list of these people (the first row names the columns), given out, to grids where they were found; its id."""
        content = "\r\n".join(",".join(each) for each in rows).encode()
        lists = "/api/v1/clearings"
        draft = f"{lists}/drafts/{(await self.ask(self.desk, 'POST', f'{lists}/drafts', content))['draft']}"
        await self.ask(self.desk, "POST", f"{draft}/load", {"columns": columns, "title": "返乡名单"})
        loaded = await self._over(draft, lambda told: told["state"] != "loading")
        clearing = str(loaded["clearing"])
        await self.command(self.desk, "clearing.issue", clearing=clearing, note="今日清零")
        for step in ("search", "share"):
            path = f"{lists}/{clearing}/grids"
            await self.ask(self.desk, "POST", f"{path}/{step}", {"center": VILLAGE})
            await self._over(f"{path}?center={VILLAGE}", lambda told: told["search"]["ended_at"] is not None)
        return clearing

    async def _over(self, path: str, is_over: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            told = await self.ask(self.desk, "GET", path)
            return told if is_over(told) else None

        return dict(await eventually(look, 90, f"{path} goes on") or {})

    async def code(self, member: int = 0) -> dict[str, Any]:
        """A code for a phone of this member: `code`, `address`, `device`."""
        return await self.ask(self.desk, "POST", "/api/v1/devices", {"account": self.members[member]})

    async def rows(self, grid: str | None = None) -> list[dict[str, Any]]:
        """The sweep's rows of a grid, as the village reads them."""
        path = f"/api/v1/sweeps/{self.sweep}/rows?grid={grid or self.grids[0]}"
        found: list[dict[str, Any]] = (await self.ask(self.desk, "GET", path))["rows"]
        return found

    async def command(self, token: str, kind: str, **data: Any) -> dict[str, Any]:
        return await self.ask(
            token, "POST", "/api/v1/commands", {"id": f"w{next(_serial)}", "kind": kind, "data": data}
        )

    async def ask(self, token: str, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            aiohttp.ClientSession(self.hub.url, headers=headers) as http,
            http.request(method, path, **_body(body)) as answer,
        ):
            found: dict[str, Any] = await answer.json()
            assert answer.status < 300, (path, found)
            return found

    async def sign_in(self, role: str, center: str) -> str:
        account = self.hub.account(role, center)
        body = {"username": account["username"], "password": account["password"]}
        return str((await self.ask("", "POST", "/api/v1/session", body))["token"])


def _body(body: object) -> dict[str, Any]:
    return {"data": body} if isinstance(body, bytes) else {"json": body}
