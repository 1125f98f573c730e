"""Dry runs, and the lists that are made of them: made by the hub for who asks, never brought by a page."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from hub.clock import to_wire
from hub.custody import disposal
from hub.custody.disposal_shapes import Disposals, Listed
from hub.custody.listing import LIST_TYPE, DryRun, Judged, Left, canonical, copies_of, dry_run, meetings_on
from hub.custody.retention import KeptKind, Retention, policy_of
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may, may_whole
from hub.directory.secrecy import NORMAL
from hub.entry import Command
from hub.errors import Refusal
from hub.gates import level_of, signature_of
from hub.house.parts import Accounts
from hub.rules import parse_data
from hub.shapes import Author
from signaling.services import Json, Services

#: What the object of a list is called.
NAME: Final = "disposal.json"
#: Lists whose contents are remembered; each is read again and again while it waits.
_REMEMBERED: Final = 8
#: Answers that are remembered for who asks twice: by then the list is another one.
_ANSWERED: Final = 200


class DisposalDesk:
    """One for a hub."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._read: OrderedDict[str, Json] = OrderedDict()
        self._answered: OrderedDict[tuple[str, str], Json] = OrderedDict()

    def rights(self, account: Account) -> list[str]:
        """`set`, `ask`, `approve`: what this account may do with its own center's, or with all."""
        tree, found = self._services.tree, []
        if may_whole(account, "retention.set", tree):
            found.append("set")
        return found + [
            word for word in ("ask", "approve") if may(account, f"disposal.{word}", tree, account.center)
        ]

    def policy(self, account: Account) -> Json:
        """How long things are kept. Raises Refusal `forbidden`."""
        rights, tree = self.rights(account), self._services.tree
        if not rights and not may(account, "house.read", tree, account.center):
            raise Refusal("forbidden", "how long things are kept is for the archive and the house")
        state = self._services.writer.state
        kept = state.parts.read(Retention)
        by = state.parts.read(Accounts).by_id.get(kept.by or "")
        return {
            "policy": kept.policy.model_dump(mode="json"),
            "set_at": kept.set_at,
            "set_by": by.name if by is not None else "",
            "reason": kept.reason,
            "copies": self._services.copies is not None,
            "can": rights,
        }

    async def run(self, account: Account, on: datetime, kinds: Sequence[KeptKind]) -> DryRun:
        """What would go on this day of what the account may ask for, or agree to. Raises Refusal `forbidden`."""
        services = self._services
        rights = self.rights(account)
        if "ask" not in rights and "approve" not in rights:
            raise Refusal("forbidden", "what may go is for the archive's clerks, and for who agrees")
        action = "disposal.ask" if "ask" in rights else "disposal.approve"
        listed = await self._listed()
        lefts = await services.custody.left(account, services.tree, action, listed)
        policy = policy_of(services.writer.state)
        proven: Collection[str] = ()
        if policy.needs_copy and services.copies is not None:
            proven = await services.copies.rows.among(
                {file.sha256 for left in lefts for item in left.items for file in item.files if file.sha256}
            )
        return await asyncio.to_thread(_run, lefts, policy, on, tuple(kinds), proven)

    async def ask(
        self, account: Account, id: str, on: datetime, kinds: Sequence[KeptKind], digest: str, reason: str
    ) -> Json:
        """Ask for a list. Raises Refusal as `run`, `conflict` where it is another one by now, `invalid`."""
        services = self._services
        if (answered := self._answered.get((account.id, id))) is not None:
            return answered
        if "ask" not in self.rights(account):
            raise Refusal("forbidden", "what is to be destroyed is for the archive's clerks to ask for")
        if on > services.clock():
            raise Refusal("invalid", "what is not due yet is not asked for", "on")
        run = await self.run(account, on, kinds)
        content = canonical(run.listing)
        if hashlib.sha256(content).hexdigest() != digest:
            raise Refusal("conflict", "what would go is something else by now; look again", "digest")
        if not run.meetings:
            raise Refusal("invalid", "there is nothing on this list", "digest")
        named = await self._put(account, content)
        await services.objects.about_to_name(account, services.tree, [named])
        centers = {each["center"] for each in run.listing["meetings"]}
        data = {
            "by": signature_of(account, services.tree),
            "role": account.role,
            "on": to_wire(on),
            "kinds": [
                {"kind": kind, "items": sums.items, "bytes": sums.bytes} for kind, sums in run.goes.items()
            ],
            "content": named,
            "centers": sorted(centers),
            "meetings": run.meetings,
            "classified": self._is_secret(run.listing),
            "reason": reason,
        }
        # by the hub, for this person: the id is his alone
        own = f"disposal:{hashlib.sha256(f'{account.id} {id}'.encode()).hexdigest()[:32]}"
        kind = "disposal.note_asked"
        answer = await services.writer.submit(
            Command(own, kind, None, parse_data(kind, data)), SYSTEM_ACCOUNT
        )
        told = answer.entries[0].data
        found = {"disposal": told["disposal"], "number": told["number"]}
        self._answered[account.id, id] = found
        while len(self._answered) > _ANSWERED:
            self._answered.popitem(last=False)
        return found

    async def page(self, account: Account, before: int, limit: int) -> Json:
        """Lists that this account may see, the newest first. Raises Refusal `forbidden`."""
        if not set(self.rights(account)) & {"ask", "approve"}:
            raise Refusal("forbidden", "disposal lists are for the archive's clerks, and for who agrees")
        found: list[Json] = []
        while len(found) <= limit:
            rows = await self._services.custody.disposals(before, limit + 1)
            found += [self._told(account, row) for row in rows if await self._sees(account, row)]
            if len(rows) <= limit:
                break
            before = rows[-1]["seq"]
        return {
            "disposals": found[:limit],
            "next": found[limit - 1]["seq"] if len(found) > limit else None,
        }

    async def whole(self, account: Account, id: str, after: int, limit: int) -> Json:
        """A list with a page of its meetings. Raises Refusal `not_found` for one out of sight."""
        row = await self._services.custody.disposal(id)
        if row is None or not await self._sees(account, row):
            raise Refusal("not_found", "there is no such list")
        spared = row.pop("spared_meetings")
        meetings = (await self._content(row["digest"]))["meetings"]
        rows = [{**each, "spared": spared.get(each["meeting"])} for each in meetings[after : after + limit]]
        more = after + limit < len(meetings)
        return {
            "disposal": self._told(account, row),
            "rows": rows,
            "next": after + limit if more else None,
            **await self._far(row, meetings, spared),
        }

    async def _far(self, row: Json, meetings: list[Json], spared: Mapping[str, str]) -> Json:
        """What the second copy still has of a list that is carried out."""
        copies = self._services.copies
        if copies is None or row["state"] != "approved":
            return {"far_left": 0, "far_away": False}
        named = [
            copy
            for each in meetings
            if each["meeting"] not in spared
            for item in each["items"]
            for copy in copies_of(item)
        ]
        return {"far_left": await copies.rows.standing(named), "far_away": bool(copies.trouble)}

    async def _sees(self, account: Account, row: Json) -> bool:
        if not disposal.sees(_row(row), account, self._services.tree):
            return False
        return account.cleared or not self._is_secret(await self._content(row["digest"]))

    def _is_secret(self, content: Json) -> bool:
        """Whether a meeting on the list is a secret one by now."""
        state = self._services.writer.state
        return any(level_of(state, meeting) != NORMAL for meeting, _ in meetings_on(content))

    def _told(self, account: Account, row: Json) -> Json:
        can = []
        if row["state"] == "asked":
            if account.id == row["asked_by"]["account"]:
                can.append("take_back")
            elif disposal.may_approve(_row(row), account, self._services.tree):
                can += ["approve", "reject"]
        return {**row, "can": can}

    async def _listed(self) -> set[str]:
        """Meetings on lists that are not over."""
        found: set[str] = set()
        for listed in list(self._services.writer.state.parts.read(Disposals).open.values()):
            found |= {meeting for meeting, _ in meetings_on(await self._content(listed.digest))}
        return found

    async def _content(self, digest: str) -> Json:
        if (known := self._read.get(digest)) is not None:
            self._read.move_to_end(digest)
            return known
        objects = self._services.objects
        size = await objects.size(digest)
        if size is None:
            raise Refusal("not_found", "the file of this list is not here")
        content = b"".join([piece async for piece in objects.read(digest, 0, size)])
        found: Json = json.loads(content)
        self._read[digest] = found
        while len(self._read) > _REMEMBERED:
            self._read.popitem(last=False)
        return found

    async def _put(self, account: Account, content: bytes) -> Json:
        objects = self._services.objects
        upload = await objects.begin(account, LIST_TYPE, len(content))

        async def whole() -> AsyncIterator[bytes]:
            yield content

        stored, _ = await objects.append(account, upload.id, 0, whole())
        if stored.object is None:
            raise Refusal("unavailable", "the list could not be kept; try again in a moment")
        return {"object": stored.object, "name": NAME, "type": stored.type, "bytes": stored.bytes}


def _run(
    lefts: list[Left], policy: Any, on: datetime, kinds: Sequence[KeptKind], proven: Collection[str]
) -> DryRun:
    return dry_run(lefts, policy, on, kinds, frozenset(proven).__contains__)


def _row(row: Json) -> Listed:
    """A row as rules ask about it."""
    return Listed(
        number=row["number"],
        by=Author.model_validate(row["asked_by"]),
        role=row["asked_role"],
        digest=row["digest"],
        centers=row["centers"],
    )


def told(run: DryRun, names: Any, after: int, limit: int) -> Json:
    """A dry run as pages see it: sums of all, a page of rows."""
    ordered = sorted(run.judged, key=lambda each: not each.goes)
    more = after + limit < len(ordered)
    return {
        "on": to_wire(run.on),
        "digest": hashlib.sha256(canonical(run.listing)).hexdigest(),
        "meetings": run.meetings,
        "goes": [{"kind": kind, **_sums(sums)} for kind, sums in sorted(run.goes.items())],
        "stays": [{"reason": reason, **_sums(sums)} for reason, sums in sorted(run.stays.items())],
        "rows": [_judged(each, names) for each in ordered[after : after + limit]],
        "next": after + limit if more else None,
    }


def _sums(sums: Any) -> Json:
    return {"meetings": sums.meetings, "items": sums.items, "bytes": sums.bytes}


def _judged(judged: Judged, names: Any) -> Json:
    left = judged.left
    return {
        "meeting": left.meeting,
        "title": left.title,
        "center": left.center,
        "center_name": names(left.center),
        "ended_at": to_wire(left.ended_at) if left.ended_at is not None else None,
        "kinds": [
            {
                "kind": each.kind,
                "items": len(each.items),
                "bytes": each.bytes,
                "stays": each.stays,
                "due_at": to_wire(each.due_at) if each.due_at is not None else None,
            }
            for each in judged.kinds
        ],
    }
