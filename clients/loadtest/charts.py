"""Small line charts as inline SVG: no script, no font, no file beside the report."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDTH: Final = 640
_HEIGHT: Final = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 28, 36
#: Told apart by colour and by dash, for those who do not see the colours.
_STYLES: Final = (("#1f6feb", ""), ("#d9480f", "6 3"), ("#2b8a3e", "2 3"), ("#862e9c", "8 3 2 3"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name and its points (x, y), x rising."""

    name: str
    points: Sequence[tuple[float, float]]


def line_chart(title: str, x_name: str, lines: Sequence[Line], limit: float | None = None) -> str:
    """An SVG; `limit` is drawn as a level line. Without any points an empty text."""
    lines = [line for line in lines if line.points]
    if not lines:
        return ""
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points] + ([limit] if limit is not None else [])
    x_low, x_high = min(xs), max(xs)
    top = nice_top(max(ys))
    across = _WIDTH - _LEFT - _RIGHT
    up = _HEIGHT - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        part = (x - x_low) / (x_high - x_low) if x_high > x_low else 0.5
        return round(_LEFT + part * across, 1), round(_TOP + (1 - min(y, top) / top) * up, 1)

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{html.escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11">',
        f'<text x="{_LEFT}" y="14" font-size="13" font-weight="600">{html.escape(title)}</text>',
    ]
    for step in range(5):
        value = top * step / 4
        _, y = at(x_low, value)
        parts.append(
            f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="#ddd"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end" fill="#555">{number(value)}</text>'
        )
    for step in range(5):
        value = x_low + (x_high - x_low) * step / 4
        x, _ = at(value, 0)
        parts.append(
            f'<text x="{x}" y="{_HEIGHT - 18}" text-anchor="middle" fill="#555">{number(value)}</text>'
        )
        if x_high == x_low:
            break
    parts.append(
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 4}" text-anchor="end" fill="#555">{html.escape(x_name)}</text>'
    )
    if limit is not None:
        _, y = at(x_low, limit)
        parts.append(
            f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="#c92a2a" stroke-dasharray="4 4"/>'
        )
    for index, line in enumerate(lines):
        colour, dash = _STYLES[index % len(_STYLES)]
        points = " ".join(f"{x},{y}" for x, y in (at(x, y) for x, y in line.points))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        if len(line.points) == 1:
            x, y = at(*line.points[0])
            parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
        key = _LEFT + index * 140
        parts.append(
            f'<line x1="{key}" y1="{_HEIGHT - 8}" x2="{key + 20}" y2="{_HEIGHT - 8}" stroke="{colour}" '
            f'stroke-width="2" stroke-dasharray="{dash}"/>'
            f'<text x="{key + 24}" y="{_HEIGHT - 4}">{html.escape(line.name)}</text>'
        )
    return "".join(parts) + "</svg>"


def nice_top(highest: float) -> float:
    """The end of an axis that holds `highest`: 1, 2, 2.5, 4, 5 or 8 times a power of ten."""
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next((step * power for step in (1, 2, 2.5, 4, 5, 8) if highest <= step * power), 10 * power)


def number(value: float) -> str:
    """As short as it can be read."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
