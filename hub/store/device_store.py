"""Grid members' phones: read as entries tell of them, and the codes by which one is bound, as hashes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.store.database import Database
from hub.store.tables import device_codes, devices, tokens

#: Of phones that are no more, an account's newest are told.
_NEWEST: Final = 200


@dataclass(frozen=True, slots=True)
class StoredDevice:
    """A phone, or the code for one, as it stands. `seen_at`: when a person last did something there."""

    id: str
    account: str
    state: str
    issued_at: datetime
    issued_by: str
    until: datetime
    bound_at: datetime | None
    agent: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    why: str | None
    reason: str
    seen_at: datetime | None


def _moment(text: str | None) -> datetime | None:
    return from_wire(text) if text is not None else None


class DeviceStore:
    """Rows of phones, and codes that nobody has used yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_code(self, code_hash: str, device: str, until: datetime) -> None:
        """Have a code bind this phone until then."""
        row = {"hash": code_hash, "device": device, "until": to_wire(until)}
        await self._database.write(lambda connection: connection.execute(device_codes.insert(), row))

    async def use_code(self, code_hash: str, now: datetime) -> str | None:
        """Which phone this code binds; it is used up with that. None for one that is none, or too old: those are swept out."""
        mine = device_codes.c.hash == code_hash
        find = sa.select(device_codes.c.device, device_codes.c.until).where(mine)

        def work(connection: sa.Connection) -> str | None:
            row = connection.execute(find).first()
            connection.execute(device_codes.delete().where(sa.or_(mine, device_codes.c.until < to_wire(now))))
            return row.device if row is not None and from_wire(row.until) >= now else None

        return await self._database.write(work)

    async def state_of(self, device: str) -> str | None:
        """`issued`, `bound` or `withdrawn`; None for one that is not known here."""
        query = sa.select(devices.c.state).where(devices.c.id == device)
        return await self._database.read(lambda connection: connection.execute(query).scalar())

    async def of_accounts(self, accounts: Collection[str]) -> list[StoredDevice]:
        """The phones of these accounts, the newest first; of those that are no more the newest alone."""
        seen = sa.select(sa.func.max(tokens.c.seen_at)).where(tokens.c.device == devices.c.id)
        query = (
            sa.select(devices, seen.scalar_subquery().label("seen_at"))
            .where(devices.c.account.in_(list(accounts)))
            .order_by(devices.c.state == "withdrawn", devices.c.seq.desc())
            .limit(len(accounts) * 3 + _NEWEST)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            StoredDevice(
                row.id,
                row.account,
                row.state,
                from_wire(row.issued_at),
                row.issued_by,
                from_wire(row.until),
                _moment(row.bound_at),
                row.agent,
                _moment(row.withdrawn_at),
                row.withdrawn_by,
                row.why,
                row.reason,
                _moment(row.seen_at),
            )
            for row in rows
        ]
