"""The audit: that it was read, taken out, and held against its seals.

| command | refused with |
|---|---|
| `audit.verify` | `forbidden`, `conflict` (one is under way) |
| `audit.note_verified`, `note_searched`, `note_exported` (the hub only) | – |

Whoever reads what others did is told of, too: once for a person, a question and an hour. Words that were searched for are not
noted: they may be a resident's name.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from hub.directory.permissions import may_whole
from hub.entry import HOUSE, Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import Moment, ParticipantId
from hub.house.parts import DIRECTORY, Accounts
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Findings that one entry tells in words; the rest is counted.
MOST_FINDINGS = 20

Ended = Literal["whole", "findings", "failed", "interrupted"]


class Verification(Part):
    """The verification that is under way."""

    running: str | None = None
    """Its id."""


class AuditVerify(CommandData):
    """Hold the whole journal against its chain, its signed checkpoints, its files: it goes on beside all else."""


class NoteVerified(CommandData):
    """Note what a verification found."""

    run: str = Field(max_length=40)
    """Which one."""
    ended: Ended
    """How it ended: all is whole, something is wrong, it could not be done, the hub ended meanwhile."""
    entries: int = Field(default=0, ge=0)
    """Entries whose chain was checked."""
    checkpoints: int = Field(default=0, ge=0)
    """Signed checkpoints that were checked."""
    parts: int = Field(default=0, ge=0)
    """Recorded files whose SHA-256 was checked."""
    objects: int = Field(default=0, ge=0)
    """Objects whose SHA-256 was checked."""
    recovered: int = Field(default=0, ge=0)
    """Losses of before that somebody gave up."""
    findings: int = Field(default=0, ge=0)
    """What is wrong."""
    first: list[str] = Field(default_factory=list, max_length=MOST_FINDINGS)
    """The first of it, in words."""
    took_ms: int = Field(default=0, ge=0)
    """How long it took."""


class Asked(CommandData):
    """Base of what is noted of a question to the audit: everything that was asked for; null: whatever it is."""

    account: ParticipantId
    """Who asked."""
    kinds: list[str] = Field(default_factory=list, max_length=200)
    """Kinds of entries."""
    who: str | None = Field(default=None, max_length=64)
    """The account that entries are about."""
    center: str | None = Field(default=None, max_length=12)
    """The center whose people did it."""
    since: Moment | None = None
    """From when on."""
    until: Moment | None = None
    """Until when."""
    with_words: bool = False
    """Whether words were searched for."""


class NoteSearched(Asked):
    """Note that the audit was read."""


class NoteExported(Asked):
    """Note that the audit was taken out as a file."""

    form: Literal["csv", "xlsx", "jsonl"]
    """As what."""
    up_to: int = Field(ge=0)
    """The newest entry that may stand in it."""


class VerificationBegun(Wire):
    """A verification of the whole journal began."""

    run: str


class AuditVerified(Wire):
    """A verification ended: so much was checked, and `findings` things are wrong, the first of them in words."""

    run: str
    ended: Ended
    entries: int
    checkpoints: int
    parts: int
    objects: int
    recovered: int
    findings: int
    first: list[str]
    took_ms: int


class AuditSearched(Wire):
    """Somebody read the audit: the first time within an hour that he asked for this."""

    account: str
    username: str
    kinds: list[str]
    who: str | None
    center: str | None
    since: str | None
    until: str | None
    with_words: bool


class AuditExported(AuditSearched):
    """Somebody took entries of the audit out as a file."""

    form: Literal["csv", "xlsx", "jsonl"]
    up_to: int


def _draft(kind: str, data: dict[str, Any]) -> list[Draft]:
    return [Draft(kind, None, data, (HOUSE,))]


def _verify(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Hold the whole journal against its chain, its signed checkpoints and its files; the answer comes as an entry."""
    if not may_whole(context.account, "audit.verify", context.tree):
        raise Refusal("forbidden", "this is the audit administrator's to do")
    if state.parts.read(Verification).running is not None:
        raise Refusal("conflict", "a verification is under way")
    return _draft("audit.verification_begun", {"run": f"{context.now:%Y%m%d-%H%M%S-%f}"})


def _note_verified(state: HubState, command: Command, context: Context) -> list[Draft]:
    return _draft("audit.verified", NoteVerified.model_validate(command.data).model_dump(mode="json"))


def _note_searched(state: HubState, command: Command, context: Context) -> list[Draft]:
    return _draft("audit.searched", _asked(state, NoteSearched.model_validate(command.data)))


def _note_exported(state: HubState, command: Command, context: Context) -> list[Draft]:
    return _draft("audit.exported", _asked(state, NoteExported.model_validate(command.data)))


def _asked(state: HubState, asked: Asked) -> dict[str, Any]:
    found = state.parts.read(Accounts).by_id.get(asked.account)
    return {**asked.model_dump(mode="json"), "username": found.username if found is not None else ""}


def _begun(state: HubState, entry: Entry) -> None:
    state.parts.edit(Verification).running = entry.data["run"]


def _verified(state: HubState, entry: Entry) -> None:
    verification = state.parts.edit(Verification)
    if verification.running == entry.data["run"]:
        verification.running = None


RULES = RuleFile(
    "audit",
    commands=(
        CommandRule("audit.verify", AuditVerify, _verify, meeting="never"),
        CommandRule("audit.note_verified", NoteVerified, _note_verified, meeting="never", system=True),
        CommandRule("audit.note_searched", NoteSearched, _note_searched, meeting="never", system=True),
        CommandRule("audit.note_exported", NoteExported, _note_exported, meeting="never", system=True),
    ),
    entries=(
        EntryRule(
            "audit.verification_begun",
            VerificationBegun,
            _begun,
            reads="audit.read",
            subject=DIRECTORY,
            house=True,
        ),
        EntryRule(
            "audit.verified", AuditVerified, _verified, reads="audit.read", subject=DIRECTORY, house=True
        ),
        EntryRule("audit.searched", AuditSearched, reads="audit.read", subject=DIRECTORY, house=True),
        EntryRule("audit.exported", AuditExported, reads="audit.read", subject=DIRECTORY, house=True),
    ),
)
