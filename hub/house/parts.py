"""What rules of the house keep: every account and every center, as the journal has them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from pydantic import Field

from hub.directory.pinyin import spell
from hub.directory.tree import Center, CenterTree
from hub.parts import Part
from hub.people import Accounts
from hub.ruling import Subject
from hub.state import HubState

__all__ = ["DIRECTORY", "Accounts", "CenterFacts", "Centers", "centers_of", "tree_of"]


#: A center without its spelling: code, name, level, parent, its place in the list, whether it is a functional area.
CenterFacts = tuple[str, str, str, str | None, int, bool]


class Centers(Part):
    """Every center, by code."""

    facts: dict[str, CenterFacts] = Field(default_factory=dict)


_spell: Final = lru_cache(maxsize=8192)(spell)


def centers_of(state: HubState) -> list[Center]:
    """All centers, in the order of their list."""
    facts = sorted(state.parts.read(Centers).facts.values(), key=lambda each: (each[4], each[0]))
    return [
        Center(code, name, level, parent, _spell(name), functional)
        for code, name, level, parent, _, functional in facts
    ]


def mark_of(state: HubState) -> str:
    """A word that is another one whenever a center is: what a preview was made of, for who applies it later."""
    facts = sorted(state.parts.read(Centers).facts.values())
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()[:32]


def accounts_at(state: HubState, codes: Collection[str]) -> dict[str, int]:
    """How many accounts belong to each of these centers; those without any are missing."""
    return Counter(each.center for each in state.parts.read(Accounts).by_id.values() if each.center in codes)


def tree_of(state: HubState) -> CenterTree:
    """The directory as the journal has it. Raises ValueError for a journal whose centers make no tree."""
    return CenterTree(centers_of(state))


#: What all entries are about that change accounts and centers: a restart needs every one of them.
DIRECTORY: Final = Subject(lambda entry: "directory", lambda state, subject: True)
