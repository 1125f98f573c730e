"""The demo's directory: the tree of Yueyang, accounts with passwords made on the spot, and the grids of one village."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub import demo_places
from hub.directory.centers_csv import yueyang_centers
from hub.grids.catalog import grids_in
from hub.keeping import Keeping
from hub.people import Accounts
from hub.store.accounts_store import AccountStore

ACCOUNTS_FILE: Final = "demo-accounts.json"
#: The accounts of the four demo stations, apart from those for people: two cannot publish with one account.
STATIONS_FILE: Final = "demo-stations.json"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of the demo. All names are made up."""

    role: str
    center: str
    username: str
    name: str
    station: bool = False


CITY, COUNTY, OTHER_COUNTY = "430600000000", "430682000000", "430621000000"
TOWNSHIP, VILLAGE, OTHER_VILLAGE = "430682115000", "430682115210", "430682115001"

ACCOUNTS: Final = (
    DemoAccount("leader", CITY, "yueyang", "王某"),
    DemoAccount("dispatcher", CITY, "yueyang-dispatch", "市调度席"),
    DemoAccount("clerk", CITY, "yueyang-clerk", "市文书"),
    DemoAccount("system_admin", CITY, "yueyang-system", "系统管理员"),
    DemoAccount("security_admin", CITY, "yueyang-security", "安全管理员"),
    DemoAccount("audit_admin", CITY, "yueyang-audit", "审计管理员"),
    DemoAccount("leader", COUNTY, "linxiang", "李某"),
    DemoAccount("station", COUNTY, "linxiang-station", "临湘市值守"),
    DemoAccount("leader", OTHER_COUNTY, "yueyangxian", "赵某"),
    DemoAccount("leader", TOWNSHIP, "tandu-leader", "孙某"),
    DemoAccount("station", TOWNSHIP, "tandu-zhen", "坦渡镇值守"),
    DemoAccount("station", VILLAGE, "tandu-cun", "坦渡村值守"),
    DemoAccount("station", OTHER_VILLAGE, "changling", "长岭社区值守"),
    DemoAccount("dispatcher", VILLAGE, "tandu-cun-dispatch", "坦渡村值班席"),
    DemoAccount("grid_leader", VILLAGE, "tandu-wanggezhang", "周某"),
    DemoAccount("grid_member", VILLAGE, "tandu-grid-1", "吴某"),
    DemoAccount("grid_member", VILLAGE, "tandu-grid-2", "郑某"),
    DemoAccount("dispatcher", demo_places.TOWNSHIP, "wengjiang", "瓮江镇值班席"),
    DemoAccount("station", demo_places.VILLAGE, "yuni-cun", "淤泥村值守"),
    DemoAccount("station", demo_places.OTHER_VILLAGE, "tangcheng-cun", "塘城村值守"),
    DemoAccount("station", COUNTY, "demo-linxiang", "临湘市演示站", station=True),
    DemoAccount("station", TOWNSHIP, "demo-tandu-zhen", "坦渡镇演示站", station=True),
    DemoAccount("station", VILLAGE, "demo-tandu-cun", "坦渡村演示站", station=True),
    DemoAccount("station", OTHER_VILLAGE, "demo-changling", "长岭社区演示站", station=True),
)


async def prepare_demo(folder: Path, accounts: AccountStore, keeping: Keeping) -> bool:
    """Make the demo's directory where there is none yet; True when accounts were made just now.

    Passwords are written to ACCOUNTS_FILE and STATIONS_FILE (mode 600) before the accounts have them, so that no
    account ever has a password that is not known. Accounts that have one are left as they are.
    """
    if len(keeping.tree) == 0:
        centers = [
            {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
            for each in yueyang_centers()
        ]
        beside = {"code": demo_places.OTHER_VILLAGE, "name": demo_places.OTHER_VILLAGE_NAME}
        centers.append({**beside, "level": "village", "parent": demo_places.TOWNSHIP})
        await keeping.give("center.import", {"centers": centers})
    placed = [demo for demo in ACCOUNTS if demo.center in keeping.tree]
    stored = {demo.username: await accounts.find_by_username(demo.username) for demo in placed}
    missing = [
        demo for demo in placed if (found := stored[demo.username]) is None or found.password_hash is None
    ]
    if not missing:
        return False
    new = [
        {"username": demo.username, "name": demo.name, "role": demo.role, "center": demo.center}
        for demo in missing
        if stored[demo.username] is None
    ]
    if new:
        await keeping.give("account.create", {"accounts": new})
    passwords = {demo.username: secrets.token_urlsafe(9) for demo in missing}
    for name, of_stations in ((ACCOUNTS_FILE, False), (STATIONS_FILE, True)):
        kept = _read(folder / name)
        made = [
            {
                "role": demo.role,
                "center": demo.center,
                "username": demo.username,
                "password": passwords[demo.username],
                "name": demo.name,
                "center_name": keeping.tree[demo.center].name,
            }
            for demo in missing
            if demo.station == of_stations
        ]
        fresh = {row["username"] for row in made}
        _write(folder / name, [row for row in kept if row["username"] not in fresh] + made)
    for demo in missing:
        account = await accounts.find_by_username(demo.username)
        assert account is not None
        await keeping.give("account.note_password", {"account": account.account.id, "by_owner": False})
        await accounts.set_password(account.account.id, passwords[demo.username])
    await _prepare_grids(keeping)
    return True


async def _prepare_grids(keeping: Keeping) -> None:
    """Grids of the demo's village, where it has none yet: one of them has nobody."""
    state = keeping.writer.state
    if grids_in(state).of_village.get(VILLAGE):
        return
    ids = state.parts.read(Accounts).ids
    people = [ids.get(name) for name in ("tandu-wanggezhang", "tandu-grid-1", "tandu-grid-2")]
    if None in people:  # a demo is anybody's to change
        return
    leader, first, second = people
    grids = [
        {"name": "河堤网格", "planned": 42, "leader": leader, "members": [first]},
        {"name": "集市网格", "planned": 38, "leader": leader, "members": [second]},
        {"name": "果园网格", "planned": 31, "leader": leader, "members": [first, second]},
        {"name": "农贸市场", "planned": 0, "kind": "dedicated"},
    ]
    await keeping.give("grid.make", {"village": VILLAGE, "grids": grids})


def table(folder: Path) -> str:
    """The accounts for people as lines of text, to be printed once."""
    rows = _read(folder / ACCOUNTS_FILE)
    width = max((len(row["username"]) for row in rows), default=0)
    return "\n".join(
        f"  {row['username']:<{width}}  {row['password']}  {row['role']:<14}  {row['center_name']} {row['name']}"
        for row in rows
    )


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    temporary = path.with_suffix(".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=2)
    temporary.replace(path)
