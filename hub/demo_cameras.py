"""Puts the demo's cameras into its directory, once."""

from __future__ import annotations

import logging
from pathlib import Path

from hub.demo_places import PASSWORD, PLACES, USER, are_listed, note_listed, port_of
from hub.directory.accounts import SYSTEM_ADMIN
from hub.errors import Refusal
from hub.people import Accounts
from signaling.camera_desk import CameraDesk
from signaling.schemas.camera_asked import CameraNew
from signaling.services import Services

log = logging.getLogger(__name__)


async def list_cameras(services: Services, folder: Path) -> None:
    """Have the directory hold them, as the demo's system administrator; what stands in their way is logged."""
    if are_listed(folder):
        return
    people = services.writer.state.parts.read(Accounts).by_id.values()
    admin = next((each for each in people if each.role == SYSTEM_ADMIN and not each.disabled), None)
    if admin is None:
        return
    desk, port = CameraDesk(services), port_of(folder)
    for place in PLACES:
        if place.center not in services.tree:
            continue
        url = f"rtsp://127.0.0.1:{port}/{place.path}"
        asked = CameraNew(
            center=place.center,
            name=place.name,
            main=f"{url}/main",
            sub=f"{url}/sub",
            user=USER,
            password=PASSWORD,
            code=f"demo-{place.path}",
            kind="ptz" if place.ptz else "fixed",
            tags=["演示"],
        )
        try:
            await desk.add(admin, asked)
        except Refusal as refusal:
            log.warning("the demo's camera %s is not in the directory: %s", place.path, refusal.message)
    note_listed(folder)
