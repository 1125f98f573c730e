"""Which entries of a meeting are control (会控): somebody who leads it did something to it, or to somebody in it."""

from __future__ import annotations

from collections.abc import Mapping

from hub.ruling import Control, EntryRule


def controls_among(rules: Mapping[str, EntryRule]) -> dict[str, Control]:
    """The kinds of entries that are control, with what they are called."""
    return {kind: rule.control for kind, rule in rules.items() if isinstance(rule.control, Control)}


def group_of(kind: str) -> str:
    """What a control is about: the word before the point of its kind."""
    return kind.partition(".")[0]
