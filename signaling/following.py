"""What a socket is given when it begins to follow a meeting: the present, whole and consistent."""

from __future__ import annotations

from typing import Final

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.gates import rights_here
from hub.rules import replay
from hub.state import Meeting
from signaling.media_told import holding, with_people
from signaling.parts_told import parts_of
from signaling.rooms import is_desk
from signaling.services import Json, Services

#: Entries read at a time, and given at most, to one who comes back.
PAGE: Final = 500
MAX_ENTRIES: Final = 5000


async def follow(services: Services, account: Account, meeting: str, since: int | None) -> Json:
    """The answer to `follow`, without presence, for one who may read the meeting.

    The caller is in the rooms already: what changes while this reads is told by an event of its own, whose `seq` is newer.
    """
    documents_seq = services.writer.state.last_seq
    desk = is_desk(account)
    documents = await services.queries.meeting_documents(account, services.tree, meeting, own=not desk)
    entries = await _entries(services, account, meeting, since) if desk else []
    found = services.writer.state.meetings[meeting]
    if not found.is_open:
        found = replay(await services.queries.whole_meeting(meeting), meeting) or found
    return {
        "seq": services.writer.state.last_seq,
        "meeting": _head(found, desk=desk),
        "can": rights_here(found, account, services.tree),
        "parts": parts_of(found, account, desk=desk),
        "documents": {"seq": documents_seq, **documents},
        "entries": entries,
        "media": [
            with_people(event, found, services.writer.state)
            for event in holding(services.media.media_events(meeting, account), account.id, desk=desk)
        ],
    }


def _head(meeting: Meeting, *, desk: bool) -> Json:
    """What does not change of a meeting; the codes of all it calls are for desks."""
    return {
        "id": meeting.id,
        "title": meeting.title,
        "kind": meeting.kind,
        "opened_at": to_wire(meeting.opened_at),
        "record": meeting.record,
        "drill": meeting.drill,
        "level": meeting.level,
        "convener": meeting.convener.model_dump(mode="json"),
        "called": len(meeting.centers),
        "centers": list(meeting.centers) if desk else [],
    }


async def _entries(services: Services, account: Account, meeting: str, since: int | None) -> list[Json]:
    """The entries after `since`, MAX_ENTRIES at most; with none the newest, a page of them."""
    if since is None:
        newest = await services.queries.entries(
            account, services.tree, meeting, limit=PAGE, before=services.writer.state.last_seq + 1
        )
        return list(newest["entries"])
    found: list[Json] = []
    while len(found) < MAX_ENTRIES:
        page = await services.queries.entries(account, services.tree, meeting, since, PAGE)
        found += page["entries"]
        if len(page["entries"]) < PAGE:
            break
        since = int(page["entries"][-1]["seq"])
    return found
