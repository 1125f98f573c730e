"""Entries and refusals as they are told. What an entry of a kind holds stands beside its rule, as commands do."""

from __future__ import annotations

from typing import Any, Final, Literal

from typing_extensions import TypeAliasType

from hub.rules import ENTRIES
from hub.shapes import Wire

RefusalCode = TypeAliasType(
    "RefusalCode",
    Literal[
        "invalid",
        "malformed",
        "unauthenticated",
        "weak_password",
        "second_factor_needed",
        "password_needed",
        "forbidden",
        "password_expired",
        "not_found",
        "method_not_allowed",
        "not_acceptable",
        "conflict",
        "id_reused",
        "meeting_ended",
        "not_joined",
        "waiting",
        "not_admitted",
        "no_room",
        "already_done",
        "wrong_state",
        "stage_locked",
        "approval_needed",
        "removed",
        "destroyed",
        "precondition_failed",
        "too_large",
        "unsupported_media",
        "range_not_satisfiable",
        "unprocessable",
        "too_many",
        "unavailable",
        "internal",
    ],
)


class Refused(Wire):
    """Why something was not done; `code` is the contract, `message` is for people."""

    code: RefusalCode
    message: str
    field: str = ""
    """The field that is wrong, where there is one."""


class RefusalBody(Wire):
    """The body of every refusal."""

    error: Refused


#: kind of entry -> model of its data
ENTRY_DATA: Final[dict[str, type[Wire]]] = {kind: rule.schema for kind, rule in ENTRIES.items()}
#: Those of which pages are told.
TOLD_DATA: Final[dict[str, type[Wire]]] = {
    kind: ENTRY_DATA[kind] for kind, rule in ENTRIES.items() if not rule.house
}


class Actor(Wire):
    """Who did it; account `system` with an empty center for the hub itself."""

    account: str
    center: str


class Entry(Wire):
    """A fact of the journal. `seq` counts over the whole hub: what one client sees of it has gaps."""

    seq: int
    at: str
    actor: Actor
    kind: str
    meeting: str | None
    audience: list[str]
    data: dict[str, Any]
    alg: str
    prev: str
    hash: str


class Answer(Wire):
    """What a command is answered with when it was carried out."""

    seq: int
    entries: list[Entry]
