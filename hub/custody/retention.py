"""Retention (保存期限): how long each kind of what a meeting leaves is kept, for the whole hub.

| command | refused with |
|---|---|
| `retention.set` | `forbidden` |

As the hub comes everything is kept for ever. A period that is over deletes nothing: it lets a kind be put on a list of what is
to be destroyed (disposal.py), which two persons agree to.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.clock import to_wire
from hub.directory.permissions import may_whole
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import Text
from hub.house.parts import DIRECTORY
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: `recordings`: the recorded files of everybody; `films`: films of a meeting; `clips`: clips and pictures taken from it;
#: `packs`: hand-overs and evidence bundles with recordings that still lie on the hub; `minutes`: texts of minutes;
#: `speech`: where voices are, and what was said.
KeptKind = TypeAliasType("KeptKind", Literal["recordings", "films", "clips", "packs", "minutes", "speech"])
KEPT_KINDS: Final[tuple[KeptKind, ...]] = ("recordings", "films", "clips", "packs", "minutes", "speech")
#: A hundred years.
MOST_DAYS: Final = 36_525


class RetentionPolicy(Wire):
    """Days after a meeting's end for which each kind is kept; null: for ever."""

    recordings: int | None = Field(default=None, ge=1, le=MOST_DAYS)
    """Recorded files."""
    films: int | None = Field(default=None, ge=1, le=MOST_DAYS)
    """Films of a whole meeting."""
    clips: int | None = Field(default=None, ge=1, le=MOST_DAYS)
    """Clips and pictures taken from recordings."""
    packs: int | None = Field(default=None, ge=1, le=MOST_DAYS)
    """Hand-overs, and evidence bundles with recordings, that still lie on the hub."""
    minutes: int | None = Field(default=None, ge=1, le=MOST_DAYS)
    """Texts of minutes."""
    speech: int | None = Field(default=None, ge=1, le=MOST_DAYS)
    """Where voices are in recordings, and what was said; gone with the recordings anyway."""
    needs_copy: bool = False
    """Whether nothing goes of which no second copy is proven."""

    def days_of(self, kind: KeptKind) -> int | None:
        """How long this kind is kept; None: for ever."""
        found: int | None = getattr(self, kind)
        return found


class RetentionSet(CommandData):
    """Say how long what meetings leave is kept: all kinds at once."""

    policy: RetentionPolicy
    """From now on."""
    reason: Text = Field(default="", max_length=400)
    """Why, in words: the rule or the letter that it follows."""


class RetentionWasSet(Wire):
    """What meetings leave is kept so long from now on."""

    policy: RetentionPolicy
    was: RetentionPolicy
    reason: str


class Retention(Part):
    """How long each kind is kept, since when and by whom."""

    policy: RetentionPolicy = RetentionPolicy()
    set_at: str | None = None
    by: str | None = None
    reason: str = ""


def policy_of(state: HubState) -> RetentionPolicy:
    """How long each kind is kept now."""
    return state.parts.read(Retention).policy


def _set(state: HubState, command: Command, context: Context) -> list[Draft]:
    if context.account.id != SYSTEM and not may_whole(context.account, "retention.set", context.tree):
        raise Refusal("forbidden", "how long things are kept is the system administrator's to set")
    data, was = RetentionSet.model_validate(command.data), policy_of(state)
    if data.policy == was:
        return []
    told = {
        "policy": data.policy.model_dump(mode="json"),
        "was": was.model_dump(mode="json"),
        "reason": data.reason,
    }
    return [Draft("retention.set", None, told, (HOUSE,))]


def _was_set(state: HubState, entry: Entry) -> None:
    retention = state.parts.edit(Retention)
    retention.policy = RetentionPolicy.model_validate(entry.data["policy"])
    retention.set_at, retention.by = to_wire(entry.at), entry.actor.account
    retention.reason = entry.data["reason"]


RULES = RuleFile(
    "retention",
    commands=(CommandRule("retention.set", RetentionSet, _set, meeting="never", owner=True),),
    entries=(
        EntryRule(
            "retention.set", RetentionWasSet, _was_set, reads="house.read", subject=DIRECTORY, house=True
        ),
    ),
)
