"""Values that entries, parts and answers share on the wire: who, where, how urgent."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

Role = TypeAliasType(
    "Role",
    Literal[
        "leader",
        "dispatcher",
        "station",
        "clerk",
        "system_admin",
        "security_admin",
        "audit_admin",
        "grid_leader",
        "grid_member",
    ],
)
Level = TypeAliasType("Level", Literal["city", "county", "township", "village"])
MeetingKind = TypeAliasType("MeetingKind", Literal["dispatch", "consultation"])
Priority = TypeAliasType("Priority", Literal["normal", "urgent", "critical"])
Situation = TypeAliasType("Situation", Literal["normal", "abnormal"])


class Wire(BaseModel):
    """Base of what the hub tells: exactly these fields, of exactly these types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=False)


class ParticipantRef(Wire):
    """An account in a meeting, as others see it; `id` is the account's id."""

    id: str
    name: str
    role: Role
    center: str
    center_name: str
    level: Level


class Author(Wire):
    """A person who issued, decided or noted something."""

    account: str
    name: str
    center: str
    center_name: str


class NamedCenter(Wire):
    """A center by code and name."""

    center: str
    name: str


class About(Wire):
    """What gave rise to an order, an incident or a decision."""

    what: Literal["report", "alarm", "incident", "decision", "patrol"]
    """What kind of thing; `patrol`: a round."""
    id: str = Field(pattern=r"^[a-z]{1,2}_[0-9a-z]{18}$")
    """Its id."""


class Nothing(Wire):
    """The data of an entry that says all by its kind."""


class OfParticipant(Wire):
    """It happened to this participant."""

    participant: str
