"""What the sound of a meeting looks like: its settings, who talks, who is apart from the rest; commands and entries."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from hub.conference.meeting import MAX_CENTERS
from hub.fields import CenterCode, ObjectId, ParticipantId
from hub.parts import Audience, Keyed, Part, Row
from hub.ruling import CommandData
from hub.shapes import Author, Level, Wire

#: How one speaks: whenever one likes, or while one holds a key down (对讲).
SoundMode = Literal["open", "talk"]
#: Why somebody's talking has ended: he let go, somebody of a higher level began, it went on for too long, the chair muted
#: him, a roll call began, the meeting speaks freely again, he was taken apart, he left.
TalkEnd = Literal["released", "interrupted", "time", "muted", "roll_call", "mode", "apart", "left"]
#: Why a word apart has ended: it was said to be, it was ended by force (强拆), a roll call began, one side has left.
ApartEnd = Literal["back", "forced", "roll_call", "left"]


class Voice(Wire):
    """Somebody who is heard, by name."""

    participant: str
    name: str
    center: str
    center_name: str


class Talker(Voice):
    """Somebody who holds the key to talk."""

    level: Level
    at: str
    until: str
    """When it ends by itself."""


class Member(Voice):
    """Somebody in a word apart."""

    forced: bool
    """He came in by force (强插)."""


class Apart(Wire):
    """A word with one center apart from the rest."""

    talk: str
    """Its id."""
    by: str
    """Who began it: a participant."""
    center: str
    center_name: str
    at: str
    members: list[Member]


class Sound(Part):
    """How one is heard in the meeting."""

    self_unmute: bool = False
    """Whether who was muted may unmute himself."""
    joins_muted: bool = False
    """Whether who comes for the first time is muted."""
    mode: SoundMode = "open"
    at_once: int = 1
    """How many may talk at the same time while they hold a key."""
    talking: list[Talker] = Field(default=[])
    """Who holds the key, the first one first."""
    apart: list[Apart] = Field(default=[])
    """Words apart that go on."""
    closed: list[str] = Field(default=[], exclude=True)
    """Centers whose loudspeakers are off."""


class OwnSound(Row):
    """What holds for one participant alone."""

    speaker_off: bool = False
    """He hears nothing of the meeting."""
    listeners: list[Voice] = Field(default=[])
    """Who listens in to him."""
    listens: Voice | None = None
    """To whom he listens in; he hears nothing else then."""


class OwnSounds(Keyed[OwnSound]):
    """What holds for single participants, by participant id; who has no row is as everybody."""

    audience: ClassVar[Audience] = "desk"
    own_rows: ClassVar[bool] = True


# ---------------------------------------------------------------- commands


class SoundSet(CommandData):
    """Change how one is heard in the meeting; what is null stays as it is."""

    self_unmute: bool | None = None
    """Whether who was muted may unmute himself."""
    joins_muted: bool | None = None
    """Whether who comes for the first time is muted."""
    mode: SoundMode | None = None
    """`open`: everybody speaks when he likes; `talk`: who holds a key down."""
    at_once: int | None = Field(default=None, ge=1, le=8)
    """How many may talk at the same time in `talk`."""


class SpeakerClose(CommandData):
    """Turn the loudspeakers of centers off: they hear nothing of the meeting."""

    centers: list[CenterCode] = Field(default_factory=list, max_length=MAX_CENTERS)
    """Codes of called centers."""
    all_but: bool = False
    """Those of all other centers instead, but the chair's."""


class SpeakerOpen(CommandData):
    """Turn loudspeakers on again."""

    centers: list[CenterCode] = Field(default_factory=list, max_length=MAX_CENTERS)
    """Codes of centers; none: all that are off."""


class TalkCut(CommandData):
    """Cut somebody off who talks (强拆)."""

    participant: ParticipantId
    """Who."""


class TalkExpire(CommandData):
    """Somebody has held the key for too long."""

    participant: ParticipantId
    """Who."""


class ApartBegin(CommandData):
    """Have a word with one center apart from the rest."""

    center: CenterCode
    """Which; all of it who are there."""


class ApartOf(CommandData):
    """About a word apart."""

    talk: ObjectId
    """Its id."""


class ListenBegin(CommandData):
    """Listen in to somebody (监听): he is told."""

    participant: ParticipantId
    """To whom."""


# ---------------------------------------------------------------- entries


class SoundChanged(Wire):
    """How one is heard has been changed; all of it as it is now."""

    self_unmute: bool
    joins_muted: bool
    mode: SoundMode
    at_once: int


class OfCenters(Wire):
    """It happened to these centers."""

    centers: list[str]


class TalkBegun(Voice):
    """Somebody holds the key and talks."""

    level: Level
    until: str


class TalkEnded(Wire):
    """Somebody talks no more."""

    participant: str
    reason: TalkEnd


class ApartBegun(Wire):
    """Two are apart from the rest."""

    talk: str
    by: Author
    center: str
    center_name: str
    members: list[Member]


class ApartJoined(Wire):
    """Somebody is in a word apart, too."""

    talk: str
    member: Member


class ApartLeft(Wire):
    """Somebody is in a word apart no more; it goes on."""

    talk: str
    participant: str


class ApartEnded(Wire):
    """A word apart is over."""

    talk: str
    reason: ApartEnd


class ListenBegun(Wire):
    """Somebody listens in to somebody."""

    by: Voice
    to: Voice


class ListenEnded(Wire):
    """Somebody listens in no more."""

    by: str
    """The participant who did."""
    to: str
    reason: Literal["ended", "left", "other", "roll_call"]
    """`ended`: he stopped; `left`: one of the two has left; `other`: he hears others now; `roll_call`: he calls the roll."""
