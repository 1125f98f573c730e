"""What a film shows and lets hear, as plain values. All moments are ms from its beginning."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final

#: Size of the picture in pixels, and pictures a second.
WIDTH: Final = 1280
HEIGHT: Final = 720
FPS: Final = 25
#: The bar at the top, with title, heading and clock; pictures stand below it.
BAR: Final = 40


@dataclass(frozen=True, slots=True)
class Tile:
    """Where somebody's picture stands. In pixels, all even."""

    participant: str
    screen: bool
    """His shared screen instead of his camera."""
    plate: str
    """His name below it; empty for none."""
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Scene:
    """What is seen from one moment to another."""

    from_ms: int
    to_ms: int
    tiles: tuple[Tile, ...]
    card: str
    """Words in the place of pictures, where there are none."""
    heading: str
    """What goes on: a roll call, and who is called."""
    banner: str
    warning: bool
    """Whether the banner warns."""


@dataclass(frozen=True, slots=True)
class Source:
    """A recorded part."""

    file: str
    """Relative to the recordings folder."""
    participant: str
    screen: bool
    from_ms: int
    """When its first frame was made; below zero: before the film begins."""
    to_ms: int
    picture: bool
    sound: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """From when to when somebody was heard by all."""

    participant: str
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A place to jump to."""

    at_ms: int
    title: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that stand below the picture for a while."""

    from_ms: int
    to_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole film."""

    title: str
    began_at: str
    """The moment of its first picture (RFC 3339, UTC)."""
    zone: str
    """Whose clock it shows."""
    length_ms: int
    scenes: tuple[Scene, ...]
    sources: tuple[Source, ...]
    heard: tuple[Heard, ...]
    chapters: tuple[Chapter, ...] = ()
    cues: tuple[Cue, ...] = field(default=())

    def to_text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Plan:
        """From JSON."""
        told: dict[str, Any] = json.loads(text)
        scenes = [{**each, "tiles": tuple(Tile(**tile) for tile in each["tiles"])} for each in told["scenes"]]
        return cls(
            **{
                **told,
                "scenes": tuple(Scene(**each) for each in scenes),
                "sources": tuple(Source(**each) for each in told["sources"]),
                "heard": tuple(Heard(**each) for each in told["heard"]),
                "chapters": tuple(Chapter(**each) for each in told["chapters"]),
                "cues": tuple(Cue(**each) for each in told["cues"]),
            }
        )
