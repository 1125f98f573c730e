"""Puts the demo's cameras into its directory, once, and a route through them for the desk of their township."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from hub.demo_places import PASSWORD, PLACES, TOWNSHIP, USER, are_listed, note_listed, port_of
from hub.directory.accounts import DISPATCHER, SYSTEM_ADMIN, Account
from hub.entry import Command
from hub.errors import Refusal
from hub.ids import new_id
from hub.people import Accounts
from hub.rules import parse_data
from signaling.camera_desk import CameraDesk
from signaling.patrol_named import prepared
from signaling.schemas.camera_asked import CameraNew
from signaling.services import Services

log = logging.getLogger(__name__)

#: Paths of the cameras that the demo's patrol leads by, with what is to be looked for at each.
STOPS: Final = {
    "cam3": "路口有无积水、塌方，标牌是否完好",
    "cam4": "水位是否越过警戒线，坝面有无渗漏",
    "cam5": "桥面有无障碍，桥下有无漂浮物",
    "cam6": "堤身有无裂缝、管涌",
}


async def list_cameras(services: Services, folder: Path) -> None:
    """Have the directory hold them, as the demo's system administrator; what stands in their way is logged."""
    if are_listed(folder):
        return
    people = services.writer.state.parts.read(Accounts).by_id.values()
    admin = next((each for each in people if each.role == SYSTEM_ADMIN and not each.disabled), None)
    if admin is None:
        return
    desk, port, onvif = CameraDesk(services), port_of(folder), port_of(folder, "onvif")
    listed = dict[str, str]()
    for place in PLACES:
        if place.center not in services.tree:
            continue
        url = f"rtsp://127.0.0.1:{port}/{place.path}"
        asked = CameraNew(
            center=place.center,
            name=place.name,
            main=f"{url}/main",
            sub=f"{url}/sub",
            onvif=f"http://127.0.0.1:{onvif}/{place.path}/onvif" if place.ptz else None,
            user=USER,
            password=PASSWORD,
            code=f"demo-{place.path}",
            kind="ptz" if place.ptz else "fixed",
            important=place.important,
            tags=["演示"],
        )
        try:
            listed[place.path] = (await desk.add(admin, asked)).camera
        except Refusal as refusal:
            log.warning("the demo's camera %s is not in the directory: %s", place.path, refusal.message)
    desk_of = [each for each in people if (each.role, each.center) == (DISPATCHER, TOWNSHIP)]
    if desk_of and listed.keys() >= STOPS.keys():
        await _keep_route(services, desk_of[0], listed)
    note_listed(folder)


async def _keep_route(services: Services, account: Account, listed: dict[str, str]) -> None:
    """Three rounds a day; the first can be begun by hand at once."""
    data = {
        "center": TOWNSHIP,
        "title": "两村巡查",
        "note": "演示：淤泥村、塘城村",
        "stops": [
            {"camera": listed[path], "dwell_seconds": 5, "look_for": words} for path, words in STOPS.items()
        ],
        "times": [{"time": time, "weekdays": [1, 2, 3, 4, 5, 6, 7]} for time in ("08:00", "14:00", "22:00")],
    }
    command = Command(
        f"demo-{new_id('s', services.clock())}", "patrol.keep", None, parse_data("patrol.keep", data)
    )
    try:
        await services.writer.submit(await prepared(services, command, account), account)
    except Refusal as refusal:
        log.warning("the demo has no route of a patrol: %s", refusal.message)
