"""Bodies and answers about grid members' phones."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hub.shapes import Role, Wire
from signaling.schemas.house_values import Account
from signaling.schemas.security import QrCode


class DeviceWanted(Wire):
    """A code for a phone of this account is wanted."""

    account: str = Field(max_length=64)


class DeviceCodeIssued(Wire):
    """A code that binds one phone, told once."""

    device: str
    code: str
    """To be typed where nothing can be read."""
    address: str
    """The page with the code in it, as the QR code has it."""
    until: str
    qr: QrCode


class DeviceCode(Wire):
    """A phone's code, as it was read or typed."""

    code: str = Field(min_length=1, max_length=64)


class DeviceSignedIn(Wire):
    """A phone that is bound. The cookie holds one half of its token."""

    device: str
    half: str
    """The other half, told once: sent as the header `Lianxian-Half`."""
    account: Account


class DeviceStanding(Wire):
    """How it stands with a phone."""

    state: Literal["issued", "bound", "withdrawn", "unknown"]


class DeviceOwner(Wire):
    """Somebody who has phones, or may have."""

    account: str
    name: str
    username: str
    role: Role
    may_issue: bool
    """Whether the asker may give out a code for one."""


class DeviceRow(Wire):
    """A phone, or the code for one, as its owner and his village see it."""

    id: str
    account: str
    state: Literal["issued", "lapsed", "bound", "withdrawn"]
    issued_at: str
    issued_by: str
    """The name of who showed the code."""
    until: str
    bound_at: str | None
    seen_at: str | None
    agent: str
    withdrawn_at: str | None
    why: Literal["person", "replaced", "account"] | None
    reason: str
    may_withdraw: bool


class DeviceList(Wire):
    """Phones, and whose they are."""

    devices: list[DeviceRow]
    people: list[DeviceOwner]
