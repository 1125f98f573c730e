"""A draft of minutes as a page asks for it: what the meeting tells is read, and the pure function makes the draft of it."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.gates import signature_of
from hub.minutes.draft import drafted, sources, text_of
from hub.minutes.facts import KINDS, Facts
from hub.minutes.text import Language
from hub.rules import replay
from hub.shapes import Author
from signaling.http_roll_calls import told_by
from signaling.services import Json, Services


async def draft_of(services: Services, account: Account, meeting: str, language: Language) -> Json:
    """``{"text", "sources", "as_of"}``, as the account may read the meeting. Raises Refusal `not_found`."""
    now, tree = services.clock(), services.tree
    told = await services.minutes.told(account, tree, meeting, KINDS)

    def make() -> Json:
        replayed = replay(told.whole, meeting)
        if replayed is None:
            raise Refusal("not_found", "there is no such meeting", "meeting")
        facts = Facts(
            meeting=replayed,
            entries=told.seen,
            documents=told.documents,
            roll_calls=told_by(told.whole, meeting),
            recordings=told.recordings,
            incidents=told.incidents,
            clerk=Author.model_validate(signature_of(account, tree)),
            tree=tree,
            zone=ZoneInfo(services.config.time_zone),
            now=now,
            language=language,
        )
        sections = drafted(facts)
        return {
            "text": text_of(facts, sections).model_dump(mode="json"),
            "sources": sources(sections),
            "as_of": to_wire(now),
        }

    # a meeting of a whole day has tens of thousands of entries
    return await asyncio.to_thread(make)
