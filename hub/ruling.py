"""What a rule is made of: the context it decides in, its command model, its decide and apply functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry
from hub.state import HubState


class CommandData(BaseModel):
    """Base of the `data` of every command: plain values, no conversion, nothing unknown."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


class NoData(CommandData):
    """`data` of a command that needs none: `{}`."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision may depend on besides the state: who asks, when, and the directory."""

    now: datetime
    account: Account
    tree: CenterTree
    #: Makes a fresh id; the argument is a prefix of `hub.ids.PREFIXES`.
    new_id: Callable[[str], str]


Decide = Callable[[HubState, Command, Context], list[Draft]]
Apply = Callable[[HubState, Entry], None]
#: Whether a command names a meeting.
MeetingUse = Literal["never", "optional", "always"]


@dataclass(frozen=True, slots=True)
class CommandRule:
    """One command: what its data looks like and how it is decided."""

    kind: str
    schema: type[CommandData]
    decide: Decide
    meeting: MeetingUse = "always"
    #: Only the hub itself gives this command (account id SYSTEM); for everybody else it does not exist.
    system: bool = False


@dataclass(frozen=True, slots=True)
class RuleFile:
    """All that one file of rules brings: its commands, and what its entries do to the state."""

    commands: tuple[CommandRule, ...]
    #: entry kind -> what it does to the state. Entries that change no state are not listed.
    applies: Mapping[str, Apply] = field(default_factory=dict)
