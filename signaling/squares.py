"""QR codes as the dark squares of a picture that pages draw themselves."""

from __future__ import annotations

import re

import segno


def squares(text: str) -> tuple[int, str]:
    """A QR code as an SVG path: its size in squares, with the quiet border, and the dark runs of each row."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    runs = []
    for y, row in enumerate(rows):
        runs += [
            f"M{run.start()} {y}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
            for run in re.finditer(b"\x01+", row)
        ]
    return len(rows), "".join(runs)
