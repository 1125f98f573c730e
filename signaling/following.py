"""What a socket is given when it connects and when it begins to follow: the present, whole and consistent."""

from __future__ import annotations

from typing import Final

from hub.directory.accounts import Account
from hub.errors import Refusal
from signaling.recording_told import with_recording_state
from signaling.services import Json, Services

#: Entries read at a time, and given at most, to one who comes back.
PAGE: Final = 500
MAX_ENTRIES: Final = 5000


async def follow(services: Services, account: Account, meeting: str, since: int | None) -> Json:
    """The answer to `follow`, without presence: entries end where the snapshot does. Raises Refusal("not_found").

    What is journaled while this reads would be among the entries and not in the snapshot; it is left to its own
    `entry` event, as the caller is in the rooms already.
    """
    snapshot = await services.queries.meeting_snapshot(account, services.tree, meeting)
    if snapshot is None:
        raise Refusal("not_found", "there is no such meeting", "meeting")
    entries: list[Json] = []
    while since is not None and len(entries) < MAX_ENTRIES:
        page = await services.queries.entries(account, services.tree, meeting, since, PAGE)
        entries += page["entries"]
        if len(page["entries"]) < PAGE:
            break
        since = int(page["entries"][-1]["seq"])
    entries = [entry for entry in entries if entry["seq"] <= snapshot["seq"]]
    return {
        "snapshot": with_recording_state(services, snapshot),
        "entries": entries,
        "media": services.media.media_events(meeting, account),
    }
