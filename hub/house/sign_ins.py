"""Sign-ins, their ends, and what failed: noted by the hub, read by the audit administrator.

| command | refused with |
|---|---|
| `session.note_begun`, `note_ended`, `note_failures` (the hub only) | – |

Of an address only its network is noted (IPv4 /24, IPv6 /48), of a name that nobody has nothing: people type passwords there.
Failures are told together, at most two entries a minute however much is guessed, soon when delays begin.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from hub.entry import HOUSE, Command, Draft
from hub.fields import Moment
from hub.house.parts import DIRECTORY, Accounts
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Accounts and networks that one entry tells failures of; the rest is counted together.
MOST_ROWS: Final = 50


class NoteBegun(CommandData):
    """Note that an account signed in."""

    account: str
    """Which."""
    network: str
    """The network it came from."""
    at: Moment
    """When."""


class NoteEnded(CommandData):
    """Note that a sign-in ended while it was in use."""

    account: str
    """Whose."""
    reason: Literal["signed_out", "disabled", "changed", "expired"]
    """Why."""
    at: Moment
    """When."""


class Failures(CommandData):
    """Failed tries for one account from one network."""

    account: str | None
    """Null for names that nobody has."""
    network: str
    """Where they came from."""
    times: int = Field(ge=1)
    """How many."""
    slowed: bool
    """Whether further tries have to wait."""


class NoteFailures(CommandData):
    """Note sign-ins that failed."""

    since: Moment
    """From when on this counts."""
    until: Moment
    """Until when."""
    failures: list[Failures] = Field(max_length=MOST_ROWS)
    """By account and network."""
    others: int = Field(ge=0)
    """Failures beyond these."""
    refused: int = Field(ge=0)
    """Tries that were not taken, because they had to wait."""


class SessionSignedIn(Wire):
    """An account signed in."""

    account: str
    username: str
    network: str
    at: str


class SessionSignedOut(Wire):
    """An account signed out."""

    account: str
    username: str
    at: str


class SessionEnded(Wire):
    """A sign-in in use was ended: its account was disabled or is another one now, or it was not used for too long."""

    account: str
    username: str
    reason: Literal["disabled", "changed", "expired"]
    at: str


class FailedTries(Wire):
    """Failed tries for one account (null: names that nobody has) from one network."""

    account: str | None
    network: str
    times: int
    slowed: bool


class SignInFailed(Wire):
    """Sign-ins failed. `refused` tries were not taken, because they had to wait."""

    since: str
    until: str
    failures: list[FailedTries]
    others: int
    refused: int


def _username(state: HubState, account: str) -> str:
    found = state.parts.read(Accounts).by_id.get(account)
    return found.username if found is not None else ""


def _draft(kind: str, data: dict[str, Any]) -> Draft:
    return Draft(kind, None, data, (HOUSE,))


def _begun(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteBegun.model_validate(command.data).model_dump(mode="json")
    return [_draft("session.signed_in", {**data, "username": _username(state, data["account"])})]


def _ended(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteEnded.model_validate(command.data).model_dump(mode="json")
    data["username"] = _username(state, data["account"])
    if data["reason"] == "signed_out":
        del data["reason"]
        return [_draft("session.signed_out", data)]
    return [_draft("session.ended", data)]


def _failed(state: HubState, command: Command, context: Context) -> list[Draft]:
    return [_draft("sign_in.failed", NoteFailures.model_validate(command.data).model_dump(mode="json"))]


def _entry(kind: str, schema: type[Wire]) -> EntryRule:
    return EntryRule(kind, schema, reads="audit.read", subject=DIRECTORY, house=True)


RULES = RuleFile(
    "sign_ins",
    commands=(
        CommandRule("session.note_begun", NoteBegun, _begun, meeting="never", system=True),
        CommandRule("session.note_ended", NoteEnded, _ended, meeting="never", system=True),
        CommandRule("session.note_failures", NoteFailures, _failed, meeting="never", system=True),
    ),
    entries=(
        _entry("session.signed_in", SessionSignedIn),
        _entry("session.signed_out", SessionSignedOut),
        _entry("session.ended", SessionEnded),
        _entry("sign_in.failed", SignInFailed),
    ),
)
