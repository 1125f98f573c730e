"""What a camera that can be turned does: it turns while it is told to, and stops by itself when its time is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

#: How far it turns in a second at full speed; pan and tilt run from -1 to 1, zoom from 0 to 1.
PER_SECOND: Final = 0.5


@dataclass
class Turntable:
    """Where a camera looks. Times are monotonic seconds."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0
    presets: dict[str, tuple[str, tuple[float, float, float]]] = field(
        default_factory=lambda: {"1": ("村口", (-0.5, 0.0, 0.0)), "2": ("河堤", (0.5, 0.25, 0.5))}
    )
    ascii_only: bool = False
    """Whether it takes no name but such, as many do."""
    moves: list[tuple[float, tuple[float, float, float]]] = field(default_factory=list)
    """Every move and stop (all zeros) that it was told, with its time."""
    _speed: tuple[float, float, float] = (0.0, 0.0, 0.0)
    _since: float = 0.0
    _until: float = 0.0

    def is_moving(self, now: float) -> bool:
        """Whether it turns."""
        return any(self._speed) and now < self._until

    def move(self, speed: tuple[float, float, float], hold_s: float, now: float) -> None:
        """Turn at this speed for at most so long."""
        self.settle(now)
        self._speed, self._since, self._until = speed, now, now + hold_s
        self.moves.append((now, speed))

    def stop(self, now: float) -> None:
        """Stand still."""
        self.move((0.0, 0.0, 0.0), 0.0, now)

    def recall(self, preset: str, now: float) -> bool:
        """Look where the preset looks; false for one it does not have."""
        if preset not in self.presets:
            return False
        self.stop(now)
        self.pan, self.tilt, self.zoom = self.presets[preset][1]
        return True

    def remember(self, name: str, preset: str, now: float) -> str:
        """Remember where it looks as a new preset, or in the place of this one: its token. Empty where it cannot."""
        if (preset and preset not in self.presets) or (self.ascii_only and not name.isascii()):
            return ""
        self.settle(now)
        token = preset or str(max((int(each) for each in self.presets), default=0) + 1)
        self.presets[token] = (name or f"Preset {token}", (self.pan, self.tilt, self.zoom))
        return token

    def settle(self, now: float) -> None:
        """Turn by what has passed."""
        passed = max(min(now, self._until) - self._since, 0.0) * PER_SECOND
        pan, tilt, zoom = (speed * passed for speed in self._speed)
        self.pan = min(max(self.pan + pan, -1.0), 1.0)
        self.tilt = min(max(self.tilt + tilt, -1.0), 1.0)
        self.zoom = min(max(self.zoom + zoom, 0.0), 1.0)
        self._since = max(min(now, self._until), self._since)
