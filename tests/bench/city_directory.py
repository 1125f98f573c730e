"""A city's directory for a measurement: the first centers of Yueyang, a station at each, and some consoles, signed in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from hub.clock import system_clock, to_wire
from hub.config import load
from hub.directory.accounts import DISPATCHER, LEADER, STATION, Account
from hub.directory.centers_csv import yueyang_centers
from hub.ids import new_id
from hub.keeping import Keeping
from hub.store import tables
from hub.store.database import open_database
from signaling.sessions import token_hash

CITY: Final = "430600000000"


@dataclass(frozen=True, slots=True)
class Person:
    """An account and a token of it."""

    account: Account
    token: str


@dataclass(frozen=True, slots=True)
class City:
    """Who is there. The first console is the one that convenes."""

    stations: list[Person]
    consoles: list[Person]


async def build_city(folder: Path, stations: int, url: str | None = None, *, leading: int = 2) -> City:
    """Write centers, accounts and tokens into the database of a data folder whose hub does not run, or into the one at `url`.

    Tokens are written as signing in writes them, without its deliberately slow hash: two thousand sign-ins are no part of
    what is measured. With fewer stations the tree is cut: the city, and the first `stations` centers of the list. The first
    `leading` counties have a leader each.
    Raises ValueError for more stations than there are centers.
    """
    centers = list(yueyang_centers())[: stations + 1]
    if len(centers) <= stations or centers[0].code != CITY:
        raise ValueError(f"there are no {stations} centers below the city")
    counties = [center.code for center in centers if center.level == "county"][:leading]
    city = City(
        [_person(f"station-{center.code}", STATION, center.code) for center in centers[1:]],
        [
            _person("city-dispatcher", DISPATCHER, CITY),
            _person("city-leader", LEADER, CITY),
            *(_person(f"leader-{code}", LEADER, code) for code in counties),
        ],
    )
    now = system_clock()
    people = [*city.stations, *city.consoles]
    rows = [
        {
            "account": one.account.id,
            "username": one.account.username,
            "name": one.account.name,
            "role": one.account.role,
            "center": one.account.center,
            "disabled": False,
        }
        for one in people
    ]
    listed = [
        {
            "code": each.code,
            "name": each.name,
            "level": each.level,
            "parent": each.parent,
            "place": place,
        }
        for place, each in enumerate(centers)
    ]
    tokens = [
        {
            "hash": token_hash(one.token),
            "account": one.account.id,
            "created_at": to_wire(now),
            "expires_at": to_wire(now + timedelta(days=30)),
        }
        for one in people
    ]
    folder.mkdir(parents=True, exist_ok=True)
    database = open_database(url or f"sqlite:///{folder / 'hub.db'}")
    keeping = Keeping(load({"HUB_DATA_DIR": str(folder)}), database, system_clock)
    try:
        await keeping.start()
        await keeping.give("directory.adopt", {"accounts": rows, "centers": listed})
        await keeping.stop()
        await database.write(lambda connection: connection.execute(tables.tokens.insert(), tokens))
    finally:
        await database.close()
    return city


def _person(username: str, role: str, center: str) -> Person:
    account = Account(new_id("a", system_clock()), username, username, role, center)
    return Person(account, secrets.token_urlsafe(32))
