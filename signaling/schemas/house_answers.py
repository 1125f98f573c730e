"""What administrators read: accounts, sessions, stations, lists before they are taken in."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.shapes import Level, Role, Wire

#: What waits for a second person: being enabled for the first time, another role or center, a one-time password.
WaitsFor = TypeAliasType("WaitsFor", Literal["new", "right", "password"])
PasswordState = TypeAliasType("PasswordState", Literal["none", "one_time", "own"])
StationState = TypeAliasType("StationState", Literal["in_meeting", "online", "offline", "never", "none"])


class CenterOfAccount(Wire):
    """Where an account belongs."""

    code: str
    name: str
    path: list[str]
    """Names from the top down to it."""


class HouseAccount(Wire):
    """An account as its administrators see it."""

    id: str
    username: str
    name: str
    role: Role
    center: CenterOfAccount
    disabled: bool
    cleared: bool
    """Whether it may know of secret things."""
    password: PasswordState
    """`none`: nobody can sign in; `one_time`: given by the hub, to be changed at the next sign-in."""
    one_time_until: str | None
    """Until when the one-time password can be used."""
    signed_in_at: str | None
    """The newest sign-in."""
    sessions: int
    """Sign-ins that live."""
    can: list[str]
    """What the reader may do to it: `manage` (name, center, deletion), `guard` (role, disabling, sessions); `give_password`
    (a one-time one, now), `ask_password` (the same, once the security administrator agreed)."""
    waits: WaitsFor | None
    """What of it waits for a second person."""


class HouseAccounts(Wire):
    """A page of accounts by user name; `next` is the `after` of the following page, `total` counts all pages."""

    accounts: list[HouseAccount]
    next: str | None
    total: int


class OneTimePassword(Wire):
    """A password that is shown this once."""

    account: str
    username: str
    name: str
    center: str
    password: str


class OneTimePasswords(Wire):
    """Passwords for one sign-in each, in which they have to be changed. They are told in this answer and never again."""

    passwords: list[OneTimePassword]
    until: str
    """Until when they can be used."""


class Clearance(Wire):
    """Before a secret meeting is convened: where somebody could come to it. Whoever else is called hears nothing of it."""

    centers: list[str]
    """Codes of the centers within one's own subtree at which somebody is cleared who takes part in meetings."""


class CenterUse(Wire):
    """What taking a center away would touch."""

    center: str
    below: int
    """Centers below it."""
    accounts: int
    """Accounts that belong to it or to one below."""
    meetings: int
    """Open meetings that call one of them."""
    grids: int
    """Grids there, which end with it."""
    households: int
    """Households that are registered there: while there are any it cannot be taken away."""


class WrongRow(Wire):
    """A row of a list that is left out. `why` is a word that pages translate."""

    row: int
    column: str
    """Name or letter of the column; empty where it is the row itself."""
    why: str
    value: str


class ListedCenterFacts(Wire):
    """What a list says of a center."""

    name: str
    level: Level
    parent: str | None
    functional: bool


class NewCenterRow(ListedCenterFacts):
    """A center that is not in the directory."""

    row: int
    code: str


class ChangedCenterRow(Wire):
    """A center that is another in the list than in the directory."""

    row: int
    code: str
    was: ListedCenterFacts
    now: ListedCenterFacts


class MissingCenter(Wire):
    """A center of the directory that is not in the list."""

    code: str
    name: str
    level: Level
    accounts: int
    """Accounts that belong to it: while there are any it cannot be taken away."""
    grids: int
    """Its grids, which end with it."""
    households: int
    """Households that are registered in them: while there are any it cannot be taken away."""


class CentersPreview(Wire):
    """What a list of centers would change. Nothing is changed yet."""

    mark: str
    """The `expects` with which it is applied: refused once the directory is another one."""
    within: str
    """The center that the list is about, with all below it."""
    new: list[NewCenterRow]
    changed: list[ChangedCenterRow]
    missing: list[MissingCenter]
    wrong: list[WrongRow]
    reordered: int
    """Centers that stand elsewhere among their neighbours."""
    same: int


class CentersApplied(Wire):
    """What a list of centers has changed."""

    put: int
    """Centers that are new, or other than before."""
    gone: int
    seq: int


class NewAccountRow(Wire):
    """An account that is not there yet."""

    row: int
    username: str
    name: str
    role: Role
    center: str
    path: list[str]


class AccountsPreview(Wire):
    """What a list of accounts would bring. Nothing is made yet."""

    new: list[NewAccountRow]
    same: int
    """Accounts that are there just so."""
    wrong: list[WrongRow]


class HouseSession(Wire):
    """A sign-in that lives."""

    session: str
    """By this it is named in `session.end`; it opens nothing."""
    account: str
    username: str
    name: str
    role: Role
    center: CenterOfAccount
    since: str
    seen_at: str
    """When a person last did something in it."""
    in_use: bool
    """Whether something runs under it now."""
    network: str
    """The network it was begun in (IPv4 /24, IPv6 /48); empty: unknown."""
    agent: str
    """In what it was begun, in words; empty: unknown."""
    own: bool
    """Whether it is the reader's own, here and now."""
    can: list[str]
    """`guard`: the reader may end it."""


class HouseSessions(Wire):
    """A page of sessions, the newest first; `next` is the `after` of the following page."""

    sessions: list[HouseSession]
    next: str | None
    at: str
    """As of when."""


class StationCount(Wire):
    """How many centers below one are there."""

    code: str
    name: str
    centers: int
    online: int
    """In a meeting or waiting for one."""
    in_meeting: int
    offline: int
    never: int
    """Accounts are there, and none has ever signed in."""
    none: int
    """No account belongs there."""


class StationRow(Wire):
    """A center and whether somebody is there."""

    code: str
    name: str
    path: list[str]
    state: StationState
    last_seen: str | None
    """Null while somebody is there, and where nobody ever was."""
    accounts: int
    camera: str | None
    """As its page has told of it in a meeting; null: nothing told."""
    microphone: str | None
    way: str | None
    """How its media comes in the meeting it is in, as its page has told: `direct`, `relay`; null: nothing told."""


class Stations(Wire):
    """Who is there, by the centers right below one and center by center; `next` is the `after` of the following page."""

    at: str
    """As of when."""
    groups: list[StationCount]
    centers: list[StationRow]
    total: int
    next: str | None
