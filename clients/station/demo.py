"""The demo's four stations: a county, a township, 坦渡村 and another village, in one process."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any, Final

from clients.station.duties import Pace
from clients.station.options import StationOptions
from clients.station.station import Station

log = logging.getLogger("station.demo")

#: Centers of the demo stations: name, how many seconds each takes to answer, and how fast it carries out orders.
#: Whoever plays the leader soon sees somebody sign; whoever plays a village gets to sign before its station does.
CENTERS: Final = {
    "430682000000": ("临湘市", 1.0, Pace(6.0, 12.0, 20.0)),
    "430682115000": ("坦渡镇", 1.5, Pace(12.0, 15.0, 30.0)),
    "430682115210": ("坦渡村", 2.0, Pace(45.0, 30.0, 45.0)),
    "430682115001": ("长岭社区", 2.5, Pace(25.0, 20.0, 40.0)),
}
#: Which account of a center the demo station signs in with, best first.
_ROLES: Final = ("station", "dispatcher", "leader")


def read_account(accounts_file: Path, center: str) -> tuple[str, str]:
    """Username and password of the center's account. Raises OSError, or ValueError when there is none."""
    accounts: list[dict[str, Any]] = json.loads(accounts_file.read_text(encoding="utf-8"))
    mine = [each for each in accounts if each.get("center") == center and each.get("role") in _ROLES]
    if not mine:
        raise ValueError(f"{accounts_file.name} has no account for the station of center {center}")
    best = min(mine, key=lambda each: _ROLES.index(each["role"]))
    return str(best["username"]), str(best["password"])


async def run_demo(url: str, accounts_file: Path, cache_dir: Path) -> None:
    """Run the demo stations until cancelled. A center without an account is left out, with a word in the log."""
    stations = []
    for center, (name, answer_s, pace) in CENTERS.items():
        try:
            username, password = read_account(accounts_file, center)
        except ValueError as error:
            log.warning("%s", error)
            continue
        stations.append(
            Station(
                StationOptions(
                    url=url,
                    username=username,
                    password=password,
                    cache_dir=cache_dir,
                    auto_answer_s=answer_s,
                    auto_report=f"报告指挥长，{name}未发现任何异常",
                    auto_sign=True,
                    pace=pace,
                    steps_aside=True,
                )
            )
        )
    await run_all(stations)


async def run_all(stations: list[Station]) -> None:
    """Run stations; when cancelled, each leaves properly first. One that fails does not end the others."""
    tasks = [asyncio.create_task(station.run()) for station in stations]
    try:
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                log.error("a station ended: %s", outcome)
    except asyncio.CancelledError:
        # gather has passed the cancellation on; what is left is to wait for the good-byes.
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
