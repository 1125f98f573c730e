"""Centers, accounts, and what a center keeps for itself."""

from __future__ import annotations

from hub.called import Reach
from hub.conference.groups import GroupScope
from hub.shapes import Author, Level, Role, Wire


class Center(Wire):
    """A center as the directory lists it."""

    code: str
    name: str
    level: Level
    parent: str | None
    pinyin: str
    """Syllables parted by blanks, other readings of one behind a stroke: "zhang/chang ling she qu"."""
    children: int
    """How many centers stand directly below it."""
    functional: bool
    """Whether it is a functional area (功能区)."""


class OwnCenter(Wire):
    """The center of an account."""

    code: str
    name: str
    level: Level
    parent: str | None
    path: list[str]
    """Names, root first, the center itself last."""


class Account(Wire):
    """Who is signed in, and for which center."""

    id: str
    username: str
    name: str
    role: Role
    cleared: bool = False
    """Whether one may know of secret things, as far as one's role lets one see them."""
    center: OwnCenter


class Group(Wire):
    """A set of centers under a name, to be called with one key."""

    id: str
    scope: GroupScope
    name: str
    centers: list[str]
    """Named one by one."""
    reaches: list[Reach]
    """Centers with those below them, down to a level each."""
    by: Author
    at: str


class AnsweringSetting(Wire):
    """After how many seconds the stations of a center answer a call by themselves; 0 for never."""

    center: str
    seconds: int


class LastSignIn(Wire):
    """The account's sign-in before the present one."""

    at: str
    address: str
    """Where it came from, as far as the hub knows."""
