"""Levels of secrecy (普通 · 涉密): who may know of a meeting, and of what it left, by its level. Told here and nowhere else.

A secret meeting exists for whom the permission table lets see it *and* who is cleared (`Account.cleared`), whatever his role:
leaders, its convener, who was called and who administers the audit are no exception. For everybody else it is not there: not
in lists, not in numbers, not by its id. What was begun in it and asks something of another center is that center's to do: its
own accounts read that order or incident without hearing from which meeting it comes; the centers above them do not
(`hub.directory.permissions.asked_of`).

`hub.store.sight.Sight` says the same as conditions on rows; a test holds both against each other for every account and entry.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from typing_extensions import TypeAliasType

from hub.directory.accounts import Account

Secrecy = TypeAliasType("Secrecy", Literal["normal", "secret"])

#: What everybody may know whom the permission table lets.
NORMAL: Final[Secrecy] = "normal"
#: What of those only who is cleared may know.
SECRET: Final[Secrecy] = "secret"  # noqa: S105


def may_see_level(account: Account, level: str) -> bool:
    """Whether things of this level may be told to this account, as far as the permission table lets it see them."""
    return level == NORMAL or account.cleared


def without_origin(document: dict[str, Any]) -> dict[str, Any]:
    """An order or incident for who may not know from which meeting it comes: without that, and what gave rise to it there."""
    return {**document, **{name: None for name in ("meeting", "about") if name in document}}
