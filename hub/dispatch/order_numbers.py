"""Numbers of orders (文号): 岳指〔2026〕12号, by a pattern of the issuer's center, counted by center and year without gaps.

| command | refused with |
|---|---|
| `numbering.change` | `forbidden`, `invalid` (a pattern without its two places) |

A pattern has two places, `{year}` and `{number}`. Where a center has none of its own, it is made from its name. Another
pattern counts on; the year is that of the city's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

from pydantic import Field

from hub.directory.permissions import may
from hub.directory.tree import Center
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.fields import Text
from hub.gates import signature_of
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState

#: Longest pattern, in characters.
MAX_PATTERN: Final = 40
YEAR: Final = "{year}"
NUMBER: Final = "{number}"
#: What a name ends in that its short form does without; 县 and 区 tell centers of the same name apart.
_ENDINGS: Final = ("街道办事处", "办事处", "街道", "社区", "市", "镇", "乡", "村")


class Numbering(Part):
    """What centers have said of the numbers of their orders, and how far each has counted."""

    patterns: dict[str, str] = Field(default_factory=dict)
    """By center; one that is missing has that of its name."""
    last: dict[str, dict[int, int]] = Field(default_factory=dict)
    """The last number that was given, by center and year."""


class NumberingChange(CommandData):
    """Say how the orders of one's own center are numbered."""

    pattern: Text | None = Field(default=None, min_length=1, max_length=MAX_PATTERN)
    """With `{year}` and `{number}`; null for that of the center's name."""


class NumberingChanged(Wire):
    """The orders of a center are numbered so from now on."""

    center: str
    pattern: str | None
    by: Author


def default_pattern(center: Center) -> str:
    """The pattern of a center that has none of its own: of a city its first character, of others their short name.

    >>> default_pattern(Center("430682000000", "临湘市", "county", "430600000000", ""))
    '临湘指〔{year}〕{number}号'
    """
    # A name may hold what a pattern does.
    return f"{short_name(center).replace('{', '').replace('}', '')}指〔{YEAR}〕{NUMBER}号"


def short_name(center: Center) -> str:
    """What a center is called in a number: of a city the first character, of others the name without what it ends in.

    At most 20 characters: they leave room for the rest.
    """
    name = center.name
    if center.level == "city":
        return name[:1]
    ending = next((each for each in _ENDINGS if name.endswith(each) and len(name) > len(each) + 1), "")
    return name.removesuffix(ending)[:20]


def pattern_of(state: HubState, center: Center) -> str:
    """How the orders of this center are numbered now."""
    return state.parts.read(Numbering).patterns.get(center.code) or default_pattern(center)


def numbered(pattern: str, year: int, serial: int) -> str:
    """The pattern with both places filled."""
    return pattern.replace(YEAR, str(year)).replace(NUMBER, str(serial))


def next_number(state: HubState, center: Center, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """`{year, serial, number}` of the next order of this center."""
    year = now.astimezone(zone).year
    serial = state.parts.read(Numbering).last.get(center.code, {}).get(year, 0) + 1
    return {"year": year, "serial": serial, "number": numbered(pattern_of(state, center), year, serial)}


def given(state: HubState, issued: Mapping[str, Any]) -> None:
    """A number was given, by the data of an `order.issued`; one of before there were numbers has none."""
    if issued.get("serial"):
        years = state.parts.edit(Numbering).last.setdefault(issued["issuer"]["center"], {})
        years[issued["year"]] = max(issued["serial"], years.get(issued["year"], 0))


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    account = context.account
    if not may(account, "order.keep", context.tree, account.center):
        raise Refusal("forbidden", "this role does not number orders")
    pattern = NumberingChange.model_validate(command.data).pattern
    if pattern is not None and (
        pattern.count(YEAR) != 1
        or pattern.count(NUMBER) != 1
        or any(mark in pattern.replace(YEAR, "").replace(NUMBER, "") for mark in "{}\n\t")
    ):
        raise Refusal(
            "invalid", "a pattern has {year} and {number} once each, and no other braces", "pattern"
        )
    if pattern == state.parts.read(Numbering).patterns.get(account.center):
        return []
    data = {"center": account.center, "pattern": pattern, "by": signature_of(account, context.tree)}
    return [Draft("numbering.changed", None, data, (center_audience(account.center),))]


def _changed(state: HubState, entry: Entry) -> None:
    patterns = state.parts.edit(Numbering).patterns
    if entry.data["pattern"] is None:
        patterns.pop(entry.data["center"], None)
    else:
        patterns[entry.data["center"]] = entry.data["pattern"]


RULES = RuleFile(
    "numbering",
    commands=(CommandRule("numbering.change", NumberingChange, _change, meeting="never"),),
    entries=(
        EntryRule(
            "numbering.changed",
            NumberingChanged,
            _changed,
            reads="order.keep",
            subject=Subject(
                lambda entry: f"numbering:{entry.data['center']}",
                lambda state, subject: (
                    subject.removeprefix("numbering:") in state.parts.read(Numbering).patterns
                ),
            ),
        ),
    ),
)
