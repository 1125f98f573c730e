"""A small world for rule tests: a tree, accounts of every kind, and a journal without a database."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from hub.directory.accounts import Account
from hub.directory.tree import Center, CenterTree
from hub.entry import Actor, Command, Draft, Entry
from hub.people import Accounts
from hub.rules import Context, apply, decide, parse_data
from hub.state import HubState

CITY = "430600000000"
COUNTY = "430682000000"
TOWN = "430682115000"
VILLAGE = "430682115210"
OTHER_VILLAGE = "430682115001"
OTHER_COUNTY = "430621000000"
OTHER_TOWN = "430621100000"

TREE = CenterTree(
    [
        Center(CITY, "岳阳市", "city", None, "yue yang shi"),
        Center(COUNTY, "临湘市", "county", CITY, "lin xiang shi"),
        Center(TOWN, "坦渡镇", "township", COUNTY, "tan du zhen"),
        Center(VILLAGE, "坦渡村", "village", TOWN, "tan du cun"),
        Center(OTHER_VILLAGE, "长岭社区", "village", TOWN, "zhang/chang ling she qu"),
        Center(OTHER_COUNTY, "岳阳县", "county", CITY, "yue yang xian"),
        Center(OTHER_TOWN, "荣家湾镇", "township", OTHER_COUNTY, "rong jia wan zhen"),
    ]
)


def account(
    role: str, center: str, *, number: int = 0, disabled: bool = False, cleared: bool = False
) -> Account:
    """A synthetic account; the same arguments give the same account."""
    serial = f"{role.replace('_', '')}{center.rstrip('0')[2:]}x{number}".translate(
        str.maketrans("ilou", "1000")
    )
    return Account(
        id=f"a_{serial[:18].rjust(18, '0')}",
        username=f"{role}-{center}-{number}",
        name=f"{TREE[center].name}{role}",
        role=role,
        center=center,
        disabled=disabled,
        cleared=cleared,
    )


class World:
    """State, journal and clock. `do` is what the writer does, in memory: decide, seal, apply."""

    def __init__(self) -> None:
        self.state = HubState()
        self.entries: list[Entry] = []
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
        self.zone: tzinfo = UTC
        """By what days and years begin."""
        self._serial = 0

    def new_id(self, prefix: str) -> str:
        self._serial += 1
        return f"{prefix}_{self._serial:018d}"

    def do(self, who: Account, kind: str, meeting: str | None = None, /, **data: Any) -> list[Entry]:
        """Give a command. Raises Refusal; fails when `decide` changes the state."""
        self.now += timedelta(seconds=1)
        self._serial += 1
        command = Command(f"c{self._serial}", kind, meeting, parse_data(kind, data))
        before = copy.deepcopy(self.state)
        drafts: Sequence[Draft] = ()
        try:
            drafts = decide(self.state, command, Context(self.now, who, TREE, self.new_id, zone=self.zone))
        finally:
            assert self.state == before, f"{kind} changed the state while deciding"
        made = [self._seal(draft, who) for draft in drafts]
        for entry in made:
            apply(self.state, entry)
        return made

    def _seal(self, draft: Draft, who: Account) -> Entry:
        entry = Entry(
            seq=len(self.entries) + 1,
            at=self.now,
            actor=Actor(who.id, who.center),
            kind=draft.kind,
            meeting=draft.meeting,
            audience=draft.audience,
            data=draft.data,
            alg="sha256",
            prev="0" * 64,
            hash="0" * 64,
        )
        self.entries.append(entry)
        return entry

    def know(self, *accounts: Account) -> None:
        """These accounts are in the directory."""
        for each in accounts:
            self.state.parts.edit(Accounts).put(each)

    def open(self, chair: Account, *centers: str, record: bool = True, level: str = "normal") -> str:
        """A new meeting of these centers; its id."""
        wanted = {"centers": list(centers), "record": record, "level": level}
        opened = self.do(chair, "meeting.open", title="防汛调度", kind="dispatch", **wanted)
        assert opened[0].meeting is not None
        return opened[0].meeting
